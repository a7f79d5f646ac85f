"""From sums by sampling unit to the moments that estimators take: variance, spread, degrees of freedom, populations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, Measured
from saklig.estimation.model import Floats, Integers, Moments
from saklig.estimation.variance import NOISE, Stage, StageSums, stage_variance
from saklig.tabulation import adjusted
from saklig.tabulation.breakdown import Breakdown, Sampled
from saklig.tabulation.counting import Sums
from saklig.tabulation.layout import MEASURED, Layout

Array = TypeVar("Array", Integers, Floats)


@dataclass(frozen=True, kw_only=True)
class Domains:
    """What the three bases of a part are in each group: all arrays (g, 3), but the per-stage ones.

    `weight`, `square`: sums of weights and of their squares, in the design's units. `respondents` with a positive
    weight. `df`: clusters − strata with someone of the base in them, as R's `degf`; −1 where there is nobody.
    `by_stage`: (weight, square) of each stage's units or blocks, (slots, 3). Others as in Moments.
    """

    weight: Floats
    square: Floats
    respondents: Integers
    df: Integers
    population: Floats
    finite: Floats
    certain: NDArray[np.bool_]
    by_stage: tuple[tuple[Floats, Floats], ...]


def domains(layout: Layout, by_stage: Sequence[Sums], broken: Breakdown) -> Domains:
    """The bases of a part, from the sums of every stage."""
    design, first = broken.design, broken.stages[0]
    blocks = [
        _by_block(each.stage, found.weight @ layout.base) for each, found in zip(broken.stages, by_stage, strict=True)
    ]
    squares = [np.asarray(found.square @ layout.base, dtype=np.float64) * design.squares.unit for found in by_stage]
    present = by_stage[0].present @ layout.base
    weight = _by_group(first.stage, blocks[0], broken.size).astype(np.float64)
    respondents = _by_group(first.stage, _by_block(first.stage, present), broken.size)
    exposed = np.zeros(weight.shape)
    for each, block in zip(broken.stages, blocks, strict=True):
        exposed += _by_group(each.stage, each.stage.factor[:, None] * (block > 0), broken.size)
    size = design.population_size
    with np.errstate(divide="ignore", invalid="ignore"):
        population = size * (weight / design.total) if size >= 0 else np.full(weight.shape, np.inf)
    return Domains(
        weight=weight,
        square=_by_group(first.stage, _by_block(first.stage, squares[0]), broken.size),
        respondents=respondents,
        df=np.where(respondents > 0, _degrees(first, present, broken.size), -1),
        population=population,
        finite=population if (design.fraction > 0).any() else np.full(weight.shape, np.inf),
        certain=(exposed == 0) & (respondents > 0),
        by_stage=tuple(
            ((found.weight @ layout.base).astype(np.float64), square)
            for found, square in zip(by_stage, squares, strict=True)
        ),
    )


def row_moments(
    layout: Layout,
    by_stage: Sequence[Sums],
    broken: Breakdown,
    domain: Domains,
    numerator: Integers,
    denominator: Integers,
) -> Moments:
    """Of every row that is made of columns; rows of numbers are left to `value_moments` and `share_moments`."""
    ratio = _divided(numerator, denominator)
    variance = _variance(layout, by_stage, broken, domain, layout.score, ratio)
    spread = ratio * (1 - ratio)
    for row in (layout.mean, layout.balance):
        if row >= 0 and not layout.quantiles:
            scored = score_moments(layout, by_stage, broken, domain, ratio, row)
            variance[:, row], spread[:, row] = scored
    return _moments(ratio, variance, spread, domain, layout.base_of)


def score_moments(
    layout: Layout, by_stage: Sequence[Sums], broken: Breakdown, domain: Domains, ratio: Floats, row: int
) -> tuple[Floats, Floats]:
    """Variance (before division) and spread of the mean of the scores of one row, both (g,).

    Deviations are taken before they are squared, so that scores of millions that differ by one lose no digits.
    """
    base = layout.base_of[row]
    used = np.flatnonzero(layout.base[:, base])
    mean = ratio[:, [row]]
    deviation = _deviation(layout.score[used, row].astype(np.float64)[None, :], mean)
    variance = np.zeros(mean.shape)
    if broken.design.adjustment is not None:
        variance = adjusted.of_scores(by_stage, broken, used, deviation)
    for each, found in zip(broken.stages, by_stage, strict=True) if broken.design.adjustment is None else ():
        own = deviation[_group_of_slot(each)]
        y = (found.weight[:, used] * own).T.sum(axis=0)[:, None]
        yy = (found.square[:, used] * own * own).T.sum(axis=0)[:, None] * broken.design.squares.unit
        size = (found.weight[:, used] * np.abs(own)).T.sum(axis=0)[:, None]
        variance += _of_deviations(each, y, yy, size, broken.size)
    first = broken.stages[0].stage
    weighed = _by_group(first, _by_block(first, by_stage[0].weight), broken.size)[:, used]
    spread = _divided((weighed * deviation * deviation).T.sum(axis=0), domain.weight[:, base])
    return variance[:, 0], spread


def total_moments(layout: Layout, by_stage: Sequence[Sums], broken: Breakdown, domain: Domains) -> Moments:
    """Of Σ weight over those in each row, in units of the population: the variance of a sum, not of a ratio."""
    scale = broken.design.scale
    first = broken.stages[0].stage
    weighed = _by_group(first, _by_block(first, by_stage[0].weight), broken.size)
    nothing = np.zeros((broken.size, len(layout.rows)))
    variance = _variance(layout, by_stage, broken, domain, layout.share, nothing)
    found = _moments(nothing, variance, np.full(nothing.shape, np.nan), domain, layout.base_of)
    return replace(found, ratio=_product(weighed, layout.share) / scale, variance=variance / scale**2)


def _variance(
    layout: Layout,
    by_stage: Sequence[Sums],
    broken: Breakdown,
    domain: Domains,
    score: Integers,
    ratio: Floats,
) -> Floats:
    """Of Σwy − ratio · Σwx over all stages, y being the `score` (columns, rows) of each respondent."""
    if broken.design.adjustment is not None:
        return adjusted.of_rows(by_stage, broken, score, layout.base[:, layout.base_of], ratio)
    unit = broken.design.squares.unit
    variance = np.zeros(ratio.shape)
    for each, found, (x, xx) in zip(broken.stages, by_stage, domain.by_stage, strict=True):
        squares = None
        if each.stage.unit_starts is None:
            yy, yx = _product(found.square, score * score), _product(found.square, score)
            squares = (yy * unit, yx * unit, xx[:, layout.base_of])
        given = StageSums(y=_product(found.weight, score), x=x[:, layout.base_of], squares=squares)
        variance += stage_variance(each.stage, given, ratio)
    return variance


def value_moments(
    column: Measured, broken: Breakdown, domain: Domains, numerator: Integers, denominator: Integers
) -> Moments:
    """Of the mean of numbers, shape (g, 1), in the question's unit."""
    ratio = _divided(numerator, denominator)[:, None]
    own = np.append(ratio[:, 0], np.nan)[broken.cells]
    measured = (column.codes == ANSWERED) & ~np.isnan(own)
    deviation = np.where(measured, _deviation(column.values / 10.0**column.decimals, own), 0.0)
    weights = broken.design.sums
    first, second, third = (
        _fixed_by_group(weights * deviation, broken),
        _fixed_by_group(weights * deviation * weights * deviation, broken),
        _fixed_by_group(weights * deviation * deviation, broken),
    )
    variance = np.zeros(ratio.shape)
    if broken.design.adjustment is not None:
        variance = adjusted.of_numbers(broken, deviation)
    for each in broken.stages if broken.design.adjustment is None else ():
        groups = _group_of_slot(each)
        y, yy, size = (
            (_added(numbers, each.slots, each.size) * unit[groups])[:, None]
            for numbers, unit in (first, second, (np.abs(first[0]), first[1]))
        )
        variance += _of_deviations(each, y, yy, size, broken.size)
    numbers, unit = third
    total = _added(numbers, broken.cells, broken.size) * unit
    spread = _divided(total, domain.weight[:, MEASURED])[:, None]
    return _moments(ratio, variance, spread, domain, np.array([MEASURED]))


def _deviation(values: Floats, mean: Floats) -> Floats:
    """values − mean, where a difference in the last bits of the mean is none."""
    deviation = values - mean
    return np.where(np.abs(deviation) <= NOISE * np.abs(mean), 0.0, deviation)


def _of_deviations(each: Sampled, y: Floats, yy: Floats, size: Floats, groups: int) -> Floats:
    """One stage's part of the variance, from the sums of w · deviation, of their squares, and of their sizes."""
    nothing = np.zeros_like(y)
    squares = (yy, nothing, nothing) if each.stage.unit_starts is None else None
    return stage_variance(each.stage, StageSums(y=y, x=nothing, squares=squares, size=size), np.zeros((groups, 1)))


def _group_of_slot(each: Sampled) -> Integers:
    starts = each.stage.unit_starts
    return each.stage.group if starts is None else np.repeat(each.stage.group, np.diff(starts, append=each.size))


def _added(numbers: Floats, slots: Integers, size: int) -> Floats:
    """Numbers (groupings, n) added up by slot: (size,)."""
    return np.asarray(np.bincount(slots.ravel(), weights=numbers.ravel(), minlength=size + 1)[:size], dtype=np.float64)


def _fixed_by_group(values: Floats, broken: Breakdown) -> tuple[Floats, Floats]:
    """`values` (groupings, n) as whole numbers and the unit of each group: sums in a group are exact in any order."""
    sizes = np.bincount(broken.cells.ravel(), weights=np.abs(values).ravel(), minlength=broken.size + 1)
    exponent = np.frexp(sizes)[1] - 51
    return np.rint(np.ldexp(values, -exponent[broken.cells])), np.ldexp(1.0, exponent[:-1])


def share_moments(column: Measured, broken: Breakdown, domain: Domains, value: Integers) -> Moments:
    """Of the share at or below each group's own `value` (g,), shape (g, 1)."""
    bound = np.append(value, 0)[broken.cells]
    below = (column.codes == ANSWERED) & (column.values <= bound)
    weights, squares = broken.design.sums, broken.design.squares
    whole = _chosen(weights, below, broken.cells[below], broken.size)
    ratio = _divided(whole, domain.weight[:, [MEASURED]])
    variance = np.zeros(ratio.shape)
    if broken.design.adjustment is not None:
        variance = adjusted.of_shares_below(column, broken, bound, ratio)
    for each, (x, xx) in zip(broken.stages, domain.by_stage, strict=True) if broken.design.adjustment is None else ():
        slots = each.slots[below]
        y = _chosen(weights, below, slots, each.size)
        yy = None
        if each.stage.unit_starts is None:
            square = _chosen(squares.numbers, below, slots, each.size) * squares.unit
            yy = (square, square, xx[:, [MEASURED]])
        variance += stage_variance(each.stage, StageSums(y=y, x=x[:, [MEASURED]], squares=yy), ratio)
    return _moments(ratio, variance, ratio * (1 - ratio), domain, np.array([MEASURED]))


def _chosen(numbers: Floats, who: NDArray[np.bool_], slots: Integers, size: int) -> Floats:
    """Numbers (n,) of those chosen in each grouping, `who` (groupings, n), added up by slot: (size, 1)."""
    found = np.bincount(slots, weights=np.broadcast_to(numbers, who.shape)[who], minlength=size + 1)
    return np.asarray(found[:size, None], dtype=np.float64)


def _moments(ratio: Floats, variance: Floats, spread: Floats, domain: Domains, base_of: Integers) -> Moments:
    """`variance` is of Σwy − ratio · Σwx, not yet divided by (Σwx)²."""
    weight, square = domain.weight[:, base_of], domain.square[:, base_of]
    with np.errstate(divide="ignore", invalid="ignore"):
        return Moments(
            ratio=ratio,
            variance=np.where(weight > 0, variance / (weight * weight), np.nan),
            spread=spread,
            respondents=domain.respondents[:, base_of],
            effective=np.where(square > 0, weight * weight / square, 0.0),
            population=domain.population[:, base_of],
            finite=domain.finite[:, base_of],
            df=domain.df[:, base_of],
            certain=domain.certain[:, base_of],
        )


def _product(found: Integers, score: Integers) -> Floats:
    """found @ score as float64. Where a score is small the product is exact in int64; else it is added up in order."""
    large = np.abs(score).max(axis=0, initial=0) > 1000
    if not large.any():
        return np.asarray(found @ score, dtype=np.float64)
    result = np.asarray(found @ np.where(large, 0, score), dtype=np.float64)
    for row in np.flatnonzero(large):
        result[:, row] = (found.T * score[:, row][:, None].astype(np.float64)).sum(axis=0)
    return result


def _divided(numerator: Integers | Floats, denominator: Integers | Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)


def _by_block(stage: Stage, by_slot: Array) -> Array:
    if stage.unit_starts is None or not len(by_slot):
        return by_slot
    return np.add.reduceat(by_slot, stage.unit_starts, axis=0)


def _by_group(stage: Stage, by_block: Array, size: int) -> Array:
    result = np.zeros((size, by_block.shape[1]), dtype=by_block.dtype)
    if len(stage.starts):
        result[stage.groups] = np.add.reduceat(by_block, stage.starts, axis=0)
    return result


def _degrees(first: Sampled, present: Integers, size: int) -> Integers:
    """Clusters − strata with someone present. `present`: respondents by unit or block and base."""
    stage = first.stage
    clusters = present if stage.unit_starts is None else (present > 0).astype(np.int64)
    by_block = _by_block(stage, clusters)
    return _by_group(stage, by_block, size) - _by_group(stage, (by_block > 0).astype(np.int64), size)
