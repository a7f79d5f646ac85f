"""The inner loops, compiled on first use and kept on the disk. Nothing but arrays of numbers comes in or goes out.

Importing this module imports numba, which takes half a second: only `compiled` does so, where it pays.
Every loop does without Python's lock, so that threads run side by side, and adds whole numbers, or floats in an order
that `estimation.variance` does too: the results are those of numpy, bit for bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = Any


@njit(nogil=True, cache=True)
def in_order(units: Array) -> bool:
    """Whether the numbers never fall."""
    falls = 0
    for i in range(1, len(units)):
        falls += units[i] < units[i - 1]
    return falls == 0


@njit(nogil=True, cache=True)
def survey(units: Array, strata: Array, size: int) -> tuple[Array, Array]:
    """By unit: how many respondents it has, and the stratum that it lies in."""
    count, stratum = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for i in range(len(units)):
        count[units[i]] += 1
        stratum[units[i]] = strata[i]
    return count, stratum


@njit(nogil=True, cache=True)
def places_of(units: Array, rank: Array, starts: Array) -> Array:
    """The place of each respondent in the order of the units; who was first in a unit stays first."""
    upto = starts[:-1].copy()
    places = np.empty(len(units), np.int32)
    for i in range(len(units)):
        unit = rank[units[i]]
        places[i] = upto[unit]
        upto[unit] += 1
    return places


@njit(nogil=True, cache=True)
def put(values: Array, places: Array, into: Array) -> None:
    """into[places] = values."""
    for i in range(len(values)):
        into[places[i]] = values[i]


@njit(nogil=True, cache=True)
def put_shifted(codes: Array, shift: int, places: Array, into: Array) -> None:
    """into[places] = codes + shift."""
    for i in range(len(codes)):
        into[places[i]] = codes[i] + shift


@njit(nogil=True, cache=True)
def add_cells(codes: Array, offset: int, multiplier: int, cells: Array) -> None:
    """Adds one grouping to the cells of a pack."""
    for i in range(len(codes)):
        cells[i] += (codes[i] + offset) * multiplier


@njit(nogil=True, cache=True)
def weigh(weights: Array, bits: int, power: float, ones: Array, squares: Array) -> None:
    """`ones`: each weight above a count of one of so many `bits`, in one number. `squares`: w² in units of 1 / `power`,
    a power of two, to the nearest whole number, as `design.fixed_point.squared` rounds it."""
    for i in range(len(weights)):
        w = float(weights[i])
        squares[i] = np.int64(np.rint(w * w * power))
        ones[i] = (np.uint64(weights[i]) << np.uint64(bits)) + np.uint64(1)


@njit(nogil=True, cache=True)
def add_squares(cells: Array, squares: Array, into: Array) -> None:
    """Squared weights by cell of a pack, whatever was answered."""
    for i in range(len(cells)):
        into[cells[i]] += squares[i]


@njit(nogil=True, cache=True)
def add_answers(
    codes: Array,  # (t,), a tile of the respondents, in the order of their units
    shift: int,
    column_of: Array,  # (3,): the columns of the codes ANSWERED, NO_ANSWER and NOT_ASKED; others are columns
    unusual: Array,  # (c,): whether a column is in other bases than most answers; only where clusters are the units
    positive: bool,  # whether everybody has a weight
    bits: int,  # of a count
    ones: Array,  # (t,), as `weigh` makes them
    squares: Array,  # (t,)
    begin: int,  # the first respondent of the tile
    starts: Array,  # (u + 1,): where the units begin
    cells: Array,  # (packs, t)
    sizes: Array,  # (packs,): how many cells each pack has
    members: Array,  # (members, 4): pack, radix, offset and first group of each grouping, the last of a pack first
    weight: Array,  # (g, u, c), added to
    square: Array,  # (g, u, c), added to where the respondents are the units, else (0, 0, 0)
    count: Array,  # (packs, cells · c), added to
    rare: Array,  # (2, packs, cells · c), added to: squares of unusual columns; respondents without weight
) -> None:
    """Adds the answers of a tile to one part.

    Within a unit, as many respondents at a time as `bits` can count, count and weights are one number in a block that
    stays in the nearest memory. Squares of weights are needed by base alone where clusters are the units, and so only
    those of columns that are not in the usual bases are added up.
    """
    width = weight.shape[2]
    elements = square.shape[0] > 0
    columns, odd = np.empty(len(codes), np.uint8), np.empty(len(codes) + 1, np.int32)
    _columns(codes, shift, np.uint8(column_of[0]), np.uint8(column_of[1]), np.uint8(column_of[2]), columns)
    odds = np.int64(0)
    if not elements or not positive:
        for i in range(len(columns)):
            odd[odds] = i
            odds += np.int64(unusual[columns[i]])
            if not positive:
                odds += ones[i] == 1 and not unusual[columns[i]]
    room = count.shape[1]
    keys = np.empty(len(codes), np.uint16)
    block, of_unit = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    squares_of_unit = np.zeros(room if elements else 0, np.int64)
    first_unit, most = np.searchsorted(starts, begin, side="right") - 1, 2**bits - 1
    for pack in range(len(sizes)):
        used, own = sizes[pack] * width, cells[pack]
        for k in range(odds):
            i = odd[k]
            key = np.int64(own[i]) * width + np.int64(columns[i])
            rare[0, pack, key] += squares[i]
            rare[1, pack, key] += ones[i] == 1
        unit, at = first_unit, 0
        while at < len(codes):
            stop = min(len(codes), starts[unit + 1] - begin)
            of_unit[:used] = 0
            for first in range(at, stop, most):
                last = min(stop, first + most)
                _scatter(own[first:last], columns[first:last], width, ones[first:last], keys, block)
                _take_apart(block[:used], bits, of_unit, count[pack])
            _fold(of_unit[:used], members, pack, unit, weight)
            if elements:
                squares_of_unit[:used] = 0
                _scatter(own[at:stop], columns[at:stop], width, squares[at:stop], keys, squares_of_unit)
                _fold(squares_of_unit[:used], members, pack, unit, square)
            at = stop
            unit += 1


@njit(nogil=True, cache=True)
def _columns(codes: Array, shift: int, answered: Array, no_answer: Array, not_asked: Array, columns: Array) -> None:
    """Without branches or tables, so that the compiler does many at once."""
    for i in range(len(codes)):
        code = np.int16(codes[i] - shift)
        column: Any = np.uint8(code)
        column = not_asked if code == -1 else column
        column = no_answer if code == -2 else column
        columns[i] = answered if code == -3 else column


@njit(nogil=True, cache=True)
def _scatter(cells: Array, columns: Array, width: int, numbers: Array, keys: Array, into: Array) -> None:
    """Adds each number to its cell and column. The keys are made first: that the compiler does many at once."""
    wide = np.uint16(width)
    for i in range(len(columns)):
        keys[i] = np.uint16(cells[i] * wide + np.uint16(columns[i]))
    for i in range(len(columns)):
        into[np.uint64(keys[i])] += numbers[i]


@njit(nogil=True, cache=True)
def _take_apart(block: Array, bits: int, weight: Array, count: Array) -> None:
    """Adds the weights and counts of a block, and empties it."""
    above, below = np.uint64(bits), np.uint64(2**bits - 1)
    for i in range(len(block)):
        both = block[i]
        weight[i] += np.int64(both >> above)
        count[i] += np.int64(both & below)
        block[i] = np.uint64(0)


@njit(nogil=True, cache=True)
def _fold(by_cell: Array, members: Array, pack: int, unit: int, into: Array) -> None:
    """Adds the cells of a pack to the groups of each grouping in it, which uses `by_cell` up.

    The last grouping's groups are contiguous runs of cells; once they are added up, the runs fall together to one, and
    that is the cells of the other groupings.
    """
    width, size = into.shape[2], len(by_cell)
    for member in range(len(members)):
        of, radix, offset, first = members[member]
        if of != pack:
            continue
        run = size // radix
        for code in range(offset, radix):
            group = first + code - offset
            for start in range(code * run, (code + 1) * run, width):
                for column in range(width):
                    into[group, unit, column] += by_cell[start + column]
        for start in range(run, size, run):
            for i in range(run):
                by_cell[i] += by_cell[start + i]
        size = run


@njit(nogil=True, cache=True)
def totals(by_unit: Array, into: Array) -> None:
    """(g, u, c) added up over the units: (g, c), added to."""
    for group in range(by_unit.shape[0]):
        for unit in range(by_unit.shape[1]):
            for column in range(by_unit.shape[2]):
                into[group, column] += by_unit[group, unit, column]


@njit(nogil=True, cache=True)
def filled(
    weight: Array,  # (slots, c)
    base: Array,  # (c, 3), 0 or 1
    unit_starts: Array,  # (blocks,): where each block begins among the slots
    units: Array,  # (blocks, 3), added to: the units with a weight in each base
) -> None:
    """Counts units."""
    starts, columns, _ = _lists(base)
    for block in range(len(unit_starts)):
        end = unit_starts[block + 1] if block + 1 < len(unit_starts) else len(weight)
        for slot in range(unit_starts[block], end):
            for each in range(3):
                for k in range(starts[each], starts[each + 1]):
                    if weight[slot, columns[k]] > 0:
                        units[block, each] += 1
                        break


@njit(nogil=True, cache=True)
def deviations(
    weight: Array,  # (slots, c)
    score: Array,  # (c, r): what each column counts in each row, small whole numbers
    base: Array,  # (c, 3)
    base_of: Array,  # (r,)
    ratio: Array,  # (blocks, r): of the group of each block
    unit_starts: Array,  # (blocks,)
    linear: Array,  # (blocks, r), written: Σz, z = y − ratio · x of each unit
    squares: Array,  # (blocks, r), written: Σz²
    size: Array,  # (blocks, r), written: Σ(y² + (ratio · x)²)
) -> None:
    """The sums that `estimation.variance.stage_variance` makes of the units of each block, in the same order."""
    rows = score.shape[1]
    row_starts, row_columns, row_factors = _lists(score)
    base_starts, base_columns, _ = _lists(base)
    x, y = np.zeros(3), np.zeros(rows)
    z, zz, terms = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    for block in range(len(unit_starts)):
        end = unit_starts[block + 1] if block + 1 < len(unit_starts) else len(weight)
        z[:], zz[:], terms[:] = 0, 0, 0
        for slot in range(unit_starts[block], end):
            for each in range(3):
                found = np.int64(0)
                for k in range(base_starts[each], base_starts[each + 1]):
                    found += weight[slot, base_columns[k]]
                x[each] = float(found)
            for row in range(rows):
                found = np.int64(0)
                for k in range(row_starts[row], row_starts[row + 1]):
                    found += weight[slot, row_columns[k]] * row_factors[k]
                y[row] = float(found)
            for row in range(rows):
                expected = ratio[block, row] * x[base_of[row]]
                away = y[row] - expected
                z[row] += away
                zz[row] += away * away
                terms[row] += y[row] * y[row] + expected * expected
        linear[block], squares[block], size[block] = z, zz, terms


@njit(nogil=True, cache=True)
def _lists(matrix: Array) -> tuple[Array, Array, Array]:
    """The entries of each column that are not zero: where its list starts, the rows, and the entries."""
    starts = np.zeros(matrix.shape[1] + 1, np.uint64)
    rows, entries = np.zeros(matrix.size, np.uint64), np.zeros(matrix.size, np.int64)
    filled_to = 0
    for column in range(matrix.shape[1]):
        for row in range(matrix.shape[0]):
            if matrix[row, column]:
                rows[filled_to], entries[filled_to] = row, matrix[row, column]
                filled_to += 1
        starts[column + 1] = filled_to
    return starts, rows, entries
