"""What every statistic takes and gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class Moments:
    """What the sample says of one statistic in g groups and k rows; every array has the shape (g, k).

    `ratio`: the estimate, a sum of weighted answers over a sum of weights; NaN where nobody answered.
    `variance`: its linearised variance. `spread`: Σw(y − ratio)² / Σw, the variance of the answers themselves.
    `respondents`: those behind it with a positive weight. `effective`: Kish's (Σw)² / Σw² over them.
    `population`: units that they stand for, infinite where unknown. `finite`: the same where the sample was drawn
    without replacement, else infinite. `df`: degrees of freedom within the domain.
    `certain`: everyone of whom the ratio speaks was drawn and answered, so that it has no error.
    """

    ratio: Floats
    variance: Floats
    spread: Floats
    respondents: Integers
    effective: Floats
    population: Floats
    finite: Floats
    df: Integers
    certain: NDArray[np.bool_]

    @property
    def untold(self) -> NDArray[np.bool_]:
        """Where the variance is zero only because one cluster a stratum has anybody, which is no error of zero."""
        return np.asarray(~self.certain & (self.df <= 0) & (self.variance == 0))


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Shapes (g, k); NaN where undefined. Each number is snapped to 12 significant digits."""

    se: Floats
    lower: Floats
    upper: Floats
    deff: Floats
