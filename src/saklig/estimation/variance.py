"""Taylor linearisation of a ratio's variance, stage by stage of the sample.

With z = y − R·x for every unit of a stage (R = Σy / Σx, all sums weighted), the variance of R is

    Σ over stages, Σ over parents  F · (1 − f) · n / (n − 1) · (Σz² − (Σz)² / n)  /  (Σx)²

where n units were drawn in the parent with sampling fraction f, and F is the product of the fractions of the stages
above. n is the design's: a unit with no answer in the domain counts with z = 0. Särndal, Swensson and Wretman (1992),
eq. 4.3.20 and 5.7.4; as `svyrecvar` in R's survey package (Lumley 2010, ch. 2).

Of a parent from which one unit was drawn that stands for others no variance can be told, and a rule decides (`Lonely`;
R's `options(survey.lonely.psu)`): `adjust` takes Σz² of that unit, its square about the mean of the whole sample, where
z is 0 on average; `average` gives the stratum what the others of the domain have on average; `remove` and `certainty`
give it nothing. n is the design's here too: a stratum of several clusters of which a domain meets one is as any other,
as with R's `options(survey.adjust.domain.lonely = FALSE)`, its default.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.estimation.model import Floats
from saklig.study.model import Lonely

NOISE = 1e-12
"""A variance this small beside the uncentred sum of squares is rounding, not variation."""


@dataclass(frozen=True, kw_only=True)
class Parents:
    """What was drawn in each parent unit of a stage, the strata of the first one: all float64 (parents,).

    `drawn`: n. `fraction`: f. `above`: F, the product of the fractions of the stages above. `lonely`: what a parent of
    one unit that stands for others tells.
    """

    drawn: Floats
    fraction: Floats
    above: Floats
    lonely: Lonely = Lonely.FAIL


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The nonempty blocks (parent unit × group) of one stage, sorted by group.

    `drawn`: float64 (blocks,), n, by which (Σz)² is divided. `factor`: float64 (blocks,), F · (1 − f) · n / (n − 1).
    `group`: int64 (blocks,). `starts`: where each group that has blocks begins; `groups`: those groups.
    `unit_starts`: where each block begins among the units of the stage; None where the respondents are the units, of
    which only sums and sums of squares are known.
    `open`: bool (blocks,), whether units of the parent were left out; None: where the factor is above 0. `averaged`:
    bool (blocks,), the strata of one unit that are given the average of the others; None: there are none.
    `parent`: int64 (blocks,), and `unit`: int64 (units,), which ones they are, the same number in every group; None
    where they are not told apart.
    """

    drawn: Floats
    factor: Floats
    group: NDArray[np.int64]
    starts: NDArray[np.int64]
    groups: NDArray[np.int64]
    unit_starts: NDArray[np.int64] | None
    open: NDArray[np.bool_] | None = None
    averaged: NDArray[np.bool_] | None = None
    parent: NDArray[np.int64] | None = None
    unit: NDArray[np.int64] | None = None

    @property
    def exposed(self) -> NDArray[np.bool_]:
        """Whether a block stands for others beside itself, so that what is said of it has an error."""
        return np.asarray(self.factor > 0) if self.open is None else self.open


@dataclass(frozen=True, kw_only=True)
class StageSums:
    """Sums of wy and of wx, shape (units, k). For respondents as units they are by block, (blocks, k), and beside them
    stand those of w²y², w²yx and w²x², which are all that their variance needs. `size`: how large the terms were that a
    unit's y was added up from, where that is not y itself."""

    y: Floats
    x: Floats
    squares: tuple[Floats, Floats, Floats] | None = None
    size: Floats | None = None


def stage_factor(drawn: Floats, fraction: Floats, above: Floats, lonely: Lonely = Lonely.FAIL) -> Floats:
    """F · (1 − f) · n / (n − 1); zero where every unit was taken, and where a parent has no unit at all.

    Where one unit stands for others, F · (1 − f) with `adjust` and zero else. Raises ValueError there with `fail`:
    from one no variance can be told.
    """
    factor = above * (1 - fraction)
    lone = lone_units(drawn, fraction, above)
    if lonely is Lonely.FAIL and lone.any():
        raise ValueError("one unit was drawn from a stratum or cluster that has more: its variance cannot be told")
    several = drawn > 1
    of_several = np.where(several, factor * drawn / np.where(several, drawn - 1, 1), 0.0)
    return np.where(lone, factor, of_several) if lonely is Lonely.ADJUST else of_several


def lone_units(drawn: Floats, fraction: Floats, above: Floats) -> NDArray[np.bool_]:
    """The parents of which one unit was drawn that stands for others."""
    return np.asarray((drawn == 1) & (above * (1 - fraction) > 0))


def centred_over(drawn: Floats, lone: NDArray[np.bool_], lonely: Lonely) -> Floats:
    """The n of each parent that (Σz)² is divided by: with `adjust` a lone unit is not centred about itself."""
    return np.where(lone, np.inf, drawn) if lonely is Lonely.ADJUST else drawn


def stage_variance(stage: Stage, sums: StageSums, ratio: Floats) -> Floats:
    """The part of Var(R)·(Σx)² that one stage adds; ratio and result have the shape (g, k)."""
    own = ratio[stage.group]
    if sums.squares is not None:
        yy, yx, xx = sums.squares
        linear = sums.y - own * sums.x
        squares, size = yy - 2 * own * yx + own * own * xx, yy + own * own * xx
        return block_variance(stage, linear, squares, size, len(ratio))
    assert stage.unit_starts is not None, "the units of a stage without sums of squares must be told apart"
    block = np.repeat(np.arange(len(stage.group)), np.diff(stage.unit_starts, append=len(sums.y)))
    expected = own[block] * sums.x
    units = sums.y - expected
    terms = sums.y if sums.size is None else sums.size
    linear, squares, size = (
        added_in_order(each, block, len(own)) for each in (units, units * units, terms * terms + expected * expected)
    )
    return block_variance(stage, linear, squares, size, len(ratio))


def block_variance(stage: Stage, linear: Floats, squares: Floats, size: Floats, groups: int) -> Floats:
    """The same from the sums of each block, (blocks, k): `linear`: Σz, `squares`: Σz², `size`: Σ(y² + (R·x)²)."""
    centred = squares - linear * linear / stage.drawn[:, None]
    factor = stage.factor[:, None]
    total = added_in_order(factor * centred, stage.group, groups)
    scale = added_in_order(factor * size, stage.group, groups)
    return np.where(total < NOISE * scale, 0.0, total)


def added_in_order(values: Floats, place: NDArray[np.int64], places: int) -> Floats:
    """Rows of `values` (n, k) with the same `place` added up, one after the other, from the first to the last: (places,
    k). So that rows of zeros change nothing, and that a loop in another language gives the same bits; numpy's own sums
    go in pairs.
    """
    width = values.shape[1]
    keys = (place[:, None] * width + np.arange(width)).ravel()
    added = np.bincount(keys, weights=values.ravel(), minlength=places * width)
    return np.asarray(added, dtype=np.float64).reshape(places, width)
