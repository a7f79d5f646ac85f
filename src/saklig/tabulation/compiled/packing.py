"""Which groupings are counted together: their groups as joint cells of one pass over the respondents.

A respondent is in one cell of a pack, and the cells add up to the groups of each grouping in it. More groupings in a
pack mean fewer passes, and more cells to add up after each unit of the sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.tabulation.table import Grouping

LIMITS = (1, 24, 80, 144)
"""Cells a pack may have; a grouping with more groups is a pack of its own. 144 cells of 8 columns of 8 bytes leave half
of a processor's nearest 32 kB for what streams by."""

PER_CELL = 0.6
"""What adding up one column of a cell costs, beside one respondent in one pass."""

MOST = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Member:
    """A grouping in a pack: `radix` values, `multiplier` what a step of it moves the cell, `offset` (0 or 1) what makes
    the group of who is in none 0. `first`: the number of its first group."""

    grouping: Grouping
    radix: int
    multiplier: int
    offset: int
    first: int


@dataclass(frozen=True, kw_only=True)
class Pack:
    """`cells`: how many there are. `members`: the groupings."""

    cells: int
    members: tuple[Member, ...]

    def groups(self) -> NDArray[np.int32]:
        """Shape (members, cells): the group of every cell in each grouping, −1 for none."""
        cell = np.arange(self.cells)
        found = []
        for each in self.members:
            code = cell // each.multiplier % each.radix - each.offset
            found.append(np.where(code >= 0, code + each.first, -1))
        return np.array(found, dtype=np.int32).reshape(len(self.members), self.cells)


def packs(groupings: Sequence[Grouping], rows_per_unit: float, columns: int) -> tuple[Pack, ...]:
    """The packing that costs least where each unit of the sample has so many respondents.

    `columns`: of the widest part. Every grouping is in exactly one pack.
    """
    made = [_fitted(groupings, limit) for limit in LIMITS]
    return min(made, key=lambda each: _cost(each, rows_per_unit, columns))


def _cost(made: Sequence[Pack], rows: float, columns: int) -> float:
    return sum(rows + PER_CELL * each.cells * columns * (1 + len(each.members)) for each in made)


def _fitted(groupings: Sequence[Grouping], limit: int) -> tuple[Pack, ...]:
    """First fit, the largest first; a grouping of one group, which costs nothing, goes where there is something."""
    starts = np.cumsum([0, *(len(each.groups) for each in groupings)])
    sized = []
    for first, each in zip(starts[:-1], groupings, strict=True):
        offset = int(bool(len(each.codes)) and int(each.codes.min()) < 0)
        sized.append((len(each.groups) + offset, offset, int(first), each))
    sized.sort(key=lambda one: -one[0])
    made: list[tuple[int, list[Member]]] = []
    for radix, offset, first, each in sized:
        place = next((i for i, (cells, _) in enumerate(made) if cells * radix <= limit), None)
        if place is None:
            place = len(made)
            made.append((1, []))
        cells, members = made[place]
        members.append(Member(grouping=each, radix=radix, multiplier=cells, offset=offset, first=first))
        made[place] = (cells * radix, members)
    return tuple(Pack(cells=cells, members=tuple(members)) for cells, members in made)
