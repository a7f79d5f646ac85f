"""Replicate weights as a value: factors by which the weights are multiplied, and how replicates become a variance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.design.factors.rank import Dependencies, dependencies, rank
from saklig.design.factors.steps import Steps, steps_of
from saklig.study.replication import ReplicateMethod

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Replicates:
    """R replicates of a sample; Var(θ) = scale · Σ rscales · (θ_r − centre)² (Wolter 2007, ch. 3–5).

    `factors`: float64 (units, R), by what each unit's weights are multiplied. `unit`: int32 (n,), the unit of each
    respondent: the cluster where factors are constant within clusters, else the respondent itself.
    `rscales`: float64 (R,). `mse`: the centre is the estimate itself, else the mean of the replicates' estimates.
    """

    method: ReplicateMethod
    factors: Floats
    unit: NDArray[np.int32]
    scale: float
    rscales: Floats
    mse: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError: it would be a fault of ours, faults of the user's are said where they are read."""
        if self.factors.ndim != 2 or self.factors.shape[1] < 2 or not self.factors.shape[0]:
            raise ValueError("replicate factors are a table of units by at least two replicates")
        if self.rscales.shape != (self.factors.shape[1],):
            raise ValueError("every replicate has one rscale")
        if not np.isfinite(self.factors).all() or (self.factors < 0).any():
            raise ValueError("replicate factors are numbers of zero and more")
        if not np.isfinite(self.rscales).all() or (self.rscales < 0).any():
            raise ValueError("rscales are numbers of zero and more")
        if not np.isfinite(self.scale) or self.scale < 0:
            raise ValueError("the scale of replicates is a number of zero or more")
        if self.unit.ndim != 1 or self.unit.min(initial=0) < 0 or self.unit.max(initial=-1) >= len(self.factors):
            raise ValueError("every respondent is in one unit that has factors")

    @cached_property
    def shifts(self) -> Floats:
        """float64 (units, R): factor − 1. Sums of these keep the digits that a difference of sums would lose."""
        return np.ascontiguousarray(self.factors - 1)

    @cached_property
    def steps(self) -> Steps:
        """The shifts as whole numbers."""
        return steps_of(self.shifts)

    @cached_property
    def alike(self) -> NDArray[np.int64]:
        """int64 (n,): the same for respondents whom every replicate treats alike."""
        kind = np.unique(self.factors, axis=0, return_inverse=True)[1].reshape(-1)
        return np.asarray(kind[self.unit], dtype=np.int64)

    @cached_property
    def varying(self) -> NDArray[np.bool_]:
        """bool (units,): whether a unit's weight differs in any replicate that counts; the others have no error."""
        counting = self.rscales > 0
        return np.asarray((self.shifts[:, counting] != 0).any(axis=1) & (self.scale > 0))

    @cached_property
    def df(self) -> int:
        """Degrees of freedom of the whole sample: the rank of the replicate weights minus 1, as R's `degf`."""
        return self.degrees(np.bincount(self.unit, minlength=len(self.factors)) > 0)

    def degrees(self, present: NDArray[np.bool_]) -> int:
        """The same for a domain, of whose units `present` (units,) have somebody with a weight; −1 without anybody."""
        key = np.packbits(present).tobytes()
        if key not in self._degrees:
            self._degrees[key] = self._rank(present) - 1
        return self._degrees[key]

    def _rank(self, present: NDArray[np.bool_]) -> int:
        """Where units are few, the ways in which they depend on each other are found once, and counted for a domain.
        Of many, most domains reach the full rank with the first units, and the others need not be looked at."""
        if len(self.factors) <= 2 * self.factors.shape[1]:
            return self._dependencies.rank(present)
        units = np.flatnonzero(present)
        few = 2 * self.factors.shape[1]
        if len(units) > 2 * few:
            found = rank(self.factors[units[:few]])
            if found == self._full_rank:
                return found
        return rank(self.factors[units])

    @cached_property
    def _dependencies(self) -> Dependencies:
        return dependencies(self.factors)

    @cached_property
    def _full_rank(self) -> int:
        return rank(self.factors)

    @cached_property
    def _degrees(self) -> dict[bytes, int]:
        return {}
