"""Questions over time: changes, broken lines, and pages that stay small where there is much to show."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from saklig.edition.edition import Edition
from saklig.edition.facts import Fact
from saklig.edition.publication import Samples, WavePair
from saklig.language.text import Text
from saklig.publish.outline.build import other_pages, pages_of_questions
from saklig.publish.outline.context import Context, contexts
from saklig.publish.outline.model import Lines, Number, Page, PageKind, Section, Table, Terms
from saklig.publish.site.write import write_site
from saklig.study.model import Item, Study, Wave, WaveChange


@pytest.fixture(scope="module")
def three(study: Study, made: Callable[..., Edition]) -> Edition:
    """Three waves, and a grid of twelve items."""
    asked = study.question("q2_3")
    items = tuple(
        Item(id=f"i{n}", text=Text.of({"sv": f"Del {n}"}), label=Text.of({"sv": f"Del {n}"})) for n in range(12)
    )
    sections = tuple(
        replace(
            section,
            questions=tuple(replace(each, items=items) if each is asked else each for each in section.questions),
        )
        for section in study.sections
    )
    later = Wave(id="2025", label=Text.of({"sv": "2025"}), start="2025-09-01")
    return made(replace(study, sections=sections, waves=(*study.waves, later)), seed=3)


def page(context: Context, question: str) -> tuple[Page, ...]:
    return next(pages for pages in pages_of_questions(context) if pages[0].file == f"{question}.html")


def over_time(pages: tuple[Page, ...]) -> list[Section]:
    return [section for each in pages for section in each.sections if section.id == "over-time"]


def table(section: Section) -> Table:
    (block,) = section.blocks
    assert isinstance(block, Lines)
    assert block.changes is not None
    return block.changes


def changes_of(edition: Edition) -> list[Fact]:
    return [fact for fact in edition.facts.rows(slice(None)) if fact.wave2]


def test_a_change_stands_with_its_sign_and_its_interval(edition: Edition) -> None:
    context = contexts(edition, "sv")[0]
    (section,) = over_time(page(context, "q4_2"))
    found = table(section)
    assert [column.label.text for column in found.columns] == ["2021–2023"]
    fact = next(fact for fact in changes_of(edition) if fact.question == "q4_2" and fact.value and not fact.by1)
    cells = [cell for row in found.rows for cell in row.cells if isinstance(cell, Number)]
    cell = next(cell for cell in cells if cell.address.endswith(edition.address(fact).fragment))
    assert fact.value is not None
    assert cell.text.replace("−", "-") == f"{fact.value:+d}"
    assert (cell.lower, cell.upper, cell.base) == (fact.lower, fact.upper, None)
    assert found.notes == (
        "Samma svarande kan ha svarat i båda omgångarna. Varje intervall är därför det bredast möjliga: summan av "
        "bådas osäkerhet. Det verkliga är inte bredare.",
        "Förändringen är skillnaden mellan de redovisade, avrundade talen. Den kan därför avvika från den verkliga "
        "skillnaden med upp till en enhet i den sista siffran.",
    )


def test_how_sure_it_is_follows_from_the_samples(edition: Edition) -> None:
    pairs = tuple(replace(pair, samples=Samples.INDEPENDENT) for pair in edition.publication.pairs)
    other = replace(edition, publication=replace(edition.publication, pairs=pairs))
    (section,) = over_time(page(contexts(other, "en")[0], "q4_2"))
    assert table(section).notes[0].startswith("Each interval is made of the two published intervals, and counts")


def test_there_is_no_change_over_a_broken_line(edition: Edition) -> None:
    (section,) = over_time(page(contexts(edition, "sv")[0], "q4_1"))
    (block,) = section.blocks
    assert isinstance(block, Lines)
    assert block.changes is None
    assert section.introduction is not None
    assert section.introduction.text == (
        "Frågan hade ny inledning 2023. Ingen förändring redovisas över ett brott i linjen."
    )


def test_what_a_wave_says_of_itself_is_said_though_it_breaks_nothing(
    study: Study, made: Callable[..., Edition]
) -> None:
    note = Text.of({"sv": "2023 intervjuades en del per telefon.", "en": "In 2023 some were interviewed by telephone."})
    first, last = study.waves
    for breaks in (False, True):
        edition = made(replace(study, waves=(first, replace(last, change=WaveChange(note=note, breaks=breaks)))))
        context = contexts(edition, "en")[0]
        (section,) = over_time(page(context, "q4_2"))
        assert section.introduction is not None
        assert section.introduction.text.startswith("In 2023 some were interviewed by telephone.")
        (block,) = section.blocks
        assert isinstance(block, Lines)
        assert (block.changes is None) is breaks
        method = next(each for each in other_pages(context) if each.kind is PageKind.METHOD)
        terms = [
            term
            for each in method.sections
            for block in each.blocks
            if isinstance(block, Terms)
            for term in block.terms
        ]
        comparable = next(term for term in terms if term.name == "Comparability over time")
        assert note.best("en")[0] in [value.text for value in comparable.values]
        assert any("the widest possible" in value.text for value in comparable.values)


def test_changes_stand_on_the_last_page_only(edition: Edition) -> None:
    for context in contexts(edition, "sv"):
        pages = [pages for pages in pages_of_questions(context) if "q4_2" in pages[0].file]
        (section,) = over_time(pages[0])
        (block,) = section.blocks
        assert isinstance(block, Lines)
        assert (block.changes is not None) is (context.wave.id == "2023")


def test_pairs_of_different_kinds_say_which_is_which(three: Edition) -> None:
    first, second = three.publication.pairs
    pairs = (
        first,
        replace(second, samples=Samples.INDEPENDENT),
        WavePair(wave="2021", wave2="2025", samples=first.samples),
    )
    other = replace(three, publication=replace(three.publication, pairs=pairs[:2]))
    (section,) = over_time(page(contexts(other, "en")[0], "q4_2"))
    *how_sure, rounded = table(section).notes
    assert [note.split(":")[0] for note in how_sure] == ["2021–2023", "2023–2025"]
    assert rounded.startswith("A change is the difference between the published, rounded numbers.")


def test_a_large_grid_goes_on_elsewhere(three: Edition) -> None:
    pages = page(contexts(three, "sv")[0], "q2_3")
    assert not over_time(pages[:1])
    apart = [each for each in pages if over_time((each,))]
    assert [each.file for each in apart][:2] == ["q2_3@over.time.html", f"q2_3.{apart[1].holds[0][0]}@over.time.html"]
    assert [item for each in apart for item, _ in each.holds] == [f"i{n}" for n in range(12)]
    headings = [each.sections[0].heading.text for each in apart]
    assert len(set(headings)) == len(headings)


def test_everything_has_its_place_and_no_page_is_too_large(three: Edition, tmp_path: Path) -> None:
    write_site(three, tmp_path)
    assert max(path.stat().st_size for path in tmp_path.rglob("*.html")) <= 150_000
    wanted = {f"{fact.wave}..{fact.wave2}/{three.address(fact).fragment}" for fact in changes_of(three)}
    for folder in ("", "en/"):
        files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / folder).glob("*.html")}
        found = Counter(id for text in files.values() for id in re.findall(r'<a id="([^"]+\.\.[^"]+)"', text))
        assert set(found) == wanted
        assert set(found.values()) == {1}
        for pair in three.publication.pairs:
            script = (tmp_path / folder / "about" / f"facts.{pair.wave}..{pair.wave2}.js").read_text(encoding="utf-8")
            index = json.loads(script.removeprefix("(window.saklig_facts ??= []).push(").removesuffix(");\n"))
            for question, file, _label, parts in index["questions"]:
                for item, _name, rows, _values in parts:
                    for place, _answer in rows:
                        assert f'id="{question}{"." + item if item else ""}{place}"' in files[file]
