"""Numbers and dates as people read them, from Babel: `12 %` and `3,4` in Swedish, `12%` and `3.4` in English.

Published numbers are whole numbers of 10**−decimals, as an edition holds them; nothing here rounds, save where said.
A language that Babel does not know is written as English. The spaces are no-break spaces.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from functools import cache, lru_cache

MINUS = "−"
"""U+2212; a hyphen is too short and breaks at the end of a line."""

_REGIONS = {"en": "en_GB"}
"""European study, European dates: 24 September 2021."""


@dataclass(frozen=True)
class Marks:
    """What a language writes in and after numbers."""

    decimal: str
    group: str
    percent: str  # the sign with the space before it, if any


@cache
def _locale(language: str):  # type: ignore[no-untyped-def]  # babel is imported where it is used
    from babel import Locale, UnknownLocaleError

    tag = language.replace("-", "_")
    for name in (_REGIONS.get(tag, tag), tag.split("_")[0], "en_GB"):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("Babel knows English")


@cache
def marks(language: str) -> Marks:
    locale = _locale(language)
    symbols = locale.number_symbols["latn"]
    pattern = locale.percent_formats[None].pattern
    space = "\u00a0" if pattern.split(";")[0][-2:-1].isspace() else ""
    group = symbols["group"]
    return Marks(symbols["decimal"], "\u00a0" if group.isspace() else group, space + symbols["percentSign"])


@lru_cache(maxsize=65536)
def decimal(value: int, decimals: int, language: str) -> str:
    """`value` / 10**`decimals`: (34, 1) is 3,4 in Swedish. Thousands are parted."""
    sign = MINUS if value < 0 else ""
    digits = str(abs(value)).rjust(decimals + 1, "0")
    whole, part = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    known = marks(language)
    if len(whole) > 3:
        whole = f"{int(whole):,}".replace(",", known.group)
    return sign + whole + (known.decimal + part if part else "")


def count(n: int, language: str) -> str:
    return decimal(n, 0, language)


def signed(value: int, decimals: int, language: str) -> str:
    """With its sign, zero without: +12, −3, 0; for balances and differences."""
    return ("+" if value > 0 else "") + decimal(value, decimals, language)


def percent(value: int, decimals: int, language: str) -> str:
    """A share in per cent: `12 %`, `12%`."""
    return decimal(value, decimals, language) + marks(language).percent


def interval(lower: int, upper: int, decimals: int, language: str) -> str:
    """From `lower` to `upper`: 7–20; a space around the dash where a number is negative: −5 – 3."""
    dash = "–" if lower >= 0 else "\u00a0– "
    return decimal(lower, decimals, language) + dash + decimal(upper, decimals, language)


def percent_interval(lower: int, upper: int, decimals: int, language: str) -> str:
    """`7–20 %`."""
    return interval(lower, upper, decimals, language) + marks(language).percent


def exact(number: float, language: str) -> str:
    """A number with the decimals that it was written with, 12 significant digits at most: 0.5, 15 000."""
    from decimal import Decimal

    if not math.isfinite(number):
        raise ValueError(f"{number} is not a number that can be published")
    shortest = Decimal(f"{number:.12g}")
    decimals = max(0, -int(shortest.as_tuple().exponent))
    return decimal(int(shortest.scaleb(decimals)), decimals, language)


def file_size(size: int, language: str) -> str:
    """Bytes in kB or MB, rounded half up: 12 kB, 3,4 MB. At least 1 kB."""
    if size < 1_000_000:
        return f"{decimal(max(1, (size + 500) // 1000), 0, language)}\u00a0kB"
    return f"{decimal((size + 50_000) // 100_000, 1, language)}\u00a0MB"


@cache
def date(day: str, language: str) -> str:
    """An ISO date in words: 24 september 2021."""
    from babel.dates import format_date

    return format_date(datetime.date.fromisoformat(day), "long", locale=_locale(language))


@cache
def date_range(start: str, end: str, language: str) -> str:
    """Two ISO dates in words, saying once what they share: 1–24 september 2021. One may be empty."""
    if not start or not end or start == end:
        return date(start or end, language) if start or end else ""
    first, last = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
    if first.year != last.year or _locale(language).language not in ("sv", "en", "da", "nb", "nn"):
        return f"{date(start, language)} – {date(end, language)}"
    if first.month == last.month:
        return f"{first.day}–{date(end, language)}"
    month = _locale(language).months["format"]["wide"][first.month]
    return f"{first.day} {month} – {date(end, language)}"
