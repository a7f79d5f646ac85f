"""All of a design but what it says of every single respondent: what an engine that counts elsewhere must know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.fixed_point import square_unit
from saklig.design.model import Design, DesignError
from saklig.design.response import has_intervals
from saklig.design.stages import with_silent
from saklig.language.catalog import say
from saklig.study.model import Interval, Lonely, Study


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
    """Raises ValueError for a sample in several stages, and for one with replicate weights or weights that were made
    to meet targets."""
    if design.later or design.replicates is not None:
        raise ValueError("a sample in several stages or with replicates is more than strata and clusters")
    if design.adjustment is not None:
        raise ValueError("errors of weights that were made to meet targets need more than sums by unit")
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


@dataclass(frozen=True, kw_only=True)
class StratumCounts:
    """What an engine counts of the strata, int64 (strata,): respondents, clusters with somebody (or respondents), and
    the sums of fixed-point weights; `largest` of all weights, `scale` their unit."""

    respondents: NDArray[np.int64]
    clusters: NDArray[np.int64]
    weight: NDArray[np.int64]
    largest: int
    scale: int


def facts_from(study: Study, wave: str, ids: tuple[str, ...], counts: StratumCounts, *, clustered: bool) -> DesignFacts:
    """As `design_of`, of answers of which only counts are known. `ids`: of the strata, empty without.

    Raises DesignError: weights that are all zero, a population smaller than its sample, a stratum with one respondent
    or cluster.
    """
    of = study.wave(wave)
    place = say("wave “{wave}”", wave=wave)
    if not counts.weight.sum():
        raise DesignError(
            say("{place}: all weights are zero; correct the weight column, or leave `weight` out", place=place)
        )
    population = _populations(of.population, {each.id: each.population for each in of.strata}, ids, counts)
    present = counts.respondents > 0
    if (present & (population >= 0) & (population < counts.respondents)).any():
        raise DesignError(
            say(
                "{place}: a stratum, or the whole, has more respondents than its population; correct `population`, or "
                "leave out whoever answered twice",
                place=place,
            )
        )
    fraction = np.zeros(len(population))
    known = (population > 0) & present
    if not clustered and study.modelled is None:
        fraction[known] = counts.respondents[known] / population[known]
    unknown = bool((population[present] < 0).any())
    intervals = has_intervals(study, population, counts.respondents)
    clusters = with_silent(of, ids, counts.clusters) if clustered else counts.clusters
    alone = np.flatnonzero((clusters == 1) & (fraction < 1))
    if intervals and len(alone) and (of.lonely is Lonely.FAIL or len(alone) == present.sum()):
        name = ids[int(alone[0])] if ids else ""
        raise DesignError(
            say(
                "{place}, stratum “{stratum}”: one respondent or cluster, and from one no error can be told; join it "
                "with another stratum",
                place=place,
                stratum=name,
            )
        )
    return DesignFacts(
        scale=counts.scale,
        total=int(counts.weight.sum()),
        largest=counts.largest,
        clusters_by_stratum=clusters,
        fraction=fraction,
        population_size=-1 if unknown else int(population[present].sum()),
        clustered=clustered,
        intervals=intervals,
        lonely=of.lonely,
        interval=study.interval,
    )


def _populations(
    whole: int | None, by_stratum: dict[str, int | None], ids: tuple[str, ...], counts: StratumCounts
) -> NDArray[np.int64]:
    """N_h, −1 where unknown. A population given only as a whole is shared by strata as the weights share it."""
    given = [by_stratum.get(each) for each in ids]
    if not ids:
        return np.array([-1 if whole is None else whole], dtype=np.int64)
    if whole is None or any(each is not None for each in by_stratum.values()):
        return np.array([-1 if each is None else each for each in given], dtype=np.int64)
    n = counts.respondents
    shared = np.rint(whole * counts.weight / counts.weight.sum()).astype(np.int64)
    shared = np.maximum(shared, n) if whole >= n.sum() else shared
    return np.where(n > 0, shared, -1)
