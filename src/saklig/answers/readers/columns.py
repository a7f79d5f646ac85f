"""Columns of text or numbers → dictionary-encoded variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Value, Variable

LARGEST_EXACT = 2**53  # above it a float no longer tells neighbouring whole numbers apart
NOT_NUMBERS = frozenset({"NA", "NaN", "nan", "NULL", "#NULL!", "#N/A", "."})  # how programs write "no number here"

_NUMBER = re.compile(r"-?(?:(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?|\.\d{1,17})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_COMMA_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})?(?:,\d{1,17})?", re.ASCII)
_PADDED = re.compile(r"(-?)0*(\d[\d.]*)", re.ASCII)
_TIME = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?"
_DATE = re.compile(
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d\d)|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}|\d{{4}}/\d\d/\d\d)"
    rf"(?:[T ]{_TIME})?(?:Z| ?[+-]\d\d:?\d\d)?",
    re.ASCII,
)


def whole(value: float) -> int | float:
    """The same number, as int where it is whole and a float holds it exactly."""
    return int(value) if abs(value) < LARGEST_EXACT and value == int(value) else value


def as_number(text: str, decimal_comma: bool = False) -> int | float | None:
    """The number that `text` writes, or None. `0114`, `+1` and `1 000` are texts: codes, telephone numbers, ranges."""
    if decimal_comma and "," in text:
        if not _COMMA_NUMBER.fullmatch(text):
            return None
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return None
    return int(text) if text.lstrip("-").isdigit() else whole(float(text))


def as_value(text: str) -> Value:
    """A code as a codebook writes it: a number where it is one, else the text."""
    text = text.strip()
    number = as_number(text)
    return text if number is None else number


def as_padded_value(text: str) -> Value:
    """A value in fixed-width data, where zeros fill the field: `01` is 1, `-007` is −7, `00.90` is 0.9."""
    stripped = text.strip()
    found = _PADDED.fullmatch(stripped)
    return as_value(found[1] + found[2]) if found else as_value(stripped)


def padded(texts: Sequence[str], codes: NDArray[np.int32]) -> tuple[list[str], NDArray[np.int32]]:
    """A column of such codes without the zeros that fill it; `1` and `01` become one."""
    plain = [str(as_padded_value(text)) for text in texts]
    distinct = list(dict.fromkeys(plain))
    place = {text: position for position, text in enumerate(distinct)}
    return distinct, recode(codes, [place[text] for text in plain])


def recode(codes: NDArray[np.int32], positions: Sequence[int]) -> NDArray[np.int32]:
    """`codes` through the map old position → new position; −1 stays −1."""
    table = np.empty(len(positions) + 1, np.int32)
    table[:-1] = positions
    table[-1] = -1
    found: NDArray[np.int32] = table[codes]
    return found


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a file says of a column, apart from its answers."""

    label: str = ""
    labels: Mapping[Value, str] = field(default_factory=dict)
    missing: frozenset[Value] = frozenset()
    measure: str = ""
    is_date: bool = False


NOTHING_SAID = Description()


def numbers(name: str, values: NDArray[np.float64], said: Description = NOTHING_SAID) -> Variable:
    """A variable from float64 values, NaN where the file has nothing; an infinity is no answer either."""
    distinct, codes = _distinct(values)
    return described(name, codes, tuple(whole(value) for value in distinct.tolist()), said)


def _distinct(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """The distinct values in rising order, and each value's position among them (−1 for NaN and infinities)."""
    given = np.isfinite(values)
    codes = np.full(len(values), -1, np.int32)
    present = values[given]
    if not len(present):
        return present, codes
    low, high = present.min(), present.max()
    if high - low < 100_000 and np.array_equal(present, np.floor(present)):
        # Codes of questions: counting them is twenty times as fast as sorting a million of them.
        offset = (present - low).astype(np.int32)
        seen = np.bincount(offset, minlength=int(high - low) + 1) > 0
        position = (np.cumsum(seen) - 1).astype(np.int32)
        codes[given] = position[offset]
        return np.flatnonzero(seen) + low, codes
    distinct, inverse = np.unique(present, return_inverse=True)
    codes[given] = inverse
    return distinct, codes


def described(name: str, codes: NDArray[np.int32], values: tuple[Value, ...], said: Description) -> Variable:
    return Variable(
        name=name,
        codes=codes,
        values=values,
        label=said.label,
        labels=said.labels,
        missing=said.missing,
        measure=said.measure,
        is_date=said.is_date,
    )


class TextColumn:
    """Collects one column of cells, a chunk at a time, keeping each distinct text once."""

    def __init__(self) -> None:
        self._index = _Positions()
        self._chunks: list[NDArray[np.int32]] = []

    def add(self, cells: Sequence[str]) -> None:
        self._chunks.append(np.fromiter(map(self._index.__getitem__, cells), np.int32, len(cells)))

    def texts(self) -> tuple[list[str], NDArray[np.int32]]:
        """The distinct texts, stripped, in order of appearance, and their positions; −1 where blank."""
        codes = np.concatenate(self._chunks) if self._chunks else np.zeros(0, np.int32)
        kept = _Positions()
        positions = []
        for text in self._index:
            stripped = text.strip()
            positions.append(kept[stripped] if stripped else -1)
        return list(kept), recode(codes, positions)


class _Positions(dict[str, int]):
    """text → its position in order of appearance."""

    def __missing__(self, text: str) -> int:
        self[text] = position = len(self)
        return position


@dataclass(frozen=True)
class Decided:
    """A column of text after it was decided what it holds."""

    variable: Variable
    decimal_comma: bool = False


def decide(
    name: str,
    texts: Sequence[str],
    codes: NDArray[np.int32],
    said: Description = NOTHING_SAID,
    *,
    decimal_comma: bool = False,
    keep_text: bool = False,
) -> Decided:
    """A column of numbers where every text is one, else of text.

    Beside numbers, the marks that programs write for "no number here" are allowed; they stay as text, declared missing,
    so that "not asked" can be told from an empty cell. With `keep_text` nothing is made a number.
    """
    marks = [text for text in texts if text in NOT_NUMBERS]
    candidates = [text for text in texts if text not in NOT_NUMBERS]
    parsed = [] if keep_text or not candidates else _all_numbers(candidates, decimal_comma)
    if not parsed:
        is_date = said.is_date or (bool(candidates) and all(_DATE.fullmatch(text) for text in candidates))
        return Decided(described(name, codes, tuple(texts), _dated(said, is_date)))
    ordered: list[Value] = [*sorted(set(parsed)), *marks]
    place = {value: position for position, value in enumerate(ordered)}
    number = dict(zip(candidates, parsed, strict=True))
    positions = [place[number.get(text, text)] for text in texts]
    said = Description(
        label=said.label,
        labels=said.labels,
        missing=said.missing | frozenset(marks),
        measure=said.measure,
        is_date=said.is_date,
    )
    variable = described(name, recode(codes, positions), tuple(ordered), said)
    return Decided(variable, decimal_comma and any("," in text for text in candidates))


def _all_numbers(texts: Sequence[str], decimal_comma: bool) -> list[int | float]:
    """The numbers, or an empty list where one of the texts is none."""
    found: list[int | float] = []
    for text in texts:
        number = as_number(text, decimal_comma)
        if number is None:
            return []
        found.append(number)
    return found


def _dated(said: Description, is_date: bool) -> Description:
    if is_date == said.is_date:
        return said
    return Description(
        label=said.label, labels=said.labels, missing=said.missing, measure=said.measure, is_date=is_date
    )


def mixed(name: str, cells: Iterable[Any], said: Description = NOTHING_SAID) -> Variable:
    """A column of numbers and letters: the extended missing values of Stata and SAS stay as text behind the numbers."""
    column = list(cells)
    distinct = dict.fromkeys(cell for cell in column if cell is not None and cell == cell)
    number = sorted(cell for cell in distinct if not isinstance(cell, str))
    ordered: list[Value] = [*map(whole, number), *sorted(cell for cell in distinct if isinstance(cell, str))]
    place = {value: position for position, value in enumerate(ordered)}
    codes = np.fromiter((place.get(cell, -1) for cell in column), np.int32, len(column))
    return described(name, codes, tuple(ordered), said)
