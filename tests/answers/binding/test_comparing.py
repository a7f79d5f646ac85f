"""The files of several waves held against each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from saklig.answers.comparing import breaks_in_files
from saklig.answers.model import Source
from saklig.language.text import Text
from saklig.study.breaks import Break, Cause
from saklig.study.model import Category, CodeList, Item, Kind, Question, Role, Study, Wave
from saklig.study.sources import Sources, WaveSource

LABELS = {1: "Very good", 2: "Fairly good", 3: "Bad", 9: "Don't know"}
Found = Callable[..., list[tuple[Cause, tuple[str, ...]]]]


@pytest.fixture
def found(
    bound: Callable[..., tuple[Study, Sources]],
    source_of: Callable[..., Source],
    question: Callable[..., Question],
    categories: Callable[..., CodeList],
) -> Found:
    """What the labels of two files break of one question with the codes 1, 2, 3 and 9."""

    def breaks(
        before: Mapping[object, str],
        after: Mapping[object, str],
        *more: Category,
        kind: Kind = Kind.SINGLE,
        **given: object,
    ) -> list[tuple[Cause, tuple[str, ...]]]:
        dont_know = Category(id="c4", label=Text.of({"en": "9"}), code=9, role=Role.DONT_KNOW)
        codes = categories(1, 2, 3, dont_know)
        study, sources = bound([question("q1", kind, codes=codes, **given)])
        asked = question("q1", kind, codes=categories(1, 2, 3, dont_know, *more), **given)
        waves = tuple(Wave(id=name, label=Text.of({"en": name})) for name in ("a", "b"))
        files = {
            name: replace(source_of({"q1": [1, 2], "q1_x": [1, 2]}, q1=more, q1_x=more), path=Path(f"{name}.sav"))
            for name, labels in (("a", before), ("b", after))
            for more in [{"labels": labels, "missing": frozenset({99})}]
        }
        sources = replace(sources, waves=tuple(WaveSource(wave=each, answers=Path(f"{each}.sav")) for each in files))
        made: tuple[Break, ...] = breaks_in_files(
            replace(study, waves=waves, sections=(replace(study.sections[0], questions=(asked,)),)), sources, files
        )
        assert all((each.question, each.earlier, each.wave) == ("q1", "a", "b") for each in made)
        return [(each.cause, each.added) for each in made]

    return breaks


def test_files_that_agree(found: Found) -> None:
    assert found(LABELS, LABELS) == []


def test_case_spaces_and_punctuation_are_no_difference(found: Found) -> None:
    assert found(LABELS, {1: " VERY  good.", 2: "fairly-good", 3: "(Bad)", 9: "Don’t know"}) == []


def test_a_code_that_means_something_else(found: Found) -> None:
    assert found(LABELS, LABELS | {2: "Quite bad", 3: "Very bad"}) == [(Cause.LABELS, ("c2", "c3"))]


def test_a_code_that_one_file_does_not_list(found: Found) -> None:
    assert found(LABELS, {code: label for code, label in LABELS.items() if code != 9}) == [(Cause.CODES, ("c4",))]


def test_a_code_that_the_study_does_not_know(found: Found) -> None:
    assert found(LABELS, LABELS | {4: "Very bad"}) == [(Cause.CODES, ())]


def test_an_option_that_the_study_gives_to_one_wave(found: Found) -> None:
    added = Category(id="c5", label=Text.of({"en": "Very bad"}), code=4, waves=("b",))
    assert found(LABELS, LABELS | {4: "Very bad"}, added) == [], "the study says so itself"


def test_missing_codes_are_no_answers(found: Found) -> None:
    assert found(LABELS, LABELS | {99: "No answer"}) == []
    refused = Category(id="c5", label=Text.of({"en": "Refused"}), code=8, role=Role.REFUSED)
    assert found(LABELS, LABELS | {8: "Refused"}, refused) == []


def test_a_file_without_labels_says_nothing(found: Found) -> None:
    assert found(LABELS, {}) == []
    assert found({1: "Very good"}, LABELS) == []


def test_items_of_a_grid(found: Found) -> None:
    item = Item(id="x", text=Text.of({"en": "X"}), label=Text.of({"en": "X"}))
    assert found(LABELS, LABELS | {1: "Excellent"}, kind=Kind.GRID, items=(item,)) == [(Cause.LABELS, ("c1",))]
