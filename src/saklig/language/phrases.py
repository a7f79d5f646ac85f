"""Numbers in sentences, in the words of a language that the program speaks."""

from __future__ import annotations

from saklig.language import numbers
from saklig.language.catalog import N_, translator

POINTS = (N_("{number} percentage point"), N_("{number} percentage points"))
"""Of plus or minus one, and of any other number."""


def points(value: int, decimals: int, language: str) -> str:
    """A balance or a difference of shares: `+12 percentage points`, `−1 percentage point`."""
    one, several = POINTS
    words = one if abs(value) == 1 and not decimals else several
    return translator(language)(words, number=numbers.signed(value, decimals, language))
