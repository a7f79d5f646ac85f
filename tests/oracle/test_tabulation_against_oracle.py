"""Tables equal those of the oracle: integers exactly, errors to 1e-9."""

from __future__ import annotations

import math
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from random_answers import Case, cases, sample
from scipy import stats

import oracle
from saklig.study.model import Kind
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.plan import groupings, rows_of
from saklig.tabulation.tabulate import tabulate, tabulate_all

SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@lru_cache
def t(df: int) -> float:
    return float(stats.t.ppf(0.975, df))


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
                    check_line(
                        plain, line, group, ours, df, (part.key, grouping.groups[group], line.category, line.stat)
                    )


def close(ours: float, theirs: float, place: object) -> None:
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-12, nan_ok=True), place


def check_line(plain: oracle.Sample, line: oracle.Line, group: int, ours: dict[str, float], df: int, place) -> None:
    based = [person for person in plain.people if person.group == group and line.base(person)]
    positive = [person for person in based if person.weight > 0]
    assert df == oracle.degrees(plain, line, group), place
    if not positive:
        assert all(math.isnan(each) for each in ours.values()), place
        return
    if line.stat in oracle.QUANTILES:
        check_quantile(plain, line, group, ours, df, place)
        return
    certain = all(plain.fraction[person.stratum] == 1 for person in positive)
    error = oracle.ratio_error(plain, line, group)
    whole = sum(person.weight for person in positive)
    ratio = sum(person.weight * line.value(person) for person in positive) / whole
    alike = len({line.value(person) for person in positive}) == 1
    share = line.stat not in ("mean", "balance")
    blind = (alike or (error == 0 and df <= 0)) and not certain
    close(ours["se"], math.nan if blind else error, place)
    close(ours["deff"], math.nan if alike or blind else oracle.design_effect(plain, line, group, error), place)
    if certain:
        close(ours["lower"], ratio, place)
        close(ours["upper"], ratio, place)
    elif share and not alike and df > 0:
        lower, upper = oracle.logit(ratio, error, t(df))
        close(ours["lower"], lower, place)
        close(ours["upper"], upper, place)
    elif share and alike:
        check_end(plain, positive, ratio, ours, place)
    elif line.stat == "mean":
        half = t(df) * error if df > 0 and not alike else math.nan
        close(ours["lower"], ratio - half, place)
        close(ours["upper"], ratio + half, place)
    elif line.stat == "balance" and df > 0 and not alike:
        close(ours["lower"], max(ratio - t(df) * error, -1), place)
        close(ours["upper"], min(ratio + t(df) * error, 1), place)
    else:
        assert -1 <= ours["lower"] <= ratio + 1e-9, place
        assert ratio - 1e-9 <= ours["upper"] <= 1, place


def check_end(plain: oracle.Sample, positive: list[oracle.Person], ratio: float, ours: dict[str, float], place) -> None:
    """0 or 100 %: what a finite population, or an endless one, may hold that n effective respondents did not show."""
    whole = sum(person.weight for person in positive)
    effective = whole**2 / sum(person.weight**2 for person in positive)
    edge = 1 - 0.025 ** (1 / effective)
    if any(plain.fraction) and plain.population is not None:
        everyone = sum(person.weight for person in plain.people)
        n, units = max(1, math.floor(effective + 1e-6)), plain.population * whole / everyone
        edge = oracle.zero_of_finite(n, max(n, round(units)))
    close(ours["lower"], 0.0 if ratio == 0 else 1 - edge, place)
    close(ours["upper"], edge if ratio == 0 else 1.0, place)


def check_quantile(plain: oracle.Sample, line: oracle.Line, group: int, ours: dict[str, float], df: int, place) -> None:
    """Woodruff's interval: the quantiles at the ends of the interval of the share at or below the quantile."""
    based = [person for person in plain.people if person.group == group and line.base(person) and person.weight > 0]
    value = oracle.quantile(based, oracle.QUANTILES[line.stat])
    assert value is not None
    below = oracle.Line("", "", lambda person: int(person.number <= value), line.base)
    if all(plain.fraction[person.stratum] == 1 for person in based):
        assert (ours["se"], ours["lower"], ours["upper"]) == (0, value, value), place
        return
    whole = sum(person.weight for person in based)
    share = sum(person.weight for person in based if person.number <= value) / whole
    half = t(df) * oracle.ratio_error(plain, below, group) if df > 0 else math.nan
    if math.isnan(half) or share == 1 or share - half < 1e-9 or share + half > 1 - 1e-9:
        if math.isnan(half) or share == 1 or share - half < -1e-9 or share + half > 1 + 1e-9:
            assert math.isnan(ours["lower"]), place
            assert math.isnan(ours["upper"]), place
        return
    steps = {number: sum(p.weight for p in based if p.number <= number) / whole for number in {p.number for p in based}}
    ends = []
    for end in (share - half, share + half):
        if any(abs(step - end) < 1e-9 for step in steps.values()):
            return
        ends.append(min(number for number, step in steps.items() if step >= end))
    close(ours["lower"], ends[0], place)
    close(ours["upper"], ends[1], place)
    close(ours["se"], (ends[1] - ends[0]) / (2 * t(df)), place)
