"""The engine in memory with compiled loops, for surveys of some hundred thousand respondents and more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from saklig.answers.model import Coded, Column
from saklig.estimation.variance import Stage
from saklig.study.model import Part
from saklig.tabulation import compiled
from saklig.tabulation.breakdown import Breakdown
from saklig.tabulation.engines.memory import NOTHING, Memory
from saklig.tabulation.layout import layout_of
from saklig.tabulation.statistics import Engine, Frame, StageStatistics, Statistics

if TYPE_CHECKING:
    from saklig.tabulation.compiled.units import Units

ROWS_PER_UNIT = 50
"""With fewer respondents in a sampling unit, going through the units costs more than going through the respondents."""

MOST_KEYS = 2**16
"""Groups of a grouping × columns of a part: what a 16-bit number can say."""

MOST_COLUMNS = 2**8
"""Columns of a part: what an 8-bit number can say."""

MOST_BYTES = 2**30
"""Of the sums of one part by unit, group and column."""


def in_memory(columns: Mapping[tuple[str, str], Column], broken: Breakdown) -> Engine:
    """The engine that counts these answers soonest."""
    memory = Memory(columns=columns, broken=broken)
    design = broken.design
    large = len(design.weights) >= compiled.RESPONDENTS
    simple = not design.later and design.replicates is None
    return Fast(memory=memory) if large and simple and compiled.available() else memory


@dataclass(frozen=True, kw_only=True)
class Fast:
    """Counts parts of one code a respondent itself, and leaves all others to `memory`.

    The sums are those of `memory`, but for the slots: here every unit has one in every group. For samples in one stage.
    """

    memory: Memory

    @property
    def frame(self) -> Frame:
        """As `memory` has it."""
        return self.memory.frame

    def statistics(self, parts: Sequence[Part], *, errors: bool) -> Iterator[Statistics]:
        """Parts that are asked for together are counted together."""
        own = [part for part in parts if self.counts(part)]
        counted = self._counted(own, errors=errors)
        keys = {part.key for part in own}
        for part in parts:
            yield next(counted) if part.key in keys else next(self.memory.statistics((part,), errors=errors))

    def counts(self, part: Part) -> bool:
        """Whether the part is counted by the compiled loops."""
        columns, broken = layout_of(part).columns, self.memory.broken
        units = self._most_units
        return (
            isinstance(self.memory.columns[part.key], Coded)
            and not part.overlapping
            and columns < MOST_COLUMNS
            and (1 + max(len(grouping.groups) for grouping in broken.groupings)) * columns < MOST_KEYS
            and units * ROWS_PER_UNIT <= len(broken.design.weights)
            and 8 * units * broken.size * columns <= MOST_BYTES
        )

    @cached_property
    def _most_units(self) -> int:
        design = self.memory.broken.design
        return 1 + int((design.stratum if design.cluster is None else design.cluster).max(initial=-1))

    @cached_property
    def _units(self) -> Units:
        from saklig.tabulation.compiled.units import units_of

        return units_of(self.memory.broken.design)

    @cached_property
    def _stage(self) -> Stage:
        from saklig.tabulation.compiled.units import stage_of

        broken = self.memory.broken
        return stage_of(broken.design, self._units, broken.size)

    def _counted(self, parts: Sequence[Part], *, errors: bool) -> Iterator[Statistics]:
        from saklig.tabulation.compiled.counting import Counter

        layouts = [layout_of(part) for part in parts]
        codes = [self.memory.columns[part.key].codes for part in parts]
        widest = max((layout.columns for layout in layouts), default=1)
        counter = Counter(broken=self.memory.broken, units=self._units, columns=widest)
        for found in counter.count(list(zip(layouts, codes, strict=True))):
            groups, units, columns = found.weights.shape
            slots = groups * units, columns
            stages: tuple[StageStatistics, ...] = ()
            if errors:
                squares = None if found.squares is None else found.squares.reshape(slots)
                stages = (StageStatistics(stage=self._stage, weight=found.weights.reshape(slots), square=squares),)
            yield Statistics(
                count=found.count,
                weight=found.weight,
                square=found.square if errors else NOTHING,
                present=found.present if errors else NOTHING,
                stages=stages,
            )
