"""One part of a questionnaire by one grouping of its respondents: everything before protection and rounding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.study.model import Part


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """Respondents by no, one or two background variables.

    `by`: background ids. `groups`: for each cell the group ids, one a background. `codes`: int16 or int32 (n,), the
    cell of each respondent, −1 for none. The whole population: by=(), groups=((),), codes all 0.
    """

    by: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int16 | np.int32]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one line of a table counts: the last two parts of an address. `category` may be a net or missing one."""

    category: str = ""
    stat: str = ""  # "", "mean", "median", "q1", "q3", "first", "top-3", "balance"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Shapes: g groups of the grouping × k rows.

    `count`: unweighted answers in the row; `base`: unweighted answers behind it. A share is exactly
    `numerator / denominator`, a mean too (in the unit of the question), a balance likewise; both are sums of
    fixed-point weights. For quantiles `numerator / denominator` is the value itself.
    `se`, `lower`, `upper`, `deff`: float64, shares as fractions of 1, NaN where undefined; `df`: int64, −1 where none.
    A denominator of 0: nobody answered. `correlation`: float64 (g, g, k), of the estimates of each two groups, NaN
    where it is unknown; None where it is not asked for, or where nothing is known of it.
    """

    part: Part
    grouping: Grouping
    rows: tuple[Row, ...]
    count: NDArray[np.int64]
    base: NDArray[np.int64]
    numerator: NDArray[np.int64]
    denominator: NDArray[np.int64]
    se: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    deff: NDArray[np.float64]
    df: NDArray[np.int64]
    correlation: NDArray[np.float64] | None = None
