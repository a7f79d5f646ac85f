"""Which counts of a table of cases may be printed, so that no small one can be had from the others.

A case has a profile (its stratum and its groups) and an outcome. A row counts the cases of some profiles, by outcome.
Outcomes are what is protected: a count from 1 to under the threshold is not printed; nor are others, until whatever a
reader can reason out leaves each of those a range at least as wide as the threshold (or as the row has cases, where
these are fewer). `reader` has what the reader is taken to know, and finds the ranges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.reader import Mask, Reader, reader_of_profiles, reader_of_rows

MOST_VARIABLES = 600
"""Of a reader who knows profiles; breakdowns that would need more are not printed."""


@dataclass(frozen=True, eq=False)
class Cells:
    """`profiles`: int64 (profiles, outcomes), cases. `members`: bool (rows, profiles); row 0 is everybody.

    `kin`: for each outcome a number; outcomes of one number may stand for each other in what is made of the counts, so
    that they are withheld together rather than with others. `refused`: rows of which nothing may be printed. `known`:
    bool (rows, outcomes), what was printed before; of rows that are alike, what was printed of any, since whoever knows
    one knows the other. `breakdowns`: rows that belong together, everybody's parts.
    """

    profiles: NDArray[np.int64]
    members: Mask
    kin: tuple[int, ...]
    refused: Mask
    known: Mask
    breakdowns: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        known = self.known.copy()
        for same in self.alike:
            known[same] = known[same].any(axis=0)
        object.__setattr__(self, "known", known)

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

    def joined(self, left_out: Mask) -> NDArray[np.int64]:
        """For each profile the number of those that no row but those left out tells from it."""
        found: NDArray[np.int64] = np.unique(self.members[~left_out], axis=1, return_inverse=True)[1].reshape(-1)
        return found


def printable(cells: Cells, threshold: int, dominance: int, *, profiles_known: bool) -> Mask:
    """Bool (rows, outcomes): what may be printed. `dominance`: in a row of fewer cases, an outcome that all or all but
    one have withholds the row. `profiles_known`: the reader knows how many cases each profile has, and not only each
    row."""
    counts, sizes = cells.counts, cells.sizes
    if threshold == 0:
        return ~np.repeat(cells.refused[:, None], counts.shape[1], axis=1)
    alone = (sizes > 0) & (sizes < dominance) & (counts.max(axis=1, initial=0) >= sizes - 1)
    at_risk = (counts > 0) & ((counts < threshold) | alone[:, None])
    small = ((counts > 0) & (counts < threshold)) | alone[:, None]
    if not profiles_known:
        reader = reader_of_rows(counts, cells.members, cells.breakdowns)
        return ~_hidden(cells, reader, small, at_risk, threshold)
    left_out = _left_out(cells)
    while True:
        told = replace(cells, refused=cells.refused | left_out)
        reader = _of_profiles(told, left_out)
        hidden = _hidden(told, reader, small, at_risk, threshold)
        standing = [breakdown for breakdown in cells.breakdowns if not left_out[list(breakdown)].all()]
        if reader.programs or not standing:
            return ~hidden
        left_out[list(standing[-1])] = True  # the effort is spent: with less to tell there is less to prove


def _hidden(cells: Cells, reader: Reader, small: Mask, at_risk: Mask, threshold: int) -> Mask:
    hidden = (small | cells.refused[:, None]) & ~cells.known
    while True:
        hidden = _complete(cells, hidden, threshold)
        failed = next(_solved(cells, reader, hidden, at_risk & hidden, threshold), None)
        more = np.zeros_like(hidden) if failed is None else _around(cells, hidden, *failed)
        if not more.any():
            return hidden
        hidden = hidden | more


def _left_out(cells: Cells) -> Mask:
    """Rows of the last breakdowns, where all together have too many profiles."""
    left_out = np.zeros(len(cells.members), bool)
    for breakdown in reversed(cells.breakdowns):
        if (cells.joined(left_out).max() + 1) * cells.profiles.shape[1] <= MOST_VARIABLES:
            break
        left_out[list(breakdown)] = True
    return left_out


def _of_profiles(cells: Cells, left_out: Mask) -> Reader:
    """The reader who knows profiles. Of rows that are left out the range is what exchanges among those give that no
    printed row tells apart."""
    which = cells.joined(left_out)
    size = int(which.max()) + 1
    profiles = np.zeros((size, cells.profiles.shape[1]), np.int64)
    np.add.at(profiles, which, cells.profiles)
    members = np.zeros((len(cells.members), size), bool)
    members[:, which] = cells.members & ~left_out[:, None]
    reader = reader_of_profiles(profiles, members)
    for row in np.flatnonzero(left_out):
        inside = np.zeros_like(profiles)
        np.add.at(inside, which[cells.members[row]], cells.profiles[cells.members[row]])
        outside = profiles - inside
        fewer = np.minimum(inside, outside.sum(axis=1, keepdims=True) - outside).sum(axis=0)
        more = np.minimum(inside.sum(axis=1, keepdims=True) - inside, outside).sum(axis=0)
        reader.least[row], reader.most[row] = cells.counts[row] - fewer, cells.counts[row] + more
    return reader


def _complete(cells: Cells, hidden: Mask, threshold: int) -> Mask:
    """Where a line's sum would give a withheld count, or too few are withheld in it, more of the line is withheld.

    It ends: nothing known is ever hidden, nor known of one row and not of one alike, so that what is hidden stays so.
    """
    hidden = hidden.copy()
    counts = cells.counts
    changed = True
    while changed:
        changed = False
        for same in cells.alike:
            hidden[same] = hidden[same].any(axis=0) & ~cells.known[same]
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


def _solved(cells: Cells, reader: Reader, hidden: Mask, at_risk: Mask, threshold: int) -> Iterator[tuple[int, int]]:
    """The counts at risk that a reader can tell too well, the smallest rows first."""
    reader.knows(~hidden)
    for row, outcome in sorted(map(tuple, np.argwhere(at_risk).tolist()), key=lambda at: (cells.sizes[at[0]], at)):
        # nothing is printed of a row without parts: it is enough that nobody can tell it
        wanted = min(threshold, int(cells.sizes[row])) if reader.cells[row].any() else 1
        if not reader.is_left(row, outcome, wanted):
            yield row, outcome
