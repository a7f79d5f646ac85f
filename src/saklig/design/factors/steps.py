"""Factors as whole numbers of steps, so that sums over units are exact, in whatever order a processor adds them.

What the methods make are few whole multiples of one step a unit: ±(1 − ρ) in balanced replicates, multiples of
1 / (n − 1) in a jackknife and, of its scaled factors, in the bootstrap. Factors from a data file have no such step;
they are cut in two whole numbers of `BITS` bits, which tell them to 2**−42 of the unit's largest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BITS = 21
MOST_BITS = 13
"""Multiples of a common step are below 2**13, so that 39 bits are left for what they are multiplied by."""

ROUNDING = 2.0**-48
"""Factors are told to their last bits: a shift this close to a multiple, beside 1 and itself, is that multiple."""


@dataclass(frozen=True, kw_only=True)
class Steps:
    """A unit's shift is `size` · Σ place · whole, with |whole| at most 2**bits. `size`: float64 (units,); `wholes`:
    float64 (units, R) each, of whole numbers, and `places`: what one of them counts."""

    size: Floats
    wholes: tuple[Floats, ...]
    places: tuple[float, ...]
    bits: int


def steps_of(shifts: Floats) -> Steps:
    """`shifts`: float64 (units, R), factor − 1."""
    largest = np.abs(shifts).max(axis=1)
    size = np.where(largest > 0, largest, 1.0)
    smallest = np.where(shifts != 0, np.abs(shifts), np.inf).min(axis=1)
    times = np.rint(largest / np.where(largest > 0, smallest, 1.0))
    if times.max() <= 2**MOST_BITS:
        step = size / np.maximum(times, 1)
        whole = np.rint(shifts / step[:, None])
        if (np.abs(whole * step[:, None] - shifts) <= ROUNDING * (1 + largest[:, None])).all():
            most = max(1.0, float(np.abs(whole).max()))
            return Steps(
                size=step, wholes=(np.ascontiguousarray(whole),), places=(1.0,), bits=int(np.ceil(np.log2(most)))
            )
    size = np.ldexp(1.0, np.frexp(size)[1])
    scaled = np.ldexp(shifts / size[:, None], BITS)
    high = np.rint(scaled)
    low = np.rint(np.ldexp(scaled - high, BITS))
    return Steps(size=size, wholes=(high, low), places=(2.0**-BITS, 2.0 ** (-2 * BITS)), bits=BITS)
