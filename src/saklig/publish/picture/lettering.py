"""How wide words are, near enough: no font is read, since nobody knows which one the reader has.

The widths are those of Verdana and DejaVu Sans, the widest that a reader is likely to have: what fits here fits with
Source Sans, Segoe, Helvetica and Arial too, and nothing of a picture's source line is cut off where it is opened.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NARROW = dict.fromkeys("iljI|.,:;'’‘!()[]/\\ \u00a0·’”“", 0.36)
_WIDE = dict.fromkeys("mwMWÆŒ%@—…", 0.97)
_WIDTHS = _NARROW | _WIDE | dict.fromkeys('frt-–”“"', 0.42)
_CAPITAL, _OTHER = 0.74, 0.62
BOLD = 1.06


@lru_cache(maxsize=4096)
def width(text: str, size: float) -> float:
    """In the unit of `size`, the font's size."""
    ems = sum(_WIDTHS.get(char) or (_CAPITAL if char.isupper() else _OTHER) for char in text)
    return ems * size


@lru_cache(maxsize=4096)
def wrapped(text: str, size: float, most: float) -> tuple[str, ...]:
    """The text in lines of at most `most`; a word wider than a line is parted, with a hyphen, a number never is."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        for place, piece in enumerate(_pieces(word, size, most)):
            longer = f"{line}{'' if place else ' '}{piece}" if line else piece
            if line and width(longer, size) > most:
                lines.append(line)
                line = piece
            else:
                line = longer
    return (*lines, line)


@lru_cache(maxsize=4096)
def balanced(text: str, size: float, most: float) -> tuple[str, ...]:
    """As `wrapped`, in as few lines, but lines as alike as they can be: no word is left alone on the last."""
    found = wrapped(text, size, most)
    narrower = most
    while len(found) > 1 and narrower > most / 2:
        narrower -= size / 2
        tried = wrapped(text, size, narrower)
        if len(tried) > len(found) or any(line.endswith("-") for line in tried):
            break
        found = tried
    return found


def _pieces(word: str, size: float, most: float) -> list[str]:
    if width(word, size) <= most:
        return [word]
    pieces = []
    if marked := re.findall(r".+?(?:[–/-](?=.)|$)", word)[1:]:
        # Where it has a mark of its own it is parted after that, without another: "81–100".
        pieces = [word[: len(word) - sum(map(len, marked))], *marked]
        return [part for piece in pieces for part in _pieces(piece, size, most)]
    while width(word, size) > most and len(word) > 3 and not word.isdigit():
        # Four letters at least are carried over where a long word leaves that choice: "verksamhets-frågorna" and not
        # "verksamhetsfrågor-na".
        last = len(word) - (4 if len(word) > 7 else 2)
        fit = next((n for n in range(last, 2, -1) if width(word[:n] + "-", size) <= most), 2)
        pieces.append(word[:fit] + "-")
        word = word[fit:]
    return [*pieces, word]
