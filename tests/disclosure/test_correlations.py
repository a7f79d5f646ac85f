"""Correlations of groups are published of published numbers alone, and where a witness need not give the same."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from saklig.disclosure.protect import Protected, protect
from saklig.edition.correlation_statement import from_correlations, from_waves, to_correlations, to_waves
from saklig.edition.errors import EditionError
from saklig.edition.facts import Status
from saklig.edition.places import Place
from saklig.edition.publication import Axis, Correlations, WaveCorrelations

from .conftest import background, coded, measured, numeric, single, study_of, wave_of

SIZES = (300, 200, 60, 30, 3)
"""Of the groups: the fourth is below 50 respondents, the last below the threshold, and the fourth is hidden with it."""


def protected(policy: str, sizes: Sequence[int] = SIZES, *, clustered: bool = True) -> Protected:
    random = np.random.default_rng(3)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    cluster = random.integers(0, 20, len(groups))
    answers = (random.random(len(groups)) < 0.3 + 0.02 * cluster).astype(int)
    study = study_of([single("q", 2), numeric("v")], [background("b", len(sizes))], policy=policy)
    columns = {"q": coded(answers.tolist()), "v": measured(answers.tolist())}
    clusters = cluster.tolist() if clustered else None
    return protect(study, [wave_of(study, columns, {"b": groups.tolist()}, clusters=clusters)])


def test_only_published_numbers_of_groups_that_the_audit_leaves_alone_are_told_of() -> None:
    found = protected("sample")
    status = {
        fact.group1: fact.status for fact in found.facts.rows(slice(None)) if (fact.question, fact.by1) == ("q", "b")
    }
    assert [status[f"b{group}"] is Status.PUBLISHED for group in range(5)] == [True, True, True, False, False]
    (told,) = [each for each in found.correlations if each.question == "q"]
    assert told.names == ("b0", "b1", "b2")
    assert "1" in told.tenths
    few = protected("sample", (300, 200, 60, 30))
    assert next(each for each in few.correlations if each.question == "q").names == told.names


def test_one_group_alone_hangs_together_with_nothing() -> None:
    assert protected("sample", (300, 30, 30)).correlations == ()


def test_nothing_is_told_where_everybody_is_audited() -> None:
    assert protected("sample", (300, 200)).correlations == ()
    assert protected("sample", (301, 200)).correlations != ()


def test_they_are_in_tenths_rounded_down() -> None:
    found = protected("public")
    (told,) = [each for each in found.correlations if each.question == "q"]
    assert told.names[:4] == tuple(f"b{group}" for group in range(4))
    low, high = told.between("1", "b0", "b1") or (math.nan, math.nan)
    assert high == pytest.approx(low + 0.1)
    assert low == told.between("1", "b1", "b0")[0]  # type: ignore[index]
    assert told.between("1", "b0", "b0") is None
    assert told.between("1", "b0", "b9") is None
    assert told.between("7", "b0", "b1") is None


def test_the_mean_of_numbers_is_not_told_of() -> None:
    found = protected("public")
    assert not [row for each in found.correlations for row in each.tenths if row in ("~mean", "~median", "~q1", "~q3")]


@pytest.mark.parametrize(("policy", "clustered"), [("organisations", True), ("sample", False), ("public", False)])
def test_nothing_is_told_of_organisations_or_where_respondents_were_drawn(policy: str, clustered: bool) -> None:
    assert protected(policy, clustered=clustered).correlations == ()


def test_what_is_written_is_read_again() -> None:
    for each in protected("public").correlations:
        assert to_correlations(Place(from_correlations(each), "x")) == each


@pytest.mark.parametrize("tenths", ["0", "0; 1", "0; 1 10", "0; 1 x", "0; 1  1", "0; 1 1; ", "0;1 1", ""])
def test_lines_of_another_form_are_refused(tenths: str) -> None:
    given = Correlations(
        axis=Axis.GROUPS, wave="1", question="q", item="", by=("b",), names=("a", "b", "c"), tenths={"1": ((), (), ())}
    )
    with pytest.raises(EditionError, match="correlations are tenths"):
        to_correlations(Place(from_correlations(given) | {"rows": {"1": tenths}}, "x"))


@pytest.mark.parametrize("tenths", ["0 1 2", "0", "0 10", "0 x", "", "0  1"])
def test_lines_of_two_waves_of_another_form_are_refused(tenths: str) -> None:
    given = WaveCorrelations(
        wave="1", wave2="2", question="q", item="", by=("b",), names=("a", "b"), tenths={"1": (3, None)}
    )
    assert to_waves(Place(from_waves(given), "x")) == given
    with pytest.raises(EditionError, match="correlations are tenths"):
        to_waves(Place(from_waves(given) | {"rows": {"1": tenths}}, "x"))
