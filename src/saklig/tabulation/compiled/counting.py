"""Counting with the compiled loops: the same whole numbers as `tabulation.counting`, in a fraction of the time.

Respondents are put in the order of their sampling units, unless they are. They are then gone through once, tile by
tile; of each tile every part is added to every pack of groupings while it lies in the processor's own memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.tabulation.breakdown import Breakdown
from saklig.tabulation.compiled import loops
from saklig.tabulation.compiled.packing import Pack, packs
from saklig.tabulation.compiled.units import Units
from saklig.tabulation.layout import Layout

Integers = NDArray[np.int64]
Codes = NDArray[np.integer[Any]]

TILE = 1 << 14
"""Respondents whose weights, squares and cells are at hand at once: some 400 kB."""

MOST_BITS = 15
"""Of a number that holds a count below a sum of weights: enough for a tile. Where the weights of a tile leave less
room, fewer respondents are added up at once; 11 bits are always there, since all weights together stay below 2**53."""

SHIFT = 3
"""Codes from −3 on become numbers from 0 on."""

AT_ONCE = 160 * 1024**2
"""Bytes of sums, and of answers put in order, that are made for several parts at once."""

OWN_COPY = 64
"""Below so many sampling units every thread adds to sums of its own, since two may meet in one unit."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One part: groups g, sampling units u in the order of `Units`, columns c.

    `count`, `weight`: int64 (g, c), respondents and their weights. `present`, `square`: int64 (g, 3), by base, those
    with a positive weight and squared weights in the design's unit. `weights`: int64 (g, u, c). `squares`: likewise,
    where the respondents are the units (u are then the strata), else None.
    """

    count: Integers
    weight: Integers
    present: Integers
    square: Integers
    weights: Integers
    squares: Integers | None


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Everything that all parts share. `units`: of the design. `columns`: of the widest part."""

    broken: Breakdown
    units: Units
    columns: int

    @cached_property
    def elements(self) -> bool:
        """Whether the respondents are the sampling units, and `units` their strata."""
        return self.broken.design.cluster is None

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        n = len(self.broken.design.weights)
        return packs(self.broken.groupings, n / max(1, len(self.units.stratum)), self.columns)

    @cached_property
    def weights(self) -> Integers:
        """Those of the respondents, in order."""
        weights = self.broken.design.weights
        if self.units.places is None:
            return weights
        into = np.empty_like(weights)
        loops.put(weights, self.units.places, into)
        return into

    @cached_property
    def cells(self) -> list[NDArray[np.uint16]]:
        """The cell of each respondent in each pack, in order; where they are in order it is made tile by tile."""
        if self.units.places is None:
            return []
        with ThreadPoolExecutor(_threads()) as pool:
            return list(pool.map(self._cells_in_order, self.packs))

    def _cells_in_order(self, pack: Pack) -> NDArray[np.uint16]:
        n = int(self.units.starts[-1])
        cells, into = np.zeros(n, np.uint16), np.empty(n, np.uint16)
        _add_cells(pack, 0, n, cells)
        loops.put(cells, self.units.places, into)
        return into

    @cached_property
    def layout_of_packs(self) -> _Packed:
        return _Packed.of(self.packs, self.columns)

    def count(self, parts: Sequence[tuple[Layout, Codes]]) -> Iterator[Counted]:
        """Of each part, in their order."""
        slots = self.broken.size * len(self.units.stratum)
        each = 8 * slots * self.columns * (2 if self.elements else 1) + (
            0 if self.units.places is None else self.units.starts[-1]
        )
        step = max(1, AT_ONCE // int(each + 1))
        for first in range(0, len(parts), step):
            yield from self._some(parts[first : first + step])

    def _some(self, parts: Sequence[tuple[Layout, Codes]]) -> list[Counted]:
        threads = _threads()
        codes: list[Codes]
        codes, shift = [codes for _, codes in parts], 0
        with ThreadPoolExecutor(threads) as pool:
            if self.units.places is not None:
                codes, shift = list(pool.map(self._in_order, codes)), SHIFT
            given = [
                _Given(codes=each, shift=shift, layout=layout, unusual=_unusual(layout, self.elements))
                for (layout, _), each in zip(parts, codes, strict=True)
            ]
            own = len(self.units.stratum) < OWN_COPY
            sums = [self._sums(given, None)]
            for _ in range(1, threads):
                sums.append(self._sums(given, None if own else sums[0]))
            list(pool.map(self._add, [given] * threads, sums, self._spans(threads, whole_units=not own)))
        return [self._counted(each, place, sums, own=own) for place, each in enumerate(given)]

    def _in_order(self, codes: Codes) -> Codes:
        into = np.empty(len(codes), np.uint8)
        loops.put_shifted(codes, SHIFT, self.units.places, into)
        return into

    def _spans(self, threads: int, *, whole_units: bool) -> list[tuple[int, int]]:
        """The respondents that each thread goes through."""
        n = int(self.units.starts[-1])
        ends = [n * number // threads for number in range(1, threads)]
        if whole_units:
            ends = [int(self.units.starts[np.searchsorted(self.units.starts, end)]) for end in ends]
        return list(zip([0, *ends], [*ends, n], strict=True))

    def _sums(self, given: Sequence[_Given], shared: _Sums | None) -> _Sums:
        """Zeros to add to; the sums of units are those of `shared`, where it is given."""
        packed, units = self.layout_of_packs, len(self.units.stratum)
        shapes = [(self.broken.size, units, each.layout.columns) for each in given]
        nothing = np.zeros((0, 0, 0), np.int64)
        return _Sums(
            weight=[np.zeros(shape, np.int64) for shape in shapes] if shared is None else shared.weight,
            square=[np.zeros(shape, np.int64) if self.elements else nothing for shape in shapes]
            if shared is None
            else shared.square,
            count=[np.zeros((len(packed.sizes), packed.most), np.int64) for _ in given],
            rare=[np.zeros((2, len(packed.sizes), packed.most), np.int64) for _ in given],
            everyone=np.zeros((len(packed.sizes), packed.most), np.int64),
        )

    def _add(self, given: Sequence[_Given], sums: _Sums, span: tuple[int, int]) -> None:
        """Goes through the respondents of one thread."""
        packed = self.layout_of_packs
        power = 1 / self.broken.design.square_unit
        ones, squares = np.empty(TILE, np.uint64), np.empty(TILE, np.int64)
        for begin in range(span[0], span[1], TILE):
            end = min(begin + TILE, span[1])
            n = end - begin
            weights = self.weights[begin:end]
            bits = min(MOST_BITS, 64 - int(weights.sum()).bit_length())
            loops.weigh(weights, bits, power, ones[:n], squares[:n])
            cells = self._cells(begin, end)
            if not self.elements:
                for pack in range(len(cells)):
                    loops.add_squares(cells[pack], squares[:n], sums.everyone[pack])
            for place, each in enumerate(given):
                loops.add_answers(
                    each.codes[begin:end], each.shift, each.layout.column_of[:3], each.unusual,
                    self.broken.design.positive, bits, ones[:n], squares[:n], begin, self.units.starts, cells,
                    packed.sizes, packed.members, sums.weight[place], sums.square[place], sums.count[place],
                    sums.rare[place],
                )  # fmt: skip

    def _cells(self, begin: int, end: int) -> NDArray[np.uint16]:
        """The cells of a tile, (packs, t)."""
        if self.units.places is not None:
            return np.stack([each[begin:end] for each in self.cells])
        cells = np.zeros((len(self.packs), end - begin), np.uint16)
        for place, pack in enumerate(self.packs):
            _add_cells(pack, begin, end, cells[place])
        return cells

    def _counted(self, given: _Given, place: int, sums: Sequence[_Sums], *, own: bool) -> Counted:
        packed, columns = self.layout_of_packs, given.layout.columns
        made, base = (sums if own else sums[:1]), given.layout.base
        weights = sum((each.weight[place] for each in made[1:]), start=made[0].weight[place])
        weight = np.zeros((self.broken.size, columns), np.int64)
        loops.totals(weights, weight)
        count = packed.folded(np.sum([each.count[place] for each in sums], axis=0), columns, self.broken.size)
        rare = np.sum([each.rare[place] for each in sums], axis=0)
        present = (count - packed.folded(rare[1], columns, self.broken.size)) @ base
        if self.elements:
            squares = sum((each.square[place] for each in made[1:]), start=made[0].square[place])
            return Counted(
                count=count,
                weight=weight,
                present=present,
                square=squares.sum(axis=1) @ base,
                weights=weights,
                squares=squares,
            )
        everyone = packed.folded(np.sum([each.everyone for each in sums], axis=0), 1, self.broken.size)
        unusual = packed.folded(rare[0], columns, self.broken.size)
        usual = everyone[:, 0] - unusual.sum(axis=1)
        square = unusual @ base + usual[:, None] * base[0]
        return Counted(count=count, weight=weight, present=present, square=square, weights=weights, squares=None)


@dataclass(frozen=True, kw_only=True)
class _Given:
    """A part's answers in the order of the units: `codes` + `shift` are positions in the layout's `column_of`."""

    codes: Codes
    shift: int
    layout: Layout
    unusual: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class _Sums:
    """What one thread adds to, part by part, as `loops.add_answers` takes it; `everyone`: squares by pack and cell."""

    weight: list[Integers]
    square: list[Integers]
    count: list[Integers]
    rare: list[Integers]
    everyone: Integers


@dataclass(frozen=True, kw_only=True)
class _Packed:
    """`packs`, and they as arrays. `sizes`: cells by pack. `members`: int64 (members, 4), as `loops.add_answers` takes
    them. `most`: cells × columns of the largest pack."""

    packs: tuple[Pack, ...]
    sizes: Integers
    members: Integers
    most: int

    @classmethod
    def of(cls, made: Sequence[Pack], columns: int) -> _Packed:
        sizes = np.array([pack.cells for pack in made], dtype=np.int64)
        members = [
            (place, each.radix, each.offset, each.first)
            for place, pack in enumerate(made)
            for each in reversed(pack.members)
        ]
        most = int(sizes.max(initial=0)) * columns
        return cls(packs=tuple(made), sizes=sizes, members=np.array(members, dtype=np.int64), most=most)

    def folded(self, by_cell: Integers, columns: int, size: int) -> Integers:
        """(packs, cells · columns) → (groups, columns)."""
        result = np.zeros((size, columns), np.int64)
        for place, pack in enumerate(self.packs):
            cells = by_cell[place, : pack.cells * columns]
            for each in pack.members:
                by_code = cells.reshape(-1, each.radix, each.multiplier, columns).sum(axis=(0, 2))
                result[each.first : each.first + each.radix - each.offset] = by_code[each.offset :]
        return result


def _add_cells(pack: Pack, begin: int, end: int, cells: NDArray[np.uint16]) -> None:
    """Adds up the cells of some respondents, as they come in the groupings."""
    for each in pack.members:
        if each.radix > 1:
            loops.add_cells(each.grouping.codes[begin:end], each.offset, each.multiplier, cells)


def _unusual(layout: Layout, elements: bool) -> NDArray[np.bool_]:
    """The columns that are in other bases than the first, which is an answer's where a part has answers."""
    if elements:
        return np.zeros(layout.columns, np.bool_)
    return np.asarray((layout.base != layout.base[0]).any(axis=1))


def _threads() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
