"""Counting: from one part's answers to sums by slot and column, all exact.

A slot is a group, or the part of a sampling unit that lies in a group. Weights are whole numbers whose sum stays below
2**53, and so float64, in which numpy's bincount adds, holds every partial sum exactly: the sums are those of integers,
whatever the order of the respondents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, NO_ANSWER, NOT_ASKED, Column, Marked, Measured
from saklig.design.fixed_point import fixed_point
from saklig.study.model import NumberClass, Part, Role
from saklig.tabulation.breakdown import Breakdown, Slots
from saklig.tabulation.fine import Fine, inner_weights
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
class Sums:
    """By slot and column: `count` respondents, `weight` their weights, `square` their squared weights, `present` those
    with a positive weight. All int64 (slots, columns). `fine`: where the weights were adjusted to targets."""

    count: Integers
    weight: Integers
    square: Integers
    present: Integers
    fine: FineSums | None = None


@dataclass(frozen=True, kw_only=True)
class FineSums:
    """By fine slot and column, whole numbers in float64, so that sums of them are exact in any order: `weight`,
    `inner` (in `inner_unit`), `square` (in the design's unit) and `cross` (in `cross_unit`), as in `fine.Deviations`
    with d = 1."""

    weight: Floats
    inner: Floats
    square: Floats
    cross: Floats
    inner_unit: float
    cross_unit: float


def counts(given: Ticks, slots: Slots, size: int, broken: Breakdown) -> tuple[Integers, Integers]:
    """Respondents and their weights, int64 (size, columns)."""
    keys = _keys(given, slots)
    count = _add(keys, size, given.columns)
    if broken.design.equal:
        return count, count * broken.design.weights[0]
    return count, _add(keys, size, given.columns, _each(given, broken.weights, broken.design.sums, slots))


def staged_sums(given: Ticks, broken: Breakdown) -> list[Sums]:
    """The sums of every stage, with those of its fine slots."""
    return [
        replace(sums(given, each.slots, each.size, broken), fine=_fine_sums(given, each.fine, broken))
        for each in broken.stages
    ]


def _fine_sums(given: Ticks, stage: Fine | None, broken: Breakdown) -> FineSums | None:
    adjustment, design = broken.design.adjustment, broken.design
    if stage is None or adjustment is None:
        return None
    keys = _keys(given, stage.slots)
    inner = fixed_point(inner_weights(adjustment, design.sums, design.scale))
    cross = fixed_point(design.sums * np.rint(adjustment.after * design.scale))

    def added(numbers: Floats) -> Floats:
        tiled = np.tile(numbers if given.who is None else numbers[given.who], len(stage.slots))
        return _add(keys, stage.size, given.columns, tiled).astype(np.float64)

    return FineSums(
        weight=added(design.sums),
        inner=added(inner.numbers),
        square=added(design.squares.numbers),
        cross=added(cross.numbers),
        inner_unit=inner.unit,
        cross_unit=cross.unit,
    )


def sums(given: Ticks, slots: Slots, size: int, broken: Breakdown) -> Sums:
    """All that shares and their errors need of a set of slots."""
    design = broken.design
    keys = _keys(given, slots)
    count = _add(keys, size, given.columns)
    if design.equal:
        first = np.int64(design.squares.numbers[0])
        return Sums(count=count, weight=count * design.weights[0], square=count * first, present=count)
    weight = _add(keys, size, given.columns, _each(given, broken.weights, design.sums, slots))
    square = _add(keys, size, given.columns, _each(given, broken.squares, design.squares.numbers, slots))
    present = count
    if not design.positive:
        positive = (design.weights > 0).astype(np.float64)
        present = _add(keys, size, given.columns, _each(given, np.tile(positive, len(slots)), positive, slots))
    return Sums(count=count, weight=weight, square=square, present=present)


def _keys(given: Ticks, slots: Slots) -> Integers:
    chosen = slots if given.who is None else slots[:, given.who]
    return np.asarray(chosen * given.columns + given.column).ravel()


def _each(given: Ticks, tiled: Floats, single: Floats, slots: Slots) -> Floats:
    return tiled if given.who is None else np.tile(single[given.who], len(slots))


def _add(keys: Integers, size: int, columns: int, weights: Floats | None = None) -> Integers:
    found = np.bincount(keys, weights=weights, minlength=(size + 1) * columns)
    return found[: size * columns].astype(np.int64).reshape(size, columns)
