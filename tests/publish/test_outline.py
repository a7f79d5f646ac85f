"""The outline: what stands on which page, in which order, and that nothing is left out or invented."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from saklig.edition.edition import Edition
from saklig.edition.facts import NONE, Status
from saklig.edition.publication import SampledStage, Sampling
from saklig.language.text import Text
from saklig.publish.outline.about import downloads_page
from saklig.publish.outline.breakdown import MOST_ON_A_PAGE
from saklig.publish.outline.build import other_pages, pages_of_questions
from saklig.publish.outline.context import Context, contexts
from saklig.publish.outline.model import (
    Bar,
    Bars,
    Histogram,
    Illustration,
    Lines,
    Links,
    Number,
    Page,
    PageKind,
    Paragraph,
    Ranking,
    RowKind,
    Stacks,
    Table,
    Terms,
)
from saklig.publish.outline.over_time import APART
from saklig.publish.outline.question import routing
from saklig.publish.outline.reading import Reading
from saklig.study.model import METHOD_FIELDS, Base, Change, Interval, Lonely, Panel, ResponseModel, Sample, Study


@pytest.fixture(scope="module")
def swedish(edition: Edition) -> Context:
    return contexts(edition, "sv")[0]


@pytest.fixture(scope="module")
def questions(swedish: Context) -> dict[str, Page]:
    return {pages[0].file: pages[0] for pages in pages_of_questions(swedish)}


def test_questions_stand_in_the_order_of_the_questionnaire(swedish: Context, questions: dict[str, Page]) -> None:
    assert list(questions) == [f"{question.id}.html" for question in swedish.study.questions]
    pages = list(questions.values())
    for before, after in itertools.pairwise(pages):
        assert before.next is not None
        assert after.previous is not None
        assert (before.next.target, after.previous.target) == (after.file, before.file)


def test_a_question_is_headed_by_its_literal_words(questions: dict[str, Page]) -> None:
    page = questions["q4_1.html"]
    assert page.quoted
    assert page.title.text == "Hur digitaliserad är din kommun i dag?"
    assert [said.text for said in page.standfirst] == ["Svara på en skala från 1 till 5."]
    assert "76 tillfrågade" in [said.text for said in page.under]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("q2_3.html", Stacks),
        ("q4_1.html", Bars),
        ("q4_3.html", Histogram),
        ("q5_3.html", Bars),
        ("q6_1.html", Ranking),
        ("q6_2.html", Bars),
    ],
)
def test_each_kind_of_question_has_its_picture(questions: dict[str, Page], file: str, kind: type) -> None:
    assert isinstance(questions[file].sections[0].blocks[0], kind)


def test_rows_stand_in_the_order_shown_then_nets_statistics_and_missing(questions: dict[str, Page]) -> None:
    bars = questions["q4_1.html"].sections[0].blocks[0]
    assert isinstance(bars, Bars)
    assert [row.label.text for row in bars.rows] == [
        "1 Inte alls", "2", "3", "4", "5 Fullt ut", "Vet inte", "1–2", "4–5", "Medelvärde", "Vill inte svara",
    ]  # fmt: skip
    assert [row.kind for row in bars.rows][5:] == [
        RowKind.DONT_KNOW, RowKind.NET, RowKind.NET, RowKind.STATISTIC, RowKind.MISSING,
    ]  # fmt: skip
    assert bars.rows[-1].note == "av 76 tillfrågade"


def test_shares_have_one_scale_from_zero(questions: dict[str, Page]) -> None:
    for page in questions.values():
        for section in page.sections:
            for block in section.blocks:
                if isinstance(block, Bars | Ranking | Lines) and not getattr(block, "measure", ""):
                    assert (block.axis.lower, block.axis.upper) == (0, 100)


def test_every_picture_carries_its_source_its_marks_and_its_words(questions: dict[str, Page]) -> None:
    for page in questions.values():
        for section in page.sections:
            for block in section.blocks:
                if isinstance(block, Bars | Stacks | Ranking | Histogram | Lines):
                    frame = block.frame
                    for part in ("Exempelinstitutet", "Exempelbolaget", "290 kommuner", "76 svar", "telefonintervju"):
                        assert part in frame.source
                    assert "2023" in frame.source
                    assert frame.marks == ("Simulerade svar, inga fakta",)
                    assert frame.alternative
                    assert block.table.rows


def test_a_number_is_what_the_edition_says(edition: Edition, questions: dict[str, Page]) -> None:
    bars = questions["q4_1.html"].sections[0].blocks[0]
    assert isinstance(bars, Bars)
    for row in bars.rows:
        fact = edition.fact(f"kommun.2023/{row.number.address}")
        assert fact.value is not None
        assert row.number.value == fact.value / 10**fact.decimals
        assert row.number.base == fact.base


def test_what_is_withheld_has_no_number(questions: dict[str, Page]) -> None:
    found = 0
    for page in questions.values():
        for section in page.sections:
            for block in section.blocks:
                if isinstance(block, Bars | Stacks | Ranking | Histogram):
                    cells = (cell for row in block.table.rows for cell in row.cells if isinstance(cell, Number))
                    for number in cells:
                        if number.status is Status.WITHHELD:
                            found += 1
                            assert (number.text, number.value, number.lower, number.base) == ("..", None, None, None)
    assert found > 50


def test_a_group_of_which_nothing_is_published_says_so_in_words(swedish: Context) -> None:
    """Two dots in every row are for tables; a picture says it once, over the group or beside its name."""
    found = 0
    for page in (page for pages in pages_of_questions(swedish) for page in pages):
        for block in (block for section in page.sections for block in section.blocks):
            if isinstance(block, Bars | Ranking) and _by_groups(block):
                of_group: dict[str, list[str]] = {}
                shown: dict[str, bool] = {}
                for row in block.rows:
                    numbers = [row.number] if isinstance(row, Bar) else [row.first, row.among]
                    of_group.setdefault(row.label.text, []).append(row.note)
                    published = any(number and number.shown for number in numbers)
                    shown[row.label.text] = shown.get(row.label.text, False) or published
                for label, notes in of_group.items():
                    assert ("redovisas inte" in notes) is not shown[label], (page.file, label)
                    found += not shown[label]
    assert found > 5


def _by_groups(block: Bars | Ranking) -> bool:
    return bool(block.frame.subtitle)


def test_a_picture_over_time_says_whose_answers_it_shows(questions: dict[str, Page]) -> None:
    lines = next(section for section in questions["q4_1.html"].sections if section.id == "over-time").blocks[0]
    assert isinstance(lines, Lines)
    assert lines.frame.base == "Bas: de som svarade i varje omgång"
    assert lines.table.caption.endswith(", över tid")
    ranks = next(section for section in questions["q6_1.html"].sections if section.id == "over-time").blocks[0]
    assert isinstance(ranks, Lines)
    assert ranks.frame.subtitle == "Över tid: Bland de 3 första", "it leaves the page without the text above it"


def test_few_answers_are_marked(questions: dict[str, Page]) -> None:
    bars = questions["q4_1.html"].sections[0].blocks[0]
    assert isinstance(bars, Bars)
    assert not any(row.number.few for row in bars.rows)
    stacks = questions["q4_1.html"].sections[1].blocks[0]
    assert isinstance(stacks, Stacks)
    assert any(note.startswith("Kursivt: osäkert, färre än 30") for note in stacks.table.notes)


def test_who_was_asked_is_said(swedish: Context) -> None:
    question = swedish.study.question("q5_3")
    assert (
        routing(swedish, question)
        == "ställd till dem som svarade ”Ja, regelbundet” eller ”Ja, ibland” på ”Mäts effekterna”"
    )


def test_that_everyone_was_asked_is_said_only_where_it_is_known(edition: Edition, made: Callable[..., Edition]) -> None:
    def put_to_all(of: Edition) -> set[str]:
        pages = [found[0] for found in pages_of_questions(contexts(of, "sv")[0])]
        return {page.file for page in pages if "ställd till alla" in [words.text for words in page.under]}

    assert put_to_all(edition)
    assert "q5_3.html" not in put_to_all(edition)
    everyone = replace(edition.publication.responses[-1], respondents=10_000)
    some = replace(edition, publication=replace(edition.publication, responses=(everyone,)))
    assert not put_to_all(some)
    assert not put_to_all(made(edition.study, draft=True))


def test_a_changed_question_breaks_its_line(questions: dict[str, Page]) -> None:
    lines = next(section for section in questions["q4_1.html"].sections if section.id == "over-time").blocks[0]
    assert isinstance(lines, Lines)
    assert lines.waves == ("2021", "2023")
    assert all(line.breaks == (1,) for line in lines.lines)
    assert lines.times[1] - lines.times[0] == pytest.approx(2, abs=0.01)


def test_dont_know_stands_beside_a_base_of_opinions(study: Study, made: Callable[..., Edition]) -> None:
    context = contexts(made(replace(study, base=Base.OPINION)), "sv")[0]
    page = next(pages[0] for pages in pages_of_questions(context) if pages[0].file == "q4_1.html")
    bars = page.sections[0].blocks[0]
    assert isinstance(bars, Bars)
    kinds = {row.label.text: row.kind for row in bars.rows}
    assert kinds["Vet inte"] is RowKind.MISSING
    assert bars.frame.base == "Bas: de 75 som hade en uppfattning"


def test_every_item_of_the_method_is_said_or_said_to_be_missing(swedish: Context) -> None:
    page = next(page for page in other_pages(swedish) if page.kind is PageKind.METHOD)
    terms = next(block for section in page.sections if section.id == "aapor" for block in section.blocks)
    assert isinstance(terms, Terms)
    assert [term.code for term in terms.terms] == list(METHOD_FIELDS.values())
    weighting = next(term for term in terms.terms if term.name == "Viktning")
    assert weighting.absent
    assert weighting.values[0].text == "inte redovisat av Exempelinstitutet"


def test_the_front_page_says_who_and_how_many_before_any_result(swedish: Context) -> None:
    page = next(iter(other_pages(swedish)))
    first = page.sections[0].blocks[0]
    assert isinstance(first, Terms)
    said = {term.name: term for term in first.terms}
    assert said["Svar"].values[0].text == "76 av 140 utvalda"
    assert said["Svar"].note == "svarsfrekvens 54 procent"
    assert said["När och hur"].values[0].text == "1–22 september 2023"
    assert isinstance(page.sections[1].blocks[0], Illustration)


def test_a_perspective_leads_to_its_sections(swedish: Context) -> None:
    picture = next(iter(other_pages(swedish))).sections[1].blocks[0]
    assert isinstance(picture, Illustration)
    assert [box.link for box in picture.boxes] == ["", "section/2.html", "section/5.html"]
    assert picture.frame.alternative == (
        "Perspektivet Samhället. Kommunens uppdrag kräver Kapacitet; Kapacitet ger Effekter."
    )


def test_breakdowns_go_on_where_a_page_is_full(swedish: Context) -> None:
    pages = next(pages for pages in pages_of_questions(swedish) if pages[0].file == "q2_3.html")
    assert MOST_ON_A_PAGE < 1000
    assert [page.file for page in pages[1:]]
    held = [by for page in pages for _, by in page.holds if not by.startswith(APART)]
    own = [section.id for section in pages[0].sections if section.id.startswith("by-")]
    assert len(held) + len(own) == 3


def test_a_question_that_was_dropped_keeps_its_page(study: Study, made: Callable[..., Edition]) -> None:
    dropped = replace(study.question("q5_2"), waves=("2021",))
    sections = tuple(
        replace(section, questions=tuple(dropped if q.id == "q5_2" else q for q in section.questions if q.id != "q5_3"))
        for section in study.sections
    )
    context = contexts(made(replace(study, sections=sections)), "sv")[0]
    front = next(iter(other_pages(context)))
    targets = [link.target for block in front.sections[-1].blocks for link in getattr(block, "links", ())]
    assert "kommun.2021.q5_2.html" in targets
    assert "q5_2.html" not in targets


def test_each_wave_leads_to_the_others(edition: Edition) -> None:
    latest, earlier = contexts(edition, "sv")
    page = next(pages[0] for pages in pages_of_questions(latest) if pages[0].file == "q4_1.html")
    before = next(pages[0] for pages in pages_of_questions(earlier) if pages[0].file == "kommun.2021.q4_1.html")
    targets = [("2023", "q4_1.html"), ("2021", "kommun.2021.q4_1.html")]
    for each, current in ((page, "2023"), (before, "2021")):
        assert [(link.text.text, link.target) for link in each.waves] == targets
        assert [link.text.text for link in each.waves if link.current] == [current]
        assert [said.text for said in each.changes] == ["Frågan hade ny inledning 2023."]
    assert before.over[0].target == "wave/2021/4.html"
    fronts = {each.file: each for context in (latest, earlier) for each in other_pages(context)}
    assert [link.target for link in fronts["wave/2021.html"].waves] == ["index.html", "wave/2021.html"]
    assert all(link.note for link in fronts["index.html"].waves), "how many answered, and when"
    listed = {link.target for block in fronts["wave/2021.html"].sections[-1].blocks for link in block.links[1:]}
    assert all(target.startswith("kommun.2021.") for target in listed)


def test_a_wording_is_that_of_its_wave(edition: Edition) -> None:
    changed = replace(
        edition.study.question("q4_1"),
        changes=(
            Change(
                wave="2023",
                note=Text.of({"sv": "Ändrad."}),
                text=Text.of({"sv": "Ny ordalydelse?"}),
                instruction=Text.of({"sv": "Ny anvisning."}),
            ),
        ),
    )
    sections = tuple(
        replace(section, questions=tuple(changed if each.id == "q4_1" else each for each in section.questions))
        for section in edition.study.sections
    )
    altered = replace(edition, study=replace(edition.study, sections=sections))
    said = {}
    for context in contexts(altered, "sv"):
        page = next(pages[0] for pages in pages_of_questions(context) if pages[0].file.endswith("q4_1.html"))
        picture = page.sections[0].blocks[0]
        assert isinstance(picture, Bars)
        assert picture.frame.title == page.title
        said[context.wave.id] = (page.title.text, page.standfirst[0].text)
    assert said["2023"] == ("Ny ordalydelse?", "Ny anvisning.")
    assert said["2021"] == ("Hur digitaliserad är din kommun i dag?", "Svara på en skala från 1 till 5.")


def test_a_picture_of_items_is_titled_with_the_question_alone(questions: dict[str, Page], swedish: Context) -> None:
    page = questions["q2_3.html"]
    whole = page.sections[0].blocks[0]
    assert isinstance(whole, Stacks)
    assert whole.frame.title == page.title
    assert whole.frame.source.endswith(" · kommun.2023@7f3ac21e7f3ac21e/q2_3")
    over_time = next(section for section in page.sections if section.id == "over-time")
    headings = [block.frame.heading.text for block in over_time.blocks]
    assert headings == [item.label.best("sv")[0] for item in swedish.study.question("q2_3").items]
    assert all(each in over_time.blocks[0].frame.source for each in ("2021", "2023", "kommun@7f3ac21e7f3ac21e/q2_3.a"))


def test_a_net_is_said_with_the_codes_of_its_scale(questions: dict[str, Page]) -> None:
    terms = next(block for block in questions["q4_1.html"].sections[-1].blocks if isinstance(block, Terms))
    said = {term.name: term.values[0].text for term in terms.terms}
    assert said["1–2"] == "Sammanslagning av: 1 Inte alls, 2"
    assert said["4–5"] == "Sammanslagning av: 4, 5 Fullt ut"


def test_a_base_of_everyone_asked_is_not_called_answers(edition: Edition) -> None:
    asked = replace(edition, study=replace(edition.study, base=Base.ASKED))
    pages = {pages[0].file: pages[0] for pages in pages_of_questions(contexts(asked, "sv")[0])}
    page = pages["q4_1.html"]
    assert not any("svarade" in said.text for said in page.under)
    picture = next(section for section in page.sections if section.id == "by-storlek").blocks[0]
    assert isinstance(picture, Stacks)
    assert picture.frame.base == "Bas: samtliga tillfrågade i varje grupp"
    assert all("tillfrågad" in row.note for row in picture.rows if row.shown)


def test_uncertainty_is_said_for_every_kind_of_sample(edition: Edition) -> None:
    def said(**changed: object) -> tuple[str, str, set[str]]:
        context = contexts(replace(edition, study=replace(edition.study, **changed)), "sv")[0]
        pages = {page.kind: page for page in other_pages(context)}
        term = next(term for term in pages[PageKind.FRONT].sections[0].blocks[0].terms if term.name == "Osäkerhet")
        numbers = next(section for section in pages[PageKind.METHOD].sections if section.id == "numbers")
        return term.values[0].text, term.note, {block.words.text for block in numbers.blocks}

    value, note, _ = said()
    assert re.fullmatch(r"högst \d+ procentenheter", value)
    assert "95-procentigt konfidensintervall" in note
    value, note, method = said(sample=Sample.SELF_SELECTED)
    assert (value, note) == ("ingen felmarginal", "hur de svarande valdes ut är inte redovisat")
    assert not any("Intervallen är" in sentence or "ändlig" in sentence for sentence in method)
    _, _, method = said(sample=Sample.CENSUS)
    assert any("bygger på antagandet" in sentence for sentence in method), "a census with non-response has a model"
    assert not any("urvalsdesignen" in sentence for sentence in method), "a census has no sampling design"
    assert any("som om de som svarade hade dragits slumpmässigt" in sentence for sentence in method)


def test_the_method_is_mapped_to_the_quality_declaration(swedish: Context) -> None:
    method = next(page for page in other_pages(swedish) if page.kind is PageKind.METHOD)
    items = next(section for section in method.sections if section.id == "aapor").blocks[0]
    assert isinstance(items, Terms)
    assert all(term.note.startswith("SCB ") for term in items.terms)
    assert [section.id for section in method.sections if section.id.startswith("brief")] == ["brief-2023", "brief-2021"]


def test_no_two_tables_of_the_method_have_one_name(swedish: Context) -> None:
    method = next(page for page in other_pages(swedish) if page.kind is PageKind.METHOD)
    captions = [block.caption for section in method.sections for block in section.blocks if isinstance(block, Table)]
    assert {"Obesvarade frågor, procent, omgång 2023", "Obesvarade frågor, procent, omgång 2021"} <= set(captions)
    assert len(captions) == len(set(captions))


def test_an_unanswered_question_has_a_place_though_the_study_names_none(questions: dict[str, Page]) -> None:
    picture = questions["q4_1.html"].sections[0].blocks[0]
    assert isinstance(picture, Bars)
    (nobody,) = picture.nobody
    assert (nobody.number.address, nobody.label.text) == ("q4_1/no-answer", "Inget svar")
    assert nobody not in picture.rows
    refused = next(row for row in picture.rows if row.number.address == "q4_1/9")
    assert refused.kind is RowKind.MISSING, "what was offered stays a row"


def test_a_licence_of_creative_commons_can_be_read(swedish: Context) -> None:
    for licence, place in (
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC-BY-NC-SA-4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Egen licens", None),
    ):
        study = replace(swedish.study, licence=licence)
        told = replace(swedish, reading=Reading(replace(swedish.edition, study=study)))
        links = [block for block in downloads_page(told, []).sections[1].blocks if isinstance(block, Links)]
        assert [link.target for block in links for link in block.links] == ([place] if place else [])


def test_the_accessibility_statement_has_what_the_law_demands(swedish: Context) -> None:
    page = next(page for page in other_pages(swedish) if page.kind is PageKind.ACCESSIBILITY)
    blocks = [block for section in page.sections for block in section.blocks]
    links = [link.target for block in blocks if isinstance(block, Links) for link in block.links]
    assert links == ["https://www.digg.se/tdosanmalan"]
    to_fill_in = [block.words.text for block in blocks if isinstance(block, Paragraph) and block.to_fill_in]
    for what in (
        "helt / delvis / inte förenliga",
        "granskat just de här sidorna",
        "senast uppdaterades",
        "12 §",
        "9 §",
    ):
        assert any(what in text for text in to_fill_in), what
    assert not any("[" in block.words.text for block in blocks if isinstance(block, Paragraph) and not block.to_fill_in)


def test_the_method_says_which_design_was_assumed(edition: Edition) -> None:
    def said(language: str = "sv", lonely: Lonely = Lonely.FAIL, **sampling: object) -> str:
        waves = tuple(replace(wave, lonely=lonely) for wave in edition.study.waves)
        responses = [replace(each, sampling=Sampling(**sampling)) for each in edition.publication.responses]  # type: ignore[arg-type]
        publication = replace(edition.publication, responses=tuple(responses))
        study = replace(edition.study, waves=waves)
        context = contexts(replace(edition, study=study, publication=publication), language)[0]
        method = next(page for page in other_pages(context) if page.kind is PageKind.METHOD)
        numbers = next(section for section in method.sections if section.id == "numbers")
        return " ".join(block.words.text for block in numbers.blocks if isinstance(block, Paragraph))

    people = SampledStage(clusters=False, drawn=76, answered=76, finite=False)
    assert "obundet slumpmässigt urval av svarande. Populationen antas" in said(strata=1, lone=0, stages=(people,))
    strata = said(strata=3, lone=1, stages=(replace(people, finite=True),), lonely=Lonely.REMOVE)
    assert "i vart och ett av 3 strata. Beräkningen tar hänsyn till att populationen är ändlig." in strata
    assert "kan därför vara för snäva" in strata
    districts = SampledStage(clusters=True, drawn=9, answered=8, finite=False)
    alone = said("en", strata=1, lone=0, stages=(districts,))
    assert "a cluster sample: 9 clusters" in alone
    assert "from 8 of the 9 clusters" in alone
    assert "first-stage approximation" in alone
    stages = said("en", strata=2, lone=0, stages=(replace(districts, finite=True), replace(people, finite=True)))
    assert "2 stages: 9 clusters drawn at random within 2 strata" in stages
    assert "first-stage approximation" not in stages


def test_the_method_names_the_interval_of_shares(edition: Edition) -> None:
    named = {
        Interval.LOGIT: "logitintervall",
        Interval.BETA: "Clopper och Pearsons",
        Interval.LIKELIHOOD: "likelihoodfunktionen",
        Interval.WILSON: "är Wilsons",
        Interval.MEAN: "plus och minus felmarginalen",
    }
    for interval in Interval:
        context = contexts(replace(edition, study=replace(edition.study, interval=interval)), "sv")[0]
        method = next(page for page in other_pages(context) if page.kind is PageKind.METHOD)
        numbers = next(section for section in method.sections if section.id == "numbers")
        said = " ".join(block.words.text for block in numbers.blocks if isinstance(block, Paragraph))
        assert [each for each, words in named.items() if words in said] == [interval]


def numbers_said(edition: Edition, language: str = "sv") -> tuple[str, dict[str, str]]:
    """What the method page says of how numbers were computed, and of the panel by AAPOR's name of the rate."""
    context = contexts(edition, language)[0]
    method = next(page for page in other_pages(context) if page.kind is PageKind.METHOD)
    by_id = {section.id: section for section in method.sections}
    said = " ".join(block.words.text for block in by_id["numbers"].blocks if isinstance(block, Paragraph))
    panel = next((section for id, section in by_id.items() if id.startswith("panel")), None)
    terms = panel.blocks[0].terms if panel and isinstance(panel.blocks[0], Terms) else ()
    return said, {term.note.removeprefix("AAPOR "): term.values[0].text for term in terms}


def test_a_sample_that_chose_itself_has_modelled_intervals_and_no_others(edition: Edition) -> None:
    study = replace(edition.study, sample=Sample.SELF_SELECTED)
    assert "ntervallen" not in numbers_said(replace(edition, study=study))[0]
    asked = replace(study, modelled=Text.of({"sv": "De svarande liknar alla.", "en": "Respondents are as all."}))
    said, _ = numbers_said(replace(edition, study=asked))
    assert "Intervallen är modellbaserade" in said
    assert "ingen felmarginal" in said
    assert "De svarande liknar alla." in said
    assert "konfidensintervall, beräknade" not in said
    pages = next(iter(pages_of_questions(contexts(replace(edition, study=asked), "en")[0])))
    pictures = [
        block for page in pages for section in page.sections for block in section.blocks if hasattr(block, "frame")
    ]
    assert pictures
    assert all(picture.frame.modelled for picture in pictures)
    told = other_pages(contexts(replace(edition, study=asked), "en")[0])
    front = next(page for page in told if page.kind is PageKind.FRONT)
    term = next(term for term in front.sections[0].blocks[0].terms if term.name == "Uncertainty")
    assert term.values[0].text == "no margin of error"
    assert "modelled" in term.note


def test_a_census_without_a_response_model_says_that_it_has_no_intervals(edition: Edition) -> None:
    study = replace(edition.study, sample=Sample.CENSUS, response_model=ResponseModel.NONE)
    none = np.full_like(edition.facts.lower, NONE)
    said, _ = numbers_said(replace(edition, study=study, facts=replace(edition.facts, lower=none, upper=none)), "en")
    assert "Therefore there are no intervals" in said
    assert "confidence intervals" not in said


def test_a_panel_reports_how_it_was_recruited(edition: Edition) -> None:
    def of(panel: Panel | None) -> dict[str, str]:
        waves = tuple(replace(wave, panel=panel, invited=100, strata=()) for wave in edition.study.waves)
        study = replace(edition.study, sample=Sample.RECRUITED_PANEL, waves=waves)
        return numbers_said(replace(edition, study=study), "en")[1]

    told = of(Panel(recruitment=0.2, profile=0.5))
    assert told == {"RECR": "20.0%", "PROR": "50.0%", "RETR": "not reported", "COMR": "76.0%", "CUMRR": "7.6%"}
    assert of(Panel(recruitment=0.2, profile=0.5, retention=0.5))["CUMRR"] == "3.8%"
    assert of(None) == {"RECR": "not reported", "PROR": "not reported", "RETR": "not reported", "COMR": "76.0%",
                        "CUMRR": "not reported"}  # fmt: skip
    assert numbers_said(edition)[1] == {}


def test_a_panel_gives_the_cumulative_rate_beside_the_response_rate(edition: Edition) -> None:
    def notes(panel: Panel | None, language: str) -> set[str]:
        waves = tuple(replace(wave, panel=panel, invited=152, strata=()) for wave in edition.study.waves)
        study = replace(edition.study, sample=Sample.RECRUITED_PANEL, waves=waves)
        pages = other_pages(contexts(replace(edition, study=study), language)[0])
        method = next(page for page in pages if page.kind is PageKind.METHOD)
        brief = next(section for section in method.sections if section.id == "brief-2023").blocks[0]
        assert isinstance(brief, Terms)
        return {term.note for term in brief.terms}

    told = Panel(recruitment=0.2, profile=0.44)
    assert "response rate 50 per cent; cumulative, from recruitment on, 4.4 per cent" in notes(told, "en")
    assert "svarsfrekvens 50 procent; kumulativt, räknat från rekryteringen, 4,4 procent" in notes(told, "sv")
    assert "svarsfrekvens 50 procent" in notes(Panel(recruitment=0.2), "sv")
    assert "svarsfrekvens 50 procent" in notes(None, "sv")
