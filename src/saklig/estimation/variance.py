"""Taylor linearisation of a ratio's variance, stage by stage of the sample.

With z = y − R·x for every unit of a stage (R = Σy / Σx, all sums weighted), the variance of R is

    Σ over stages, Σ over parents  F · (1 − f) · n / (n − 1) · (Σz² − (Σz)² / n)  /  (Σx)²

where n units were drawn in the parent with sampling fraction f, and F is the product of the fractions of the stages
above. n is the design's: a unit with no answer in the domain counts with z = 0. Särndal, Swensson and Wretman (1992),
eq. 4.3.20 and 5.7.4; as `svyrecvar` in R's survey package (Lumley 2010, ch. 2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.estimation.model import Floats

NOISE = 1e-12
"""A variance this small beside the uncentred sum of squares is rounding, not variation."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The nonempty blocks (parent unit × group) of one stage, sorted by group.

    `drawn`: float64 (blocks,), n. `factor`: float64 (blocks,), F · (1 − f) · n / (n − 1).
    `group`: int64 (blocks,). `starts`: where each group that has blocks begins; `groups`: those groups.
    `unit_starts`: where each block begins among the units of the stage; None where the respondents are the units, of
    which only sums and sums of squares are known.
    """

    drawn: Floats
    factor: Floats
    group: NDArray[np.int64]
    starts: NDArray[np.int64]
    groups: NDArray[np.int64]
    unit_starts: NDArray[np.int64] | None


@dataclass(frozen=True, kw_only=True)
class StageSums:
    """Sums of wy and of wx, shape (units, k). For respondents as units they are by block, (blocks, k), and beside them
    stand those of w²y², w²yx and w²x², which are all that their variance needs. `size`: how large the terms were that a
    unit's y was added up from, where that is not y itself."""

    y: Floats
    x: Floats
    squares: tuple[Floats, Floats, Floats] | None = None
    size: Floats | None = None


def stage_factor(drawn: Floats, fraction: Floats, above: Floats) -> Floats:
    """F · (1 − f) · n / (n − 1); zero where every unit was taken, and where a parent has no unit at all.

    Raises ValueError where one unit stands for others, since from one no variance can be told.
    """
    factor = above * (1 - fraction)
    if ((drawn == 1) & (factor > 0)).any():
        raise ValueError("one unit was drawn from a stratum or cluster that has more: its variance cannot be told")
    several = drawn > 1
    return np.where(several, factor * drawn / np.where(several, drawn - 1, 1), 0.0)


def stage_variance(stage: Stage, sums: StageSums, ratio: Floats) -> Floats:
    """The part of Var(R)·(Σx)² that one stage adds; ratio and result have the shape (g, k)."""
    own = ratio[stage.group]
    if sums.squares is not None:
        yy, yx, xx = sums.squares
        linear = sums.y - own * sums.x
        squares, size = yy - 2 * own * yx + own * own * xx, yy + own * own * xx
    else:
        assert stage.unit_starts is not None, "the units of a stage without sums of squares must be told apart"
        expected = _per_unit(own, stage.unit_starts, len(sums.y)) * sums.x
        units = sums.y - expected
        linear = np.add.reduceat(units, stage.unit_starts, axis=0)
        squares = np.add.reduceat(units * units, stage.unit_starts, axis=0)
        terms = sums.y if sums.size is None else sums.size
        size = np.add.reduceat(terms * terms + expected * expected, stage.unit_starts, axis=0)
    centred = squares - linear * linear / stage.drawn[:, None]
    result = np.zeros_like(ratio)
    if not len(stage.starts):
        return result
    factor = stage.factor[:, None]
    total = np.add.reduceat(factor * centred, stage.starts, axis=0)
    scale = np.add.reduceat(factor * size, stage.starts, axis=0)
    result[stage.groups] = np.where(total < NOISE * scale, 0.0, total)
    return result


def _per_unit(own: Floats, unit_starts: NDArray[np.int64], units: int) -> Floats:
    return np.repeat(own, np.diff(unit_starts, append=units), axis=0)
