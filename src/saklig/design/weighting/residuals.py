"""What weighting takes away from, or adds to, the error of an estimate.

An estimate is to first order a sum of contributions, w·z of each unit (for a mean z = (y − mean) / Σw within its domain
and zero outside, for a total z = y; Lumley 2010, ch. 7). Weights that reproduce known totals leave only the part of z
that these totals do not explain: z is replaced by the residual of its regression on the auxiliary variables, over all
units of the sample and not only those of the domain. The design variance of the sum of the new contributions is that of
the estimate (Deville and Särndal 1992, eq. 3.4). These are the residuals of R's `svyrecvar`:

- post-stratification and calibration regress with the weights before (`postStratify`, `calibrate`);
- raking regresses with every respondent alike (`rake`). R projects on one margin after the other ten times; this is
  where that leads to. The weights of `calibrate(calfun = "raking")` are the same, its residuals those of calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from saklig.design.fixed_point import fixed_point
from saklig.design.weighting.basis import Basis, indicators, orthonormal
from saklig.design.weighting.cells import Cells
from saklig.design.weighting.matching import Matched

Floats = NDArray[np.float64]


class Step(Protocol):
    """One adjustment of the weights, as it works on contributions (n, k)."""

    def residuals(self, contributions: Floats) -> Floats: ...


@dataclass(frozen=True, kw_only=True)
class CellMeans:
    """Post-stratification. `index`: int64 (n,), −1 where the weight is zero. `before`, `after`: weights (n,)."""

    index: NDArray[np.int64]
    cells: int
    before: Floats
    after: Floats

    def residuals(self, contributions: Floats) -> Floats:
        z = _divided(contributions, self.after)
        sums = _by_cell(z * self.before[:, None], self.index, self.cells)
        weight = _by_cell(self.before[:, None], self.index, self.cells)
        return np.asarray(contributions - self.after[:, None] * (sums / weight)[self.index])


@dataclass(frozen=True, kw_only=True)
class Regression:
    """Raking and calibration. `basis`: orthonormal over cells in the `inner` weights (n,). `after`: weights (n,)."""

    index: NDArray[np.int64]
    basis: Floats
    inner: Floats
    after: Floats

    def residuals(self, contributions: Floats) -> Floats:
        z = _divided(contributions, self.after)
        sums = _by_cell(z * self.inner[:, None], self.index, len(self.basis))
        slopes = np.einsum("mr,mk->rk", self.basis, sums)
        fitted = np.einsum("mr,rk->mk", self.basis, slopes)
        return np.asarray(contributions - self.after[:, None] * fitted[self.index])


def linearised(z: Floats, weights: Floats, steps: Sequence[Step]) -> Floats:
    """The contributions whose design variance is that of Σ w·z; z and result have the shape (n, k)."""
    contributions = z * weights[:, None]
    for step in steps:
        contributions = step.residuals(contributions)
    return contributions


def auxiliary_names(sample: Matched) -> list[tuple[str, str]]:
    """Variable and group of each column of `auxiliaries`; the group is empty for a quantity."""
    groups = [(margin.variable, group) for margin in sample.margins for group in margin.groups]
    return [*groups, *((total.variable, "") for total in sample.totals)]


def auxiliaries(sample: Matched) -> tuple[Floats, Floats]:
    """The model of all targets: columns (m, k), one a group and one a quantity, and what they shall add up to (k,)."""
    cells = sample.cells
    columns = [indicators(cells.codes[:, i], len(margin.groups)) for i, margin in enumerate(sample.margins)]
    wanted = [*(margin.counts for margin in sample.margins), np.array([each.total for each in sample.totals])]
    return np.concatenate([*columns, cells.values], axis=1), np.concatenate(wanted)


def raking_step(sample: Matched, after: Floats) -> Regression:
    columns, _ = auxiliaries(sample)
    basis = orthonormal(columns, sample.cells.count.astype(np.float64))
    return Regression(
        index=sample.cells.index, basis=basis.rows, inner=(sample.weights > 0).astype(np.float64), after=after
    )


def calibration_step(sample: Matched, basis: Basis, after: Floats) -> Regression:
    return Regression(index=sample.cells.index, basis=basis.rows, inner=sample.weights, after=after)


def post_stratification_step(sample: Matched, after: Floats) -> CellMeans:
    cells: Cells = sample.cells
    return CellMeans(index=cells.index, cells=len(cells.weight), before=sample.weights, after=after)


def _divided(contributions: Floats, weights: Floats) -> Floats:
    """z from w·z; zero where the weight is zero."""
    counting = weights[:, None] > 0
    return np.where(counting, contributions / np.where(counting, weights[:, None], 1.0), 0.0)


def _by_cell(values: Floats, index: NDArray[np.int64], cells: int) -> Floats:
    """Values (n, k) added up by cell, as whole numbers so that no order of adding changes the sum: (cells, k)."""
    result = np.zeros((cells, values.shape[1]))
    kept = index >= 0
    for column in range(values.shape[1]):
        whole = fixed_point(values[kept, column])
        result[:, column] = np.bincount(index[kept], weights=whole.numbers, minlength=cells) * whole.unit
    return result
