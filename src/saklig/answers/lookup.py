"""From the distinct values of a column to small integers: the values are looked at once, the respondents never."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.findings import Findings, codes_in_words, some
from saklig.answers.matching import canonical, is_blank
from saklig.answers.model import NO_ANSWER, NOT_ASKED, Source, Value, Variable
from saklig.language.catalog import say
from saklig.study.model import Part

UNKNOWN = -9  # never leaves this room: a value that the study does not know
BLANK = ""  # in `not_asked`: an empty cell means that the question was not asked


def find_variable(source: Source, name: str, place: str, findings: Findings) -> Variable | None:
    """The column, or None and an error that offers the nearest name."""
    try:
        return source.variable(name)
    except KeyError:
        names = [variable.name for variable in source.variables]
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.6) or [
            other for other in names if other.casefold() == name.casefold()
        ]
        findings.error(
            place,
            say("the file has no column “{name}”", name=name)
            + "; "
            + (say("did you mean “{name}”?", name=near[0]) if near else say("it has {names}", names=_some(names))),
        )
        return None


def _some(names: list[str]) -> str:
    listed = ", ".join(say("“{name}”", name=name) for name in names[:6])
    return say("{names} and {more} more", names=listed, more=len(names) - 6) if len(names) > 6 else listed


@dataclass(frozen=True)
class Meanings:
    """What the values of a column mean: `positions` in the part's rows, and values that mean "was not asked".

    `elsewhere`: codes of what was offered in other waves only.
    """

    positions: Mapping[Value, int]
    not_asked: frozenset[Value] = frozenset()
    elsewhere: frozenset[Value] = frozenset()

    @classmethod
    def of(cls, codes: Iterable[tuple[Value, int]], not_asked: Iterable[Value] = ()) -> Meanings:
        return cls({canonical(code): position for code, position in codes}, frozenset(map(canonical, not_asked)))

    @classmethod
    def of_part(cls, part: Part, not_asked: Iterable[Value]) -> Meanings:
        found = cls.of(((row.code, position) for position, row in enumerate(part.rows)), not_asked)
        every = part.question.codes.categories if part.question.codes else ()
        return replace(found, elsewhere=frozenset(canonical(each.code) for each in every) - found.positions.keys())


def value_counts(variable: Variable) -> NDArray[np.int64]:
    """int64 (values + 1,): respondents by value, those with nothing last."""
    size = len(variable.values)
    return np.bincount(np.where(variable.codes < 0, size, variable.codes), minlength=size + 1).astype(np.int64)


def spread(variable: Variable, table: NDArray[np.int16]) -> NDArray[np.int16]:
    """From a table over values (its last entry: blank) to one entry a respondent, int16 (n,)."""
    return table[variable.codes]  # −1, blank, is the last entry


def meaning_table(variable: Variable, meanings: Meanings) -> NDArray[np.int16]:
    """int16 (values + 1,): a position, NOT_ASKED, NO_ANSWER or UNKNOWN; the last entry is that of a blank cell."""
    missing = frozenset(map(canonical, variable.missing))
    blank = NOT_ASKED if BLANK in meanings.not_asked else NO_ANSWER
    table = np.full(len(variable.values) + 1, blank, dtype=np.int16)
    for index, value in enumerate(variable.values):
        key = canonical(value)
        if key in meanings.positions:
            table[index] = meanings.positions[key]
        elif key in meanings.not_asked:
            table[index] = NOT_ASKED
        elif not is_blank(value):
            table[index] = NO_ANSWER if key in missing else UNKNOWN
    return table


def look_up(variable: Variable, meanings: Meanings, place: str, findings: Findings) -> NDArray[np.int16]:
    """int16 (n,): what each respondent's value means. An unknown value is an error and becomes NO_ANSWER."""
    table, counts = meaning_table(variable, meanings), value_counts(variable)
    remark_unlisted_missing(variable, table, counts, place, findings)
    unknown = np.flatnonzero((table[:-1] == UNKNOWN) & (counts[:-1] > 0))
    elsewhere = [index for index in unknown.tolist() if canonical(variable.values[index]) in meanings.elsewhere]
    if elsewhere:
        findings.error(
            place,
            say(
                "the column “{variable}” has {codes} that the study offers in other waves only; name this wave in "
                "the category's `waves`, or correct the data",
                variable=variable.name,
                codes=codes_in_words(variable, elsewhere, counts),
            ),
        )
        unknown = np.setdiff1d(unknown, elsewhere)
    if unknown.size:
        findings.error(
            place,
            say(
                "the column “{variable}” has {codes} that the study lacks; add to its "
                "categories what was offered, put in `not_asked` what means “not asked”, or correct the "
                "data",
                variable=variable.name,
                codes=codes_in_words(variable, unknown.tolist(), counts),
            ),
        )
    table[table == UNKNOWN] = NO_ANSWER
    return spread(variable, table)


def remark_unlisted_missing(
    variable: Variable, table: NDArray[np.int16], counts: NDArray[np.int64], place: str, findings: Findings
) -> None:
    missing = frozenset(map(canonical, variable.missing))
    unlisted = sum(
        int(counts[index])
        for index, value in enumerate(variable.values)
        if table[index] == NO_ANSWER and canonical(value) in missing
    )
    if unlisted:
        findings.remark(
            place,
            say(
                "{answers} with a code that the file declares missing and the study does not list; "
                "counted as no answer",
                answers=some(unlisted, "answer"),
            ),
        )
