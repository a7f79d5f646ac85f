"""Sampling units parted by what their weights were adjusted to: the slots in which residuals can be had from sums.

Where weights meet targets, an error comes from residuals over the whole sample (see `design.adjustment`). All
respondents of one cell have the same fitted value, so that sums by unit × cell × group are enough; no residual of a
single respondent is ever made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.adjustment import Adjustment
from saklig.estimation.model import Floats, Integers
from saklig.estimation.variance import NOISE, Parents, centred_over, lone_units, stage_factor
from saklig.study.model import Lonely
from saklig.tabulation.numbering import numbered

MOST_AT_ONCE = 2_000_000
"""Numbers in one array; more groups than fit are taken in turns."""


@dataclass(frozen=True, kw_only=True)
class Fine:
    """One stage. `slots`: int64 (groupings, n), each respondent's unit × cell × group, `size` for those in no group.

    `group`, `unit`, `cell`: int64 (size,), sorted by group. Where the respondents are the units (`elements`), `unit` is
    their parent. `pair_unit`, `pair_cell`: int64 (pairs,), every unit × cell that somebody is in, whatever the group;
    `after`, `square`: float64 (pairs,), the sums of the weights that meet the targets, and of their squares.
    `parent`: int64 (units,). `drawn`, `factor`: float64 (parents,), as in `estimation.variance`. `average`: what the
    variance is multiplied by, where strata of one unit are given the average of the others: everybody has a residual,
    so that all strata count, whatever the domain.
    """

    slots: Integers
    size: int
    group: Integers
    unit: Integers
    cell: Integers
    pair_unit: Integers
    pair_cell: Integers
    after: Floats
    square: Floats
    parent: Integers
    drawn: Floats
    factor: Floats
    average: float
    elements: bool


@dataclass(frozen=True, kw_only=True)
class FineStatistics:
    """One part by fine slot and column, whole numbers in float64, so that sums of them are exact in any order:
    `weight`, `inner` (in `inner_unit`), `square` (in the frame's unit) and `cross` (in `cross_unit`), as in Deviations
    with d = 1."""

    stage: Fine
    adjustment: Adjustment
    weight: Floats
    inner: Floats
    square: Floats
    cross: Floats
    inner_unit: float
    cross_unit: float


@dataclass(frozen=True, kw_only=True)
class Deviations:
    """Sums over each slot, (size, k), d being y − ratio · x of a respondent.

    `linear`: Σ w·d. `inner`: Σ v·d, v as in `inner_weights`. `square`: Σ w²·d², `cross`: Σ w·a·d, a the weights that
    meet the targets. `width`, `widths`: how large the terms of `linear` and of `square` were.
    """

    linear: Floats
    inner: Floats
    square: Floats
    cross: Floats
    width: Floats
    widths: Floats


def inner_weights(adjustment: Adjustment, weights: Floats, scale: int) -> Floats:
    """v = inner · w / a, so that Σ v·d is Σ inner·z, z being a contribution over the weight that meets the targets."""
    after = adjustment.after * scale
    counting = after > 0
    return np.where(counting, adjustment.inner * weights / np.where(counting, after, 1.0), 0.0)


def fine(
    cells: Integers,
    groups: int,
    adjustment: Adjustment,
    scale: int,
    parents: Integers,
    units: Integers | None,
    of: Parents,
    *,
    first: bool,
) -> Fine:
    """`cells`: int64 (groupings, n), the group of each respondent, `groups` for none. `parents`, `units`: int64 (n,),
    `units` None where the respondents are the units. `first`: the first stage, in which alone lone units are given the
    average of the others. Raises ValueError as `stage_factor`."""
    lone = lone_units(of.drawn, of.fraction, of.above)
    average = 1.0
    if first and of.lonely is Lonely.AVERAGE and lone.any() and not lone.all():
        average = len(lone) / int((~lone).sum())
    unit = parents if units is None else units
    cell = np.maximum(adjustment.index, 0)  # whoever has no cell has the weight zero, and adds nothing anywhere
    key = unit * adjustment.cells + cell
    pairs, pair = numbered(key)
    after = np.rint(adjustment.after * scale)
    present = cells < groups
    both = (cells * len(pairs) + pair)[present]
    filled, slot = numbered(both)
    slots = np.full(cells.shape, len(filled), dtype=np.int64)
    slots[present] = slot
    group, place = np.divmod(filled, len(pairs))
    parent = np.arange(len(of.drawn))
    if units is not None:
        parent = np.zeros(int(units.max(initial=-1)) + 1, dtype=np.int64)
        parent[units] = parents
    pair_unit, pair_cell = np.divmod(pairs, adjustment.cells)
    return Fine(
        slots=slots,
        size=len(filled),
        group=group,
        unit=pair_unit[place],
        cell=pair_cell[place],
        pair_unit=pair_unit,
        pair_cell=pair_cell,
        after=np.bincount(pair, weights=after, minlength=len(pairs)).astype(np.float64),
        square=np.bincount(pair, weights=after * after, minlength=len(pairs)).astype(np.float64),
        parent=parent,
        drawn=centred_over(of.drawn, lone, of.lonely),
        factor=stage_factor(of.drawn, of.fraction, of.above, of.lonely),
        average=average,
        elements=units is None,
    )


def residual_variance(stage: Fine, of: Deviations, adjustment: Adjustment, groups: int) -> Floats:
    """The part of Var(Σwy − ratio · Σwx) that one stage adds, (groups, k)."""
    k = of.linear.shape[1]
    result = np.zeros((groups, k))
    starts = np.searchsorted(stage.group, np.arange(groups + 1))
    widest = max(adjustment.cells, len(stage.pair_unit), len(stage.parent))
    step = max(1, MOST_AT_ONCE // max(1, widest * k))
    for first in range(0, groups, step):
        last = min(first + step, groups)
        chosen = np.arange(starts[first], starts[last])
        if len(chosen):
            result[first:last] = _of_groups(stage, of, adjustment, chosen, first, last - first)
    return result * stage.average


def _of_groups(
    stage: Fine, of: Deviations, adjustment: Adjustment, chosen: Integers, first: int, groups: int
) -> Floats:
    group, unit, cell = stage.group[chosen] - first, stage.unit[chosen], stage.cell[chosen]
    k, units = of.linear.shape[1], len(stage.parent)
    inner = _added(of.inner[chosen], (cell, group), (adjustment.cells, groups, k))
    fitted = adjustment.fitted(inner.reshape(adjustment.cells, -1)).reshape(inner.shape)
    of_pair = fitted[stage.pair_cell]
    explained = _added(stage.after[:, None, None] * of_pair, (stage.pair_unit,), (units, groups, k))
    linear = _added(of.linear[chosen], (unit, group), explained.shape) - explained
    width = _added(of.width[chosen], (unit, group), explained.shape)
    if stage.elements:
        drawn, factor = stage.drawn, stage.factor
        crossed = of.square[chosen] - 2 * of.cross[chosen] * fitted[cell, group]
        known = _added(stage.square[:, None, None] * of_pair * of_pair, (stage.pair_unit,), explained.shape)
        squares = _added(crossed, (unit, group), explained.shape) + known
        size = _added(of.widths[chosen], (unit, group), explained.shape) + known
    else:
        drawn, factor = stage.drawn, stage.factor
        shape = (len(drawn), groups, k)
        squares = _added(linear * linear, (stage.parent,), shape)
        size = _added(width * width + explained * explained, (stage.parent,), shape)
        linear = _added(linear, (stage.parent,), shape)
    centred = squares - linear * linear / np.maximum(drawn, 1)[:, None, None]
    total = (factor[:, None, None] * centred).sum(axis=0)
    scale = (factor[:, None, None] * size).sum(axis=0)
    return np.where(total < NOISE * scale, 0.0, total)


def _added(values: Floats, index: tuple[NDArray[np.int64], ...], shape: tuple[int, ...]) -> Floats:
    result = np.zeros(shape)
    np.add.at(result, index, values)
    return result
