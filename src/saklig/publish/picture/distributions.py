"""Distributions of a number: columns for its classes, and below them its mean, median and quartiles on the same axis.

Where the classes are not equally wide, or open at an end, a column's place on a number axis would mislead: they then
stand side by side, each under its own name, and mean, median and quartiles have an axis of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from saklig.publish.outline.model import Bin, Histogram, Marker
from saklig.publish.picture import lettering
from saklig.publish.picture.bars import SIZE, SMALL
from saklig.publish.picture.markup import Body, Scale, figure, line, lines, rect, text, upright_whisker

HEIGHT = 190.0
"""Of 100 per cent of the share axis."""

SHAPES = {"q1": "quartile", "median": "median", "q3": "quartile", "mean": "mean"}


def body(picture: Histogram, width: float) -> Body:
    left = max((lettering.width(said, SMALL) for _, said in picture.shares.ticks), default=0.0) + 8
    right = max(8.0, lettering.width(picture.axis.ticks[-1][1], SMALL) / 2) if picture.axis.ticks else 8.0
    across = Scale.of(picture.axis, left, width - left - right)
    top = 24.0
    up = Scale.of(picture.shares, top + HEIGHT, -HEIGHT)
    marks = _share_axis(picture, up, left, width)
    edges = _edges(picture.bins)
    if edges:
        places = [(across(low), across(high)) for low, high in edges]
    else:
        each = across.length / max(len(picture.bins), 1)
        places = [(left + n * each, left + (n + 1) * each) for n in range(len(picture.bins))]
    lowest = 0.0
    for part, (start, end) in zip(picture.bins, places, strict=True):
        drawn, below = _column(part, start, end, up)
        marks += drawn
        lowest = max(lowest, below)
    y = top + HEIGHT + lowest + 26
    if not picture.markers:
        return Body(marks, y - 10)
    drawn, height = _markers(picture, across, y, width)
    return Body(marks + drawn, y + height)


def _share_axis(picture: Histogram, up: Scale, left: float, width: float) -> str:
    marks = ""
    for value, said in picture.shares.ticks:
        y = up(value)
        marks += line(left, y, width, y, "z" if value == 0 else "g") + text(said, left - 6, y + 4, SMALL, "soft end")
    return marks


def _edges(bins: Sequence[Bin]) -> list[tuple[float, float]]:
    """The classes' bounds without the gaps between whole numbers; empty where they are open or unequally wide."""
    found: list[tuple[float, float]] = []
    for place, part in enumerate(bins):
        if part.lower is None or part.upper is None:
            return []
        low = (bins[place - 1].upper or 0) / 2 + part.lower / 2 if place else part.lower
        following = bins[place + 1].lower if place + 1 < len(bins) else None
        found.append((low, part.upper / 2 + following / 2 if following is not None else part.upper))
    widths = [high - low for low, high in found]
    return found if widths and max(widths) <= 1.15 * min(widths) else []


def _column(part: Bin, start: float, end: float, up: Scale) -> tuple[str, float]:
    """A class's column with its interval, its number above and its name below; and the height of the name."""
    middle, room = (start + end) / 2, end - start
    found = lettering.wrapped(part.label.text, SMALL, room - 4)
    marks = lines(found, middle, up(0) + 16, SMALL, "mid", language=part.label.language)
    number = part.number
    top = up(0)
    if number.value is not None and number.shown:
        y = up(number.value)
        marks += rect(start + 2, y, room - 4, up(0) - y, "few" if number.few else "b")
        marks += upright_whisker(number, up, middle, 5)
        top = min(y, up(number.upper)) if number.upper is not None else y
    marks += text(number.text, middle, top - 7, SIZE, "strong mid")
    return marks, len(found) * SMALL * 1.28


def _markers(picture: Histogram, across: Scale, y: float, width: float) -> tuple[str, float]:
    """The axis of numbers with a box from quartile to quartile, the median across it and the mean as a dot."""
    by_stat = {mark.stat: mark for mark in picture.markers if mark.number.value is not None}
    middle = y + 12
    marks = line(across.start, middle, across.start + across.length, middle, "g")
    low, high = by_stat.get("q1"), by_stat.get("q3")
    if low and high:
        start, end = across(low.number.value or 0), across(high.number.value or 0)
        marks += rect(start, middle - 8, end - start, 16, "among")
    for mark in by_stat.values():
        marks += _marker(mark, across, middle)
    below = middle + 26
    for value, said in picture.axis.ticks:
        x = across(value)
        marks += line(x, middle - 3, x, middle + 3, "z") + text(said, x, below, SMALL, "soft mid")
    x, at = 0.0, below + 24
    for mark in picture.markers:
        said = f"{mark.label}: {mark.number.text}" + (f" ({mark.number.interval})" if mark.number.interval else "")
        wide = 18 + lettering.width(said, SMALL + 1) + 20
        if x and x + wide - 20 > width:
            x, at = 0.0, at + 21
        marks += _key(mark.stat, x + 6, at - 4) + text(said, x + 18, at, SMALL + 1)
        x += wide
    return marks, at - y + 8


def _marker(mark: Marker, across: Scale, middle: float) -> str:
    return _shape(mark.stat, across(mark.number.value or 0), middle, 11)


def _key(stat: str, x: float, y: float) -> str:
    return _shape(stat, x, y, 7)


def _shape(stat: str, x: float, y: float, reach: float) -> str:
    shape = SHAPES.get(stat, "quartile")
    if shape == "mean":
        half = figure(reach * 0.55)
        return f'<path class="dot" d="M{figure(x)} {figure(y)}m0-{half}l{half} {half}-{half} {half}-{half}-{half}z"/>'
    if shape == "median":
        return rect(x - 2, y - reach, 4, 2 * reach, "tip")
    return line(x, y - reach * 0.8, x, y + reach * 0.8, "w")
