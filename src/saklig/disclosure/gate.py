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

from saklig.disclosure.columns import Columns, Line


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
    """Withholds siblings and cells of withheld parents until no withheld group can be had by subtraction."""
    withheld = withheld.copy()
    while True:
        before = withheld.copy()
        for line in columns.lines:
            if withheld[line.parent]:
                _withhold(withheld, [cell for cell in line.cells if bases.asked[cell]], Rule.PARENT)
            else:
                _complete_line(withheld, line, bases, threshold)
        if (withheld == before).all():
            return withheld


def _complete_line(withheld: Withheld, line: Line, bases: Bases, threshold: int) -> None:
    while not _is_covered(withheld, line, bases, threshold):
        published = [cell for cell in line.cells if not withheld[cell] and bases.asked[cell]]
        if not published:
            return
        _withhold(withheld, [min(published, key=lambda cell: (bases.asked[cell], cell))], Rule.SIBLINGS)


def _is_covered(withheld: Withheld, line: Line, bases: Bases, threshold: int) -> bool:
    cells = np.array(line.cells, np.int64)
    published = cells[withheld[cells] == 0]
    left = bases.counted[:, line.parent] - bases.counted[:, published].sum(axis=1)
    if ((left > 0) & (left < threshold)).any():
        return False
    hidden = cells[(withheld[cells] > 0) & (bases.asked[cells] > 0)]
    outside = bases.asked[line.parent] > bases.asked[cells].sum()
    return threshold == 0 or len(hidden) == 0 or len(hidden) + int(outside) >= 2


def _withhold(withheld: Withheld, cells: list[int], rule: Rule) -> None:
    for cell in cells:
        if not withheld[cell]:
            withheld[cell] = rule
