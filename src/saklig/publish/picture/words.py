"""A picture in words, every number of it: for a file that has left the page where its table stands."""

from __future__ import annotations

from collections.abc import Iterator

from saklig.publish.outline.model import Bars, Histogram, Lines, Number, Picture, Ranking, Stacks, Words


def described(picture: Picture) -> str:
    """Sentences: what is shown, of whom, the marks that are read first, and the numbers with their intervals."""
    frame = picture.frame
    numbers = "; ".join(_numbers(picture)) or frame.alternative
    parts = (*frame.marks, frame.subtitle, frame.base, numbers)
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)


def _numbers(picture: Picture) -> Iterator[str]:
    match picture:
        case Bars():
            for bar in picture.rows:
                yield f"{_named(bar.group, bar.label)}: {_said(bar.number)}"
        case Stacks():
            for row in picture.rows:
                parts = zip(picture.levels, row.parts, strict=False)
                shown = ", ".join(f"{level.label}: {part.text}" for level, part in parts)
                yield f"{_named(row.group, row.label)}: {shown if row.shown else row.text}"
        case Ranking():
            for place in picture.rows:
                pair = ((picture.among_label, place.among), (picture.first_label, place.first))
                shown = ", ".join(f"{name} {_said(number)}" for name, number in pair if number)
                yield f"{_named(place.group, place.label)}: {shown}"
        case Histogram():
            for part in picture.bins:
                yield f"{part.label}: {_said(part.number)}"
            for mark in picture.markers:
                yield f"{mark.label}: {_said(mark.number)}"
        case Lines():
            for series in picture.lines:
                points = zip(picture.waves, series.points, strict=True)
                yield f"{series.label}: {', '.join(f'{wave}: {_said(point)}' for wave, point in points if point)}"


def _named(group: Words | None, label: Words) -> str:
    return f"{group}, {label}" if group else str(label)


def _said(number: Number) -> str:
    return f"{number.text} ({number.interval})" if number.interval else number.text
