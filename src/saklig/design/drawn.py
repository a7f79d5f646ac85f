"""From a study and its answers to the design that they were drawn by."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Answers
from saklig.design.adjustment import Adjustment
from saklig.design.fixed_point import COARSEST, HEADROOM, LARGEST, half_up, weight_scale
from saklig.design.model import Design, DesignError
from saklig.design.replicates.chosen import replicates_of
from saklig.design.response import has_intervals
from saklig.design.stages import drawn
from saklig.language.catalog import say, say_n
from saklig.study.model import Lonely, Study, Wave


def design_of(study: Study, answers: Answers, adjustment: Adjustment | None = None) -> Design:
    """The design of one wave: strata, clusters, weights, and the respondents as a random sample within each stratum.

    `adjustment`: how the weights of `answers` were made to meet targets.

    The sampling fraction is respondents over population, n_h / N_h, also where more were invited than responded and in
    a census with non-response: the response model is that respondents are a random sample within stratum. In a cluster
    sample without `fpc` the number of clusters in the population is not known and the first stage counts as drawn with
    replacement (f_h = 0), which never makes an error too small; so does a sample that chose itself, where intervals are
    modelled.

    Raises DesignError: weights that cannot be used, a stratum with one respondent or cluster, a population smaller than
    its sample, a respondent without stratum, an `fpc` that does not fit, replicates that the design cannot have or that
    do not fit their method.
    """
    wave = study.wave(answers.wave)
    weights, scale = fixed_point_weights(answers.weights, say("wave “{wave}”", wave=wave.id))
    stratum = _strata(answers, wave)
    count = np.bincount(stratum, minlength=max(len(answers.stratum_ids), 1)).astype(np.int64)
    population = _populations(answers, wave, count)
    _check_populations(answers, wave, count, population)
    sample = drawn(answers, wave, stratum, len(count))
    if sample.cluster is None and sample.size is not None:
        population = _agreed(answers, wave, count, population, sample.size)
    fraction = sample.fraction
    if fraction is None:
        fraction = np.zeros(len(count))
        known = (population > 0) & (count > 0) & (sample.cluster is None) & (study.modelled is None)
        fraction[known] = count[known] / population[known]
    intervals = has_intervals(study, population, count)
    supplied = wave.replicates is not None and not wave.replicates.made
    if intervals and not supplied:
        _check_single(answers, wave, sample.count, fraction)
    design = Design(
        weights=weights,
        scale=scale,
        stratum=stratum,
        cluster=sample.cluster,
        clusters_by_stratum=sample.count,
        fraction=fraction,
        population=population,
        intervals=intervals,
        adjustment=adjustment,
        later=sample.later,
        lonely=wave.lonely,
        interval=study.interval,
    )
    if wave.replicates is None or not intervals:
        return design
    return replace(design, replicates=replicates_of(wave.replicates, design, answers))


def fixed_point_weights(weights: NDArray[np.float64], place: str) -> tuple[NDArray[np.int64], int]:
    """Weights (n,) as whole numbers of 1/scale. Raises DesignError where they cannot be weights."""
    if not len(weights):
        raise DesignError(say("{place}: there are no respondents; check that the data file has rows", place=place))
    if not np.isfinite(weights).all():
        unusable = int((~np.isfinite(weights)).sum())
        raise DesignError(
            say(
                "{place}: {n} respondents have no weight; every respondent needs one",
                place=place,
                n=unusable,
            )
        )
    if (weights < 0).any():
        raise DesignError(
            say(
                "{place}: {n} respondents have a negative weight; a weight is a number of units of the "
                "population: correct the weight column",
                place=place,
                n=int((weights < 0).sum()),
            )
        )
    total = math.fsum(weights)
    if total <= 0:
        raise DesignError(
            say("{place}: all weights are zero; correct the weight column, or leave `weight` out", place=place)
        )
    scale = weight_scale(total)
    if scale is None:
        largest = LARGEST // (HEADROOM * 10**COARSEST)
        raise DesignError(
            say(
                "{place}: the weights add up to {total}, more than {largest}; divide them all by the same number",
                place=place,
                total=f"{total:.6g}",
                largest=f"{largest:.3g}",
            )
        )
    return half_up(weights * float(scale)).astype(np.int64), scale


def _strata(answers: Answers, wave: Wave) -> NDArray[np.int32]:
    if answers.strata is None:
        return np.zeros(answers.n, dtype=np.int32)
    without = int((answers.strata < 0).sum())
    if without:
        raise DesignError(
            say(
                "wave “{wave}”: {n} respondents have no stratum; fill in the strata column, or leave `strata` out",
                wave=wave.id,
                n=without,
            )
        )
    return answers.strata


def _populations(answers: Answers, wave: Wave, count: NDArray[np.int64]) -> NDArray[np.int64]:
    """N_h, −1 where unknown. A population given only as a whole is shared by strata as the weights share it."""
    if answers.strata is None:
        whole = _whole_population(wave)
        return np.array([-1 if whole is None else whole], dtype=np.int64)
    given = {stratum.id: stratum.population for stratum in wave.strata if stratum.population is not None}
    if given or wave.population is None:
        return np.array([given.get(stratum, -1) for stratum in answers.stratum_ids], dtype=np.int64)
    weight = np.bincount(answers.strata, weights=answers.weights, minlength=len(count))
    shared = np.rint(wave.population * weight / weight.sum()).astype(np.int64)
    shared = np.maximum(shared, count) if wave.population >= answers.n else shared
    return np.where(count > 0, shared, -1)


def _whole_population(wave: Wave) -> int | None:
    """Units in the population, the strata's sum where that alone is given."""
    sizes = [stratum.population for stratum in wave.strata if stratum.population is not None]
    if wave.population is None and sizes and len(sizes) == len(wave.strata):
        return sum(sizes)
    return wave.population


def _check_populations(answers: Answers, wave: Wave, count: NDArray[np.int64], population: NDArray[np.int64]) -> None:
    whole = _whole_population(wave)
    if whole is not None and whole < answers.n:
        raise DesignError(
            say(
                "wave “{wave}”: {n} respondents, but a population of {population}; correct `population`, or "
                "remove answers given twice",
                wave=wave.id,
                n=answers.n,
                population=whole,
            )
        )
    for position in np.flatnonzero((population >= 0) & (population < count)):
        raise DesignError(
            say(
                "wave “{wave}”, stratum “{stratum}”: {count} respondents, but a population of "
                "{population}; correct its `population`, or the strata column",
                wave=wave.id,
                stratum=_stratum_name(answers, int(position)),
                count=count[position],
                population=population[position],
            )
        )


def _agreed(
    answers: Answers,
    wave: Wave,
    count: NDArray[np.int64],
    population: NDArray[np.int64],
    size: NDArray[np.int64],
) -> NDArray[np.int64]:
    """N_h of a sample of respondents, from the wave or from `fpc`; said twice it is the same."""
    given = {stratum.id: stratum.population for stratum in wave.strata}
    for position in np.flatnonzero(count > 0):
        said = given.get(answers.stratum_ids[position]) if answers.strata is not None else _whole_population(wave)
        if said is not None and size[position] >= 0 and said != size[position]:
            raise DesignError(
                say(
                    "wave “{wave}”, stratum “{stratum}”: its population is {population}, but `fpc` says {size}; "
                    "correct one of them, or leave `fpc` out",
                    wave=wave.id,
                    stratum=_stratum_name(answers, int(position)),
                    population=said,
                    size=size[position],
                )
            )
    return np.where(size >= 0, size, population)


def _check_single(answers: Answers, wave: Wave, clusters: NDArray[np.int64], fraction: NDArray[np.float64]) -> None:
    """Without strata nothing can stand in for the error of one respondent or cluster."""
    lone = np.flatnonzero((clusters == 1) & (fraction < 1))
    if not len(lone):
        return
    one = say("one respondent") if answers.clusters is None else say("one cluster")
    if len(clusters) == 1:
        raise DesignError(
            say(
                "wave “{wave}”: there is {one}, and from one no error can be told; say `sample = "
                '"self-selected"` if nothing was drawn, or publish when more have answered',
                wave=wave.id,
                one=one,
            )
        )
    if len(lone) == (clusters > 0).sum():
        raise DesignError(
            say(
                "wave “{wave}”: every stratum has {one}, and from those no error can be told; merge strata in the "
                "strata column (and in `population`)",
                wave=wave.id,
                one=one,
            )
        )
    if wave.lonely is Lonely.FAIL:
        raise DesignError(
            say_n(
                "wave “{wave}”, stratum “{stratum}”: it has {one}, and from one no error can be told; merge it with a "
                "neighbouring stratum in the strata column (and in `population`), or let `lonely` say what to do: "
                "“adjust” (its distance from the mean of all), “average” (that of the other strata), “certainty” (it "
                "was bound to be drawn) or “remove”; the last two leave its error out",
                "wave “{wave}”, stratum “{stratum}” and {more} more: they have {one} each, and from one no error can "
                "be told; merge them with neighbouring strata in the strata column (and in `population`), or let "
                "`lonely` say what to do: “adjust” (their distance from the mean of all), “average” (that of the other "
                "strata), “certainty” (they were bound to be drawn) or “remove”; the last two leave their error out",
                len(lone),
                wave=wave.id,
                stratum=_stratum_name(answers, int(lone[0])),
                more=len(lone) - 1,
                one=one,
            )
        )


def _stratum_name(answers: Answers, position: int) -> str:
    return answers.stratum_ids[position] if position < len(answers.stratum_ids) else str(position + 1)
