"""Numbers in sentences, in the words of a language that the program speaks."""

from __future__ import annotations

from saklig.language import numbers
from saklig.language.catalog import N_, translator

POINTS = (N_("{number} percentage point"), N_("{number} percentage points"))
"""Of plus or minus one, and of any other number."""
BETWEEN = N_("{lower} to {upper}")
"""An interval, one of whose limits is negative."""


def points(value: int, decimals: int, language: str) -> str:
    """A balance or a difference of shares: `+12 percentage points`, `−1 percentage point`."""
    one, several = POINTS
    words = one if abs(value) == 1 and not decimals else several
    return translator(language)(words, number=numbers.signed(value, decimals, language))


def interval(lower: int, upper: int, decimals: int, language: str) -> str:
    """`7–20`, and where a number is negative, `−5 to 3`: beside a minus a dash is taken for another."""
    if lower >= 0:
        return numbers.interval(lower, upper, decimals, language)
    low, high = (numbers.decimal(limit, decimals, language) for limit in (lower, upper))
    return translator(language)(BETWEEN, lower=low, upper=high)
