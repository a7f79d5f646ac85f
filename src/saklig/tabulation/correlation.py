"""How the estimates of two groups hang together where clusters were drawn, since one cluster may be of both.

With z = y − R·x for every unit of a stage, as in `estimation.variance`, the covariance of the ratios of two groups is

    Σ over stages, Σ over parents  F · (1 − f) · n / (n − 1) · (Σ z₁z₂ − Σz₁ · Σz₂ / n)  /  (Σx₁ · Σx₂)

and nobody is in both groups, so that where respondents are the units only the second term is left. Särndal, Swensson
and Wretman (1992), eq. 5.7.7; the off-diagonal elements of `vcov(svyby(…, covmat = TRUE))` in R's survey package.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from saklig.estimation.model import Floats, Integers, Moments
from saklig.estimation.variance import Stage, added_in_order
from saklig.tabulation.layout import Layout
from saklig.tabulation.moments import deviations
from saklig.tabulation.statistics import Frame, StageStatistics, Statistics

Correlations = Floats | None
"""Of one grouping, float64 (g, g, k): of each two groups in each row; NaN where unknown. None: nothing is known."""


def linearised(layout: Layout, found: Statistics, frame: Frame, moments: Moments) -> Iterator[Correlations]:
    """Of every grouping of the frame. `moments`: (g, k), of the rows that are made of columns."""
    known = _told_apart(found)
    away = deviations(layout, moments.ratio)
    variance = moments.variance * np.square((found.weight @ layout.base)[:, layout.base_of].astype(np.float64))
    for start, end in frame.bounds:
        if not known or end - start < 2:
            yield None
            continue
        covariance = np.zeros((end - start, end - start, variance.shape[1]))
        for each in found.stages:
            covariance += _of_stage(each, away, start, end)
        yield correlation(covariance, variance[start:end], layout)


def _told_apart(found: Statistics) -> bool:
    """Whether clusters were drawn and are known one by one; not where weights meet targets, which tie them together."""
    first = found.stages[0]
    others = (each.products is not None or each.fine is not None for each in found.stages)
    return first.stage.unit is not None and not any(others) and first.stage.averaged is None


def correlation(covariance: Floats, variance: Floats, layout: Layout) -> Floats:
    """Of covariances (g, g, k) and the variances (g, k) in the same unit. NaN for rows that are no ratio of columns."""
    both = variance[:, None] * variance[None]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(both > 0, covariance / np.sqrt(both), np.nan)
    if layout.quantiles:
        found[:, :, [layout.mean, *layout.quantiles.values()]] = np.nan
    return np.clip(found, -1.0, 1.0)


def _of_stage(found: StageStatistics, away: Floats, start: int, end: int) -> Floats:
    """What one stage adds to the covariances of the groups from `start` to `end`, (g, g, k)."""
    stage = found.stage
    assert stage.parent is not None, "the parents of a stage are told apart"
    blocks = slice(*np.searchsorted(stage.group, [start, end]).tolist())
    slots, block = _slots(stage, blocks, len(found.weight))
    group = stage.group[block] - start
    z = np.einsum("sc,sck->sk", found.weight[slots].astype(np.float64), away[group + start])
    groups, parents = end - start, int(stage.parent.max(initial=-1)) + 1
    factor, drawn = np.zeros(parents), np.ones(parents)
    factor[stage.parent], drawn[stage.parent] = stage.factor, stage.drawn
    sums = _placed(z, group * parents + stage.parent[block], (groups, parents))
    added = -np.einsum("gpk,hpk->ghk", sums * (factor / drawn)[:, None], sums)
    if stage.unit is not None:
        units = int(stage.unit.max(initial=-1)) + 1
        of_unit = np.zeros(units)
        of_unit[stage.unit[slots]] = factor[stage.parent[block]]
        single = _placed(z, group * units + stage.unit[slots], (groups, units))
        added += np.einsum("guk,huk->ghk", single * of_unit[:, None], single)
    return np.asarray(added)


def _slots(stage: Stage, blocks: slice, size: int) -> tuple[slice, Integers]:
    """The slots of some blocks, and the block of each."""
    if stage.unit_starts is None:
        return blocks, np.arange(blocks.start, blocks.stop)
    ends = np.append(stage.unit_starts, size)
    numbers = np.arange(blocks.start, blocks.stop)
    return slice(int(ends[blocks.start]), int(ends[blocks.stop])), np.repeat(numbers, np.diff(ends)[blocks])


def _placed(rows: Floats, place: Integers, shape: tuple[int, int]) -> Floats:
    return added_in_order(rows, place, shape[0] * shape[1]).reshape(*shape, -1)
