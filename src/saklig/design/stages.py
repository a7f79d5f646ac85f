"""The stages of a sample: which units were drawn in which, how many of them, and how large a part that was.

`fpc` is understood as by R's `svydesign`: of each stage the units that there were to draw from, in the stratum or in
the unit of the stage before, or the fraction of them that was drawn; 0 where it was drawn with replacement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Answers
from saklig.design.model import DesignError, Stage
from saklig.language.catalog import say, say_n
from saklig.study.model import Lonely, Wave

Units = NDArray[np.int32]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

SAME = 1e-9
"""Sizes, fractions and weights this close to each other, relatively, are one number written in two ways."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """`cluster`, `count`, `later`: as in Design. `fraction`: float64 (strata,), None where no `fpc` says it; `size`:
    int64 (strata,), what was drawn from, −1 where that is not given as a count."""

    cluster: Units | None
    count: Integers
    fraction: Floats | None = None
    size: Integers | None = None
    later: tuple[Stage, ...] = ()


def drawn(answers: Answers, wave: Wave, stratum: Units, strata: int) -> Drawn:
    """Raises DesignError for an `fpc` that the sample contradicts, or that one unit alone cannot bear out."""
    units = _units(answers, stratum)
    parents = [stratum, *(each for each in units if each is not None)]
    sizes = [strata, *(int(each.max()) + 1 for each in parents[1:])]
    counts = [_count(*each) for each in zip(parents, units, sizes, strict=False)]
    if answers.clusters is not None:
        counts[0] = with_silent(wave, answers.stratum_ids, counts[0])
    stages = min(len(answers.fpc), len(units))
    if not stages:
        return Drawn(cluster=units[0], count=counts[0])
    _check_columns(answers, wave)
    given = [
        _by_parent(answers.fpc[i], parents[i], sizes[i], say("wave “{wave}”, stage {stage}", wave=wave.id, stage=i + 1))
        for i in range(stages)
    ]
    counted = any((each > 1).any() for each in answers.fpc)
    fractions = [given[i] if not counted else _fraction(given[i], counts[i], wave, i + 1) for i in range(stages)]
    if not answers.weighted:
        _check_equal(fractions, parents, wave)
    if stages_follow(answers, len(units)):
        fractions[-1] = np.zeros_like(fractions[-1])
    later = tuple(Stage(units=units[i], count=counts[i], fraction=fractions[i]) for i in range(1, stages))
    _check_later(fractions, counts, parents, wave)
    return Drawn(
        cluster=units[0],
        count=counts[0],
        fraction=fractions[0],
        size=np.where(given[0] > 0, np.rint(given[0]), -1).astype(np.int64) if counted else None,
        later=later,
    )


def stages_follow(answers: Answers, stages: int) -> bool:
    """Whether stages of unknown fraction follow the last of `stages` that has one.

    That one then counts as drawn with replacement: what varies between its units holds all that varies within them
    (Särndal, Swensson and Wretman 1992, section 4.6), and no error is made too small.
    """
    declared = (answers.clusters is not None) + len(answers.within)
    return 0 < len(answers.fpc) < declared or any((each != 1).any() for each in answers.fpc[stages:])


def _units(answers: Answers, stratum: Units) -> list[Units | None]:
    """Of each stage, numbered uniquely over what they were drawn in; None where they are the respondents."""
    found: list[Units | None] = []
    parents: Units = stratum
    for codes in () if answers.clusters is None else (answers.clusters, *answers.within):
        key = parents.astype(np.int64) * (int(codes.max(initial=0)) + 1) + codes
        unique, numbered = np.unique(key, return_inverse=True)
        if len(unique) == answers.n:
            return [*found, None]
        parents = numbered.astype(np.int32)
        found.append(parents)
    return [*found, None] if not found or len(answers.fpc) > len(found) else found


def _count(parents: Units, units: Units | None, size: int) -> Integers:
    """Units in each of `size` parents."""
    if units is not None:
        _, first = np.unique(units, return_index=True)
        parents = parents[first]
    return np.bincount(parents, minlength=size).astype(np.int64)


def with_silent(wave: Wave, ids: tuple[str, ...], count: Integers) -> Integers:
    """The clusters that were drawn in each stratum (`ids`, none without strata), those without answers too; binding has
    seen that they are no fewer than answered."""
    given = {stratum.id: stratum.clusters for stratum in wave.strata if stratum.clusters is not None}
    known = [given.get(name) for name in ids] if ids else [wave.clusters]
    more = np.array([each or 0 for each in known], dtype=np.int64)
    return np.maximum(count, more) if len(more) == len(count) else count


def _check_columns(answers: Answers, wave: Wave) -> None:
    most = (answers.clusters is not None) + len(answers.within) + 1
    if len(answers.fpc) > most:
        raise DesignError(
            say_n(
                "wave “{wave}”: `fpc` names {columns} columns, but the sample has at most {n} stage; name one column "
                "for each that `cluster` names, and one more where respondents were drawn within the last",
                "wave “{wave}”: `fpc` names {columns} columns, but the sample has at most {n} stages; name one column "
                "for each that `cluster` names, and one more where respondents were drawn within the last",
                most,
                wave=wave.id,
                columns=len(answers.fpc),
            )
        )


def _by_parent(values: Floats, parents: Units, size: int, place: str) -> Floats:
    """The number of each parent; 0 where there is nobody."""
    most, least = np.zeros(size), np.full(size, np.inf)
    np.maximum.at(most, parents, values)
    np.minimum.at(least, parents, values)
    varying = int(((most - least) > SAME * most).sum())
    if varying:
        raise DesignError(
            say_n(
                "{place}: `fpc` is not one number in {n} of the strata or clusters that units were drawn in; it says "
                "how many there were to draw from there, and is the same for all who answered there",
                "{place}: `fpc` is not one number in each of {n} strata or clusters that units were drawn in; it says "
                "how many there were to draw from there, and is the same for all who answered there",
                varying,
                place=place,
            )
        )
    return most


def _fraction(given: Floats, count: Integers, wave: Wave, stage: int) -> Floats:
    """Of counts given; a count below the sample is an error."""
    short = (count > given * (1 + SAME)) & (given > 0)
    if short.any():
        place = int(np.flatnonzero(short)[0])
        raise DesignError(
            say(
                "wave “{wave}”, stage {stage}: {count} units were drawn, but `fpc` says that there were {given} to "
                "draw from; correct the column, or remove units given twice",
                wave=wave.id,
                stage=stage,
                count=count[place],
                given=f"{given[place]:g}",
            )
        )
    return np.where(given > 0, np.minimum(count / np.where(given > 0, given, 1), 1.0), 0.0)


def _check_equal(fractions: list[Floats], parents: list[Units], wave: Wave) -> None:
    """Without weights everyone counts the same, which the fractions must bear out."""
    chance = np.ones(len(parents[0]))
    for fraction, of in zip(fractions, parents, strict=False):
        chance = chance * fraction[of]
    if chance.min() > 0 and chance.max() - chance.min() > SAME * chance.max():
        raise DesignError(
            say(
                "wave “{wave}”: by `fpc` respondents had different chances to be drawn, so that some answer for more "
                "units than others; name the column of their weights with `weight`",
                wave=wave.id,
            )
        )


def _check_later(fractions: list[Floats], counts: list[Integers], parents: list[Units], wave: Wave) -> None:
    """One unit drawn from several, in a later stage: as strata of one in the first."""
    above = fractions[0]
    for i in range(1, len(fractions)):
        reach = np.zeros(len(counts[i]))
        reach[parents[i]] = above[parents[i - 1]]
        lone = int(((counts[i] == 1) & (fractions[i] < 1) & (reach > 0)).sum())
        if lone and wave.lonely in (Lonely.FAIL, Lonely.AVERAGE):
            raise DesignError(
                say_n(
                    "wave “{wave}”, stage {stage}: in {n} unit of the stage before one alone was drawn, and from one "
                    "no error can be told; let `lonely` say what to do (“adjust”, “certainty” or “remove”), or leave "
                    "the `fpc` of this stage out",
                    "wave “{wave}”, stage {stage}: in {n} units of the stage before one alone was drawn, and from one "
                    "no error can be told; let `lonely` say what to do (“adjust”, “certainty” or “remove”), or leave "
                    "the `fpc` of this stage out",
                    lone,
                    wave=wave.id,
                    stage=i + 1,
                )
            )
        above = reach * fractions[i]
