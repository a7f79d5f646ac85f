"""Questions of which a respondent gives several answers: multiple, coded open answers, rankings.

A set stands in one of three ways in a file: a column per category, columns of the first, second, … choice, or one
column with all codes, parted by a delimiter. A respondent of whom a column per category says "not selected" everywhere
has answered and chose nothing; one whose cells are all blank has not answered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.answers.findings import Findings, codes_in_words, counted, some
from saklig.answers.lookup import BLANK, Meanings, find_variable, look_up, spread, value_counts
from saklig.answers.matching import as_number, canonical, is_blank
from saklig.answers.model import ANSWERED, NO_ANSWER, NOT_ASKED, Marked, Source, Value, Variable
from saklig.language.catalog import say
from saklig.study.model import Kind, Part, Role
from saklig.study.sources import QuestionSource

NOT_CHOSEN_WORDS = frozenset(
    {
        "0",
        "no",
        "not selected",
        "not chosen",
        "not mentioned",
        "not checked",
        "unchecked",
        "unselected",
        "false",
        "nej",
        "ej vald",
        "inte vald",
        "ej valt",
        "inte valt",
        "ej markerad",
        "ej markerat",
        "ej nämnt",
    }
)
_CHOSEN, _NOT_CHOSEN = 1, 0
_TOO_MANY = 255


@dataclass(frozen=True)
class _Place:
    """Where a set stands: what every function here needs beside the columns."""

    part: Part
    where: QuestionSource
    name: str
    findings: Findings

    @property
    def ranked(self) -> bool:
        return self.part.question.kind is Kind.RANKING

    @property
    def meanings(self) -> Meanings:
        return Meanings.of_part(self.part, self.where.not_asked)


def bind_marked(part: Part, where: QuestionSource, source: Source, place: str, findings: Findings) -> Marked | None:
    """The answers to `part`, before routing. None where a column cannot be found."""
    at = _Place(part, where, place, findings)
    if where.by_category:
        found = _by_category(at, source)
    elif where.by_place:
        found = _by_place(at, source)
    elif where.variable:
        found = _in_one_column(at, source)
    else:
        findings.error(place, say("no column is named; give `variable`, `variables` or a variable per category"))
        return None
    if found is None:
        return None
    status, marks = found
    if at.ranked:
        _check_places(at, marks)
    else:
        _remark_contradictions(at, marks)
    return _settle_missing(at, status, marks)


_Found = tuple[NDArray[np.int16], NDArray[np.uint8]]


def _by_category(at: _Place, source: Source) -> _Found | None:
    positions = {row.id: position for position, row in enumerate(at.part.rows)}
    marks = np.zeros((source.rows, len(at.part.rows)), dtype=np.uint8)
    says_no = np.zeros(source.rows, dtype=bool)
    not_asked = np.zeros(source.rows, dtype=bool)
    complete = True
    for category, name in at.where.by_category.items():
        if category not in positions:  # offered in another wave only
            continue
        variable = find_variable(source, name, at.name, at.findings)
        if variable is None:
            complete = False
            continue
        cells = spread(variable, _place_table(at, variable) if at.ranked else _choice_table(at.where, variable))
        marks[:, positions[category]] = np.clip(cells, 0, _TOO_MANY)
        says_no |= cells == _NOT_CHOSEN
        not_asked |= cells == NOT_ASKED
    if not complete:
        return None
    status = np.full(source.rows, NO_ANSWER, dtype=np.int16)
    status[not_asked] = NOT_ASKED
    if not at.ranked:
        status[says_no] = ANSWERED
    status[marks.any(axis=1)] = ANSWERED
    return status, marks


def _choice_table(where: QuestionSource, variable: Variable) -> NDArray[np.int16]:
    """int16 (values + 1,): chosen, not chosen, NOT_ASKED or NO_ANSWER; the last entry is that of a blank cell."""
    chosen, not_asked = frozenset(map(canonical, where.chosen)), frozenset(map(canonical, where.not_asked))
    missing = frozenset(map(canonical, variable.missing))
    labels = {canonical(value): label for value, label in variable.labels.items()}

    def cell(value: Value) -> int:
        key = canonical(value)
        if key in chosen:
            return _CHOSEN
        if key in not_asked:
            return NOT_ASKED
        if is_blank(value) or key in missing:
            return NO_ANSWER
        says_no = {str(key).casefold(), labels.get(key, "").strip().casefold()} & NOT_CHOSEN_WORDS
        return _NOT_CHOSEN if chosen or says_no else _CHOSEN

    blank = NOT_ASKED if BLANK in not_asked else NO_ANSWER
    return np.array([*map(cell, variable.values), blank], dtype=np.int16)


def _place_table(at: _Place, variable: Variable) -> NDArray[np.int16]:
    """int16 (values + 1,): the place that a value gives, 0 for none, NOT_ASKED or NO_ANSWER."""
    not_asked = frozenset(map(canonical, at.where.not_asked))
    missing = frozenset(map(canonical, variable.missing))
    counts = value_counts(variable)
    unreadable: list[int] = []

    def cell(index: int, value: Value) -> int:
        key = canonical(value)
        if key in not_asked:
            return NOT_ASKED
        if is_blank(value) or key in missing:
            return NO_ANSWER
        number = as_number(value)
        if number is None or number != int(number) or not 0 <= number < _TOO_MANY:
            if counts[index]:
                unreadable.append(index)
            return NO_ANSWER
        return int(number)

    cells = [cell(index, value) for index, value in enumerate(variable.values)]
    if unreadable:
        at.findings.error(
            at.name,
            say(
                "the column “{variable}” has {codes} where the place in a ranking was expected: 1, 2, 3 …",
                variable=variable.name,
                codes=codes_in_words(variable, unreadable, counts),
            ),
        )
    blank = NOT_ASKED if BLANK in not_asked else NO_ANSWER
    return np.array([*cells, blank], dtype=np.int16)


def _by_place(at: _Place, source: Source) -> _Found | None:
    marks = np.zeros((source.rows, len(at.part.rows)), dtype=np.uint8)
    not_asked = np.zeros(source.rows, dtype=bool)
    twice = np.zeros(source.rows, dtype=bool)
    complete = True
    for place, name in enumerate(at.where.by_place, start=1):
        variable = find_variable(source, name, at.name, at.findings)
        if variable is None:
            complete = False
            continue
        cells = look_up(variable, at.meanings, at.name, at.findings)
        not_asked |= cells == NOT_ASKED
        rows = np.flatnonzero(cells >= 0)
        given = cells[rows]
        twice[rows] |= marks[rows, given] > 0
        free = marks[rows, given] == 0
        marks[rows[free], given[free]] = place if at.ranked else 1
    if not complete:
        return None
    if at.ranked:
        _refuse_twice(at, int(twice.sum()))
    status = np.full(source.rows, NO_ANSWER, dtype=np.int16)
    status[not_asked] = NOT_ASKED
    status[marks.any(axis=1)] = ANSWERED
    return status, marks


def _in_one_column(at: _Place, source: Source) -> _Found | None:
    variable = find_variable(source, at.where.variable, at.name, at.findings)
    if variable is None:
        return None
    meanings, counts = at.meanings, value_counts(variable)
    missing = frozenset(map(canonical, variable.missing))
    table = np.zeros((len(variable.values) + 1, len(at.part.rows)), dtype=np.uint8)
    status = np.full(len(variable.values) + 1, NO_ANSWER, dtype=np.int16)
    status[-1] = NOT_ASKED if BLANK in meanings.not_asked else NO_ANSWER
    unknown: list[int] = []
    twice = 0
    for index, value in enumerate(variable.values):
        if canonical(value) in meanings.not_asked:
            status[index] = NOT_ASKED
            continue
        codes = [canonical(code) for code in _split(value, at.where.delimiter)]
        if not codes or (canonical(value) in missing and canonical(value) not in meanings.positions):
            continue
        if any(code not in meanings.positions for code in codes):
            if counts[index]:
                unknown.append(index)
            continue
        given = [meanings.positions[code] for code in codes]
        twice += int(counts[index]) if len(set(given)) < len(given) else 0
        for place, position in reversed(list(enumerate(given, start=1))):
            table[index, position] = min(place, _TOO_MANY) if at.ranked else 1
        status[index] = ANSWERED
    if unknown:
        answers = int(counts[unknown].sum())
        example = "" if at.where.delimiter else "; " + say("if several codes stand in one cell, give the `delimiter`")
        at.findings.error(
            at.name,
            say(
                "the column “{variable}” has {answers} with a code that the study lacks; add it to the categories",
                variable=variable.name,
                answers=counted(answers, "answer"),
            )
            + example,
        )
    if at.ranked:
        _refuse_twice(at, twice)
    return status[variable.codes], table[variable.codes]


def _split(value: Value, delimiter: str) -> list[Value]:
    if not isinstance(value, str):
        return [value]
    parts: list[str] = value.split(delimiter) if delimiter else [value]
    return [part.strip() for part in parts if part.strip()]


def _refuse_twice(at: _Place, respondents: int) -> None:
    if respondents:
        at.findings.error(
            at.name,
            say(
                "{who} placed the same alternative twice; correct the data or leave them out",
                who=counted(respondents),
            ),
        )


def _check_places(at: _Place, marks: NDArray[np.uint8]) -> None:
    top = at.part.question.top
    beyond = int((marks > top).any(axis=1).sum()) if top else 0
    if beyond:
        at.findings.error(
            at.name,
            say(
                "{who} gave places after the {top} that `top` says were given; set `top`",
                who=counted(beyond),
                top=top,
            ),
        )
    shared = np.zeros(marks.shape[0], dtype=bool)
    for place in range(1, int(marks.max(initial=0)) + 1):
        shared |= (marks == place).sum(axis=1) > 1
    if shared.any():
        at.findings.error(
            at.name,
            say(
                "{who} gave the same place to several alternatives; correct the data or leave them out",
                who=counted(int(shared.sum())),
            ),
        )


def _remark_contradictions(at: _Place, marks: NDArray[np.uint8]) -> None:
    several = marks.sum(axis=1, dtype=np.int64) > 1
    exclusive = [position for position, row in enumerate(at.part.rows) if row.exclusive]
    contradicting = int((marks[:, exclusive].any(axis=1) & several).sum()) if exclusive else 0
    if contradicting:
        at.findings.remark(
            at.name,
            say(
                "{who} chose an alternative that excludes the others together with others; both are counted",
                who=some(contradicting),
            ),
        )
    at_most = at.part.question.at_most
    answers = [position for position, row in enumerate(at.part.rows) if row.role is Role.ANSWER]
    over = int((marks[:, answers].sum(axis=1, dtype=np.int64) > at_most).sum()) if at_most else 0
    if over:
        at.findings.remark(
            at.name,
            say(
                "{who} chose more than the {at_most} alternatives allowed; all are counted",
                who=some(over),
                at_most=at_most,
            ),
        )


def _settle_missing(at: _Place, status: NDArray[np.int16], marks: NDArray[np.uint8]) -> Marked:
    """A missing category chosen alone becomes the code; chosen beside an answer it gives way to the answer."""
    positions = [position for position, row in enumerate(at.part.rows) if row.role is not Role.ANSWER]
    if not positions:
        return Marked(status, marks)
    answers = [position for position in range(marks.shape[1]) if position not in positions]
    answered = marks[:, answers].any(axis=1)
    missing = marks[:, positions].any(axis=1)
    beside = int((answered & missing).sum())
    if beside:
        at.findings.remark(
            at.name,
            say("{who} gave an answer and “don’t know” or the like as well; the answer counts", who=some(beside)),
        )
    for position in reversed(positions):
        status[(marks[:, position] > 0) & ~answered] = position
    marks[:, positions] = 0
    return Marked(status, marks)
