"""The few marks that every picture is made of, as SVG. All text is escaped here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from saklig.publish.outline.model import Axis, Number, Words

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
# What XML 1.0 does not allow even when escaped: one such character in a label would make the whole file unreadable.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """For content and for attributes in double quotes."""
    text = text.translate(_ESCAPES)
    return text if text.isascii() and text.isprintable() else _FORBIDDEN.sub("\ufffd", text)


@lru_cache(maxsize=65536)
def figure(value: float) -> str:
    """A length with at most two decimals: 12, 12.5, 12.34."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from `lower` to `upper` at lengths from `start` on, linearly. What lies outside stands at the end."""

    lower: float
    upper: float
    start: float
    length: float

    @classmethod
    def of(cls, axis: Axis, start: float, length: float) -> Scale:
        return cls(axis.lower, axis.upper, start, length)

    def __call__(self, value: float) -> float:
        inside = min(max(value, self.lower), self.upper)
        return self.start + (inside - self.lower) / (self.upper - self.lower) * self.length

    @property
    def zero(self) -> float:
        return self(0)


@dataclass(frozen=True, slots=True)
class Body:
    """A drawing without its frame: `height` in its own units."""

    marks: str
    height: float


def text(words: Words | str, x: float, y: float, size: float, names: str = "") -> str:
    """One line. `y` is the baseline; `names` are classes (`mid`, `end`, `soft`, `strong`)."""
    language = f' xml:lang="{escaped(words.language)}"' if isinstance(words, Words) and words.language else ""
    named = f' class="{names}"' if names else ""
    at = f'x="{figure(x)}" y="{figure(y)}" font-size="{figure(size)}"'
    return f"<text {at}{named}{language}>{escaped(str(words))}</text>"


def lines(
    found: Iterable[str], x: float, y: float, size: float, names: str = "", leading: float = 1.28, language: str = ""
) -> str:
    """Several lines below each other, `y` being the baseline of the first."""
    return "".join(
        text(Words(line, language), x, y + place * size * leading, size, names) for place, line in enumerate(found)
    )


def rect(x: float, y: float, w: float, h: float, names: str, more: str = "") -> str:
    return f'<rect class="{names}" x="{figure(x)}" y="{figure(y)}" width="{figure(w)}" height="{figure(h)}"{more}/>'


def line(x1: float, y1: float, x2: float, y2: float, names: str) -> str:
    return f'<line class="{names}" x1="{figure(x1)}" y1="{figure(y1)}" x2="{figure(x2)}" y2="{figure(y2)}"/>'


def whisker(number: Number, scale: Scale, y: float, cap: float) -> str:
    """The interval as a line with caps, on a halo of the paper's colour so that it is seen on its bar too."""
    if number.lower is None or number.upper is None or not number.shown:
        return ""
    low, high = scale(number.lower), scale(number.upper)
    return (
        line(low, y, high, y, "halo")
        + line(low, y, high, y, "w")
        + line(low, y - cap, low, y + cap, "w")
        + line(high, y - cap, high, y + cap, "w")
    )


def upright_whisker(number: Number, scale: Scale, x: float, cap: float) -> str:
    """As `whisker`, on an upright scale."""
    if number.lower is None or number.upper is None or not number.shown:
        return ""
    low, high = scale(number.lower), scale(number.upper)
    return (
        line(x, low, x, high, "halo")
        + line(x, low, x, high, "w")
        + line(x - cap, low, x + cap, low, "w")
        + line(x - cap, high, x + cap, high, "w")
    )


HATCH = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="dk" width="6" height="6"/><path class="hatch" d="M1 0V6"/></pattern>'
)
"""What fills "don't know": grey and hatched, so that it is not taken for a step of the scale without colour either."""
