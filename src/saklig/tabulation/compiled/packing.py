"""Which groupings are counted together: their groups as joint cells of one pass over the respondents.

A respondent is in one cell of a pack, and the cells add up to the groups of each grouping in it. More groupings in a
pack mean fewer passes, and more cells to add up after each unit of the sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from saklig.tabulation.table import Grouping

LIMITS = (1, 24, 40, 144)
"""Cells a pack may have; a grouping with more groups is a pack of its own. 144 cells of 8 columns of 8 bytes leave half
of a processor's nearest 32 kB for what streams by."""

PER_CELL = 1.3
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
    """`cells`: how many there are. `members`: the groupings; the groups of the last, which is the largest, are runs of
    neighbouring cells."""

    cells: int
    members: tuple[Member, ...]


def packs(groupings: Sequence[Grouping], rows_per_unit: float, columns: int) -> tuple[Pack, ...]:
    """The packing that costs least where each unit of the sample has so many respondents.

    `columns`: of the widest part. Every grouping is in exactly one pack.
    """
    sized = _sized(groupings)
    made = [_fitted(sized, limit) for limit in LIMITS]
    return min(made, key=lambda each: _cost(each, rows_per_unit, columns))


def _cost(made: Sequence[Pack], rows: float, columns: int) -> float:
    return sum(rows + PER_CELL * each.cells * columns for each in made)


def _sized(groupings: Sequence[Grouping]) -> list[Member]:
    """As members of nothing yet, the largest first."""
    first, found = 0, []
    for each in groupings:
        offset = int(bool(len(each.codes)) and int(each.codes.min()) < 0)
        found.append(Member(grouping=each, radix=len(each.groups) + offset, multiplier=1, offset=offset, first=first))
        first += len(each.groups)
    return sorted(found, key=lambda one: -one.radix)


def _fitted(sized: Sequence[Member], limit: int) -> tuple[Pack, ...]:
    """First fit, the largest first; a grouping of one group, which costs nothing, goes where there is something."""
    made: list[list[Member]] = []
    for each in sized:
        place = next((one for one in made if prod(member.radix for member in one) * each.radix <= limit), None)
        if place is None:
            made.append([each])
        else:
            place.append(each)
    return tuple(_pack(members[::-1]) for members in made)


def _pack(members: Sequence[Member]) -> Pack:
    cells, placed = 1, []
    for each in members:
        placed.append(replace(each, multiplier=cells))
        cells *= each.radix
    return Pack(cells=cells, members=tuple(placed))
