"""How many rows of a matrix are independent of each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dpstrf

TOLERANCE = 1e-5
"""What is left of a row or column once the others explain it counts as nothing below this part of it; as R's `degf`."""


def rank(matrix: NDArray[np.float64]) -> int:
    """By Cholesky's decomposition with pivoting (Higham 2002, ch. 10) of the smaller Gram matrix of unit vectors."""
    vectors = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    size = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    vectors = vectors[size > 0] / size[size > 0, None]
    if not len(vectors):
        return 0
    _, _, found, status = dpstrf(vectors @ vectors.T, tol=TOLERANCE**2)
    if status < 0:
        raise ValueError("the replicate factors are not numbers")
    return int(found)
