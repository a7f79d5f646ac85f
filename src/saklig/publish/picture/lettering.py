"""How wide words are, near enough: no font is read, since nobody knows which one the reader has.

The widths are those of Helvetica and Arial, a little wider than Source Sans: a text that fits here fits with either.
"""

from __future__ import annotations

from functools import lru_cache

_NARROW = dict.fromkeys("iljI|.,:;'’‘!()[]/\\ \u00a0·’”“", 0.29)
_WIDE = dict.fromkeys("mwMWÆŒ%@—…", 0.87)
_WIDTHS = _NARROW | _WIDE | dict.fromkeys('frt-–”“"', 0.34)
_CAPITAL, _OTHER = 0.69, 0.556
BOLD = 1.06


@lru_cache(maxsize=4096)
def width(text: str, size: float) -> float:
    """In the unit of `size`, the font's size."""
    ems = sum(_WIDTHS.get(char) or (_CAPITAL if char.isupper() else _OTHER) for char in text)
    return ems * size


@lru_cache(maxsize=4096)
def wrapped(text: str, size: float, most: float) -> tuple[str, ...]:
    """The text in lines of at most `most`; a word that is wider than a line is parted, with a hyphen."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        for piece in _pieces(word, size, most):
            longer = f"{line} {piece}" if line else piece
            if line and width(longer, size) > most:
                lines.append(line)
                line = piece
            else:
                line = longer
    return (*lines, line)


def _pieces(word: str, size: float, most: float) -> list[str]:
    if width(word, size) <= most:
        return [word]
    pieces = []
    while width(word, size) > most and len(word) > 3:
        # Two letters at least stand on either side of a hyphen, and compounds are parted nearer their middle.
        fit = next((n for n in range(len(word) - 2, 2, -1) if width(word[:n] + "-", size) <= most), 2)
        pieces.append(word[:fit] + "-")
        word = word[fit:]
    return [*pieces, word]


def shortened(text: str, size: float, most: float, lines: int) -> tuple[str, ...]:
    """As `wrapped`, but at most `lines` lines, the last one ending in "…" where something was left out."""
    found = wrapped(text, size, most)
    return found if len(found) <= lines else (*found[: lines - 1], found[lines - 1].rstrip(" ,.-") + "…")
