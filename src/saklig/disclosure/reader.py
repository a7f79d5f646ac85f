"""What a reader can reason out of a table of counts: of each count that is not printed, a range of what it can be.

Two readers. One knows how many cases each profile has (who was invited, with every background, and who answered). The
other knows how many cases each row has, and which rows lie inside others, but not who is in several. Both know what is
printed. A range is found by integer programs; every solution of one is a table that the reader cannot exclude, and so
widens the range of every count in it, now and when more is withheld. What the solver does not find within its limits
does not count: a range is never wider than it is said to be.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.solver import Conditions, solve

Mask = NDArray[np.bool_]
NODES = 10
PROGRAMS = 40
"""Integer programs that one table may take; what they do not prove counts as told. Counts and not seconds, so that
every machine decides the same."""
WHOLE = 1e-6


@dataclass(eq=False)
class Reader:
    """`unknown`: int64 (parts, outcomes), what is true. `cells`: (rows, parts), each row's parts added up. `fixed`:
    (conditions, parts), sums of parts that are the same for every outcome as they are in truth: at most 0 where `free`.

    The sum of a part's outcomes is known.
    """

    unknown: NDArray[np.int64]
    cells: NDArray[np.int64]
    fixed: NDArray[np.int64]
    free: Mask
    least: NDArray[np.int64] = field(init=False)
    most: NDArray[np.int64] = field(init=False)
    _conditions: Conditions | None = field(default=None, init=False)
    _printed: Mask = field(init=False)
    programs: int = field(default=PROGRAMS, init=False)  # how many are left

    def __post_init__(self) -> None:
        self.least = self.cells @ self.unknown
        self.most = self.least.copy()
        self._printed = np.ones(self.least.shape, bool)

    def knows(self, printed: Mask) -> None:
        """`printed`: bool (rows, outcomes). Never more than before, so that what was found stays found."""
        from scipy.sparse import csr_array, identity, kron, vstack

        self._printed = printed
        parts, outcomes = self.unknown.shape
        every = identity(outcomes)
        rows, columns = np.nonzero(printed)
        of_cells = kron(csr_array(self.cells), every).tocsr()[rows * outcomes + columns]
        matrix = vstack([kron(identity(parts), np.ones((1, outcomes))), kron(csr_array(self.fixed), every), of_cells])
        fixed = np.zeros(len(self.fixed) * outcomes)
        sizes, told = self.unknown.sum(axis=1), (self.cells @ self.unknown)[printed]
        lower = np.where(np.repeat(self.free, outcomes), -np.inf, fixed)
        self._conditions = Conditions(
            csr_array(matrix), np.concatenate([sizes, lower, told]), np.concatenate([sizes, fixed, told])
        )

    def is_left(self, row: int, outcome: int, wanted: int) -> bool:
        """Whether the least and the greatest that are found lie so far apart. A row without parts is not looked at."""
        for step in (self._exchanged, self._relaxed, self._solved):
            if self.most[row, outcome] - self.least[row, outcome] >= wanted:
                return True
            if not self.cells[row].any() or not step(row, outcome, wanted):
                return False
        return bool(self.most[row, outcome] - self.least[row, outcome] >= wanted)

    def _exchanged(self, row: int, outcome: int, _: int) -> bool:
        """Two parts that exchange outcomes, or one that takes another, change no sum where every row or condition that
        tells them apart has neither of the outcomes printed."""
        if len(self.fixed):
            return True  # conditions on all outcomes tell all parts apart
        mine, inside = self.unknown[:, outcome], self.cells[row] > 0
        for other in np.flatnonzero(~self._printed[row]):
            if other == outcome:
                continue
            theirs = self.unknown[:, other]
            seen = self.cells[self._printed[:, outcome] | self._printed[:, other]]
            alone = ~seen.any(axis=0) & inside
            alike = (
                np.unique(seen, axis=1, return_inverse=True)[1].reshape(-1) if len(seen) else np.zeros(len(mine), int)
            )
            for these, those, up in ((mine, theirs, False), (theirs, mine, True)):
                within = np.bincount(alike, np.where(inside & ~alone, these, 0))
                without = np.bincount(alike, np.where(~inside, those, 0))
                by = int(np.minimum(within, without).sum() + these[alone].sum())
                count = int(mine[inside].sum())
                if up:
                    self.most[row, outcome] = max(self.most[row, outcome], count + by)
                else:
                    self.least[row, outcome] = min(self.least[row, outcome], count - by)
        return True

    def _relaxed(self, row: int, outcome: int, wanted: int) -> bool:
        """False where not even fractions of cases leave the range. Where they come out whole, they are a table."""
        ends = []
        for sign in (1.0, -1.0):
            found = self._found(row, outcome, sign, whole=False)
            if found is None:
                return True
            whole = np.rint(found)
            ends.append(float((found * self._cost(row, outcome)).sum()))
            if np.abs(found - whole).max() < WHOLE:
                self._widen(whole)
        return abs(ends[0] - ends[1]) > wanted - WHOLE

    def _solved(self, row: int, outcome: int, wanted: int) -> bool:
        for sign in (1.0, -1.0):
            found = self._found(row, outcome, sign, whole=True) if self.programs else None
            self.programs = max(self.programs - 1, 0)
            if found is not None:
                self._widen(found)
            if self.most[row, outcome] - self.least[row, outcome] >= wanted:
                break
        return True

    def _cost(self, row: int, outcome: int) -> NDArray[np.float64]:
        cost = np.zeros(self.unknown.shape)
        cost[:, outcome] = self.cells[row]
        return cost

    def _found(self, row: int, outcome: int, sign: float, *, whole: bool) -> NDArray[np.float64] | None:
        assert self._conditions is not None, "knows() comes first"
        cost = sign * self._cost(row, outcome).ravel()
        highest = np.repeat(self.unknown.sum(axis=1), self.unknown.shape[1]).astype(np.float64)
        found = solve(self._conditions, None, cost, np.zeros(cost.size), highest, NODES, whole=whole)
        return None if found is None else found.reshape(self.unknown.shape)

    def _widen(self, found: NDArray[np.float64]) -> None:
        """By one more table that the reader cannot exclude."""
        table = self.cells @ found.astype(np.int64)
        parted = self.cells.any(axis=1, keepdims=True)
        self.least = np.where(parted, np.minimum(self.least, table), self.least)
        self.most = np.where(parted, np.maximum(self.most, table), self.most)


def reader_of_profiles(profiles: NDArray[np.int64], members: Mask) -> Reader:
    """Knows the size of each profile."""
    return Reader(profiles, members.astype(np.int64), np.zeros((0, len(profiles)), np.int64), np.zeros(0, bool))


def reader_of_rows(counts: NDArray[np.int64], members: Mask, breakdowns: tuple[tuple[int, ...], ...]) -> Reader:
    """Knows the size of each row, that a breakdown's rows are everybody, and which rows are parts of others."""
    rows = len(counts)
    conditions, free = [], []

    def condition(plus: list[int], minus: int, *, at_most: bool) -> None:
        found = np.zeros(rows, np.int64)
        found[plus] += 1
        found[minus] -= 1
        conditions.append(found)
        free.append(at_most)

    for breakdown in breakdowns:
        condition(list(breakdown), 0, at_most=False)
        for outer in range(1, rows):
            inner = [row for row in breakdown if row != outer and not (members[row] & ~members[outer]).any()]
            if inner and outer not in breakdown:
                whole = np.array_equal(members[inner].any(axis=0), members[outer])
                condition(inner, outer, at_most=not whole)
    fixed = np.array(conditions, np.int64).reshape(len(conditions), rows)
    return Reader(counts, np.eye(rows, dtype=np.int64), fixed, np.array(free, bool))
