"""Tables equal those of the oracle: integers exactly, errors to 1e-9."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from random_answers import Case, cases, sample
from tabulated import Told, check_line

import oracle
from saklig.study.model import Kind
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.plan import groupings, rows_of
from saklig.tabulation.tabulate import tabulate, tabulate_all

SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def test_every_kind_of_question_has_a_strategy():
    """A new kind of question without a strategy must not slip past the oracle."""
    assert {*Kind} == {Kind.SINGLE, Kind.SCALE, Kind.MULTIPLE, Kind.GRID, Kind.NUMERIC, Kind.RANKING, Kind.OPEN}


@SLOW
@given(cases())
def test_counts_and_ratios_are_the_same_integers(case: Case):
    for grouping in groupings(case.study, case.answers):
        for part in case.parts:
            plain = sample(case, part, grouping.codes)
            found = tabulate(part, case.answers.columns[part.key], grouping, case.design, errors=False)
            expected = [(line.category, line.stat) for line in oracle.lines(part)]
            assert [(row.category, row.stat) for row in rows_of(part)] == expected
            for group in range(len(grouping.groups)):
                for row, line in enumerate(oracle.table(part, plain.people, group)):
                    ours = tuple(
                        int(getattr(found, name)[group, row]) for name in ("count", "base", "numerator", "denominator")
                    )
                    wanted = (line.count, line.base, line.numerator, line.denominator)
                    place = (part.key, grouping.groups[group], expected[row])
                    assert ours[:2] == wanted[:2], place
                    assert (ours[3] == 0) == (wanted[3] == 0), place
                    if max(abs(wanted[2]), wanted[3]) < 2**63 // 2000:
                        assert ours[2:] == wanted[2:], place
                    else:  # too large for 64 bits with room to round: shortened
                        assert ours[2] / ours[3] == pytest.approx(wanted[2] / wanted[3], rel=1e-12, abs=1e-6), place


@SLOW
@given(cases())
def test_errors_intervals_and_design_effects(case: Case):
    plan = groupings(case.study, case.answers)
    broken = breakdown(plan, case.design)
    for part in case.parts:
        for grouping, found in zip(plan, tabulate_all(part, case.answers.columns[part.key], broken), strict=True):
            plain = sample(case, part, grouping.codes)
            for group in range(len(grouping.groups)):
                for row, line in enumerate(oracle.lines(part)):
                    ours = {name: float(getattr(found, name)[group, row]) for name in ("se", "lower", "upper", "deff")}
                    df = int(found.df[group, row])
                    place = (part.key, grouping.groups[group], line.category, line.stat)
                    check_line(linearised(plain), line, group, ours, df, place)


def linearised(plain: oracle.Sample) -> Told:
    return Told(
        plain,
        lambda line, group: oracle.ratio_error(plain, line, group),
        lambda line, group: oracle.degrees(plain, line, group),
        lambda people: all(plain.fraction[person.stratum] == 1 for person in people),
    )
