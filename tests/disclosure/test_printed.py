"""What is printed: decimals, outward intervals, medians only from enough answers, nulls where withheld."""

from __future__ import annotations

import numpy as np
import pytest

from saklig.answers.model import NOT_ASKED
from saklig.disclosure.policy import POLICIES
from saklig.disclosure.protect import protect
from saklig.disclosure.rounding import half_up, rounded
from saklig.edition.facts import NONE, Status
from saklig.study.model import Study
from saklig.tabulation.plan import groupings
from saklig.tabulation.tabulate import tabulate

from .conftest import background, coded, measured, numeric, single, study_of, wave_of

ORGANISATIONS, SAMPLE = POLICIES["organisations"], POLICIES["sample"]


def table_of(study: Study, column: object, n: int):  # type: ignore[no-untyped-def]
    answers, design = wave_of(study, {study.questions[0].id: column})  # type: ignore[dict-item]
    assert answers.n == n
    return tabulate(next(study.parts("1")), column, groupings(study, answers)[0], design)  # type: ignore[arg-type]


@pytest.mark.parametrize(("number", "expected"), [(2.5, 3), (-2.5, -2), (2.5 - 1e-10, 3), (2.5 - 1e-8, 2)])
def test_halves_and_what_is_within_1e9_of_them_go_up(number: float, expected: int) -> None:
    assert half_up(np.array([number])).tolist() == [expected]


def test_intervals_are_rounded_outward_and_shares_half_up() -> None:
    table = table_of(study_of([single("q")]), coded([0] * 1 + [1] * 7), 8)
    shown = rounded(table, ORGANISATIONS)
    assert shown.value[0, :2].tolist() == [13, 88]  # 12.5 and 87.5 per cent
    assert (shown.lower[0, :3] <= table.lower[0, :3] * 100).all()
    assert (shown.upper[0, :3] >= table.upper[0, :3] * 100).all()
    assert (np.abs(shown.lower[0, :3] - table.lower[0, :3] * 100) < 1).all()


def test_one_decimal_from_a_thousand_answers() -> None:
    few = rounded(table_of(study_of([single("q")]), coded([0, 1, 2] * 333), 999), SAMPLE)
    many = rounded(table_of(study_of([single("q")]), coded([0, 1, 2] * 334), 1002), SAMPLE)
    assert (few.value[0, 0], few.decimals[0, 0]) == (33, 0)
    assert (many.value[0, 0], many.decimals[0, 0]) == (333, 1)


def test_organisations_prints_no_counts_and_no_errors() -> None:
    table = table_of(study_of([single("q")]), coded([0, 1, 2] * 10), 30)
    shown = rounded(table, ORGANISATIONS)
    for name in ("count", "se", "deff", "df"):
        assert (getattr(shown, name) == NONE).all()
    assert (rounded(table, SAMPLE).count[0, :3] == 10).all()


@pytest.mark.parametrize(("n", "expected"), [(9, []), (10, ["median"]), (19, ["median"]), (20, ["median", "q1", "q3"])])
def test_medians_need_two_thresholds_and_quartiles_four(n: int, expected: list[str]) -> None:
    table = table_of(study_of([numeric("v")]), measured(list(range(n))), n)
    shown = rounded(table, ORGANISATIONS)
    found = [
        row.stat
        for place, row in enumerate(table.rows)
        if row.stat in ("median", "q1", "q3") and shown.value[0, place] != NONE
    ]
    assert found == expected


def test_withheld_rows_hold_no_number_and_public_questions_are_not_withheld() -> None:
    study = study_of([single("q"), single("p", confidential=False)], [background("b", 2)])
    codes = [0, 1, 2] * 8
    wave = wave_of(study, {"q": coded(codes), "p": coded(codes)}, {"b": [0] * 3 + [1] * 21})
    facts = protect(study, [wave]).facts
    status = np.array(facts.status.values)[facts.status.codes]
    question = np.array(facts.address["question"].values)[facts.address["question"].codes]
    grouped = np.array(facts.address["by1"].values)[facts.address["by1"].codes] == "b"
    assert (status[grouped & (question == "q")] == Status.WITHHELD).all()
    assert (status[grouped & (question == "p")] == Status.PUBLISHED).all()
    hidden = status == Status.WITHHELD
    for name in ("count", "base", "value", "se", "lower", "upper", "deff", "df"):
        assert (getattr(facts, name)[hidden] == NONE).all()
    assert (facts.decimals[hidden] == 0).all()


def test_facts_come_in_the_order_of_the_plan_with_their_addresses() -> None:
    study = study_of([single("q", 2)], [background("a", 2)], waves=("1", "2"))
    codes, groups = [0, 1] * 10, [0] * 10 + [1] * 10
    waves = [wave_of(study, {"q": coded(codes)}, {"a": groups}, wave=wave) for wave in ("1", "2")]
    facts = protect(study, waves).facts
    names = ("wave", "group1", "category")
    found = [
        tuple(np.array(facts.address[name].values)[facts.address[name].codes][row] for name in names)
        for row in range(len(facts))
    ]
    rows = ["1", "2", "8", "9", "no-answer"]
    assert found == [(wave, group, row) for wave in ("1", "2") for group in ("", "a0", "a1") for row in rows]


def test_a_question_that_nobody_was_asked_says_so() -> None:
    study = study_of([single("q"), single("r")], policy="public")
    wave = wave_of(study, {"q": coded([0, 1] * 5), "r": coded([NOT_ASKED] * 10)})
    facts = protect(study, [wave]).facts
    status = np.array(facts.status.values)[facts.status.codes]
    question = np.array(facts.address["question"].values)[facts.address["question"].codes]
    assert (status[question == "r"] == Status.NOT_ASKED).all()


def test_pairs_are_off_below_two_hundred_respondents() -> None:
    backgrounds = [background("a", 2), background("b", 2)]
    groups = {"a": [0, 1] * 30, "b": [0, 0, 1, 1] * 15}
    for changed, expected in (({}, ()), ({"pairs_from": 0}, (("a", "b"),))):
        study = study_of([single("q")], backgrounds, pairs=[("a", "b")], **changed)
        wave = wave_of(study, {"q": coded([0, 1, 2] * 20)}, groups)
        assert protect(study, [wave]).study.pairs == expected
