"""Auxiliary variables as an orthonormal basis: what depends on others is found, and every equation is well behaved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DEPENDENT = 1e-10
"""A column of which no more than this share is left when the others are taken out depends on them."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """`rows`: float64 (m, r), with Σ weight · row · rowᵀ = 1. `targets`: float64 (r,), what the rows shall add up to.

    `left`: float64 (k,): of each column that depends on the ones before it, its target less what theirs imply;
    zero for the others.
    """

    rows: Floats
    targets: Floats
    left: Floats


def orthonormal(columns: Floats, weight: Floats, targets: Floats | None = None) -> Basis:
    """Gram–Schmidt, each column twice, in the inner product that `weight` (m,) gives.

    `columns`: float64 (m, k). The targets (k,) undergo the same steps as the columns: they are the totals of units that
    we do not see. No BLAS: a sum here must be the same whatever the number of threads.
    """
    k = columns.shape[1]
    wanted = np.zeros(k) if targets is None else targets
    rows, totals, left = np.zeros((len(weight), k)), np.zeros(k), np.zeros(k)
    rank = 0
    for j in range(k):
        column, total = columns[:, j].copy(), float(wanted[j])
        size = float(np.sqrt((weight * column * column).sum()))
        for _ in range(2):
            shares = np.einsum("m,mr->r", weight * column, rows[:, :rank])
            column -= np.einsum("mr,r->m", rows[:, :rank], shares)
            total -= float((shares * totals[:rank]).sum())
        length = float(np.sqrt((weight * column * column).sum()))
        if length <= DEPENDENT * size:
            left[j] = total
            continue
        rows[:, rank], totals[rank] = column / length, total / length
        rank += 1
    return Basis(rows=np.ascontiguousarray(rows[:, :rank]), targets=totals[:rank], left=left)


def indicators(codes: NDArray[np.int64], groups: int) -> Floats:
    """One column for each group: (m, groups)."""
    return np.asarray(codes[:, None] == np.arange(groups), dtype=np.float64)
