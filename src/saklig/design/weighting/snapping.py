"""Weights as decimal numbers: what iteration leaves in the last digits is cut off, the same on every machine."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from saklig.design.fixed_point import weight_scale

DIGITS = 11
"""Of the mean weight. The sum of n weights moves by some 3e-12/√n of itself; what iteration leaves is smaller still."""

MOST_DECIMALS = 22  # 10**22 is the largest power of ten that a double holds exactly


def snapped(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounds to a number of decimals that all weights share, and that a design holds as whole numbers without loss."""
    total = math.fsum(weights)
    mean = total / max(int((weights > 0).sum()), 1)
    if not mean:
        return weights
    decimals = min(max(DIGITS - 1 - math.floor(math.log10(mean)), 0), MOST_DECIMALS)
    scale = weight_scale(total)
    if scale is not None:
        decimals = min(decimals, round(math.log10(scale)))
    unit = float(10**decimals)
    return np.asarray(np.rint(weights * unit) / unit)
