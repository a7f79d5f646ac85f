"""From single answers and replicate weights to the moments that estimators take, as `linearisation` makes them.

The bases of a part (respondents, weights, populations) are those of the linearised way; the variance, the degrees of
freedom and what is certain come from the replicates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, Measured
from saklig.design.factors.replicates import Replicates
from saklig.estimation.model import Floats, Integers, Moments
from saklig.estimation.replication import NOTHING, ByUnit, by_unit, ratio_variance, swing, variance
from saklig.tabulation.breakdown import Breakdown
from saklig.tabulation.correlation import Correlations, correlation
from saklig.tabulation.layout import MEASURED, Layout
from saklig.tabulation.moments import Domains, deviation, deviations, divided, moments
from saklig.tabulation.statistics import Frame, Numbers, Statistics, UnitStatistics

CHUNK = 2**17
"""Rows × replicates that are followed at a time: few enough to stay in a processor's cache."""


@dataclass(frozen=True, kw_only=True)
class Replicated:
    """One part by all groups g, in columns c and replicates R.

    `weight`: float64 (g, c). `swings`: float64 (g, c, R), how far each replicate moves it. `base_swings`: (g, 3, R),
    the same of the bases. `domain`: the bases, with the replicates' degrees of freedom and certainties.
    """

    replicates: Replicates
    layout: Layout
    weight: Floats
    swings: Floats
    domain: Domains

    @cached_property
    def base_swings(self) -> Floats:
        bases = [self.swings[:, used].sum(axis=1) for used in (self.layout.base > 0).T]
        return np.stack(bases, axis=1)

    @cached_property
    def base_of_numbers(self) -> tuple[Floats, Floats]:
        """The sum of weights behind numbers, (g, 1), and its swing, (g, 1, R)."""
        return self.domain.weight[:, [MEASURED]], self.base_swings[:, [MEASURED]]

    def of_numbers(self, ratio: Floats, of: Floats, spread: Floats) -> Moments:
        return moments(self.domain, np.array([MEASURED]), ratio, of, spread)


def replicated(layout: Layout, given: Statistics, frame: Frame) -> Replicated:
    """The columns of a part under every replicate, added up by unit once for all its statistics."""
    assert given.by_unit is not None, "errors were asked for"
    assert frame.replicates is not None, "replicates tell them"
    swings = swing(given.by_unit.sums, frame.replicates)
    return Replicated(
        replicates=frame.replicates,
        layout=layout,
        weight=given.weight.astype(np.float64),
        swings=swings.reshape(frame.size, layout.columns, -1),
        domain=_domains(layout, given, given.by_unit, frame, frame.replicates),
    )


def row_moments(found: Replicated, numerator: Integers, denominator: Integers) -> Moments:
    """Of every row that is made of columns: shares, means of scores, balances."""
    layout, base_of = found.layout, found.layout.base_of
    ratio = divided(numerator, denominator)
    away = deviations(layout, ratio)
    size = (found.weight[:, :, None] * np.abs(away)).sum(axis=1)
    base = found.domain.weight[:, base_of]
    of = np.empty(ratio.shape)
    groups = max(1, CHUNK // (len(base_of) * found.swings.shape[2]))
    for start in range(0, len(ratio), groups):
        part = slice(start, start + groups)
        base_swing = found.base_swings[part][:, base_of]
        linear = _linear(found, part, np.nan_to_num(ratio[part]), away[part], base_swing)
        of[part] = ratio_variance(found.replicates, linear, base[part], base_swing, size[part])
    spread = ratio * (1 - ratio)
    scored = [row for row in (layout.mean, layout.balance) if row >= 0 and not layout.quantiles]
    squares = (found.weight[:, :, None] * np.square(away[:, :, scored])).sum(axis=1)
    spread[:, scored] = divided(squares, base[:, scored])
    return moments(found.domain, base_of, ratio, of, spread)


def _linear(found: Replicated, groups: slice, ratio: Floats, away: Floats, base_swing: Floats) -> Floats:
    """The swing of Σw(y − ratio · x): (groups, k, R), added up column by column in their order. Scores of millions that
    differ by one would lose digits if their deviations, `away` (groups, c, k), were not taken first."""
    layout, swings = found.layout, found.swings[groups]
    linear = -ratio[:, :, None] * base_swing
    for row in range(ratio.shape[1]):
        if row == layout.mean:
            linear[:, row] = 0
            for column in np.flatnonzero(layout.base[:, MEASURED]):
                linear[:, row] += away[:, column, row, None] * swings[:, column]
            continue
        for column in np.flatnonzero(layout.score[:, row]):
            linear[:, row] += layout.score[column, row] * swings[:, column]
    return linear


def correlations(found: Replicated, frame: Frame, ratio: Floats) -> Iterator[Correlations]:
    """Of each two groups of every grouping, as `correlation.linearised` gives them, from how the replicates move both.
    `ratio`: (g, k). Unknown where a replicate has nobody of one of them."""
    layout = found.layout
    away = deviations(layout, ratio)
    base = found.domain.weight[:, layout.base_of]
    used = found.replicates.rscales > 0
    for start, end in frame.bounds:
        if end - start < 2:
            yield None
            continue
        part = slice(start, end)
        base_swing = found.base_swings[part][:, layout.base_of]
        linear = _linear(found, part, np.nan_to_num(ratio[part]), away[part], base_swing)
        moved = base[part][..., None] + base_swing
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = np.where(moved > NOTHING * base[part][..., None], linear / moved, np.nan)[..., used]
        if not found.replicates.mse:
            distance = distance - distance.mean(axis=-1, keepdims=True)
        covariance = np.einsum("gkr,hkr->ghk", distance * found.replicates.rscales[used], distance)
        yield correlation(covariance, np.einsum("ggk->gk", covariance), layout)


def total_moments(found: Replicated, scale: int) -> Moments:
    """Of Σ weight over those in each row, in units of the population; `scale`: the design's."""
    counted = [np.flatnonzero(share) for share in found.layout.share.T]
    total = np.stack([found.weight[:, used].sum(axis=1) for used in counted], axis=1)
    distance = np.stack([found.swings[:, used].sum(axis=1) for used in counted], axis=1)
    of = variance(found.replicates, distance, total) / scale**2
    return moments(found.domain, found.layout.base_of, total / scale, of, np.full(total.shape, np.nan))


def value_moments(numbers: Numbers, found: Replicated, numerator: Integers, denominator: Integers) -> Moments:
    """Of the mean of numbers, shape (g, 1), in the question's unit."""
    column, broken = numbers.column, numbers.broken
    ratio = divided(numerator, denominator)[:, None]
    groups, people = _measured(column, broken)
    away = deviation(column.values[people] / 10.0**column.decimals, np.nan_to_num(ratio)[groups, 0])
    weights, number = broken.design.sums[people], broken.size
    weighed, unit = _fixed(weights * away, groups, number)
    squares, square_unit = _fixed(weights * away * away, groups, number)
    moved = swing(by_unit(weighed, groups, number, people, found.replicates), found.replicates)
    base, base_swing = found.base_of_numbers
    of = ratio_variance(
        found.replicates,
        (moved * unit[:, None])[:, None],
        base,
        base_swing,
        _added(np.abs(weighed), groups, number) * unit[:, None],
    )
    return found.of_numbers(ratio, of, divided(_added(squares, groups, number) * square_unit[:, None], base))


def share_moments(numbers: Numbers, found: Replicated, value: Integers) -> Moments:
    """Of the share at or below each group's own `value` (g,), shape (g, 1): for Woodruff's interval of a quantile, R's
    `svyquantile(interval.type = "mean")`, which holds for every kind of replicates."""
    column, broken = numbers.column, numbers.broken
    groups, people = _measured(column, broken)
    below = column.values[people] <= value[groups]
    groups, people, number = groups[below], people[below], broken.size
    weights = broken.design.sums[people]
    whole = _added(weights, groups, number)
    base, base_swing = found.base_of_numbers
    ratio = divided(whole, base)
    moved = swing(by_unit(weights, groups, number, people, found.replicates), found.replicates)[:, None]
    linear = moved - np.nan_to_num(ratio)[..., None] * base_swing
    of = ratio_variance(found.replicates, linear, base, base_swing, whole)
    return found.of_numbers(ratio, of, ratio * (1 - ratio))


def _measured(column: Measured, broken: Breakdown) -> tuple[Integers, Integers]:
    """Group and respondent of every number."""
    row, people = np.nonzero((broken.cells < broken.size) & (column.codes == ANSWERED))
    return broken.cells[row, people].astype(np.int64), people


def _domains(
    layout: Layout, given: Statistics, by_unit: UnitStatistics, frame: Frame, replicates: Replicates
) -> Domains:
    weight = (given.weight @ layout.base).astype(np.float64)
    df, certain = _freedom(layout, by_unit.sums, frame.size, replicates)
    unknown = np.full(weight.shape, np.inf)
    population = frame.population * (weight / frame.total) if frame.population >= 0 else unknown
    return Domains(
        weight=weight,
        square=np.asarray(given.square * frame.square_unit, dtype=np.float64),
        respondents=given.present,
        df=np.where(given.present > 0, df, -1),
        population=population,
        finite=population if frame.finite else unknown,
        certain=certain & (given.present > 0),
    )


def _freedom(layout: Layout, of: ByUnit, groups: int, replicates: Replicates) -> tuple[Integers, NDArray[np.bool_]]:
    """Of each group and base (g, 3): degrees of freedom, and whether no replicate changes anything in it."""
    group, column = np.divmod(of.cells, layout.columns)
    df = np.full((groups, 3), -1, dtype=np.int64)
    certain = np.zeros((groups, 3), dtype=np.bool_)
    for base in range(3):
        inside = layout.base[column, base] > 0
        seen = np.zeros((groups, len(replicates.factors)), dtype=np.bool_)
        seen[group[inside], of.units[inside]] = True
        for each, present in enumerate(seen):
            df[each, base] = replicates.degrees(present)
        certain[:, base] = ~(seen & replicates.varying).any(axis=1)
    return df, certain


def _fixed(numbers: Floats, groups: Integers, size: int) -> tuple[Floats, Floats]:
    """`numbers` (m,) as whole ones and the unit of each group (size,): sums in a group are exact in any order."""
    sizes = np.bincount(groups, weights=np.abs(numbers), minlength=size)
    exponent = np.frexp(sizes)[1] - 51
    return np.rint(np.ldexp(numbers, -exponent[groups])), np.ldexp(1.0, exponent)


def _added(numbers: Floats, groups: Integers, size: int) -> Floats:
    return np.bincount(groups, weights=numbers, minlength=size)[:, None].astype(np.float64)
