"""What SPSS, Stata and SAS files have in common: read through pyreadstat, a few columns at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from saklig.answers.model import Value, Variable
from saklig.answers.readers.columns import Description, TextColumn, described, mixed, numbers, recode, whole
from saklig.answers.readers.faults import fault
from saklig.answers.readers.moments import Moment
from saklig.answers.readers.source_hints import Hints
from saklig.language.catalog import say

# pyreadstat returns lists, 32 bytes a number: this many cells are 260 MB.
CELLS_AT_A_TIME = 8_000_000
ENCODING_FAULT = "encoding"
FALLBACK_ENCODING = "windows-1252"

Read = Callable[..., tuple[Mapping[str, list[Any]], Any]]


@dataclass(frozen=True, kw_only=True)
class Habit:
    """How one program's files differ from another's."""

    format: str
    read: Read
    moment: Callable[[str], Moment | None]
    options: Mapping[str, Any]
    labels: Callable[[Any, str], Mapping[Any, str]]  # (metadata, variable) → value → label, as stored


@dataclass(frozen=True)
class Opened:
    """`metadata` is pyreadstat's; `encoding` is what had to be forced, or empty. `rows`: respondents."""

    metadata: Any
    encoding: str
    variables: tuple[Variable, ...]
    rows: int


def read_statistical(path: Path, habit: Habit, hints: Hints) -> Opened:
    """Every variable in the file's order. Raises AnswersError where the file is broken or holds no answers."""
    for encoding in dict.fromkeys((hints.encoding, FALLBACK_ENCODING)):
        try:
            _, metadata = _read(path, habit, encoding, metadataonly=True)
            if not all(metadata.column_names):
                raise fault(path, say("a variable has no name"), say("Save it again from the program that made it"))
            return Opened(metadata, encoding, *_variables(path, habit, metadata, encoding, hints))
        except UnreadableText:
            continue
    raise fault(
        path,
        say(
            "its texts are neither in the encoding that the file declares nor in {encoding}",
            encoding=FALLBACK_ENCODING,
        ),
        say("Save it again from the program that made it, as Unicode (UTF-8)"),
    )


class UnreadableText(Exception):
    """The declared encoding does not fit the bytes."""


def _read(path: Path, habit: Habit, encoding: str, **options: Any) -> tuple[Mapping[str, list[Any]], Any]:
    from pyreadstat import PyreadstatError, ReadstatError

    if encoding:
        options["encoding"] = encoding
    try:
        return habit.read(str(path), output_format="dict", disable_datetime_conversion=True, **habit.options, **options)
    except MemoryError:
        raise fault(
            path,
            say("the file needs more memory than this machine has"),
            say("Read it on a larger machine, or fewer columns"),
        ) from None
    except (PyreadstatError, ReadstatError, UnicodeDecodeError, LookupError) as error:
        if ENCODING_FAULT in str(error).lower() or isinstance(error, UnicodeDecodeError):
            raise UnreadableText from None
        raise fault(
            path,
            say("this is not a whole {format} file: it is cut short, damaged or of another kind", format=habit.format),
            say("Copy or download it again, or save it again from the program that made it"),
        ) from None
    except (ValueError, OverflowError, AttributeError, IndexError, KeyError, TypeError) as error:
        # pyreadstat lets what it did not foresee in a damaged file through as it comes.
        raise fault(
            path,
            say("this {format} file is damaged ({kind})", format=habit.format, kind=type(error).__name__),
            say("Save it again from the program that made it"),
        ) from None


def _variables(
    path: Path, habit: Habit, metadata: Any, encoding: str, hints: Hints
) -> tuple[tuple[Variable, ...], int]:
    names = [name for name in metadata.column_names if hints.wants(name)]
    if not names:
        raise fault(path, say("the file has no variables"), say("Export it again with its answers"))
    found: list[Variable] = []
    rows = 0
    width = max(1, CELLS_AT_A_TIME // max(1, metadata.number_rows or len(names)))
    for group in _batches(names, width):
        usecols = {} if len(group) == len(metadata.column_names) else {"usecols": group}
        columns, read = _read(path, habit, encoding, **usecols)
        rows = len(columns[group[0]])
        found.extend(_variable(name, columns[name], habit, read) for name in group)
    if metadata.number_rows and rows < metadata.number_rows:
        raise fault(
            path,
            say(
                "the file says {said} respondents and holds {rows}: it is cut short",
                said=metadata.number_rows,
                rows=rows,
            ),
            say("Copy or download it again"),
        )
    if not rows:
        raise fault(path, say("the file has variables but no answers"), say("Export it again with its answers"))
    return tuple(found), rows


def _batches(names: Sequence[str], size: int) -> Iterator[list[str]]:
    remaining = iter(names)
    while batch := list(islice(remaining, size)):
        yield batch


def _variable(name: str, column: list[Any], habit: Habit, metadata: Any) -> Variable:
    is_text = metadata.readstat_variable_types.get(name) == "string"
    said = Description(
        label=(metadata.column_names_to_labels.get(name) or "").strip(),
        labels={
            _stored(value, is_text): label.strip() for value, label in habit.labels(metadata, name).items() if label
        },
        measure=_measure(metadata, name),
    )
    if is_text:
        return _missing(_text(name, column, said), metadata)
    moment = habit.moment(metadata.original_variable_types.get(name) or "")
    variable = _number(name, column, said, single=metadata.readstat_variable_types.get(name) == "float")
    return _missing(_in_words(variable, moment) if moment else variable, metadata)


def _text(name: str, column: list[Any], said: Description) -> Variable:
    texts = TextColumn()
    texts.add(["" if cell is None else cell for cell in column])
    values, codes = texts.texts()
    return described(name, codes, tuple(values), said)


def _number(name: str, column: list[Any], said: Description, *, single: bool) -> Variable:
    try:
        values = np.array(column, dtype=np.float64)
    except ValueError:  # letters: Stata's and SAS's extended missing values
        return mixed(name, (_stored(cell, False) for cell in column), said)
    variable = numbers(name, values, said)
    if not single:
        return variable
    # 1.1 stored in 32 bits comes back as 1.10000002384; what was typed is the shortest number that rounds to it.
    shortest = tuple(whole(float(str(np.float32(value)))) for value in variable.values)
    return described(name, variable.codes, shortest, said)


def _stored(value: Any, is_text: bool) -> Any:
    """A value or a label's key as we keep it: text stripped, whole numbers int, extended missing values as ".a"."""
    if isinstance(value, str):
        return value.strip() if is_text else "." + value.strip()
    return whole(value) if isinstance(value, float) and np.isfinite(value) else value


def _in_words(variable: Variable, moment: Moment) -> Variable:
    """A date column: ISO texts in the place of the numbers."""
    texts: list[str] = []
    for value in variable.values:
        try:
            texts.append(value if isinstance(value, str) else moment(float(value)))
        except (OverflowError, ValueError):  # outside the calendar
            texts.append(str(value))
    distinct = tuple(dict.fromkeys(texts))
    place = {text: position for position, text in enumerate(distinct)}
    codes = recode(variable.codes, [place[text] for text in texts])
    said = Description(label=variable.label, labels=variable.labels, is_date=True)
    return described(variable.name, codes, distinct, said)


def _measure(metadata: Any, name: str) -> str:
    measure = metadata.variable_measure.get(name, "unknown")
    return "" if measure == "unknown" else str(measure)


def _missing(variable: Variable, metadata: Any) -> Variable:
    """Declares the user-missing values: those in the ranges that the file names, and letters among numbers."""
    ranges = metadata.missing_ranges.get(variable.name, [])
    known = dict.fromkeys((*variable.values, *variable.labels))
    missing: set[Value] = {value for value in known if any(_within(value, span) for span in ranges)}
    missing |= {_stored(span["lo"], True) for span in ranges if span["lo"] == span["hi"]}  # also those nobody gave
    if metadata.missing_user_values.get(variable.name):
        missing |= {value for value in known if isinstance(value, str)}
    if not missing:
        return variable
    said = Description(
        label=variable.label,
        labels=variable.labels,
        missing=frozenset(missing),
        measure=variable.measure,
        is_date=variable.is_date,
    )
    return described(variable.name, variable.codes, variable.values, said)


def _within(value: Value, span: Mapping[str, Any]) -> bool:
    low, high = span["lo"], span["hi"]
    if isinstance(value, str):
        return isinstance(low, str) and value == low.strip()
    return not isinstance(low, str) and bool(low <= value <= high)
