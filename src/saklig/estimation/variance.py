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
