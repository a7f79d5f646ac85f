"""How many rows of a matrix are independent of each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.linalg.lapack import dpstrf

Floats = NDArray[np.float64]

TOLERANCE = 1e-5
"""What is left of a row or column once the others explain it counts as nothing below this part of it; as R's `degf`."""


def rank(matrix: Floats) -> int:
    """By Cholesky's decomposition with pivoting (Higham 2002, ch. 10) of the smaller Gram matrix of unit vectors."""
    vectors = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    return len(_independent(vectors)[0])


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """The ways in which rows of a matrix add up to nothing: `relations`, float64 (relations, rows), one for each row
    that the others explain. A stratum's replicate factors add up to the same number in every replicate, and so any two
    strata of which all units are there make one."""

    relations: Floats

    def rank(self, present: NDArray[np.bool_]) -> int:
        """Of the rows that are `present`: a relation holds among them where no absent row is in it."""
        number = int(present.sum())
        if not number or not len(self.relations):
            return number
        return number - len(self.relations) + rank(self.relations[:, ~present])


def dependencies(matrix: Floats) -> Dependencies:
    """With the same tolerance as `rank`; rows of nothing depend on nobody, and are a relation of their own."""
    kept, size, factor, pivots = _independent(matrix)
    rows = len(matrix)
    others = np.setdiff1d(np.arange(rows), kept)
    relations = np.zeros((len(others), rows))
    relations[np.arange(len(others)), others] = 1
    if len(kept) and len(others):
        place = np.full(rows, -1)
        place[pivots] = np.arange(len(pivots))
        of = place[others]
        below = np.where((of >= 0)[:, None], factor[np.maximum(of, 0), : len(kept)], 0.0)
        explained = solve_triangular(factor[: len(kept), : len(kept)].T, below.T, lower=False).T
        explained = np.where(np.abs(explained) < TOLERANCE, 0.0, explained)
        relations[:, kept] = -explained * np.where(size[others] > 0, size[others], 1)[:, None] / size[kept]
    return Dependencies(relations=relations)


def _independent(vectors: Floats) -> tuple[NDArray[np.intp], Floats, Floats, NDArray[np.intp]]:
    """The independent rows, the size of every row, and of those that are not nothing the triangular factor of the Gram
    matrix of unit vectors, and which row stands where in it."""
    size = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    there = np.flatnonzero(size > 0)
    if not len(there):
        return there, size, np.zeros((0, 0)), there
    unit = vectors[there] / size[there, None]
    factor, order, found, status = dpstrf(unit @ unit.T, lower=1, tol=TOLERANCE**2)
    if status < 0:
        raise ValueError("the replicate factors are not numbers")
    pivots = there[order - 1]
    return pivots[:found], size, np.tril(factor), pivots
