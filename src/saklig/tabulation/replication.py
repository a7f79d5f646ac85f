"""From single answers and replicate weights to the moments that estimators take, as `linearisation` makes them.

The bases of a part (respondents, weights, populations) are those of the linearised way; the variance, the degrees of
freedom and what is certain come from the replicates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, Measured
from saklig.design.fixed_point import fixed_point
from saklig.design.replicates.model import Replicates
from saklig.estimation.model import Floats, Integers, Moments
from saklig.estimation.replicate_quantile import quantile_variance
from saklig.estimation.replication import ratio_variance, swing, variance
from saklig.estimation.variance import NOISE
from saklig.tabulation.breakdown import Breakdown
from saklig.tabulation.counting import Added, Ticks
from saklig.tabulation.layout import MEASURED, Layout
from saklig.tabulation.linearisation import Domains


@dataclass(frozen=True, kw_only=True)
class Replicated:
    """One part by all groups g, in columns c and replicates R.

    `weight`: float64 (g, c). `swings`: float64 (g, c, R), how far each replicate moves it. `domain`: the bases, with
    the replicates' degrees of freedom and certainties.
    """

    replicates: Replicates
    layout: Layout
    weight: Floats
    swings: Floats
    domain: Domains

    def base(self, base_of: Integers) -> tuple[Floats, Floats]:
        """The sum of weights behind each row and its swing."""
        return self.domain.weight[:, base_of], self._base_swings[:, base_of]

    @cached_property
    def _base_swings(self) -> Floats:
        return np.asarray(np.matmul(self.layout.base.T.astype(np.float64), self.swings))


def replicated(layout: Layout, given: Ticks, broken: Breakdown, domain: Domains, replicates: Replicates) -> Replicated:
    """The columns of a part under every replicate."""
    row, people, column = _entries(given, broken)
    groups = broken.cells[row, people]
    swings = swing(
        broken.design.sums[people], groups * given.columns + column, broken.size * given.columns, people, replicates
    )
    weight = Added(given=given, slots=broken.cells, size=broken.size, broken=broken).weight
    df, certain = _freedom(layout, given, broken, replicates)
    nobody = domain.respondents == 0
    return Replicated(
        replicates=replicates,
        layout=layout,
        weight=weight.astype(np.float64),
        swings=swings.reshape(broken.size, given.columns, -1),
        domain=replace(domain, df=np.where(nobody, -1, df), certain=certain & ~nobody),
    )


def row_moments(found: Replicated, numerator: Integers, denominator: Integers) -> Moments:
    """Of every row that is made of columns: shares, means of scores, balances."""
    layout = found.layout
    base_of = layout.base_of
    ratio = _divided(numerator, denominator)
    score, based = layout.score.astype(np.float64), layout.base[:, base_of].astype(np.float64)
    deviation = _deviation(score[None], np.nan_to_num(ratio)[:, None, :] * based[None])
    linear = np.matmul(deviation.transpose(0, 2, 1), found.swings)
    size = np.matmul(found.weight[:, None, :], np.abs(deviation))[:, 0]
    base, base_swing = found.base(base_of)
    spread = ratio * (1 - ratio)
    scored = [row for row in (layout.mean, layout.balance) if row >= 0 and not layout.quantiles]
    squares = np.matmul(found.weight[:, None, :], np.square(deviation[:, :, scored]))[:, 0]
    spread[:, scored] = _divided(squares, base[:, scored])
    return _moments(found, base_of, ratio, ratio_variance(found.replicates, linear, base, base_swing, size), spread)


def total_moments(found: Replicated, scale: int) -> Moments:
    """Of Σ weight over those in each row, in units of the population; `scale`: the design's."""
    share = found.layout.share.astype(np.float64)
    total = found.weight @ share
    distance = np.matmul(share.T, found.swings)
    return _moments(
        found,
        found.layout.base_of,
        total / scale,
        variance(found.replicates, distance, total) / scale**2,
        np.full(total.shape, np.nan),
    )


def value_moments(
    column: Measured, broken: Breakdown, found: Replicated, numerator: Integers, denominator: Integers
) -> Moments:
    """Of the mean of numbers, shape (g, 1), in the question's unit."""
    ratio = _divided(numerator, denominator)[:, None]
    row, people = np.nonzero((broken.cells < broken.size) & (column.codes == ANSWERED))
    groups = broken.cells[row, people]
    deviation = _deviation(column.values[people] / 10.0**column.decimals, np.nan_to_num(ratio)[groups, 0])
    weighed = fixed_point(broken.design.sums[people] * deviation)
    squares = fixed_point(broken.design.sums[people] * deviation * deviation)
    linear = swing(weighed.numbers, groups, broken.size, people, found.replicates) * weighed.unit
    size = _added(np.abs(weighed.numbers), groups, broken.size) * weighed.unit
    base, base_swing = found.base(np.array([MEASURED]))
    spread = _divided(_added(squares.numbers, groups, broken.size) * squares.unit, base)
    of = ratio_variance(found.replicates, linear[:, None], base, base_swing, size)
    return _moments(found, np.array([MEASURED]), ratio, of, spread)


def share_moments(column: Measured, broken: Breakdown, found: Replicated, value: Integers) -> Moments:
    """Of the share at or below each group's own `value` (g,), shape (g, 1): for Woodruff's interval of a quantile, R's
    `svyquantile(interval.type = "mean")`, which holds for every kind of replicates."""
    bound = np.append(value, 0)[broken.cells]
    row, people = np.nonzero((broken.cells < broken.size) & (column.codes == ANSWERED) & (column.values <= bound))
    groups = broken.cells[row, people]
    weights = broken.design.sums[people]
    below = _added(weights, groups, broken.size)
    base, base_swing = found.base(np.array([MEASURED]))
    ratio = _divided(below, base)
    known = np.nan_to_num(ratio)
    moved = swing(weights, groups, broken.size, people, found.replicates)[:, None]
    of = ratio_variance(found.replicates, moved - known[..., None] * base_swing, base, base_swing, below)
    return _moments(found, np.array([MEASURED]), ratio, of, ratio * (1 - ratio))


def quantile_moments(column: Measured, broken: Breakdown, found: Replicated, value: Integers, p: float) -> Moments:
    """Of the p-quantile itself, `value` (g,), shape (g, 1), in the unit of the values: for `replicate_quantile`.

    Raises ValueError for a jackknife.
    """
    row, people = np.nonzero((broken.cells < broken.size) & (column.codes == ANSWERED))
    ratio = np.where(found.domain.weight[:, MEASURED] > 0, value.astype(np.float64), np.nan)
    of = quantile_variance(
        found.replicates,
        column.values[people].astype(np.float64),
        broken.design.sums[people],
        people,
        broken.cells[row, people],
        ratio,
        p,
    )
    return _moments(found, np.array([MEASURED]), ratio[:, None], of, np.full(of.shape, np.nan))


def _entries(given: Ticks, broken: Breakdown) -> tuple[Integers, Integers, Integers]:
    """Grouping, respondent and column of everything that is counted."""
    if given.who is None:
        row, people = np.nonzero(broken.cells < broken.size)
        return row, people, given.column[people]
    row, place = np.nonzero(broken.cells[:, given.who] < broken.size)
    return row, given.who[place], given.column[place]


def _freedom(
    layout: Layout, given: Ticks, broken: Breakdown, replicates: Replicates
) -> tuple[Integers, NDArray[np.bool_]]:
    """Of each group and base (g, 3): degrees of freedom, and whether no replicate changes anything in it."""
    n, units = len(broken.design.weights), len(replicates.factors)
    who = np.arange(n) if given.who is None else given.who
    inside = np.zeros((n, 3), dtype=np.bool_)
    np.logical_or.at(inside, who, layout.base[given.column] > 0)
    inside &= (broken.design.weights > 0)[:, None]
    df = np.full((broken.size, 3), -1, dtype=np.int64)
    certain = np.zeros((broken.size, 3), dtype=np.bool_)
    for cells, (start, end) in zip(broken.cells, broken.frame.bounds, strict=True):
        for base in range(3):
            chosen = inside[:, base] & (cells < broken.size)
            seen = np.zeros((end - start, units), dtype=np.bool_)
            seen[cells[chosen] - start, replicates.unit[chosen]] = True
            for group in range(end - start):
                df[start + group, base] = replicates.degrees(seen[group])
                certain[start + group, base] = not replicates.varying[seen[group]].any()
    return df, certain


def _moments(found: Replicated, base_of: Integers, ratio: Floats, of: Floats, spread: Floats) -> Moments:
    domain = found.domain
    weight, square = domain.weight[:, base_of], domain.square[:, base_of]
    with np.errstate(divide="ignore", invalid="ignore"):
        return Moments(
            ratio=ratio,
            variance=of,
            spread=spread,
            respondents=domain.respondents[:, base_of],
            effective=np.where(square > 0, weight * weight / square, 0.0),
            population=domain.population[:, base_of],
            finite=domain.finite[:, base_of],
            df=domain.df[:, base_of],
            certain=domain.certain[:, base_of],
        )


def _deviation(values: Floats, mean: Floats) -> Floats:
    """values − mean, where a difference in the last bits of the mean is none."""
    deviation = values - mean
    return np.where(np.abs(deviation) <= NOISE * np.abs(mean), 0.0, deviation)


def _added(numbers: Floats, groups: Integers, size: int) -> Floats:
    return np.bincount(groups, weights=numbers, minlength=size)[:, None].astype(np.float64)


def _divided(numerator: Integers | Floats, denominator: Integers | Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(denominator > 0, numerator / denominator, np.nan))
