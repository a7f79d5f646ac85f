"""How the answers were drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.design.adjustment import Adjustment
from saklig.design.factors.replicates import Replicates
from saklig.design.fixed_point import FixedPoint, square_unit, squared
from saklig.study.model import Interval, Lonely


class DesignError(ValueError):
    """A sampling design that the answers contradict: names the place, what is wrong and what to do."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A later stage of a multi-stage sample: units drawn within each unit of the stage before, its parents.

    `units`: int32 (n,), unique over parents, or None where the respondents themselves were drawn (the last stage).
    `count`: int64 (parents,), the units drawn in each parent. `fraction`: float64 (parents,), their sampling fraction.
    """

    units: NDArray[np.int32] | None
    count: NDArray[np.int64]
    fraction: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Design:
    """A stratified (cluster) sample; without strata one stratum, without clusters every respondent is one.

    `weights`: int64 (n,), fixed-point, in units of 1/`scale`. `stratum`: int32 (n,) in 0 … strata−1.
    `cluster`: int32 (n,), unique over strata, or None for an element sample.
    `clusters_by_stratum`: int64 (strata,), n_h, from the design and never from a domain.
    `fraction`: float64 (strata,), the sampling fraction f_h (0: drawn with replacement or from an endless population).
    `population`: int64 (strata,), N_h in units, −1 where unknown.
    `intervals`: False for a sample whose numbers carry no error (self-selected, or a census of unknown size).
    `interval`: of shares. `lonely`: what a stratum (or parent) of one unit that stands for others tells of the error.
    `later`: the stages after the first; with none, every unit of the first stage was surveyed as it stands.
    `replicates`: where they, and not strata and clusters, tell the errors.
    `adjustment`: how the weights were made to meet targets, which makes errors smaller; None where they were not.
    Raises ValueError for replicates of weights that are made here: they would have to meet the targets too.
    """

    weights: NDArray[np.int64]
    scale: int
    stratum: NDArray[np.int32]
    cluster: NDArray[np.int32] | None
    clusters_by_stratum: NDArray[np.int64]
    fraction: NDArray[np.float64]
    population: NDArray[np.int64]
    intervals: bool = True
    later: tuple[Stage, ...] = ()
    lonely: Lonely = Lonely.FAIL
    interval: Interval = Interval.LOGIT
    replicates: Replicates | None = None
    adjustment: Adjustment | None = None

    def __post_init__(self) -> None:
        if self.replicates is not None and self.adjustment is not None:
            raise ValueError("replicates of weights that are made to meet targets would have to meet them too")

    @cached_property
    def sums(self) -> NDArray[np.float64]:
        """The weights as float64 (n,): whole numbers, their sum below 2**53, so that any order adds them exactly."""
        return self.weights.astype(np.float64)

    @cached_property
    def squares(self) -> FixedPoint:
        """The squared weights, again whole numbers whose sum is exact in any order."""
        return squared(self.sums, self.square_unit)

    @cached_property
    def square_unit(self) -> float:
        """The unit of `squares`."""
        return square_unit(int(self.weights.max(initial=0)), self.total)

    @cached_property
    def equal(self) -> bool:
        """Whether all weights are the same, so that a sum of weights is a count times one weight."""
        return bool(self.weights.size) and bool((self.weights == self.weights[0]).all())

    @cached_property
    def positive(self) -> bool:
        """Whether no weight is zero; who has the weight zero was asked but stands for nobody."""
        return bool(self.weights.min(initial=1) > 0)

    @cached_property
    def total(self) -> int:
        """The sum of the weights."""
        return int(self.weights.sum())

    @cached_property
    def population_size(self) -> int:
        """Units in the population, −1 where that is unknown for a stratum with respondents."""
        if (self.population < 0).all():
            return -1
        present = np.bincount(self.stratum, minlength=len(self.population)) > 0
        return -1 if (self.population[present] < 0).any() else int(self.population[present].sum())
