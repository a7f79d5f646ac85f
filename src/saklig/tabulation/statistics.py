"""What every engine is asked, and what it gives: sufficient statistics, and nothing of any single respondent.

An engine holds the answers of one wave, the groupings and the design. It is asked for many parts of the questionnaire
at once, each by every grouping, and gives for each part the same few arrays of whole numbers; everything after them
(`linearisation`, `estimation`) is small algebra that does not know which engine counted. Whole numbers, since they add
up to the same whatever the order: editions do not depend on the engine.

`statistics` takes all parts in one call, so that an engine may read every column once, pack several groupings into one
pass over the respondents, and fold the joint counts to the margins that are wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Measured
from saklig.design.factors.replicates import Replicates
from saklig.estimation.replication import ByUnit
from saklig.estimation.variance import Stage
from saklig.study.model import Interval, Part
from saklig.tabulation.fine import FineStatistics
from saklig.tabulation.table import Grouping

if TYPE_CHECKING:
    from saklig.tabulation.breakdown import Breakdown

Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What is known of the whole sample, whatever is asked. Groups g are numbered one grouping after the other.

    `scale`: a weight of 1 in fixed-point units. `total`: the sum of all weights, in those units. `square_unit`: what
    sums of squared weights are counted in. `population`: units in the population, −1 where unknown. `finite`: drawn
    without replacement from a population of known size. `intervals`, `interval`, `replicates`: as in Design.
    """

    groupings: tuple[Grouping, ...]
    scale: int
    total: int
    square_unit: float
    population: int
    finite: bool
    intervals: bool
    replicates: Replicates | None = None
    interval: Interval = Interval.LOGIT

    @cached_property
    def size(self) -> int:
        """The number of groups."""
        return sum(len(grouping.groups) for grouping in self.groupings)

    @cached_property
    def bounds(self) -> tuple[tuple[int, int], ...]:
        """Where the groups of each grouping begin and end."""
        ends = np.cumsum([len(grouping.groups) for grouping in self.groupings])
        return tuple(
            (int(end) - len(grouping.groups), int(end)) for grouping, end in zip(self.groupings, ends, strict=True)
        )


@dataclass(frozen=True, kw_only=True)
class Products:
    """What is told of the units of a stage where the engine has counted them itself, by block b.

    `pairs`: Python's whole numbers (b, c, c), the products of a unit's sums of weights in two columns, added up over
    units. `units`: int64 (b, 3), units with a positive weight in each base of the layout.
    """

    pairs: NDArray[np.object_]
    units: Integers


@dataclass(frozen=True, kw_only=True)
class StageStatistics:
    """Sums of one stage of the sample by slot s and column c of the part's layout.

    A slot is what lies of one of the stage's units in one group; where the respondents themselves are the units, it is
    a block, what lies of a whole parent (a stratum) in one group. Slots are sorted by group, within it by parent, then
    by unit; `stage` says which is which. An engine may leave out slots without anybody in them, or not: they add zero
    to every sum, and sums are made in the order of the slots.

    `weight`: int64 (s, c), sums of weights. `square`: int64 (s, c), sums of squared weights in the frame's
    `square_unit`, where the respondents are the units, else None. `fine`: where the weights were made to meet targets;
    memory only.

    Where clusters are too many to be told apart, slots are blocks though clusters are the units, and `products` says
    what else their variance needs.
    """

    stage: Stage
    weight: Integers
    square: Integers | None
    fine: FineStatistics | None = None
    products: Products | None = None


@dataclass(frozen=True, kw_only=True)
class UnitStatistics:
    """Where replicates tell the errors: `sums` of weights by cell, group · columns + column, and by unit of the
    replicates."""

    sums: ByUnit


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Numeric answers and who gave them: their means and quantiles need more than sums by column. Memory only."""

    column: Measured
    broken: Breakdown


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """One part by all groups g, in the columns c of its layout (`layout_of`).

    `count`: int64 (g, c), respondents. `weight`: int64 (g, c), their weights. `square`: int64 (g, 3), the squared
    weights of each base in the frame's `square_unit`; `present`: int64 (g, 3), those in it with a positive weight.
    `stages`: the sums by sampling unit, or in their place `by_unit`, the sums by unit of the frame's replicates.
    Without errors there are none of the four. `numbers`: of a numeric part.
    """

    count: Integers
    weight: Integers
    square: Integers
    present: Integers
    stages: tuple[StageStatistics, ...]
    by_unit: UnitStatistics | None = None
    numbers: Numbers | None = None


class Engine(Protocol):
    """Counts. `Memory` is the reference, which every other equals bit for bit."""

    @property
    def frame(self) -> Frame: ...

    def statistics(self, parts: Sequence[Part], *, errors: bool) -> Iterator[Statistics]:
        """Of each part, in their order; `errors`: also what the errors need.

        Raises ValueError where a stratum or cluster has one unit that stands for others, TypeError where the answers
        are not of the part's kind, EngineError where the engine does not count parts of that kind.
        """
        ...


class EngineError(ValueError):
    """What an engine cannot do: says what, and what to do instead."""
