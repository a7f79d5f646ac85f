"""Counting: from one part's answers to sums by slot and column, all exact.

A slot is a group, or the part of a sampling unit that lies in a group. Weights are whole numbers whose sum stays below
2**53, and so float64, in which numpy's bincount adds, holds every partial sum exactly: the sums are those of integers,
whatever the order of the respondents.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, NO_ANSWER, NOT_ASKED, Column, Marked, Measured
from saklig.design.fixed_point import fixed_point
from saklig.study.model import NumberClass, Part, Role
from saklig.tabulation.breakdown import Breakdown, Slots
from saklig.tabulation.fine import Fine, FineStatistics, inner_weights
from saklig.tabulation.layout import ROLES, Layout

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ticks:
    """Which respondents count in which columns: `column[i]` of respondent `who[i]`; all in turn where `who` is None."""

    who: Integers | None
    column: Integers
    columns: int


def ticks(part: Part, layout: Layout, column: Column) -> Ticks:
    """Raises TypeError where the answers are not of the part's kind."""
    if part.overlapping:
        return _overlapping(layout, _as_marked(part, column))
    if isinstance(column, Marked):
        raise TypeError(f"{part.key} takes one answer a respondent, but several were given")
    codes = layout.column_of[column.codes.astype(np.int64) + 3]
    if isinstance(column, Measured):
        codes = np.where(column.codes == ANSWERED, _class_of(part.question.classes, column, codes), codes)
    return Ticks(None, codes, layout.columns)


def _class_of(classes: tuple[NumberClass, ...], column: Measured, otherwise: Integers) -> Integers:
    """The first class that each number lies in, both ends included; `otherwise` where it lies in none."""
    result = otherwise
    for position in range(len(classes) - 1, -1, -1):
        lower, upper = classes[position].lower, classes[position].upper
        inside = np.ones(len(column.values), dtype=bool)
        if lower is not None:
            inside &= column.values >= _scaled(lower, column.decimals)
        if upper is not None:
            inside &= column.values <= _scaled(upper, column.decimals)
        result = np.where(inside, position, result)
    return result


def _scaled(bound: float, decimals: int) -> float:
    """The bound in units of 10**−decimals, as near as its shortest decimal writing says."""
    from decimal import Decimal

    return float(Decimal(repr(float(bound))).scaleb(decimals))


def _overlapping(layout: Layout, column: Marked) -> Ticks:
    codes = column.codes.astype(np.int64)
    n, positions = column.marks.shape
    place = np.zeros((n, positions + 1), dtype=np.int64)
    place[:, :positions] = column.marks
    named = np.where(codes == NO_ANSWER, layout.silent, codes)
    coded = np.flatnonzero(named >= 0)
    place[coded, named[coded]] = np.maximum(place[coded, named[coded]], 1)
    chosen = place > 0
    ticked = np.zeros((n, layout.columns), dtype=bool)
    for index, mark in enumerate(layout.marks):
        of = list(mark.of)
        within = chosen[:, of] if not mark.at_most else chosen[:, of] & (place[:, of] <= mark.at_most)
        ticked[:, index] = within.any(axis=1)
    status = _status(layout, chosen[:, :positions])
    status[codes == NO_ANSWER] = ROLES.index(Role.NO_ANSWER)
    asked = np.flatnonzero(codes != NOT_ASKED)
    ticked[codes == NOT_ASKED] = False
    ticked[asked, len(layout.marks) + status[asked]] = True
    who, where = np.nonzero(ticked)
    return Ticks(who, where, layout.columns)


def _status(layout: Layout, chosen: NDArray[np.bool_]) -> Integers:
    """How each respondent answered: the first of ROLES among what they chose; who chose nothing has answered so."""
    status = np.zeros(len(chosen), dtype=np.int64)
    any_of = [chosen[:, layout.roles == role].any(axis=1) for role in range(len(ROLES))]
    for role in range(len(ROLES) - 1, 0, -1):
        status[any_of[role]] = role
    status[any_of[0]] = 0
    return status


def _as_marked(part: Part, column: Column) -> Marked:
    """One code a respondent is several answers of which there is one."""
    if isinstance(column, Measured):
        raise TypeError(f"{part.key} takes categories, but numbers were given")
    if isinstance(column, Marked):
        return column
    return Marked(codes=column.codes, marks=np.zeros((len(column.codes), len(part.rows)), dtype=np.uint8))


@dataclass(frozen=True, kw_only=True)
class Added:
    """What is ticked, added up by slot and column: every property is int64 (size, columns), made when asked for.

    `slots`: int64 (groupings, n), the slot of each respondent, `size` for those in none.
    """

    given: Ticks
    slots: Slots
    size: int
    broken: Breakdown

    @cached_property
    def count(self) -> Integers:
        """Respondents."""
        return self._add(None)

    @cached_property
    def weight(self) -> Integers:
        """Their weights."""
        design = self.broken.design
        if design.equal:
            return np.asarray(self.count * design.weights[0])
        return self._add(self._each(self.broken.weights, design.sums))

    @cached_property
    def square(self) -> Integers:
        """Their squared weights, in units of `design.squares.unit`."""
        squares = self.broken.design.squares.numbers
        if self.broken.design.equal:
            return np.asarray(self.count * np.int64(squares[0]))
        return self._add(self._each(self.broken.squares, squares))

    @cached_property
    def present(self) -> Integers:
        """Those of them with a positive weight."""
        design = self.broken.design
        if design.positive:
            return self.count
        positive = (design.weights > 0).astype(np.float64)
        return self._add(self._each(np.tile(positive, len(self.slots)), positive))

    @cached_property
    def _keys(self) -> Integers:
        chosen = self.slots if self.given.who is None else self.slots[:, self.given.who]
        return np.asarray(chosen * self.given.columns + self.given.column).ravel()

    def _each(self, tiled: Floats, single: Floats) -> Floats:
        return tiled if self.given.who is None else np.tile(single[self.given.who], len(self.slots))

    def of_each(self, numbers: Floats) -> Floats:
        """Of `numbers`, (n,), whole ones with sums below 2**53: float64 (size, columns)."""
        return self._add(self._each(np.tile(numbers, len(self.slots)), numbers)).astype(np.float64)

    def _add(self, weights: Floats | None) -> Integers:
        columns = self.given.columns
        found = np.bincount(self._keys, weights=weights, minlength=(self.size + 1) * columns)
        return found[: self.size * columns].astype(np.int64).reshape(self.size, columns)


def fine_statistics(given: Ticks, stage: Fine, broken: Breakdown) -> FineStatistics:
    """What the residuals of an adjusted design need. Raises ValueError where the design is not adjusted."""
    adjustment, design = broken.design.adjustment, broken.design
    if adjustment is None:
        raise ValueError("the design has no adjustment")
    added = Added(given=given, slots=stage.slots, size=stage.size, broken=broken)
    inner = fixed_point(inner_weights(adjustment, design.sums, design.scale))
    cross = fixed_point(design.sums * np.rint(adjustment.after * design.scale))
    return FineStatistics(
        stage=stage,
        adjustment=adjustment,
        weight=added.weight.astype(np.float64),
        inner=added.of_each(inner.numbers),
        square=added.square.astype(np.float64),
        cross=added.of_each(cross.numbers),
        inner_unit=inner.unit,
        cross_unit=cross.unit,
    )
