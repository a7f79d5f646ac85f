"""Groupings and a design, prepared once so that every part of the questionnaire is counted by the same few arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.design.model import Design
from saklig.estimation.variance import Parents, Stage, centred_over, lone_units, stage_factor
from saklig.study.model import Lonely
from saklig.tabulation.fine import Fine, fine
from saklig.tabulation.numbering import numbered
from saklig.tabulation.statistics import Frame
from saklig.tabulation.table import Grouping

Slots = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Sampled:
    """One stage of the sample. `slots`: int64 (groupings, n), each respondent's unit × group (or, where the respondents
    are the units, block), `size` for those in no group. `fine`: the same parted further, where the weights were made to
    meet targets."""

    stage: Stage
    slots: Slots
    size: int
    fine: Fine | None = None


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """All groups of the groupings, numbered one grouping after the other."""

    groupings: tuple[Grouping, ...]
    design: Design

    @cached_property
    def size(self) -> int:
        """The number of groups."""
        return sum(len(grouping.groups) for grouping in self.groupings)

    @cached_property
    def cells(self) -> Slots:
        """Int64 (groupings, n), the group of each respondent, `size` for those in none."""
        cells = np.empty((len(self.groupings), len(self.design.weights)), dtype=np.int64)
        offset = 0
        for row, grouping in enumerate(self.groupings):
            cells[row] = np.where(grouping.codes >= 0, grouping.codes.astype(np.int64) + offset, self.size)
            offset += len(grouping.groups)
        return cells

    @cached_property
    def stages(self) -> tuple[Sampled, ...]:
        """Made only when errors are asked for."""
        design = self.design
        strata = len(design.clusters_by_stratum)
        drawn, fraction = design.clusters_by_stratum.astype(np.float64), design.fraction
        parents: NDArray[np.int32] = design.stratum
        above = np.ones(strata)
        first = [(design.cluster, drawn, fraction)]
        later = [(stage.units, stage.count.astype(np.float64), stage.fraction) for stage in design.later]
        made: list[Sampled] = []
        for units, count, part in first + later:
            of = Parents(drawn=count, fraction=part, above=above, lonely=design.lonely)
            made.append(self._sampled(parents, units, of))
            if units is not None:
                above = _by_unit(units, parents, above * part)
                parents = units
        return tuple(made)

    def _sampled(
        self,
        parents: NDArray[np.int32],
        units: NDArray[np.int32] | None,
        of: Parents,
    ) -> Sampled:
        present = self.cells < self.size
        group = self.cells[present]
        parent = np.broadcast_to(parents, self.cells.shape)[present]
        unit = None if units is None else np.broadcast_to(units, self.cells.shape)[present]
        stage, slot, size = stage_of(group, parent, unit, of)
        slots = np.full(self.cells.shape, size, dtype=np.int64)
        slots[present] = slot
        return Sampled(stage=stage, slots=slots, size=size, fine=self._fine(parents, units, of))

    def _fine(self, parents: NDArray[np.int32], units: NDArray[np.int32] | None, of: Parents) -> Fine | None:
        adjustment, scale, first = self.design.adjustment, self.design.scale, parents is self.design.stratum
        if adjustment is None:
            return None
        wide = None if units is None else units.astype(np.int64)
        return fine(self.cells, self.size, adjustment, scale, parents.astype(np.int64), wide, of, first=first)

    @cached_property
    def frame(self) -> Frame:
        """What the algebra after the counting takes of the design."""
        design = self.design
        return Frame(
            groupings=self.groupings,
            scale=design.scale,
            total=design.total,
            square_unit=design.square_unit,
            population=design.population_size,
            finite=bool((design.fraction > 0).any()),
            intervals=design.intervals,
            replicates=design.replicates,
            interval=design.interval,
        )

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The weights once a grouping, flat."""
        return np.tile(self.design.sums, len(self.groupings))

    @cached_property
    def squares(self) -> NDArray[np.float64]:
        return np.tile(self.design.squares.numbers, len(self.groupings))


def stage_of(
    group: NDArray[np.int64],
    parent: NDArray[np.int32],
    unit: NDArray[np.int32] | None,
    parents: Parents,
) -> tuple[Stage, NDArray[np.int64], int]:
    """The blocks and units of one stage, the slot of each entry, and how many slots there are.

    Entries are respondents in a group, or what was counted of several: `group`, `parent` and `unit`, each (entries,),
    `unit` None where the respondents are the units. Raises ValueError as `stage_factor`.
    """
    strata = len(parents.drawn)
    blocks, block = numbered(group * strata + parent)
    units = None
    size, slot = len(blocks), block
    if unit is not None:
        width = int(unit.max(initial=0)) + 1
        filled, slot = numbered(block * width + unit)
        size = len(filled)
        units = np.searchsorted(filled // width, np.arange(len(blocks))), filled % width
    return stage_from(*np.divmod(blocks, strata), parents, units), slot, size


def stage_from(
    group: NDArray[np.int64],
    parent: NDArray[np.int64],
    parents: Parents,
    units: tuple[NDArray[np.int64], NDArray[np.int64]] | None,
) -> Stage:
    """The stage with these blocks, `group` and `parent` (blocks,), sorted by group. `units`: where each block begins
    among them, and which they are; None where the respondents are the units. Raises as `stage_factor`."""
    drawn, fraction, above, lonely = parents.drawn, parents.fraction, parents.above, parents.lonely
    groups, starts = np.unique(group, return_index=True)
    lone = lone_units(drawn, fraction, above)
    return Stage(
        drawn=centred_over(drawn, lone, lonely)[parent],
        factor=stage_factor(drawn, fraction, above, lonely)[parent],
        group=group,
        starts=starts.astype(np.int64),
        groups=groups,
        unit_starts=None if units is None else units[0],
        open=(above * (1 - fraction) > 0)[parent],
        averaged=lone[parent] if lonely is Lonely.AVERAGE and lone.any() else None,
        parent=parent,
        unit=None if units is None else units[1],
    )


def breakdown(groupings: Sequence[Grouping], design: Design) -> Breakdown:
    """Prepares `groupings` for `tabulate_all`; to be made once for all parts of a wave."""
    return Breakdown(groupings=tuple(groupings), design=design)


def _by_unit(
    units: NDArray[np.int32], parents: NDArray[np.int32], by_parent: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A number of each parent, for each of its units."""
    result = np.zeros(int(units.max(initial=-1)) + 1)
    result[units] = by_parent[parents]
    return result
