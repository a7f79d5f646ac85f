"""How the answers were drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Design:
    """A stratified (cluster) sample; without strata one stratum, without clusters every respondent is one.

    `weights`: int64 (n,), fixed-point, in units of 1/`scale`. `stratum`: int32 (n,) in 0 … strata−1.
    `cluster`: int32 (n,), unique over strata, or None for an element sample.
    `clusters_by_stratum`: int64 (strata,), n_h, from the design and never from a domain.
    `fraction`: float64 (strata,), the sampling fraction f_h (0: drawn with replacement or from an endless population).
    `population`: int64 (strata,), N_h in units, −1 where unknown.
    `intervals`: False for a self-selected sample, whose numbers carry no error.
    """

    weights: NDArray[np.int64]
    scale: int
    stratum: NDArray[np.int32]
    cluster: NDArray[np.int32] | None
    clusters_by_stratum: NDArray[np.int64]
    fraction: NDArray[np.float64]
    population: NDArray[np.int64]
    intervals: bool = True
