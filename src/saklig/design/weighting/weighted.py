"""Weights that have been adjusted, with all that later sums and errors need to know of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.adjustment import Adjustment
from saklig.design.weighting.matching import Matched
from saklig.design.weighting.report import Report, report_of
from saklig.design.weighting.snapping import snapped

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Weighted:
    """`weights`: float64 (n,), decimal numbers (see `snapping`). `adjustment`: what was done, for the errors."""

    sample: Matched
    weights: Floats
    adjustment: Adjustment
    report: Report

    def linearised(self, z: Floats) -> Floats:
        """The contributions whose design variance is that of Σ w·z; z and result have the shape (n, k)."""
        return self.adjustment.residuals(z * self.weights[:, None])


def weights_after(sample: Matched, factor: Floats) -> Floats:
    """Weights (n,) from the factor of each cell."""
    return snapped(sample.weights * sample.cells.spread(factor, 0.0))


def weighted(sample: Matched, weights: Floats, adjustment: Adjustment, rounds: int) -> Weighted:
    return Weighted(sample=sample, weights=weights, adjustment=adjustment, report=report_of(sample, weights, rounds))
