"""The auxiliary variables of each way of weighting, and the regression that its errors come from (see `adjustment`).

An estimate is to first order a sum of contributions, w·z of each unit (for a mean z = (y − mean) / Σw within its domain
and zero outside, for a total z = y; Lumley 2010, ch. 7). These are the residuals of R's `svyrecvar`:

- post-stratification and calibration regress with the weights before (`postStratify`, `calibrate`);
- raking regresses with every respondent alike (`rake`). R projects on one margin after the other ten times; this is
  where that leads to. The weights of `calibrate(calfun = "raking")` are the same, its residuals those of calibration.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.design.adjustment import Adjustment
from saklig.design.weighting.basis import Basis, indicators, orthonormal
from saklig.design.weighting.matching import Matched

Floats = NDArray[np.float64]


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


def raked(sample: Matched, after: Floats) -> Adjustment:
    columns, _ = auxiliaries(sample)
    basis = orthonormal(columns, sample.cells.count.astype(np.float64))
    return _adjustment(sample, basis.rows, (sample.weights > 0).astype(np.float64), after)


def calibrated(sample: Matched, basis: Basis, after: Floats) -> Adjustment:
    return _adjustment(sample, basis.rows, sample.weights, after)


def post_stratified(sample: Matched, after: Floats) -> Adjustment:
    return _adjustment(sample, None, sample.weights, after)


def _adjustment(sample: Matched, basis: Floats | None, inner: Floats, after: Floats) -> Adjustment:
    cells = sample.cells
    return Adjustment(index=cells.index, cells=len(cells.weight), basis=basis, inner=inner, after=after)
