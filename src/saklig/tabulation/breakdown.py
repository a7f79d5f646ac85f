"""Groupings and a design, prepared once so that every part of the questionnaire is counted by the same few arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.design.model import Design
from saklig.estimation.variance import Stage, stage_factor
from saklig.tabulation.fine import Fine, fine
from saklig.tabulation.table import Grouping

Slots = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Sampled:
    """One stage of the sample. `slots`: int64 (groupings, n), each respondent's unit × group (or, where the respondents
    are the units, block), `size` for those in no group. `first`: the stage whose units give the degrees of freedom.
    `fine`: the same parted further, where the weights were adjusted to targets."""

    stage: Stage
    slots: Slots
    size: int
    first: bool
    fine: Fine | None = None


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """All groups of the groupings, numbered one grouping after the other.

    `cells`: int64 (groupings, n), the group of each respondent, `size` for those in none.
    """

    groupings: tuple[Grouping, ...]
    design: Design
    cells: Slots
    size: int

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
            factor = stage_factor(count, part, above)
            made.append(self._sampled(parents, units, count, factor, first=not made))
            if units is not None:
                above = _by_unit(units, parents, above * part)
                parents = units
        return tuple(made)

    def _sampled(
        self,
        parents: NDArray[np.int32],
        units: NDArray[np.int32] | None,
        drawn: NDArray[np.float64],
        factor: NDArray[np.float64],
        *,
        first: bool,
    ) -> Sampled:
        present = self.cells < self.size
        key = (self.cells * len(drawn) + parents)[present]
        blocks, block = np.unique(key, return_inverse=True)
        group, parent = np.divmod(blocks, len(drawn))
        unit_starts = None
        size, slot = len(blocks), block
        if units is not None:
            spread = np.broadcast_to(units, self.cells.shape)[present]
            width = int(units.max(initial=0)) + 1
            filled, slot = np.unique(block * width + spread, return_inverse=True)
            size = len(filled)
            unit_starts = np.searchsorted(filled // width, np.arange(len(blocks)))
        slots = np.full(self.cells.shape, size, dtype=np.int64)
        slots[present] = slot
        groups, starts = np.unique(group, return_index=True)
        stage = Stage(
            drawn=drawn[parent],
            factor=factor[parent],
            group=group,
            starts=starts.astype(np.int64),
            groups=groups,
            unit_starts=unit_starts,
        )
        return Sampled(stage=stage, slots=slots, size=size, first=first, fine=self._fine(parents, units, drawn, factor))

    def _fine(
        self,
        parents: NDArray[np.int32],
        units: NDArray[np.int32] | None,
        drawn: NDArray[np.float64],
        factor: NDArray[np.float64],
    ) -> Fine | None:
        design = self.design
        if design.adjustment is None:
            return None
        wide = None if units is None else units.astype(np.int64)
        above = parents.astype(np.int64)
        return fine(self.cells, self.size, design.adjustment, design.scale, above, wide, drawn, factor)

    @cached_property
    def bounds(self) -> tuple[tuple[int, int], ...]:
        """Where the groups of each grouping begin and end."""
        ends = np.cumsum([len(grouping.groups) for grouping in self.groupings])
        return tuple(
            (int(end) - len(grouping.groups), int(end)) for grouping, end in zip(self.groupings, ends, strict=True)
        )

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The weights once a grouping, flat."""
        return np.tile(self.design.sums, len(self.groupings))

    @cached_property
    def squares(self) -> NDArray[np.float64]:
        return np.tile(self.design.squares.numbers, len(self.groupings))


def breakdown(groupings: Sequence[Grouping], design: Design) -> Breakdown:
    """Prepares `groupings` for `tabulate_all`; to be made once for all parts of a wave."""
    sizes = [len(grouping.groups) for grouping in groupings]
    size = sum(sizes)
    cells = np.empty((len(groupings), len(design.weights)), dtype=np.int64)
    offset = 0
    for row, grouping in enumerate(groupings):
        cells[row] = np.where(grouping.codes >= 0, grouping.codes.astype(np.int64) + offset, size)
        offset += sizes[row]
    return Breakdown(groupings=tuple(groupings), design=design, cells=cells, size=size)


def _by_unit(
    units: NDArray[np.int32], parents: NDArray[np.int32], by_parent: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A number of each parent, for each of its units."""
    result = np.zeros(int(units.max(initial=-1)) + 1)
    result[units] = by_parent[parents]
    return result
