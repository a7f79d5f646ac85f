"""Respondents who are alike in every target get the same factor: they are weighted as one.

The order of the cells follows from what is in them, and their sums are of whole numbers, so that the weights do not
depend on the order of the respondents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.fixed_point import fixed_point

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Cells:
    """m cells. `index`: int64 (n,), the cell of each respondent, −1 where the weight is zero.

    `codes`: int64 (m, margins), the group in each margin. `values`: float64 (m, totals). `weight`: float64 (m,), the
    weights before, added up. `count`: int64 (m,), respondents.
    """

    index: Integers
    codes: Integers
    values: Floats
    weight: Floats
    count: Integers

    def spread(self, by_cell: Floats, elsewhere: float) -> Floats:
        """The number of each respondent's cell, (n,)."""
        return np.where(self.index >= 0, by_cell[self.index], elsewhere)


def cells_of(weights: Floats, codes: Sequence[NDArray[np.integer]], values: Sequence[Floats]) -> Cells:
    kept = weights > 0
    key = np.zeros(int(kept.sum()), dtype=np.int64)
    for column in (*codes, *values):
        distinct, position = np.unique(column[kept], return_inverse=True)
        _, key = np.unique(key * len(distinct) + position, return_inverse=True)
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    index = np.full(len(weights), -1, dtype=np.int64)
    index[kept] = cell
    whole = fixed_point(weights[kept])
    return Cells(
        index=index,
        codes=_columns([column[kept][first].astype(np.int64) for column in codes], len(first), np.int64),
        values=_columns([column[kept][first] for column in values], len(first), np.float64),
        weight=np.asarray(np.bincount(cell, weights=whole.numbers, minlength=len(first)) * whole.unit, np.float64),
        count=np.bincount(cell, minlength=len(first)).astype(np.int64),
    )


def _columns(columns: Sequence[NDArray[np.generic]], rows: int, kind: type) -> NDArray:  # type: ignore[type-arg]
    return np.stack(columns, axis=1) if columns else np.zeros((rows, 0), dtype=kind)
