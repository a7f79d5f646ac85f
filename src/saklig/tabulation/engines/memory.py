"""The engine in memory: numpy's bincount over one column after the other. The reference that the others equal.

A faster way of counting is another engine over the same `columns` and `broken`: it gets all parts at once, may count
several of them and several groupings in one pass, and yields the same `Statistics` in the order of the parts. `count`,
`weight` and `square` by group are margins of the stages' sums where everybody has a slot, and so may be folded from
them. Nothing after the engine needs `broken.cells` or `Sampled.slots`, save `Numbers` and replicate weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from saklig.answers.model import Column, Measured
from saklig.design.factors.replicates import Replicates
from saklig.estimation.replication import by_unit
from saklig.study.model import Part
from saklig.tabulation.breakdown import Breakdown, Sampled
from saklig.tabulation.counting import Added, Ticks, fine_statistics, ticks
from saklig.tabulation.layout import Layout, layout_of
from saklig.tabulation.statistics import Frame, Integers, Numbers, StageStatistics, Statistics, UnitStatistics

NOTHING: Integers = np.zeros((0, 0), dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Memory:
    """`columns`: the answers to each part that will be asked for, by its key. `broken`: groupings and design."""

    columns: Mapping[tuple[str, str], Column]
    broken: Breakdown

    @cached_property
    def frame(self) -> Frame:
        """As the breakdown has it."""
        return self.broken.frame

    def statistics(self, parts: Sequence[Part], *, errors: bool) -> Iterator[Statistics]:
        """Part by part; the arrays of the groupings and of the design are prepared once, in the breakdown."""
        for part in parts:
            column = self.columns[part.key]
            given = ticks(part, layout_of(part), column)
            numbers = Numbers(column=column, broken=self.broken) if isinstance(column, Measured) else None
            yield statistics_of(given, layout_of(part), self.broken, errors=errors, numbers=numbers)


def statistics_of(
    given: Ticks, layout: Layout, broken: Breakdown, *, errors: bool, numbers: Numbers | None = None
) -> Statistics:
    """What is ticked, added up by group and, for errors, by sampling unit."""
    groups = Added(given=given, slots=broken.cells, size=broken.size, broken=broken)
    replicates = broken.design.replicates
    return Statistics(
        count=groups.count,
        weight=groups.weight,
        square=groups.square @ layout.base if errors else NOTHING,
        present=groups.present @ layout.base if errors else NOTHING,
        stages=tuple(_stage(given, each, broken) for each in broken.stages) if errors and replicates is None else (),
        by_unit=_by_unit(given, broken, replicates) if errors and replicates is not None else None,
        numbers=numbers,
    )


def _by_unit(given: Ticks, broken: Breakdown, replicates: Replicates) -> UnitStatistics:
    if given.who is None:
        row, people = np.nonzero(broken.cells < broken.size)
        column = given.column[people]
    else:
        row, place = np.nonzero(broken.cells[:, given.who] < broken.size)
        people, column = given.who[place], given.column[place]
    cells = broken.cells[row, people] * given.columns + column
    found = by_unit(broken.design.sums[people], cells, broken.size * given.columns, people, replicates)
    return UnitStatistics(sums=found)


def _stage(given: Ticks, each: Sampled, broken: Breakdown) -> StageStatistics:
    found = Added(given=given, slots=each.slots, size=each.size, broken=broken)
    return StageStatistics(
        stage=each.stage,
        weight=found.weight,
        square=found.square if each.stage.unit_starts is None else None,
        fine=None if each.fine is None else fine_statistics(given, each.fine, broken),
    )
