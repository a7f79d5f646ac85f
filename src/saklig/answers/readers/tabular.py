"""Rows of cells with a header, from a delimited file or a sheet → Source."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Source, Variable
from saklig.answers.readers.columns import NOTHING_SAID, Description, TextColumn, decide
from saklig.answers.readers.faults import fault
from saklig.answers.readers.limits import MOST_COLUMNS
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.surveymonkey import described_questions, is_second_header, question_columns
from saklig.language.catalog import say

ROWS_AT_A_TIME = 20_000


class Rows(ABC):
    """The rows of a file, each with its number as the file counts them."""

    @abstractmethod
    def __iter__(self) -> Iterator[tuple[int, list[str]]]: ...

    @abstractmethod
    def place(self, number: int) -> str:
        """How a person finds the row: "line 7"."""

    @property
    @abstractmethod
    def decimal_comma(self) -> bool:
        """Whether 1,5 may be a number."""

    @property
    @abstractmethod
    def found(self) -> tuple[str, ...]:
        """What had to be found out."""


@dataclass(frozen=True)
class Cells:
    """A table before it is decided what its columns hold: column name → (distinct texts, codes)."""

    columns: Mapping[str, tuple[list[str], NDArray[np.int32]]]
    rows: int

    def variables(
        self, said: Mapping[str, Description], decimal_comma: bool
    ) -> tuple[tuple[Variable, ...], tuple[str, ...]]:
        """The variables, and those among their names whose numbers were written with a decimal comma."""
        decided = [
            decide(name, texts, codes, said.get(name, NOTHING_SAID), decimal_comma=decimal_comma)
            for name, (texts, codes) in self.columns.items()
        ]
        return (
            tuple(each.variable for each in decided),
            tuple(each.variable.name for each in decided if each.decimal_comma),
        )


def read_table(path: Path, format: str, rows: Rows, hints: Hints) -> Source:
    """A table with a header row, or with SurveyMonkey's two. Raises AnswersError, naming the row."""
    first, second = _head(path, rows)
    header = [name.strip() for name in first]
    if is_second_header(header, second):
        questions = question_columns(header, second)
        cells = collect(path, rows, [column.name for column in questions], hints, skip=2)
        variables, commas = cells.variables({c.name: Description(label=c.label) for c in questions}, rows.decimal_comma)
        found_hints = described_questions(questions, {variable.name: variable for variable in variables})
        remarks: tuple[str, ...] = (say("two header rows, as SurveyMonkey writes them"),)
    else:
        names, remarks = column_names(path, header)
        cells = collect(path, rows, names, hints, skip=1)
        variables, commas = cells.variables({}, rows.decimal_comma)
        found_hints = ()
    return Source(
        path=path,
        format=format,
        rows=cells.rows,
        variables=variables,
        hints=found_hints,
        found=(*rows.found, *remarks, *said_of_commas(commas)),
    )


def said_of_commas(names: Sequence[str]) -> tuple[str, ...]:
    return (say("decimal comma in {names}", names=", ".join(names[:5]) + " …" * (len(names) > 5)),) if names else ()


def _head(path: Path, rows: Rows) -> tuple[list[str], list[str]]:
    """The first two rows that are not blank."""
    head = []
    for _, row in rows:
        if any(cell.strip() for cell in row):
            head.append(row)
        if len(head) == 2:
            return head[0], head[1]
    if not head:
        raise fault(path, say("the file holds nothing but blank rows"), say("Export the answers again"))
    raise fault(path, say("the file has column names but no answers"), say("Export it again with its answers"))


def column_names(path: Path, header: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The columns' names; a column without one is named by its place."""
    if len(header) > MOST_COLUMNS:
        raise fault(
            path,
            say(
                "the header has {columns} columns; at most {most} are read",
                columns=len(header),
                most=MOST_COLUMNS,
            ),
            say("Check the delimiter"),
        )
    names = [name or f"column_{place}" for place, name in enumerate(header, 1)]
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names, 1):
        places.setdefault(name, []).append(place)
    if double := {name: at for name, at in places.items() if len(at) > 1}:
        listed = "; ".join(
            say("“{name}” in columns {places}", name=name, places=", ".join(map(str, at)))
            for name, at in list(double.items())[:5]
        )
        raise fault(
            path,
            say("several columns have the same name: {columns}", columns=listed),
            say("Give every column a name of its own"),
            say("header"),
        )
    unnamed = [name for name, own in zip(names, header, strict=True) if not own]
    return names, (say("columns without a name are called {names}", names=", ".join(unnamed[:5])),) if unnamed else ()


def collect(path: Path, rows: Rows, names: Sequence[str], hints: Hints, *, skip: int) -> Cells:
    """Every row after the first `skip` that are not blank. Raises AnswersError where a row is too long or short."""
    columns = {place: TextColumn() for place, name in enumerate(names) if hints.wants(name)}
    if not columns:
        raise fault(path, say("none of the columns that were asked for is in the file"), say("Check their names"))
    total = 0
    for chunk in _chunks(path, rows, len(names), skip):
        total += len(chunk)
        by_column = list(zip(*chunk, strict=True))
        for place, column in columns.items():
            column.add(by_column[place])
    if not total:
        raise fault(path, say("the file has column names but no answers"), say("Export it again with its answers"))
    return Cells({names[place]: column.texts() for place, column in columns.items()}, total)


def _chunks(path: Path, rows: Rows, width: int, skip: int) -> Iterator[list[list[str]]]:
    chunk: list[list[str]] = []
    blank = 0  # of a file with one column a blank row is an answer that is missing, unless it ends the file
    for number, row in rows:
        if not row or (skip and not any(cell.strip() for cell in row)):
            blank += width == 1 and not skip
            continue
        if skip:
            skip -= 1
            continue
        if len(row) != width:
            raise fault(
                path,
                say("the row has {cells} cells, the header has {width}", cells=len(row), width=width),
                say("Look for a missing or extra delimiter, or for a quotation mark that is not closed before it"),
                rows.place(number),
            )
        chunk.extend([[""]] * blank)
        blank = 0
        chunk.append(row)
        if len(chunk) >= ROWS_AT_A_TIME:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
