"""Numeric questions: numbers as fixed-point integers, missing categories beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from saklig.answers.findings import Findings, counted, some
from saklig.answers.lookup import (
    UNKNOWN,
    Meanings,
    find_variable,
    meaning_table,
    remark_unlisted_missing,
    spread,
    value_counts,
)
from saklig.answers.matching import as_number
from saklig.answers.model import ANSWERED, NO_ANSWER, Measured, Source
from saklig.language.catalog import say
from saklig.study.model import Part, Question
from saklig.study.sources import QuestionSource

MOST_DECIMALS = 6
LARGEST = 10**15  # values in units of 10**−decimals: beyond it sums of weights times values may overflow


def bind_measured(part: Part, where: QuestionSource, source: Source, place: str, findings: Findings) -> Measured | None:
    """The numbers of `part`, before routing; at most MOST_DECIMALS decimals are kept, rounded half up."""
    if not where.variable:
        findings.error(place, say("a numeric question has one column; give its name as `variable`"))
        return None
    variable = find_variable(source, where.variable, place, findings)
    if variable is None:
        return None
    classes = len(part.question.classes)
    coded = ((row.code, position) for position, row in enumerate(part.rows) if position >= classes)
    table = meaning_table(variable, Meanings.of(coded, where.not_asked))
    counts = value_counts(variable)
    remark_unlisted_missing(variable, table, counts, place, findings)
    numbers: dict[int, Decimal] = {}
    unreadable = 0
    for index in np.flatnonzero((table[:-1] == UNKNOWN) & (counts[:-1] > 0)).tolist():
        number = as_number(variable.values[index])
        if number is None:
            unreadable += int(counts[index])
            table[index] = NO_ANSWER
        else:
            numbers[index] = number
            table[index] = ANSWERED
    table[table == UNKNOWN] = NO_ANSWER
    if unreadable:
        findings.error(
            place,
            say(
                "the column “{variable}” has {answers} not written as a number; add codes such as “don’t "
                "know” to its categories, or correct the data",
                variable=variable.name,
                answers=counted(unreadable, "answer"),
            ),
        )
    _check_bounds(part.question, numbers, counts.tolist(), place, findings)
    values = np.zeros(len(variable.values) + 1, dtype=np.int64)
    if not can_be_added(numbers.values()):
        findings.error(
            place,
            say(
                "the column “{variable}” has numbers too large to add up; correct the data, or list the values as "
                "missing categories",
                variable=variable.name,
            ),
        )
        return Measured(spread(variable, table), values[variable.codes], 0)
    decimals = _decimals(numbers.values())
    for index, number in numbers.items():
        values[index] = int((number * 10**decimals).to_integral_value(ROUND_HALF_UP))
    return Measured(spread(variable, table), values[variable.codes], decimals)


def can_be_added(numbers: Collection[Decimal]) -> bool:
    """Whether all keep to LARGEST in units of the decimals they need together."""
    sizes = [number.copy_abs() for number in numbers]
    if any(size > LARGEST for size in sizes):  # first: with 1e999999999 nothing can be computed
        return False
    most = Decimal(LARGEST).scaleb(-_decimals(numbers))
    return all(size <= most for size in sizes)


def _decimals(numbers: Iterable[Decimal]) -> int:
    found = 0
    for number in numbers:
        exponent = number.normalize().as_tuple().exponent
        found = max(found, min(MOST_DECIMALS, -int(exponent)))
    return found


def _check_bounds(
    question: Question, numbers: dict[int, Decimal], counts: list[int], place: str, findings: Findings
) -> None:
    lower = None if question.minimum is None else as_number(question.minimum)
    upper = None if question.maximum is None else as_number(question.maximum)
    outside = sum(
        counts[index]
        for index, number in numbers.items()
        if (lower is not None and number < lower) or (upper is not None and number > upper)
    )
    if outside:
        findings.error(
            place,
            say(
                "{answers} outside {range}; correct the data, the bounds, or list the values as missing categories",
                answers=counted(outside, "answer"),
                range=_in_words(question.minimum, question.maximum),
            ),
        )
    if question.classes:
        unclassed = sum(
            counts[index]
            for index, number in numbers.items()
            if not any(
                (c.lower is None or number >= _bound(c.lower)) and (c.upper is None or number <= _bound(c.upper))
                for c in question.classes
            )
        )
        if unclassed:
            findings.remark(place, say("{answers} in none of the classes", answers=some(unclassed, "answer")))


def _bound(bound: float) -> Decimal:
    return as_number(bound) or Decimal(0)


def _in_words(lower: float | None, upper: float | None) -> str:
    if lower is None:
        return say("the maximum {number}", number=f"{upper:g}") if upper is not None else say("the bounds")
    return f"{lower:g}–{upper:g}" if upper is not None else say("the minimum {number}", number=f"{lower:g}")
