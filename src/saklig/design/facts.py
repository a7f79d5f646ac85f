"""All of a design but what it says of every single respondent: what an engine that counts elsewhere must know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.fixed_point import square_unit
from saklig.design.model import Design
from saklig.study.model import Interval, Lonely


@dataclass(frozen=True, kw_only=True)
class DesignFacts:
    """A stratified (cluster) sample in one stage. `scale`, `clusters_by_stratum`, `fraction`, `population`,
    `intervals`, `lonely` and `interval` as in Design.

    `total`, `largest`: the sum and the largest of the weights, in units of 1/`scale`. `clustered`: clusters were drawn,
    not respondents. `population_size`: units in the population, −1 where unknown for a stratum with respondents.
    """

    scale: int
    total: int
    largest: int
    clusters_by_stratum: NDArray[np.int64]
    fraction: NDArray[np.float64]
    population_size: int
    clustered: bool
    intervals: bool
    lonely: Lonely = Lonely.FAIL
    interval: Interval = Interval.LOGIT

    @property
    def square_unit(self) -> float:
        """As `Design.squares.unit`."""
        return square_unit(self.largest, self.total)


def facts_of(design: Design) -> DesignFacts:
    """Raises ValueError for a sample in several stages."""
    if design.later:
        raise ValueError("a sample in several stages is more than its first stage")
    return DesignFacts(
        scale=design.scale,
        total=design.total,
        largest=int(design.weights.max(initial=0)),
        clusters_by_stratum=design.clusters_by_stratum,
        fraction=design.fraction,
        population_size=design.population_size,
        clustered=design.cluster is not None,
        intervals=design.intervals,
        lonely=design.lonely,
        interval=design.interval,
    )
