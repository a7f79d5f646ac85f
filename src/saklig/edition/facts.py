"""The rows of an edition: one fact each, protected and rounded, as they are published."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

ADDRESS_COLUMNS = (
    "wave", "wave2", "question", "item", "category", "stat", "by1", "group1", "by2", "group2", "versus",
)  # fmt: skip


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

    `value`, `se`, `lower`, `upper`: int64 in units of 10**−decimals; shares and balances in per cent, means, medians and
    quartiles in the question's unit. `count`, `base`, `df`: whole numbers. `deff`: hundredths. NONE where absent.
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
