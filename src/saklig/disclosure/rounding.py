"""Rounding: the values that are printed, and which of them are printed at all.

Shares and balances are printed in whole per cent, with one decimal from a base of `decimals_from`; means, medians and
quartiles with one decimal in the question's unit; bounds of intervals are rounded outward, standard errors half up, in
the same decimals as their value. Halves go up, and so does what is within 1e-9 of a half, so that a tie is a tie on
every machine: the ratios are of integers, and IEEE division gives them the same double everywhere.
Design effects have one decimal: with weights that are told, a second one would tell more of single answers than a
standard error does.
Means need a base of the threshold, medians of `median_from` thresholds, quartiles of `quartiles_from`. Extremes are
never printed.

Rounding is not counted as protection: below a base of 100 a whole percentage with its base usually gives the count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.policy import Policy
from saklig.edition.facts import IN_UNITS, NONE
from saklig.tabulation.table import Table

Numbers = NDArray[np.int64]

TIE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Printed:
    """Shapes: groups × rows, as in the table; NONE where a number is not printed.

    `value`, `se`, `lower`, `upper` in units of 10**−`decimals`, `deff` in hundredths, of which it has whole tens.
    `too_few`: not printed for its base, which is enough for shares but not for this statistic.
    """

    count: Numbers
    base: Numbers
    value: Numbers
    se: Numbers
    lower: Numbers
    upper: Numbers
    deff: Numbers
    df: Numbers
    decimals: NDArray[np.int8]
    too_few: NDArray[np.bool_]


def rounded(table: Table, policy: Policy) -> Printed:
    """What the policy prints of a table, before any column is withheld."""
    in_units = np.array([row.stat in IN_UNITS for row in table.rows])
    decimals = np.where(in_units[None, :], 1, (table.base >= policy.decimals_from).astype(int))
    factor = np.where(in_units[None, :], 1.0, 100.0) * 10.0**decimals
    needed = np.array([_base_needed(row.stat, policy) for row in table.rows])
    too_few = table.base < needed[None, :]
    present = (table.denominator > 0) & ~too_few
    value = table.numerator / np.where(table.denominator > 0, table.denominator, 1) * factor

    def printed(number: NDArray[np.float64], shown: bool = True) -> Numbers:
        kept = present & np.isfinite(number) & shown
        return np.where(kept, np.where(kept, number, 0.0).astype(np.int64), NONE)

    def tenths(number: Numbers) -> Numbers:
        return np.where(number == NONE, NONE, 10 * number)

    return Printed(
        count=np.where(present & policy.counts, table.count, NONE),
        base=np.where(table.base >= 0, table.base, NONE),
        value=printed(half_up(value)),
        se=printed(half_up(table.se * factor), policy.errors),
        lower=printed(np.floor(table.lower * factor + TIE)),
        upper=printed(np.ceil(table.upper * factor - TIE)),
        deff=tenths(printed(half_up(table.deff * 10), policy.errors)),
        df=np.where(present & policy.errors & (table.df >= 0), table.df, NONE),
        decimals=decimals.astype(np.int8),
        too_few=too_few,
    )


def half_up(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """2.5 gives 3, −2.5 gives −2; within 1e-9 below a half counts as the half."""
    return np.floor(numbers + 0.5 + TIE)


def _base_needed(stat: str, policy: Policy) -> int:
    multiple = {"mean": 1, "median": policy.median_from, "q1": policy.quartiles_from, "q3": policy.quartiles_from}
    return multiple.get(stat, 0) * policy.threshold
