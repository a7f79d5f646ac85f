"""What a table says of one line, checked against an oracle, however the errors are told."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import pytest
from scipy import stats

import oracle


@dataclass(frozen=True)
class Told:
    """A sample, and by line and group the standard error of a ratio and its degrees of freedom; `certain`: whether
    what these people say has no error."""

    sample: oracle.Sample
    error: Callable[[oracle.Line, int], float]
    degrees: Callable[[oracle.Line, int], int]
    certain: Callable[[list[oracle.Person]], bool]


@lru_cache
def t(df: int) -> float:
    return float(stats.t.ppf(0.975, df))


def close(ours: float, theirs: float, place: object) -> None:
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-12, nan_ok=True), place


def check_line(told: Told, line: oracle.Line, group: int, ours: dict[str, float], df: int, place) -> None:
    plain = told.sample
    based = [person for person in plain.people if person.group == group and line.base(person)]
    positive = [person for person in based if person.weight > 0]
    assert df == told.degrees(line, group), place
    if not positive:
        assert all(math.isnan(each) for each in ours.values()), place
        return
    if line.stat in oracle.QUANTILES:
        check_quantile(told, line, group, ours, df, place)
        return
    certain = told.certain(positive)
    error = told.error(line, group)
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
        if error == 0 and plain.interval == "beta":
            assert 0 <= ours["lower"] <= ratio <= ours["upper"] <= 1, place  # without a variance, the exact one
            return
        lower, upper = oracle.interval(plain.interval, ratio, error, len(positive), t, df)
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


def check_quantile(told: Told, line: oracle.Line, group: int, ours: dict[str, float], df: int, place) -> None:
    """Woodruff's interval: the quantiles at the ends of the interval of the share at or below the quantile."""
    people = told.sample.people
    based = [person for person in people if person.group == group and line.base(person) and person.weight > 0]
    value = oracle.quantile(based, oracle.QUANTILES[line.stat])
    assert value is not None
    below = oracle.Line("", "", lambda person: int(person.number <= value), line.base)
    if told.certain(based):
        assert (ours["se"], ours["lower"], ours["upper"]) == (0, value, value), place
        return
    whole = sum(person.weight for person in based)
    share = sum(person.weight for person in based if person.number <= value) / whole
    half = t(df) * told.error(below, group) if df > 0 else math.nan
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
