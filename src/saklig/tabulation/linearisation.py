"""From sums by sampling unit to the moments that estimators take: variance, spread, degrees of freedom, populations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, Measured
from saklig.design.fixed_point import fixed_point
from saklig.estimation.model import Floats, Integers, Moments
from saklig.estimation.variance import NOISE, Stage, StageSums, stage_variance
from saklig.tabulation.breakdown import Breakdown, Sampled
from saklig.tabulation.counting import Sums, added
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
    score = layout.score - layout.centre * layout.base[:, layout.base_of]
    ratio = _divided(numerator, denominator)
    centred = ratio - layout.centre
    variance = _variance(layout, by_stage, broken, domain, score, centred)
    return _moments(ratio, variance, _spread(layout, by_stage, broken, centred, domain), domain, layout.base_of)


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
    measured = column.codes == ANSWERED
    unit = 10.0**column.decimals
    centre = int(np.rint(column.values[measured].mean())) if measured.any() else 0
    centred = np.where(measured, (column.values - centre) / unit, 0.0)
    ratio = _divided(numerator, denominator)[:, None]
    own = ratio - centre / unit
    variance, total = _of_values(centred, broken, domain, own)
    with np.errstate(divide="ignore", invalid="ignore"):
        second = total / domain.weight[:, [MEASURED]]
        spread = second - own * own
    spread = np.where(spread <= NOISE * second, 0.0, spread)
    return _moments(ratio, variance, spread, domain, np.array([MEASURED]))


def share_moments(column: Measured, broken: Breakdown, domain: Domains, value: Integers) -> Moments:
    """Of the share at or below each group's own `value` (g,), shape (g, 1)."""
    bound = np.append(value, 0)[broken.cells]
    below = (column.codes == ANSWERED) & (column.values <= bound)
    weights, squares = broken.design.sums, broken.design.squares
    whole = _chosen(weights, below, broken.cells[below], broken.size)
    ratio = _divided(whole, domain.weight[:, [MEASURED]])
    variance = np.zeros(ratio.shape)
    for each, (x, xx) in zip(broken.stages, domain.by_stage, strict=True):
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


def _of_values(values: Floats, broken: Breakdown, domain: Domains, ratio: Floats) -> tuple[Floats, Floats]:
    """The variance of a mean of `values` (n,), and Σ weight · value² by group; both (g, 1)."""
    weights = broken.design.sums
    first, second = fixed_point(weights * values), fixed_point(weights * values * values)
    variance = np.zeros(ratio.shape)
    for each, (x, xx) in zip(broken.stages, domain.by_stage, strict=True):
        y = added(first.numbers, each.slots, each.size)[:, None] * first.unit
        squares = None
        if each.stage.unit_starts is None:
            yy, yx = fixed_point((weights * values) ** 2), fixed_point(weights * weights * values)
            squares = (
                added(yy.numbers, each.slots, each.size)[:, None] * yy.unit,
                added(yx.numbers, each.slots, each.size)[:, None] * yx.unit,
                xx[:, [MEASURED]],
            )
        variance += stage_variance(each.stage, StageSums(y=y, x=x[:, [MEASURED]], squares=squares), ratio)
    return variance, added(second.numbers, broken.cells, broken.size)[:, None] * second.unit


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


def _spread(layout: Layout, by_stage: Sequence[Sums], broken: Breakdown, centred: Floats, domain: Domains) -> Floats:
    """p(1 − p) for shares; for means and balances Σ weight · (score − mean)² / Σ weight over the columns."""
    spread = centred * (1 - centred)
    for row in (layout.mean, layout.balance):
        if row < 0 or layout.quantiles:
            continue
        base = layout.base_of[row]
        used = np.flatnonzero(layout.base[:, base])
        weighed = _by_group(broken.stages[0].stage, _by_block(broken.stages[0].stage, by_stage[0].weight), broken.size)
        deviation = (layout.score[used, row] - layout.centre[row])[:, None] - centred[:, row]
        with np.errstate(divide="ignore", invalid="ignore"):
            total = (weighed[:, used].T * deviation * deviation).sum(axis=0)
            spread[:, row] = total / domain.weight[:, base]
    return spread


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
