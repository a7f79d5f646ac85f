"""The variance of an estimate from replicate estimates: scale · Σ rscales · (θ_r − centre)².

The centre is the mean of the replicates' estimates, or with `mse` the estimate itself (Wolter 2007, section 1.4); as
`svrVar` in R's survey package. A replicate in which nobody of a domain has a weight has no estimate and is left out, as
there. Replicates are followed as their distance from the estimate, θ_r − θ, which keeps the digits that a difference of
two large sums would lose.

Answers are added up by unit once, and then take one matrix product, of cells × units and units × replicates. Both are
whole numbers there and no sum reaches 2**53, so that a product by floating point is exact and no processor or library
gives another. What comes after is added in a fixed order. No group's numbers depend on another group's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.design.factors.replicates import Replicates
from saklig.estimation.model import Floats, Integers

DENSE = 16
"""Units × cells this many times the numbers that fill them are still multiplied as a full matrix."""

ROOM = 52
"""Bits of a whole number that leave one for rounding."""

NOTHING = 1e-9
"""A replicate's base this small beside the sample's own is rounding: nobody is left in it."""

NOISE = 1e-24
"""A variance this small beside the squares of what its distances were made of is rounding, not variation."""


@dataclass(frozen=True, kw_only=True)
class ByUnit:
    """Sums by cell and unit. `cells`, `units`: int64 (m,), each pair once, rising. `sums`: float64 (m,), whole."""

    cells: Integers
    units: Integers
    sums: Floats
    size: int
    """Cells in all."""


def by_unit(numbers: Floats, cells: Integers, size: int, people: Integers, replicates: Replicates) -> ByUnit:
    """`numbers`, `cells`, `people`: (m,), whole numbers of which no sum reaches 2**53, the cell 0 … size − 1 each is
    added to, and the respondent whose it is. Sums of zero are left out."""
    units = len(replicates.factors)
    key = cells.astype(np.int64) * units + replicates.unit[people]
    if units * size <= DENSE * len(numbers):
        pairs = np.arange(units * size)
        sums = np.bincount(key, weights=numbers, minlength=units * size)
    else:
        pairs, place = np.unique(key, return_inverse=True)
        sums = np.bincount(place.ravel(), weights=numbers, minlength=len(pairs))
    filled = sums != 0
    cell, unit = np.divmod(pairs[filled], units)
    return ByUnit(cells=cell, units=unit, sums=sums[filled], size=size)


def swing(of: ByUnit, replicates: Replicates) -> Floats:
    """How far each replicate moves the sum of each cell: Σ number · (factor − 1), float64 (size, R)."""
    steps = replicates.steps
    bits = ROOM - steps.bits
    cells, row = np.unique(of.cells, return_inverse=True)
    large = np.bincount(row, weights=np.abs(of.sums), minlength=len(cells)) * float(steps.size.max(initial=0))
    exponent = np.frexp(large)[1] - bits
    scaled = np.ldexp(of.sums * steps.size[of.units], -exponent[row])
    first = np.rint(scaled)
    found = np.zeros((of.size, len(replicates.rscales)))
    if len(steps.wholes) == 1:
        product = _matrix(of, row, first, replicates) @ steps.wholes[0]
    else:
        more = bits - len(replicates.factors).bit_length()
        second = np.rint(np.ldexp(scaled - first, more))
        product = np.zeros((len(cells), found.shape[1]))
        for numbers, power in ((second, -more), (first, 0)):
            matrix = _matrix(of, row, numbers, replicates)
            for whole, place in zip(reversed(steps.wholes), reversed(steps.places), strict=True):
                product += (matrix @ whole) * (place * 2.0**power)
    np.multiply(product, np.ldexp(1.0, exponent)[:, None], out=product)
    if len(cells) == of.size:
        return np.asarray(product)
    found[cells] = product
    return found


def _matrix(of: ByUnit, row: Integers, numbers: Floats, replicates: Replicates) -> Any:
    """(rows, units): full where it is filled well enough, else sparse. `row`: (m,), rising."""
    shape = int(row.max(initial=-1)) + 1, len(replicates.factors)
    if shape[0] * shape[1] <= DENSE * len(numbers):
        full = np.zeros(shape)
        full[row, of.units] = numbers
        return full
    from scipy.sparse import csr_array

    return csr_array((numbers, of.units, np.searchsorted(row, np.arange(shape[0] + 1))), shape=shape)


def ratio_variance(replicates: Replicates, linear: Floats, base: Floats, base_swing: Floats, size: Floats) -> Floats:
    """Of Σwy / Σwx, shape (g, k). `linear`: (g, k, R), the swing of Σw(y − ratio · x); `base`: (g, k), Σwx, and
    `base_swing` its swing, (g, k, R); `size`: (g, k), Σw|y − ratio · x|, beside which a distance may be rounding."""
    moved = base[..., None] + base_swing
    kept = moved > NOTHING * base[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = linear / moved if kept.all() else np.where(kept, linear / moved, np.nan)
        return variance(replicates, distance, size / base)


def variance(replicates: Replicates, distance: Floats, size: Floats) -> Floats:
    """`distance`: (g, k, R), θ_r − θ, NaN where the replicate has no estimate. `size`: (g, k), how large the terms are
    that it was made of. NaN where no replicate has one."""
    used = replicates.rscales > 0
    if not used.any() or not replicates.scale:
        return np.zeros(distance.shape[:-1])
    if not used.all():
        distance = distance[..., used]
    rscales = replicates.rscales[used]
    there = ~np.isnan(distance)
    complete = bool(there.all())
    number = np.full(distance.shape[:-1], distance.shape[-1]) if complete else there.sum(axis=-1)
    filled = distance if complete else np.where(there, distance, 0.0)
    if not replicates.mse:
        with np.errstate(divide="ignore", invalid="ignore"):
            centre = filled.sum(axis=-1) / number
        filled = filled - centre[..., None]
        if not complete:
            filled = np.where(there, filled, 0.0)
    squares = np.square(filled)
    found = replicates.scale * _weighed(squares, rscales)
    found = np.where(found < NOISE * np.square(size), 0.0, found)
    return np.where(number > 0, found, np.nan)


def _weighed(squares: Floats, rscales: NDArray[np.float64]) -> Floats:
    """Σ rscales · squares over the last axis, in an order that does not depend on a library as a dot product's does."""
    if (rscales == rscales[0]).all():
        return np.asarray(squares.sum(axis=-1) * rscales[0])
    return np.asarray((squares * rscales).sum(axis=-1))
