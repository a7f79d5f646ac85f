"""SurveyMonkey's two header rows: the question above, "Response" or the option, item or rank below.

Only the first column of a question carries its text; those that follow have an empty name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from saklig.answers.model import QuestionHint, Variable
from saklig.language.text import Text

RESPONSES = frozenset({"response", "open-ended response", "svar", "öppet svar"})  # in English and Swedish
OTHER = re.compile(r"other\b.*specify|annat\b.*(ange|specificera)|^other$", re.IGNORECASE)
UNKNOWN_LANGUAGE = "und"
LONGEST_NAME, MOST_WORDS = 30, 3


@dataclass(frozen=True)
class QuestionColumn:
    """One column. `part` is what the second row says, empty where it says "Response" or nothing."""

    name: str
    question: str
    part: str
    number: int  # of the question, in the questionnaire's order; 0: no question but a serial number, a date …

    @property
    def label(self) -> str:
        return f"{self.question} - {self.part}" if self.part else self.question


def is_second_header(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the second row names options and not answers."""
    if len(first) != len(second) or not first[0]:
        return False
    below = [cell.strip() for cell in second]
    unnamed = [place for place, name in enumerate(first) if not name]
    said = [cell.lower() in RESPONSES for cell in below if cell]
    if not unnamed:
        return bool(said) and all(said)
    options_below = all(below[place] and not _is_number(below[place]) for place in unnamed)
    return options_below and (any(said) or not below[0])


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()


def question_columns(first: Sequence[str], second: Sequence[str]) -> list[QuestionColumn]:
    """The columns with names that are short and tell the question: `q3_2`, or the heading itself where it is a word."""
    starts = [place for place, name in enumerate(first) if name]
    columns: list[QuestionColumn] = []
    number = 0
    for start, end in zip(starts, [*starts[1:], len(first)], strict=True):
        question = " ".join(first[start].split())
        parts = ["" if cell.strip().lower() in RESPONSES else " ".join(cell.split()) for cell in second[start:end]]
        if end - start == 1 and not second[start].strip():
            columns.append(QuestionColumn(question, question, "", 0))
            continue
        number += 1
        stem = question if _is_name(question) and end - start == 1 else f"q{number}"
        for place, part in enumerate(parts, 1):
            name = stem if len(parts) == 1 or not part else f"{stem}_{place}"
            columns.append(QuestionColumn(name, question, part, number))
    return _unique(columns)


def _is_name(question: str) -> bool:
    return (
        len(question) <= LONGEST_NAME and len(question.split()) <= MOST_WORDS and not question.endswith(("?", ".", ":"))
    )


def _unique(columns: Sequence[QuestionColumn]) -> list[QuestionColumn]:
    taken: set[str] = set()
    found = []
    for column in columns:
        name, extra = column.name, 2
        while name in taken:
            name, extra = f"{column.name}_{extra}", extra + 1
        taken.add(name)
        found.append(QuestionColumn(name, column.question, column.part, column.number))
    return found


def described_questions(
    columns: Sequence[QuestionColumn], variables: Mapping[str, Variable]
) -> tuple[QuestionHint, ...]:
    """What the two rows and the answers under them say of each question."""
    hints: list[QuestionHint] = []
    for number, group in groupby(columns, key=lambda column: column.number):
        members = [column for column in group if column.name in variables]
        if number and members:
            hints.extend(_question(members, variables))
    return tuple(hints)


def _question(members: Sequence[QuestionColumn], variables: Mapping[str, Variable]) -> list[QuestionHint]:
    written = [column for column in members if _holds_written_answers(column, variables[column.name])]
    asked = [column for column in members if column not in written]
    if not asked:
        asked, written = list(written), []
    kind = "single" if len(asked) == 1 and not asked[0].part else _kind_of_several(asked, variables)
    text = Text.of({UNKNOWN_LANGUAGE: members[0].question})
    found = [
        QuestionHint(
            variables=tuple(column.name for column in asked),
            kind=kind,
            text=text,
            item_texts={column.name: Text.of({UNKNOWN_LANGUAGE: column.part}) for column in asked if column.part},
        )
    ]
    found.extend(
        QuestionHint(variables=(column.name,), kind="open", text=Text.of({UNKNOWN_LANGUAGE: column.label}))
        for column in written
    )
    return found


def _holds_written_answers(column: QuestionColumn, variable: Variable) -> bool:
    """An "Other (please specify)" under which people wrote; one that was only ticked repeats the heading."""
    return bool(OTHER.search(column.part)) and any(value != column.part for value in variable.values)


def _kind_of_several(columns: Sequence[QuestionColumn], variables: Mapping[str, Variable]) -> str:
    if all(_repeats_heading(column, variables[column.name]) for column in columns):
        return "multiple"
    return "ranking" if _is_ranking([variables[column.name] for column in columns]) else "grid"


def _repeats_heading(column: QuestionColumn, variable: Variable) -> bool:
    return all(" ".join(str(value).split()) == column.part for value in variable.values)


def _is_ranking(variables: Sequence[Variable]) -> bool:
    """Every column holds places 1 … k, and nobody gave one place twice."""
    last = len(variables)
    if last < 2 or any(
        not isinstance(value, int) or not 1 <= value <= last for variable in variables for value in variable.values
    ):
        return False
    places = np.stack([np.array([*map(int, variable.values), 0])[variable.codes] for variable in variables], axis=1)
    twice = [((places == place).sum(axis=1) > 1).any() for place in range(1, last + 1)]
    return bool(places.any()) and not any(twice)
