"""The gate: no base under the threshold is published, and none is left to subtraction.

A column is withheld where any base of its family (asked, and answered, for every part) is under the threshold. Then
lines are completed: the respondents of a published parent who are in no published cell of a line are either nobody, or
at least the threshold, and of two groups or more; otherwise the smallest published sibling is withheld too. A cell of a
withheld parent is withheld, since the cells add up to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.columns import Columns


class Rule(IntEnum):
    """Why a column is withheld; PUBLISHED: it is not."""

    PUBLISHED = 0
    GATE = 1
    DOMINANCE = 2
    DIFFERENCES = 3
    SIBLINGS = 4
    PARENT = 5
    AUDIT = 6


Withheld = NDArray[np.int8]
"""Shape (columns,): the Rule of each column, for one family in one wave."""


@dataclass(frozen=True)
class Bases:
    """Unweighted bases of a family. `counted`: int64 (measures, columns), asked and answered of each of its parts.

    `asked`: int64 (columns,), those who were asked the family's first part (or any, where it has no router of its own).
    """

    asked: NDArray[np.int64]
    counted: NDArray[np.int64]


def gate(bases: Bases, threshold: int) -> Withheld:
    """The columns that are withheld for their own base. A group that nobody belongs to has nothing to withhold."""
    small = (bases.counted < threshold).any(axis=0) & (bases.asked > 0)
    return np.where(small, Rule.GATE, Rule.PUBLISHED).astype(np.int8)


def complete(withheld: Withheld, columns: Columns, bases: Bases, threshold: int) -> Withheld:
    """Withholds siblings and cells of withheld parents until no withheld group can be had by subtraction.

    Line after line, from the first again until none is open: the audit does this thousands of times, so that which
    lines are open is found for all of them at once.
    """
    withheld = withheld.copy()
    place, found = 0, False
    while columns.lines:
        still_open = np.flatnonzero(_open(withheld, columns, bases, threshold)[place:])
        if not len(still_open) and not found:
            break
        if not len(still_open):
            place, found = 0, False
            continue
        place, found = place + int(still_open[0]), True
        line = columns.lines[place]
        published = [cell for cell in line.cells if not withheld[cell] and bases.asked[cell]]
        if withheld[line.parent]:
            withheld[published] = Rule.PARENT
        else:
            withheld[min(published, key=lambda cell: (bases.asked[cell], cell))] = Rule.SIBLINGS
    return withheld


def _open(withheld: Withheld, columns: Columns, bases: Bases, threshold: int) -> NDArray[np.bool_]:
    """Shape (lines,): those that have a published cell left to withhold, and must withhold it."""
    parents, cells, starts = columns.line_parents, columns.line_cells, columns.line_starts
    asked, published = bases.asked[cells], withheld[cells] == 0
    left = bases.counted[:, parents] - np.add.reduceat(bases.counted[:, cells] * published, starts, axis=1)
    too_few = ((left > 0) & (left < threshold)).any(axis=0)
    hidden = np.add.reduceat((~published & (asked > 0)).astype(np.int64), starts)
    outside = bases.asked[parents] > np.add.reduceat(asked, starts)
    alone = (hidden == 1) & ~outside & (threshold > 0)
    able = np.logical_or.reduceat(published & (asked > 0), starts)
    found: NDArray[np.bool_] = able & ((withheld[parents] > 0) | too_few | alone)
    return found
