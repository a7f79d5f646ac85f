"""Changes from wave to wave of each group: what stands in the tables, where they stand, and what is withheld."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from saklig.edition.edition import Edition
from saklig.edition.facts import Status, facts_from
from saklig.edition.publication import Samples, WavePair
from saklig.edition.trends import with_changes, without_changes
from saklig.language.text import Text
from saklig.publish.outline.build import pages_of_questions
from saklig.publish.outline.context import contexts
from saklig.publish.outline.model import Number, Page, Paragraph, Section, Table
from saklig.publish.site.write import write_site
from saklig.study.model import Background, Group, Study


def pages(edition: Edition, question: str, language: str = "en") -> tuple[Page, ...]:
    latest = contexts(edition, language)[0]
    return next(found for found in pages_of_questions(latest) if found[0].file == f"{question}.html")


def section(page: Page) -> Section | None:
    return next((each for each in page.sections if each.id.startswith("changes-by-")), None)


def only(edition: Edition, question: str, language: str = "en") -> Section:
    found = [each for page in pages(edition, question, language) if (each := section(page))]
    (one,) = found
    return one


def tables(of: Section) -> Iterator[Table]:
    return (block for block in of.blocks if isinstance(block, Table))


def withholding(edition: Edition, *groups: str) -> Edition:
    """The same edition with all numbers of those groups withheld in the first wave, and published otherwise."""
    gone = {"value": None, "lower": None, "upper": None, "base": None, "decimals": 0, "status": Status.WITHHELD}
    shown = {"value": 20, "lower": 10, "upper": 30, "base": 40, "status": Status.PUBLISHED}
    rows = [
        replace(each, **(gone if each.group1 in groups and each.wave == "2021" else shown))  # type: ignore[arg-type]
        for each in without_changes(edition.facts).rows(slice(None))
    ]
    return replace(edition, facts=with_changes(facts_from(rows), edition.study, edition.publication))


def test_a_row_tells_earlier_later_and_the_change_with_its_interval(edition: Edition) -> None:
    whole = withholding(edition)
    by_size, by_part = tables(only(whole, "q4_2"))
    assert by_size.folded
    assert by_size.caption == "Change by size of municipality"
    assert [column.label.text for column in by_size.columns] == ["2021", "2023", "Change 2021–2023"]
    assert [row.label.text for row in by_size.rows[:3]] == [
        "Under 15,000 inhabitants",
        "15,000–49,999",
        "50,000 or more",
    ]
    assert {str(row.group) for row in by_size.rows[:3]} == {"Satisfied"}
    earlier, later, change = by_size.rows[0].cells
    assert (earlier, later) == ("20%", "20%")
    assert isinstance(change, Number)
    assert change.address == "2021..2023/q4_2/1~difference@storlek=under-15000"
    assert (change.text, change.interval, change.wave) == ("0", "−20\u00a0– 20", "2023")
    assert by_part.notes == ()


def test_a_group_that_is_withheld_is_named_below_its_table(edition: Edition) -> None:
    by_size, _by_part = tables(only(withholding(edition, "50000-plus"), "q4_2"))
    assert {row.label.text for row in by_size.rows} == {"Under 15,000 inhabitants", "15,000–49,999"}
    assert by_size.notes == ("No change is published, since numbers of a wave are withheld: 50,000 or more",)


def test_a_background_of_which_nothing_is_published_is_named(edition: Edition) -> None:
    other = withholding(edition, "norrland", "svealand", "gotaland")
    for language, words in (
        ("en", "By part of the country: no change is published, since numbers of a wave are withheld"),
        ("sv", "Efter landsdel: ingen förändring redovisas, eftersom tal för någon av omgångarna inte redovisas"),
    ):
        found = only(other, "q4_2", language)
        assert len(list(tables(found))) == 1
        (said,) = (block for block in found.blocks if isinstance(block, Paragraph))
        assert said.words.text.startswith(words)


def test_what_few_gave_is_said_to_be_uncertain(edition: Edition) -> None:
    rows = [
        replace(each, base=12) if each.group1 == "norrland" and each.base else each
        for each in without_changes(withholding(edition).facts).rows(slice(None))
    ]
    few = replace(edition, facts=with_changes(facts_from(rows), edition.study, edition.publication))
    by_size, by_part = tables(only(few, "q4_2"))
    assert (by_size.notes, by_part.notes) == ((), ("Uncertain, fewer than 30 answers: Norrland",))


def test_there_are_none_over_a_broken_line_and_on_pages_of_earlier_waves(edition: Edition) -> None:
    assert not any(section(page) for page in pages(edition, "q4_1"))
    earlier = contexts(edition, "en")[1]
    assert not any(section(page) for found in pages_of_questions(earlier) for page in found)


def test_several_pairs_of_waves_stand_side_by_side(study: Study, made: Callable[..., Edition]) -> None:
    later = replace(study.waves[-1], id="2025", label=Text.of({"sv": "2025"}))
    three = made(replace(study, waves=(*study.waves, later)), seed=3)
    pairs = (*three.publication.pairs, WavePair(wave="2021", wave2="2025", samples=Samples.OVERLAPPING))
    publication = replace(three.publication, pairs=pairs)
    facts = with_changes(without_changes(three.facts), three.study, publication)
    by_size, *_ = tables(only(withholding(replace(three, publication=publication, facts=facts)), "q4_2"))
    assert [column.label.text for column in by_size.columns] == [
        "2021", "2023", "2025", "Change 2021–2023", "Change 2023–2025", "Change 2021–2025",
    ]  # fmt: skip


def test_a_full_page_leads_to_pages_of_their_own(edition: Edition) -> None:
    first, *others = pages(edition, "q2_3")
    assert section(first) is None
    apart = {page.file: found for page in others if (found := section(page))}
    assert list(apart) == ["q2_3@over.time,storlek.html", "q2_3@over.time,del.html"]
    assert [found.heading.text for found in apart.values()] == [
        "Change by size of municipality", "Change by part of the country",
    ]  # fmt: skip
    links = [link for each in first.sections if each.id == "elsewhere" for block in each.blocks for link in block.links]  # type: ignore[union-attr]
    assert {f"{file}#{found.id}" for file, found in apart.items()} <= {link.target for link in links}


def test_more_than_a_page_can_hold_is_left_to_the_files(study: Study, made: Callable[..., Edition]) -> None:
    groups = tuple(Group(id=f"g{n}", label=Text.of({"sv": f"Grupp {n}"}), codes=(n,)) for n in range(150))
    many = Background(id="kommun", label=Text.of({"sv": "Kommun", "en": "Municipality"}), groups=groups)
    found = only(made(replace(study, backgrounds=(many,), pairs=(), perspectives=())), "q4_2")
    (said,) = found.blocks
    assert isinstance(said, Paragraph)
    assert said.words.text == "By municipality: the changes are too many for a page. They are in the edition’s files."


@pytest.mark.parametrize("samples", list(Samples))
def test_what_the_intervals_rest_on_is_said_once(edition: Edition, samples: Samples) -> None:
    pairs = tuple(replace(pair, samples=samples) for pair in edition.publication.pairs)
    found = only(replace(edition, publication=replace(edition.publication, pairs=pairs)), "q4_2")
    assert found.introduction is not None
    widest = "the widest possible" in found.introduction.text
    assert widest is (samples is not Samples.INDEPENDENT)
    assert all("interval" not in note for table in tables(found) for note in table.notes)


def test_no_page_grows_too_large(study: Study, made: Callable[..., Edition], tmp_path: Path) -> None:
    sizes = (4, 12, 20, 31, 45)
    backgrounds = tuple(
        Background(
            id=f"b{n}",
            label=Text.of({"sv": f"Bakgrund {n}"}),
            groups=tuple(
                Group(id=f"grupp-{k}", label=Text.of({"sv": f"Grupp nummer {k}"}), codes=(k,)) for k in range(n)
            ),
        )
        for n in sizes
    )
    later = replace(study.waves[-1], id="2025", label=Text.of({"sv": "2025"}))
    grid = tuple(replace(each, questions=each.questions[:1]) for each in study.sections[:1])
    large = replace(
        study,
        languages=("sv",),
        sections=grid,
        backgrounds=backgrounds,
        pairs=(),
        perspectives=(),
        waves=(*study.waves, later),
    )
    write_site(withholding(made(large)), tmp_path)
    sizes_of = {path.name: path.stat().st_size for path in tmp_path.rglob("*.html")}
    assert {name for name in sizes_of if "@over.time,b20" in name}
    assert max(sizes_of.values()) <= 150_000
