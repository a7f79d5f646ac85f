"""Several estimates of one sample at once, with their covariances, from single answers.

For those who hold the answers. No covariance is published: whoever had them all could rebuild withheld tables.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, Column, Measured
from saklig.design.factors.replicates import Replicates
from saklig.design.model import Design
from saklig.estimation.covariance import influence, replicate_covariance, settled, stage_covariance
from saklig.estimation.model import Floats
from saklig.study.model import Part
from saklig.tabulation.breakdown import Sampled, breakdown
from saklig.tabulation.counting import ticks
from saklig.tabulation.layout import MEASURED, layout_of
from saklig.tabulation.table import Grouping


@dataclass(frozen=True, kw_only=True)
class Joint:
    """Ratios (k,), NaN where nobody is in the domain, and their covariances (k, k).

    `df`: clusters − strata with somebody of any of the domains; `respondents` with a positive weight, of any.
    """

    ratio: Floats
    covariance: Floats
    df: int
    respondents: int

    def correlation(self, one: int, other: int) -> float:
        """Zero where one of the two has no variance."""
        both = float(self.covariance[one, one] * self.covariance[other, other])
        return min(max(float(self.covariance[one, other]) / math.sqrt(both), -1.0), 1.0) if both > 0 else 0.0


def joint(design: Design, y: Floats, x: Floats) -> Joint:
    """Of Σwy / Σwx. `y`, `x`: float64 (n, k), zero outside each domain.

    Raises ValueError where a stratum or cluster has one unit that stands for others.
    """
    ratio, z = influence(y, x, design.sums)
    inside = (x != 0).any(axis=1) & (design.weights > 0)
    covariance = _linearised(design, z) if design.replicates is None else _replicated(design, design.replicates, z, x)
    return Joint(
        ratio=ratio,
        covariance=settled(covariance, (z * z).sum(axis=0)),
        df=_degrees(design, inside),
        respondents=int(inside.sum()),
    )


def scores(part: Part, column: Column, row: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What one row of a part's table counts of each respondent, y, and who is in its base, x: both (n,).

    Raises ValueError for a quantile, which is no ratio.
    """
    layout = layout_of(part)
    if row in layout.quantiles.values():
        raise ValueError("a quantile is no ratio of sums, and so has no influence values here")
    if isinstance(column, Measured) and row == layout.mean:
        given = column.codes == ANSWERED
        return np.where(given, column.values / 10.0**column.decimals, 0.0), given.astype(np.float64)
    found = ticks(part, layout, column)
    who = np.arange(len(column.codes)) if found.who is None else found.who
    score, base = layout.score[found.column, row], layout.base[found.column, layout.base_of[row]]
    if layout.base_of[row] == MEASURED:
        score = score * base
    size = len(column.codes)
    return _added(who, score, size), _added(who, base, size)


def _added(who: NDArray[np.int64], numbers: NDArray[np.int64], size: int) -> Floats:
    return np.asarray(np.bincount(who, weights=numbers, minlength=size), dtype=np.float64)


def _linearised(design: Design, z: Floats) -> Floats:
    covariance = np.zeros((z.shape[1], z.shape[1]))
    z = z if design.adjustment is None else design.adjustment.residuals(z)
    first, *later = breakdown((_everybody(len(design.weights)),), design).stages
    covariance += _of_stage(first, z) * _averaging(first)
    for sampled in later:
        covariance += _of_stage(sampled, z)
    return covariance


def _replicated(design: Design, replicates: Replicates, z: Floats, x: Floats) -> Floats:
    base = design.sums @ x
    return replicate_covariance(replicates, z, design.sums[:, None] * x / np.where(base > 0, base, 1.0))


def _everybody(n: int) -> Grouping:
    return Grouping(by=(), groups=((),), codes=np.zeros(n, dtype=np.int32))


def _of_stage(sampled: Sampled, z: Floats) -> Floats:
    stage, slots = sampled.stage, sampled.slots[0]
    if stage.unit_starts is None:
        return stage_covariance(stage, z, slots)
    units = np.zeros((sampled.size, z.shape[1]))
    np.add.at(units, slots, z)
    blocks = np.searchsorted(stage.unit_starts, np.arange(sampled.size), side="right") - 1
    return stage_covariance(stage, units, blocks)


def _averaging(sampled: Sampled) -> float:
    """Strata of one unit that are given the average of the others: strata over those that tell an error."""
    averaged = sampled.stage.averaged
    return 1.0 if averaged is None or averaged.all() else len(averaged) / float((~averaged).sum())


def _degrees(design: Design, inside: NDArray[np.bool_]) -> int:
    """−1 where nobody is inside."""
    if not inside.any():
        return -1
    if design.replicates is not None:
        of = design.replicates
        return of.degrees(np.bincount(of.unit[inside], minlength=len(of.factors)) > 0)
    units = int(inside.sum()) if design.cluster is None else len(np.unique(design.cluster[inside]))
    return units - len(np.unique(design.stratum[inside]))
