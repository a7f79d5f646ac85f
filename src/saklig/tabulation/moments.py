"""What linearised and replicate variances share: the bases of a part, and how they become moments."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.estimation.model import Floats, Integers, Moments
from saklig.estimation.variance import NOISE
from saklig.tabulation.layout import Layout
from saklig.tabulation.statistics import StageStatistics


@dataclass(frozen=True)
class StageBases:
    """The bases of one part by the slots s of one stage, made where they are asked for: `base` as in Layout."""

    found: StageStatistics
    base: Integers
    square_unit: float

    @cached_property
    def weight(self) -> Floats:
        """Sums of weights, (s, 3)."""
        return np.asarray(self.found.weight @ self.base, dtype=np.float64)

    @cached_property
    def square(self) -> Floats | None:
        """Sums of squared weights, (s, 3), where the respondents are the units."""
        return None if self.found.square is None else np.asarray(self.found.square @ self.base) * self.square_unit


@dataclass(frozen=True, kw_only=True)
class Domains:
    """What the three bases of a part are in each group: all arrays (g, 3), but the per-stage ones.

    `weight`, `square`: sums of weights and of their squares, in the design's units. `respondents` with a positive
    weight. `df`: degrees of freedom within the base, as R's `degf`; −1 where there is nobody. Others as in Moments.
    `by_stage`: the bases by each stage's units or blocks; nothing where replicates tell the error. `average`: what the
    first stage's variance is multiplied by, since strata of one cluster are given the average of the others: strata
    with someone of the base over those of them that tell an error; None where replicates tell it.
    """

    weight: Floats
    square: Floats
    respondents: Integers
    df: Integers
    population: Floats
    finite: Floats
    certain: NDArray[np.bool_]
    by_stage: tuple[StageBases, ...] = ()
    average: Floats | None = None

    def of_stage(self, position: int, base_of: Integers, variance: Floats) -> Floats:
        """What one stage adds, (g, k), from its own part of the variance of rows with the bases `base_of` (k,)."""
        return variance if position or self.average is None else variance * self.average[:, base_of]


def moments(domain: Domains, base_of: Integers, ratio: Floats, variance: Floats, spread: Floats) -> Moments:
    """Of rows k with the bases `base_of` (k,); the others (g, k)."""
    weight, square = domain.weight[:, base_of], domain.square[:, base_of]
    with np.errstate(divide="ignore", invalid="ignore"):
        return Moments(
            ratio=ratio,
            variance=variance,
            spread=spread,
            respondents=domain.respondents[:, base_of],
            effective=np.where(square > 0, weight * weight / square, 0.0),
            population=domain.population[:, base_of],
            finite=domain.finite[:, base_of],
            df=domain.df[:, base_of],
            certain=domain.certain[:, base_of],
        )


def deviations(layout: Layout, ratio: Floats) -> Floats:
    """(g, c, k): how far what a column counts in a row is from that row's `ratio` (g, k), where it is in its base."""
    based = layout.base[:, layout.base_of].astype(np.float64)
    return deviation(layout.score.astype(np.float64)[None], np.nan_to_num(ratio)[:, None] * based[None])


def deviation(values: Floats, mean: Floats) -> Floats:
    """values − mean, where a difference in the last bits of the mean is none."""
    found = values - mean
    return np.where(np.abs(found) <= NOISE * np.abs(mean), 0.0, found)


def divided(numerator: Integers | Floats, denominator: Integers | Floats) -> Floats:
    """NaN where the denominator is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(denominator > 0, numerator / denominator, np.nan))
