"""The rows of an edition: one fact each, protected and rounded, as they are published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

ADDRESS_COLUMNS = (
    "wave", "wave2", "question", "item", "category", "stat", "by1", "group1", "by2", "group2", "versus",
)  # fmt: skip
NUMBER_COLUMNS = ("count", "base", "value", "se", "lower", "upper", "deff", "df")


IN_UNITS = ("mean", "median", "q1", "q3")
"""Statistics in the question's unit; everything else is a share, in per cent."""


class Status(StrEnum):
    PUBLISHED = "published"
    WITHHELD = "withheld"
    NOT_ASKED = "not-asked"
    NO_ANSWERS = "no-answers"


@dataclass(frozen=True, kw_only=True)
class Labels:
    """A dictionary-encoded text column: int32 codes (rows,) into `values`; the empty text is `""`."""

    codes: NDArray[np.int32]
    values: tuple[str, ...]


NONE = np.iinfo(np.int64).min
"""A number that is not there, in an integer column."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Columns, all of one length, sorted in the plan's order (wave, question, item, grouping, group, row).

    `value`, `se`, `lower`, `upper`: int64 in units of 10**−decimals; shares and balances in per cent, means, medians
    and quartiles in the question's unit. `count`, `base`, `df`: whole numbers. `deff`: hundredths, whole tens. NONE
    where absent.
    """

    address: dict[str, Labels]
    count: NDArray[np.int64]
    base: NDArray[np.int64]
    value: NDArray[np.int64]
    se: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    deff: NDArray[np.int64]
    df: NDArray[np.int64]
    decimals: NDArray[np.int8]
    status: Labels

    def __len__(self) -> int:
        return len(self.value)

    def numbers(self, column: str) -> NDArray[np.int64]:
        """One of NUMBER_COLUMNS by its name."""
        found: NDArray[np.int64] = getattr(self, column)
        return found

    def rows(self, rows: NDArray[np.intp] | slice) -> tuple[Fact, ...]:
        """Those rows as values, in their order."""
        address = [_texts(self.address[name], rows) for name in ADDRESS_COLUMNS]
        numbers = [
            [None if number == NONE else number for number in self.numbers(name)[rows].tolist()]
            for name in NUMBER_COLUMNS
        ]
        statuses = [Status(text) for text in self.status.values]
        status = [statuses[code] for code in self.status.codes[rows].tolist()]
        columns = (*address, *numbers, self.decimals[rows].tolist(), status)
        return tuple(_fact(values) for values in zip(*columns, strict=True))


def _texts(labels: Labels, rows: NDArray[np.intp] | slice) -> list[str]:
    values = labels.values
    return [values[code] for code in labels.codes[rows].tolist()]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One row of `Facts` as a value; None where a number is absent. The number is `value` / 10**`decimals`."""

    wave: str
    question: str
    wave2: str = ""
    item: str = ""
    category: str = ""
    stat: str = ""
    by1: str = ""
    group1: str = ""
    by2: str = ""
    group2: str = ""
    versus: str = ""
    count: int | None = None
    base: int | None = None
    value: int | None = None
    se: int | None = None
    lower: int | None = None
    upper: int | None = None
    deff: int | None = None
    df: int | None = None
    decimals: int = 0
    status: Status = Status.PUBLISHED

    @property
    def by(self) -> tuple[str, ...]:
        """The background variables that it is broken down by."""
        return tuple(name for name in (self.by1, self.by2) if name)

    @property
    def groups(self) -> tuple[str, ...]:
        """The group of each of them."""
        return tuple(group for group in (self.group1, self.group2) if group)


_FIELDS = (*ADDRESS_COLUMNS, *NUMBER_COLUMNS, "decimals", "status")


def _fact(values: Sequence[object]) -> Fact:
    # A site asks for every row in turn: filling the dictionary is six times as fast as twenty-one frozen assignments.
    fact = object.__new__(Fact)
    fact.__dict__.update(zip(_FIELDS, values, strict=True))
    return fact


def facts_from(rows: Iterable[Fact]) -> Facts:
    """Columns from rows, in the order given; labels in the order in which they appear."""
    listed = tuple(rows)
    numbers = {
        name: np.array([NONE if (value := getattr(row, name)) is None else value for row in listed], dtype=np.int64)
        for name in NUMBER_COLUMNS
    }
    return Facts(
        address={name: encoded([getattr(row, name) for row in listed]) for name in ADDRESS_COLUMNS},
        decimals=np.array([row.decimals for row in listed], dtype=np.int8),
        status=encoded([row.status.value for row in listed]),
        **numbers,
    )


def encoded(texts: Sequence[str]) -> Labels:
    """A text column, its values in the order in which they appear."""
    positions: dict[str, int] = {}
    codes = [positions.setdefault(text, len(positions)) for text in texts]
    return Labels(codes=np.array(codes, dtype=np.int32), values=tuple(positions))
