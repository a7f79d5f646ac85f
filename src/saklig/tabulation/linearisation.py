"""From sums by sampling unit to the moments that estimators take: variance, spread, degrees of freedom, populations."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, NO_ANSWER, NOT_ASKED, Measured
from saklig.estimation.model import Floats, Integers, Moments
from saklig.estimation.variance import Stage, StageSums, block_variance, stage_variance
from saklig.tabulation import adjusted, compiled
from saklig.tabulation.breakdown import Breakdown
from saklig.tabulation.exact import exact_sums
from saklig.tabulation.layout import MEASURED, Layout
from saklig.tabulation.moments import Domains, StageBases, deviation, divided, moments
from saklig.tabulation.products import products_variance
from saklig.tabulation.statistics import Frame, StageStatistics, Statistics

Array = TypeVar("Array", Integers, Floats)

SMALL = 1000
"""Scores up to here times sums of weights are whole numbers that 64 bits hold."""


def domains(layout: Layout, found: Statistics, frame: Frame) -> Domains:
    """The bases of a part, from the sums of every stage."""
    filled = [_filled(each, layout.base) for each in found.stages]
    weight = (found.weight @ layout.base).astype(np.float64)
    exposed = np.zeros(weight.shape, dtype=np.int64)
    for each, (met, _) in zip(found.stages, filled, strict=True):
        exposed += _by_group(each.stage, (each.stage.exposed[:, None] & met).astype(np.int64), frame.size)
    (met, units), first = filled[0], found.stages[0].stage
    clusters = found.present if units is None else _by_group(first, units, frame.size)
    df = clusters - _by_group(first, met.astype(np.int64), frame.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = frame.population >= 0
        population = frame.population * (weight / frame.total) if known else np.full(weight.shape, np.inf)
    return Domains(
        weight=weight,
        square=np.asarray(found.square * frame.square_unit, dtype=np.float64),
        respondents=found.present,
        df=np.where(found.present > 0, df, -1),
        population=population,
        finite=population if frame.finite else np.full(weight.shape, np.inf),
        certain=(exposed == 0) & (found.present > 0),
        average=_average(first, met, frame.size),
        by_stage=tuple(StageBases(each, layout.base, frame.square_unit) for each in found.stages),
    )


def _filled(found: StageStatistics, base: Integers) -> tuple[NDArray[np.bool_], Integers | None]:
    """Whether each block has a weight in each base, and in how many of its units; None where the respondents are the
    units. Both (blocks, 3)."""
    starts = found.stage.unit_starts
    if found.products is not None:
        return found.weight @ base > 0, found.products.units
    if starts is None:
        return found.weight @ base > 0, None
    loops = compiled.loops_for(found.weight.size)
    if loops is not None:
        units = np.zeros((len(starts), 3), np.int64)
        loops.filled(found.weight, base, starts, units)
    else:
        units = _by_block(found.stage, (found.weight @ base > 0).astype(np.int64))
    return units > 0, units


def row_moments(
    layout: Layout, found: Statistics, frame: Frame, domain: Domains, numerator: Integers, denominator: Integers
) -> Moments:
    """Of every row that is made of columns; rows of numbers are left to `value_moments` and `share_moments`."""
    ratio = divided(numerator, denominator)
    variance = _variance(layout, found, frame, domain, layout.score, ratio)
    spread = ratio * (1 - ratio)
    for row in (layout.mean, layout.balance):
        if row >= 0 and not layout.quantiles:
            variance[:, row], spread[:, row] = score_moments(layout, found, frame, domain, ratio, row)
    return _moments(ratio, variance, spread, domain, layout.base_of)


def score_moments(
    layout: Layout, found: Statistics, frame: Frame, domain: Domains, ratio: Floats, row: int
) -> tuple[Floats, Floats]:
    """Variance (before division) and spread of the mean of the scores of one row, both (g,).

    Deviations are taken before they are squared, so that scores of millions that differ by one lose no digits.
    """
    base = layout.base_of[row]
    used = np.flatnonzero(layout.base[:, base])
    mean = ratio[:, [row]]
    away = deviation(layout.score[used, row].astype(np.float64)[None, :], mean)
    variance = np.zeros(mean.shape)
    if fine := adjusted.fine_stages(found):
        variance = adjusted.of_scores(fine, frame.square_unit, used, away)
    for position, each in enumerate(() if fine else found.stages):
        if each.products is not None:
            added = products_variance(each, layout.score[:, [row]], layout.base[:, [base]], mean)
            variance += domain.of_stage(position, np.array([base]), added)
            continue
        own = away[_group_of_slot(each.stage, len(each.weight))]
        y = (each.weight[:, used] * own).T.sum(axis=0)[:, None]
        size = (each.weight[:, used] * np.abs(own)).T.sum(axis=0)[:, None]
        yy = None
        if each.square is not None:
            yy = (each.square[:, used] * own * own).T.sum(axis=0)[:, None] * frame.square_unit
        added = _of_deviations(each.stage, y, yy, size, frame.size)
        variance += domain.of_stage(position, np.array([base]), added)
    weighed = found.weight[:, used]
    spread = divided((weighed * away * away).T.sum(axis=0), domain.weight[:, base])
    return variance[:, 0], spread


def total_moments(layout: Layout, found: Statistics, frame: Frame, domain: Domains) -> Moments:
    """Of Σ weight over those in each row, in units of the population: the variance of a sum, not of a ratio."""
    nothing = np.zeros((frame.size, len(layout.rows)))
    variance = _variance(layout, found, frame, domain, layout.share, nothing)
    total = _moments(nothing, variance, np.full(nothing.shape, np.nan), domain, layout.base_of)
    return replace(total, ratio=_product(found.weight, layout.share) / frame.scale, variance=variance / frame.scale**2)


def _variance(
    layout: Layout, found: Statistics, frame: Frame, domain: Domains, score: Integers, ratio: Floats
) -> Floats:
    """Of Σwy − ratio · Σwx over all stages, y being the `score` (columns, rows) of each respondent."""
    unit = frame.square_unit
    if fine := adjusted.fine_stages(found):
        return adjusted.of_rows(fine, unit, score, layout.base[:, layout.base_of], ratio)
    variance = np.zeros(ratio.shape)
    for position, (each, based) in enumerate(zip(found.stages, domain.by_stage, strict=True)):
        loops = compiled.loops_for(each.weight.size) if each.square is None and _small(score) else None
        if each.products is not None:
            added = products_variance(each, score, layout.base[:, layout.base_of], ratio)
        elif loops is not None:
            added = _compiled_variance(loops, layout, each, score, ratio)
        else:
            squares = None
            if each.square is not None and based.square is not None:
                yy, yx = _product(each.square, score * score), _product(each.square, score)
                squares = (yy * unit, yx * unit, based.square[:, layout.base_of])
            given = StageSums(y=_product(each.weight, score), x=based.weight[:, layout.base_of], squares=squares)
            added = stage_variance(each.stage, given, ratio)
        variance += domain.of_stage(position, layout.base_of, added)
    return variance


def _compiled_variance(
    loops: ModuleType, layout: Layout, found: StageStatistics, score: Integers, ratio: Floats
) -> Floats:
    """As `stage_variance`, bit for bit, without an array for every step."""
    stage = found.stage
    linear, squares, size = (np.zeros((len(stage.group), ratio.shape[1])) for _ in range(3))
    loops.deviations(
        found.weight, score, layout.base, layout.base_of, ratio[stage.group], stage.unit_starts, linear, squares, size
    )
    return block_variance(stage, linear, squares, size, len(ratio))


def value_moments(
    column: Measured, broken: Breakdown, domain: Domains, numerator: Integers, denominator: Integers
) -> Moments:
    """Of the mean of numbers, shape (g, 1), in the question's unit."""
    ratio = divided(numerator, denominator)[:, None]
    own = np.append(ratio[:, 0], np.nan)[broken.cells]
    measured = (column.codes == ANSWERED) & ~np.isnan(own)
    away = np.where(measured, deviation(column.values / 10.0**column.decimals, own), 0.0)
    return _moments_of(away, ratio, broken, domain)


def ratio_moments(y: Measured, x: Measured, broken: Breakdown, domain: Domains) -> Moments:
    """Of Σwy / Σwx, shape (g, 1), in units of y a unit of x. `domain`: of those who gave both numbers (`both`)."""
    answered = (y.codes == ANSWERED) & (x.codes == ANSWERED)
    top, bottom = (
        np.array(exact_sums(np.where(answered, each.values, 0), broken), dtype=np.float64) / 10.0**each.decimals
        for each in (y, x)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(domain.weight[:, MEASURED] > 0, top / bottom, np.nan)[:, None]
        scale = domain.weight[:, MEASURED] / bottom  # the moments are divided by Σw, and shall be by Σwx
    own, times = (np.append(each, np.nan)[broken.cells] for each in (ratio[:, 0], scale))
    measured = answered & np.isfinite(own)
    with np.errstate(invalid="ignore"):
        expected = own * (x.values / 10.0**x.decimals)
        away = np.where(measured, deviation(y.values / 10.0**y.decimals, expected) * times, 0.0)
    return _moments_of(away, ratio, broken, domain)


def both(y: Measured, x: Measured) -> Measured:
    """The numbers of y of those who gave an x too; the others count as not having answered."""
    given = (y.codes == ANSWERED) & (x.codes == ANSWERED)
    lacking = np.where(y.codes == ANSWERED, x.codes, y.codes)
    codes = np.where(given, ANSWERED, np.where(lacking == NOT_ASKED, NOT_ASKED, NO_ANSWER))
    return Measured(codes=codes.astype(np.int16), values=np.where(given, y.values, 0), decimals=y.decimals)


def _moments_of(away: Floats, ratio: Floats, broken: Breakdown, domain: Domains) -> Moments:
    """Of a mean or ratio (g, 1), from how far each respondent (groupings, n) is from it in each grouping."""
    weights = broken.design.sums
    first, second, third = (
        _fixed_by_group(weights * away, broken),
        _fixed_by_group(weights * away * weights * away, broken),
        _fixed_by_group(weights * away * away, broken),
    )
    variance = np.zeros(ratio.shape)
    plain = broken.design.adjustment is None
    if not plain:
        variance = adjusted.of_numbers(broken, away)
    for position, each in enumerate(broken.stages if plain else ()):
        groups = _group_of_slot(each.stage, each.size)
        y, yy, size = (
            (_added(numbers, each.slots, each.size) * unit[groups])[:, None]
            for numbers, unit in (first, second, (np.abs(first[0]), first[1]))
        )
        added = _of_deviations(each.stage, y, yy, size, broken.size)
        variance += domain.of_stage(position, np.array([MEASURED]), added)
    numbers, unit = third
    total = _added(numbers, broken.cells, broken.size) * unit
    spread = divided(total, domain.weight[:, MEASURED])[:, None]
    return _moments(ratio, variance, spread, domain, np.array([MEASURED]))


def _of_deviations(stage: Stage, y: Floats, yy: Floats | None, size: Floats, groups: int) -> Floats:
    """One stage's part of the variance, from the sums of w · deviation, of their squares, and of their sizes."""
    nothing = np.zeros_like(y)
    squares = (yy, nothing, nothing) if stage.unit_starts is None and yy is not None else None
    return stage_variance(stage, StageSums(y=y, x=nothing, squares=squares, size=size), np.zeros((groups, 1)))


def _group_of_slot(stage: Stage, slots: int) -> Integers:
    starts = stage.unit_starts
    return stage.group if starts is None else np.repeat(stage.group, np.diff(starts, append=slots))


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
    ratio = divided(whole, domain.weight[:, [MEASURED]])
    variance = np.zeros(ratio.shape)
    stages = list(zip(broken.stages, domain.by_stage, strict=True))
    if broken.design.adjustment is not None:
        variance, stages = adjusted.of_shares_below(column, broken, bound, ratio), []
    for position, (each, based) in enumerate(stages):
        slots = each.slots[below]
        y = _chosen(weights, below, slots, each.size)
        yy = None
        if based.square is not None:
            square = _chosen(squares.numbers, below, slots, each.size) * squares.unit
            yy = (square, square, based.square[:, [MEASURED]])
        given = StageSums(y=y, x=based.weight[:, [MEASURED]], squares=yy)
        variance += domain.of_stage(position, np.array([MEASURED]), stage_variance(each.stage, given, ratio))
    return _moments(ratio, variance, ratio * (1 - ratio), domain, np.array([MEASURED]))


def _chosen(numbers: Floats, who: NDArray[np.bool_], slots: Integers, size: int) -> Floats:
    """Numbers (n,) of those chosen in each grouping, `who` (groupings, n), added up by slot: (size, 1)."""
    found = np.bincount(slots, weights=np.broadcast_to(numbers, who.shape)[who], minlength=size + 1)
    return np.asarray(found[:size, None], dtype=np.float64)


def _moments(ratio: Floats, variance: Floats, spread: Floats, domain: Domains, base_of: Integers) -> Moments:
    """`variance` is of Σwy − ratio · Σwx, not yet divided by (Σwx)²."""
    weight = domain.weight[:, base_of]
    with np.errstate(divide="ignore", invalid="ignore"):
        divided_by_base = np.where(weight > 0, variance / (weight * weight), np.nan)
    return moments(domain, base_of, ratio, divided_by_base, spread)


def _small(score: Integers) -> bool:
    return int(np.abs(score).max(initial=0)) <= SMALL


def _product(found: Integers, score: Integers) -> Floats:
    """found @ score as float64. Where a score is small the product is exact in int64; else it is added up in order."""
    large = np.abs(score).max(axis=0, initial=0) > SMALL
    if not large.any():
        return np.asarray(found @ score, dtype=np.float64)
    result = np.asarray(found @ np.where(large, 0, score), dtype=np.float64)
    for row in np.flatnonzero(large):
        result[:, row] = (found.T * score[:, row][:, None].astype(np.float64)).sum(axis=0)
    return result


def _by_block(stage: Stage, by_slot: Array) -> Array:
    if stage.unit_starts is None or not len(by_slot):
        return by_slot
    return np.add.reduceat(by_slot, stage.unit_starts, axis=0)


def _by_group(stage: Stage, by_block: Array, size: int) -> Array:
    result = np.zeros((size, by_block.shape[1]), dtype=by_block.dtype)
    if len(stage.starts):
        result[stage.groups] = np.add.reduceat(by_block, stage.starts, axis=0)
    return result


def _average(first: Stage, met: NDArray[np.bool_], size: int) -> Floats:
    """`met`: whether a base has anybody in a block, (blocks, 3). 1 where no stratum tells an error: it stays 0."""
    if first.averaged is None:
        return np.ones((size, met.shape[1]))
    strata, telling = (
        _by_group(first, each.astype(np.float64), size) for each in (met, met & ~first.averaged[:, None])
    )
    return np.where(telling > 0, strata / np.where(telling > 0, telling, 1.0), 1.0)
