"""Numbers as whole multiples of a small unit, so that sums do not depend on the order in which they are added."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

HEADROOM = 2000
"""A sum times this still fits in 64 bits: half-up rounding of a share to tenths of a per cent needs 100 · 10 · 2."""

FINEST = 18
COARSEST = 6
LARGEST = 2**63 - 1


def weight_scale(total: float) -> int | None:
    """The largest power of ten at which weights adding up to `total` leave room for HEADROOM; None below 10**6.

    With that room a sum of weights stays under 2**63 / 2000 < 2**53: float64 holds it exactly, and so numpy's bincount,
    which adds floats, adds these whole numbers without any rounding.
    """
    for power in range(FINEST, COARSEST - 1, -1):
        if Fraction(total) * 10**power * HEADROOM <= LARGEST:
            return int(10**power)
    return None


@dataclass(frozen=True)
class FixedPoint:
    """`numbers`: float64 (n,), whole, any sum of them below 2**53. A real value is a number times `unit`."""

    numbers: NDArray[np.float64]
    unit: float


def fixed_point(values: NDArray[np.float64]) -> FixedPoint:
    """Rounds `values` to multiples of the finest power of two at which the sum of their sizes stays below 2**52.

    The relative error of a sum of n values is of the order of √n · 2**−53, and no order of adding changes it.
    """
    size = float(np.abs(values).sum())
    if not size:
        return FixedPoint(np.zeros_like(values), 1.0)
    exponent = int(np.frexp(size)[1]) - 51
    return FixedPoint(np.rint(np.ldexp(values, -exponent)), float(np.ldexp(1.0, exponent)))


def squared(weights: NDArray[np.float64], unit: float) -> FixedPoint:
    """The squares of `weights` (n,), whole numbers, in a `unit` that `square_unit` gives."""
    return FixedPoint(half_up(weights * weights / unit), unit)


def half_up(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounded to whole numbers as ⌊x + ½⌋: two operations that every engine has and that give everywhere the same."""
    return np.floor(values + 0.5)


def square_unit(largest: int, total: int) -> float:
    """The smallest power of two, 1 or more, in which Σw² stays below 2**52.

    It follows from two whole numbers, since Σw² ≤ largest · total; so that whoever knows them, in whatever order the
    weights were read, counts in the same unit.
    """
    return float(2 ** max(0, (largest * total).bit_length() - 52))
