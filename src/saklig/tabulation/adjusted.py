"""The variances of an estimate whose weights were adjusted to targets, by kind of row, from sums of fine slots."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from saklig.answers.model import ANSWERED, Measured
from saklig.design.adjustment import Adjustment
from saklig.estimation.model import Floats, Integers
from saklig.tabulation.breakdown import Breakdown
from saklig.tabulation.fine import Deviations, Fine, FineStatistics, inner_weights, residual_variance
from saklig.tabulation.statistics import Statistics


def fine_stages(found: Statistics) -> tuple[FineStatistics, ...]:
    """Of every stage; none where the design is not adjusted."""
    return tuple(each.fine for each in found.stages if each.fine is not None)


def of_rows(stages: Sequence[FineStatistics], unit: float, score: Integers, base: Integers, ratio: Floats) -> Floats:
    """Of Σwy − ratio · Σwx, (g, k); `score` and `base`: (columns, k), y and x of whoever is in each column. `unit`: of
    the squared weights."""
    y, x = score.astype(np.float64), base.astype(np.float64)
    result = np.zeros(ratio.shape)
    for found in stages:
        own = ratio[found.stage.group]
        yy, yx, xx = (found.square @ each * unit for each in (y * y, y, x))
        of = Deviations(
            linear=found.weight @ y - own * (found.weight @ x),
            inner=(found.inner @ y - own * (found.inner @ x)) * found.inner_unit,
            square=yy - 2 * own * yx + own * own * xx,
            cross=(found.cross @ y - own * (found.cross @ x)) * found.cross_unit,
            width=found.weight @ np.abs(y) + np.abs(own) * (found.weight @ x),
            widths=yy + own * own * xx,
        )
        result += residual_variance(found.stage, of, found.adjustment, len(ratio))
    return result


def of_scores(stages: Sequence[FineStatistics], unit: float, used: Integers, deviation: Floats) -> Floats:
    """Of a mean of scores, (g, 1); `deviation`: (g, used columns), each score less the group's mean."""
    result = np.zeros((len(deviation), 1))
    for found in stages:
        own = deviation[found.stage.group]
        square = _along(found.square[:, used] * own * own) * unit
        of = Deviations(
            linear=_along(found.weight[:, used] * own),
            inner=_along(found.inner[:, used] * own) * found.inner_unit,
            square=square,
            cross=_along(found.cross[:, used] * own) * found.cross_unit,
            width=_along(found.weight[:, used] * np.abs(own)),
            widths=square,
        )
        result += residual_variance(found.stage, of, found.adjustment, len(deviation))
    return result


def of_numbers(broken: Breakdown, deviation: Floats) -> Floats:
    """Of a mean of numbers, (g, 1); `deviation`: (groupings, n), zero for whoever gave none."""
    adjustment, w, a, v = _weights(broken)
    result = np.zeros((broken.size, 1))
    for stage in (each.fine for each in broken.stages):
        assert stage is not None, "every stage of an adjusted design is parted finely"
        square = _by_slot(np.square(w * deviation), stage)
        of = Deviations(
            linear=_by_slot(w * deviation, stage),
            inner=_by_slot(v * deviation, stage),
            square=square,
            cross=_by_slot(w * a * deviation, stage),
            width=_by_slot(w * np.abs(deviation), stage),
            widths=square,
        )
        result += residual_variance(stage, of, adjustment, broken.size)
    return result


def of_shares_below(column: Measured, broken: Breakdown, bound: Integers, ratio: Floats) -> Floats:
    """Of the share of numbers at or below `bound`, (groupings, n); `ratio`: (g, 1), that share."""
    measured = column.codes == ANSWERED
    own = np.append(ratio[:, 0], 0.0)[broken.cells]
    inside = measured & (broken.cells < broken.size)
    return of_numbers(broken, np.where(inside, (column.values <= bound) - np.nan_to_num(own), 0.0))


def _weights(broken: Breakdown) -> tuple[Adjustment, Floats, Floats, Floats]:
    design = broken.design
    assert design.adjustment is not None, "an adjusted design has an adjustment"
    after = np.rint(design.adjustment.after * design.scale)
    return design.adjustment, design.sums, after, inner_weights(design.adjustment, design.sums, design.scale)


def _along(values: Floats) -> Floats:
    """Columns added up one after the other: (slots, 1)."""
    return np.asarray(values.T.sum(axis=0)[:, None])


def _by_slot(values: Floats, stage: Fine) -> Floats:
    """Values (groupings, n) added up by slot, as whole numbers of each group's own unit: (slots, 1)."""
    sizes = np.bincount(stage.slots.ravel(), weights=np.abs(values).ravel(), minlength=stage.size + 1)
    exponent = np.frexp(sizes)[1] - 51
    whole = np.rint(np.ldexp(values, -exponent[stage.slots]))
    found = np.bincount(stage.slots.ravel(), weights=whole.ravel(), minlength=stage.size + 1)
    return np.asarray(np.ldexp(found, exponent)[: stage.size, None], dtype=np.float64)
