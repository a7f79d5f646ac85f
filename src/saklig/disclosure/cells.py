"""Which counts of a table of cases may be printed, so that no small one can be had from the others.

A case has a profile (its stratum and its groups) and an outcome. A row counts the cases of some profiles, by outcome.
The reader is taken to know everybody's profile: how many cases each row has, and each profile. Outcomes are what is
protected. A count from 1 to under the threshold is not printed; nor are others, until whatever a reader can reason out
leaves each of those a range at least as wide as the threshold (or as the row has cases, where these are fewer).

A range is found in two ways, and both give outcomes that the reader cannot exclude. By exchange: two cases whose
outcomes are exchanged, or one whose outcome is another, change no printed count where every row that tells them apart
prints neither outcome. Where that is not enough: by integer programs over the profiles, up to MOST_VARIABLES; beyond
them the range counts as none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.solver import Conditions, solve

Mask = NDArray[np.bool_]
MOST_VARIABLES = 3000
NODES = 200


@dataclass(frozen=True, eq=False)
class Cells:
    """`profiles`: int64 (profiles, outcomes), cases. `members`: bool (rows, profiles); row 0 is everybody.

    `kin`: for each outcome a number; outcomes of one number may stand for each other in what is made of the counts, so
    that they are withheld together rather than with others. `refused`: rows of which nothing may be printed. `known`:
    bool (rows, outcomes), what was printed before. `breakdowns`: rows that belong together, everybody's parts.
    """

    profiles: NDArray[np.int64]
    members: Mask
    kin: tuple[int, ...]
    refused: Mask
    known: Mask
    breakdowns: tuple[tuple[int, ...], ...]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """int64 (rows, outcomes)."""
        found: NDArray[np.int64] = self.members.astype(np.int64) @ self.profiles
        return found

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        found: NDArray[np.int64] = self.counts.sum(axis=1)
        return found

    @cached_property
    def alike(self) -> tuple[NDArray[np.int64], ...]:
        """Rows of the very same cases, such as a stratum and a group, print the same."""
        _, which = np.unique(self.members[:, self.profiles.sum(axis=1) > 0], axis=0, return_inverse=True)
        which = which.reshape(-1)
        return tuple(np.flatnonzero(which == each) for each in range(int(which.max()) + 1))


def printable(cells: Cells, threshold: int, dominance: int) -> Mask:
    """Bool (rows, outcomes): what may be printed. `dominance`: in a row of fewer cases, an outcome that all or all but
    one have withholds the row."""
    counts, sizes = cells.counts, cells.sizes
    if threshold == 0:
        return ~np.repeat(cells.refused[:, None], counts.shape[1], axis=1)
    alone = (sizes > 0) & (sizes < dominance) & (counts.max(axis=1, initial=0) >= sizes - 1)
    hidden = ((counts > 0) & (counts < threshold)) | (cells.refused | alone)[:, None]
    at_risk = (counts > 0) & ((counts < threshold) | alone[:, None])
    hidden &= ~cells.known
    while True:
        hidden = _complete(cells, hidden, threshold)
        failed = next(_solved(cells, hidden, at_risk & hidden, threshold), None)
        if failed is None:
            return ~hidden
        more = _around(cells, hidden, *failed)
        if not more.any():
            return ~hidden
        hidden = hidden | more


def _complete(cells: Cells, hidden: Mask, threshold: int) -> Mask:
    """Where a line's sum would give a withheld count, or too few are withheld in it, more of the line is withheld."""
    hidden = hidden.copy()
    counts = cells.counts
    changed = True
    while changed:
        changed = False
        for same in cells.alike:
            hidden[same] = hidden[same].any(axis=0) & ~cells.known[same].any(axis=0)
        for row in range(len(counts)):
            at = hidden[row]
            enough = min(threshold, int(cells.sizes[row]))
            if at.any() and counts[row][at].sum() > 0 and (at.sum() == 1 or counts[row][at].sum() < enough):
                changed |= _hide(hidden, _next_in_row(cells, hidden, row))
        for rows in cells.breakdowns:
            for outcome in np.flatnonzero(~hidden[0]):
                members = [row for row in rows if hidden[row, outcome]]
                few = counts[members, outcome].sum()
                if few > 0 and (len(members) == 1 or few < threshold):
                    changed |= _hide(hidden, _next_in_column(cells, hidden, rows, int(outcome)))
    return hidden


def _hide(hidden: Mask, cell: tuple[int, int] | None) -> bool:
    if cell is None:
        return False
    hidden[cell] = True
    return True


def _next_in_row(cells: Cells, hidden: Mask, row: int) -> tuple[int, int] | None:
    """What is withheld next: of the same kin as what is, with cases rather than without, the smallest."""
    counts = cells.counts[row]
    kin = {cells.kin[outcome] for outcome in np.flatnonzero(hidden[row])}
    free = [int(outcome) for outcome in np.flatnonzero(~hidden[row] & ~cells.known[row])]
    key = {outcome: (not counts[outcome], cells.kin[outcome] not in kin, counts[outcome], outcome) for outcome in free}
    return (row, min(free, key=key.__getitem__)) if free else None


def _next_in_column(cells: Cells, hidden: Mask, rows: tuple[int, ...], outcome: int) -> tuple[int, int] | None:
    counts = cells.counts[:, outcome]
    free = [row for row in rows if not hidden[row, outcome] and not cells.known[row, outcome]]
    return (min(free, key=lambda row: (not counts[row], counts[row], row)), outcome) if free else None


def _around(cells: Cells, hidden: Mask, row: int, outcome: int) -> Mask:
    """What is withheld to free a count: one more in its row, and one in its column of every breakdown."""
    more = np.zeros_like(hidden)
    _hide(more, _next_in_row(cells, hidden, row))
    for rows in cells.breakdowns:
        if row == 0 or row in rows:
            _hide(more, _next_in_column(cells, hidden, rows, outcome))
    if not more.any():  # its own lines are withheld as a whole: whatever else is printed gives it away
        free = np.argwhere(~hidden & ~cells.known)
        order = sorted((int(cells.counts[r, o]), -int(r), int(o)) for r, o in free if cells.sizes[r])
        if order:
            more[-order[0][1], order[0][2]] = True
    return more


def _solved(cells: Cells, hidden: Mask, at_risk: Mask, threshold: int) -> Iterator[tuple[int, int]]:
    """The counts at risk that a reader can tell too well, the smallest rows first."""
    programs = None
    for row, outcome in sorted(map(tuple, np.argwhere(at_risk).tolist()), key=lambda at: (cells.sizes[at[0]], at)):
        wanted = min(threshold, int(cells.sizes[row]))
        if _by_exchange(cells, hidden, row, outcome) >= wanted:
            continue
        if programs is None:
            programs = _programs(cells, hidden)
        if programs is None or _by_program(cells, programs, row, outcome) < wanted:
            yield row, outcome


def _by_exchange(cells: Cells, hidden: Mask, row: int, outcome: int) -> int:
    """How many values exchanges give the count, less one: a lower bound of its range."""
    up = down = 0
    inside = cells.members[row]
    for other in np.flatnonzero(hidden[row]):
        if other == outcome:
            continue
        telling = ~(hidden[:, outcome] & hidden[:, other])  # rows that print one of the two
        seen = cells.members[telling]
        mine, theirs = cells.profiles[:, outcome], cells.profiles[:, other]
        alone = ~seen.any(axis=0) & inside  # whose outcome no printed count depends on
        classes = np.unique(seen, axis=1, return_inverse=True)[1].reshape(-1) if len(seen) else np.zeros(len(mine), int)
        bounds = {}
        for name, (these, those) in {"down": (mine, theirs), "up": (theirs, mine)}.items():
            within = np.bincount(classes, np.where(inside & ~alone, these, 0))
            without = np.bincount(classes, np.where(~inside, those, 0))
            bounds[name] = int(np.minimum(within, without).sum() + these[alone].sum())
        down, up = max(down, bounds["down"]), max(up, bounds["up"])
    return up + down


@dataclass(frozen=True, eq=False)
class _Programs:
    conditions: Conditions
    highest: NDArray[np.float64]


def _programs(cells: Cells, hidden: Mask) -> _Programs | None:
    """What the reader knows, as equations of the profiles' counts. None where there are too many of them."""
    from scipy.sparse import csr_array, kron, vstack

    profiles, outcomes = cells.profiles.shape
    if profiles * outcomes > MOST_VARIABLES:
        return None
    of_profile = kron(np.eye(profiles), np.ones((1, outcomes)))
    printed = np.argwhere(~hidden)
    of_cell = np.zeros((len(printed), profiles, outcomes))
    for number, (row, outcome) in enumerate(printed):
        of_cell[number, cells.members[row], outcome] = 1
    matrix = csr_array(vstack([of_profile, csr_array(of_cell.reshape(len(printed), profiles * outcomes))]))
    right = np.concatenate([cells.profiles.sum(axis=1), cells.counts[~hidden]]).astype(np.float64)
    highest = np.repeat(cells.profiles.sum(axis=1), outcomes).astype(np.float64)
    return _Programs(Conditions(matrix, right, right), highest)


def _by_program(cells: Cells, programs: _Programs, row: int, outcome: int) -> int:
    """The range of a count, from the least and the greatest value that were found: never more than there are."""
    count = np.zeros(cells.profiles.shape)
    count[cells.members[row], outcome] = 1
    cost = count.reshape(-1)
    ends = []
    for sign in (1.0, -1.0):
        lowest = np.zeros_like(cost)
        found = solve(programs.conditions, None, sign * cost, lowest, programs.highest, NODES)
        ends.append(int(cells.counts[row, outcome]) if found is None else int(cost @ found))
    return max(ends) - min(ends)
