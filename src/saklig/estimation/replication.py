"""The variance of an estimate from replicate estimates: scale · Σ rscales · (θ_r − centre)².

The centre is the mean of the replicates' estimates, or with `mse` the estimate itself (Wolter 2007, section 1.4); as
`svrVar` in R's survey package. A replicate in which nobody of a domain has a weight has no estimate and is left out, as
there. Replicates are followed as their distance from the estimate, θ_r − θ, which keeps the digits that a difference of
two large sums would lose. Where factors are constant within clusters they take one matrix product, of replicates ×
clusters and clusters × cells; its last bits may differ between processors, as those of no linearised error do, and the
snapping to 12 digits hides that but for a coincidence.
"""

from __future__ import annotations

import numpy as np

from saklig.design.replicates.model import Replicates
from saklig.estimation.model import Floats, Integers

DENSE = 16
"""Clusters × cells this many times the numbers that fill them are still multiplied as a full matrix."""

NOTHING = 1e-9
"""A replicate's base this small beside the sample's own is rounding: nobody is left in it."""

NOISE = 1e-24
"""A variance this small beside the squares of what its distances were made of is rounding, not variation."""


def swing(numbers: Floats, cells: Integers, size: int, people: Integers, replicates: Replicates) -> Floats:
    """How far each replicate moves the sum of `numbers` in each cell: Σ number · (factor − 1), float64 (size, R).

    `numbers`, `cells`, `people`: (m,), the respondent whose number it is and the cell 0 … size − 1 it is added to.
    """
    units, unit = len(replicates.factors), replicates.unit[people]
    if units * size <= DENSE * len(numbers):
        key = unit.astype(np.int64) * size + cells
        by_unit = np.bincount(key, weights=numbers, minlength=units * size).reshape(units, size)
        return np.asarray(by_unit.T @ replicates.shifts)
    from scipy.sparse import coo_array

    sparse = coo_array((numbers, (cells, unit)), shape=(size, units)).tocsr()
    return np.asarray(sparse @ replicates.shifts)


def ratio_variance(replicates: Replicates, linear: Floats, base: Floats, base_swing: Floats, size: Floats) -> Floats:
    """Of Σwy / Σwx, shape (g, k). `linear`: (g, k, R), the swing of Σw(y − ratio · x); `base`: (g, k), Σwx, and
    `base_swing` its swing, (g, k, R); `size`: (g, k), Σw|y − ratio · x|, beside which a distance may be rounding."""
    moved = base[..., None] + base_swing
    kept = moved > NOTHING * base[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.divide(linear, moved, out=np.full(linear.shape, np.nan), where=kept)
        return variance(replicates, distance, size / base)


def variance(replicates: Replicates, distance: Floats, size: Floats) -> Floats:
    """`distance`: (g, k, R), θ_r − θ, NaN where the replicate has no estimate. `size`: (g, k), how large the terms are
    that it was made of. NaN where no replicate has one."""
    used = np.flatnonzero(replicates.rscales > 0)
    if not len(used) or not replicates.scale:
        return np.zeros(distance.shape[:-1])
    if len(used) < len(replicates.rscales):
        distance = distance[..., used]
    rscales = replicates.rscales[used]
    there = ~np.isnan(distance)
    complete = bool(there.all())
    number = there.sum(axis=-1)
    filled = distance if complete else np.where(there, distance, 0.0)
    if not replicates.mse:
        with np.errstate(divide="ignore", invalid="ignore"):
            centre = filled.sum(axis=-1) / number
        filled = filled - centre[..., None]
        if not complete:
            filled = np.where(there, filled, 0.0)
    found = replicates.scale * (np.square(filled) @ rscales)
    found = np.where(found < NOISE * np.square(size), 0.0, found)
    return np.where(number > 0, found, np.nan)
