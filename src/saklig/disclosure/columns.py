"""Group columns: the unit of withholding. A column is one group of one grouping, for one family of questions.

Columns are numbered over all groupings of a wave: the whole population is column 0, then the groups of each background,
then the cells of each pair. A `Line` is a set of sibling columns that add up to a parent column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.tabulation.table import Grouping

KEPT = 8
"""Sets of respondents for which the table of shared columns is kept."""


@dataclass(frozen=True)
class Line:
    """`cells` are the columns that, with the respondents in none of them, make up the column `parent`."""

    parent: int
    cells: tuple[int, ...]


@dataclass(frozen=True)
class Columns:
    """All group columns of one wave. `groupings`: the whole population first, then backgrounds, then pairs."""

    groupings: tuple[Grouping, ...]

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """The number of each grouping's first column."""
        return tuple(int(start) for start in np.cumsum([0, *(len(g.groups) for g in self.groupings)])[:-1])

    @cached_property
    def size(self) -> int:
        return sum(len(grouping.groups) for grouping in self.groupings)

    @cached_property
    def grouping_of(self) -> NDArray[np.int64]:
        """Shape (columns,): the position of each column's grouping; a later one is of lower priority."""
        return np.repeat(np.arange(len(self.groupings)), [len(grouping.groups) for grouping in self.groupings])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What a column is called in a pattern: "", "storlek=under-15000", "storlek=under-15000,del=norrland"."""
        return tuple(
            ",".join(f"{by}={group}" for by, group in zip(grouping.by, groups, strict=True))
            for grouping in self.groupings
            for groups in grouping.groups
        )

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every set of siblings, none empty: a background's groups below the whole, a pair's cells below each of its
        groups.
        """
        single = {grouping.by[0]: position for position, grouping in enumerate(self.groupings) if len(grouping.by) == 1}
        found = []
        for position, grouping in enumerate(self.groupings):
            start = self.offsets[position]
            if len(grouping.by) == 1:
                found.append(Line(0, tuple(range(start, start + len(grouping.groups)))))
            for side, by in enumerate(grouping.by if len(grouping.by) == 2 else ()):
                above = self.groupings[single[by]]
                for place, (group,) in enumerate(above.groups):
                    cells = tuple(start + cell for cell, pair in enumerate(grouping.groups) if pair[side] == group)
                    found.append(Line(self.offsets[single[by]] + place, cells))
        return tuple(line for line in found if line.cells)

    @cached_property
    def line_parents(self) -> NDArray[np.int64]:
        """Shape (lines,): the parents of `lines`."""
        return np.array([line.parent for line in self.lines], np.int64)

    @cached_property
    def line_cells(self) -> NDArray[np.int64]:
        """The cells of all `lines`, one line after the other."""
        return np.array([cell for line in self.lines for cell in line.cells], np.int64)

    @cached_property
    def line_starts(self) -> NDArray[np.int64]:
        """Shape (lines,): where the cells of each line begin in `line_cells`."""
        return np.cumsum([0, *(len(line.cells) for line in self.lines)])[:-1]

    @cached_property
    def classes(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Respondents alike in every grouping: their class, shape (n,), and membership, shape (classes, columns)."""
        codes = np.stack([grouping.codes for grouping in self.groupings], axis=1)
        distinct, inverse = np.unique(codes, axis=0, return_inverse=True)
        member = np.zeros((len(distinct), self.size), bool)
        for position, start in enumerate(self.offsets):
            known = distinct[:, position] >= 0
            member[np.flatnonzero(known), start + distinct[known, position]] = True
        return inverse.reshape(-1).astype(np.int64), member

    @cached_property
    def _places(self) -> NDArray[np.int32]:
        """Shape (n, groupings): the columns that each respondent belongs to; `size` where they are in no group."""
        codes = np.stack([grouping.codes for grouping in self.groupings], axis=1)
        return np.where(codes >= 0, codes + np.array(self.offsets), self.size).astype(np.int32)

    def bases(self, respondents: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of `respondents`, a mask of shape (n,), each column holds."""
        return np.bincount(self._places[respondents].reshape(-1), minlength=self.size + 1)[:-1].astype(np.int64)

    @cached_property
    def _shared(self) -> dict[bytes, NDArray[np.int64]]:
        return {}

    def shared(self, respondents: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Shape (columns, columns), not to be written to: how many of `respondents` are in both columns.

        The last few are kept: most questions were asked of the same respondents.
        """
        asked = np.packbits(respondents).tobytes()
        found = self._shared.get(asked)
        if found is None:
            found = self._shared[asked] = self._count_shared(respondents)
            for old in list(self._shared)[:-KEPT]:
                del self._shared[old]
        return found

    def _count_shared(self, respondents: NDArray[np.bool_]) -> NDArray[np.int64]:
        inverse, member = self.classes
        counts = np.bincount(inverse[respondents], minlength=len(member))
        wanted = counts > 0
        # int64 products do not use BLAS; float64 is exact far beyond any number of respondents
        inside = member[wanted].astype(np.float64)
        return np.rint(inside.T @ (inside * counts[wanted, None])).astype(np.int64)


def columns_of(groupings: Sequence[Grouping]) -> Columns:
    """Orders the groupings by priority: the whole, backgrounds and pairs, each in the study's order."""
    return Columns(tuple(sorted(groupings, key=lambda grouping: len(grouping.by))))
