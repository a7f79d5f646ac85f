"""Lines over waves: one small panel an answer, all on one scale, so that no line hides another.

A line is broken where what was asked changed: the points stand, nothing joins them, and a dashed rule says where.
"""

from __future__ import annotations

from itertools import pairwise

from saklig.publish.outline.model import Axis, Line, Lines, Number
from saklig.publish.picture import lettering
from saklig.publish.picture.bars import SIZE, SMALL
from saklig.publish.picture.markup import Body, Scale, figure, line, lines, text, upright_whisker

PLOT = 96.0
GUTTER = 30.0
HEADROOM = 20.0


def body(picture: Lines, width: float) -> Body:
    per_row = 3 if width >= 600 else 2 if width >= 280 and len(picture.waves) <= 3 else 1
    per_row = min(per_row, max(len(picture.lines), 1))
    axis_room = max((lettering.width(said, SMALL) for _, said in picture.axis.ticks), default=0.0) + 8
    each = min((width - axis_room - GUTTER * (per_row - 1)) / per_row, 320.0)
    marks, y = "", 0.0
    for first in range(0, len(picture.lines), per_row):
        row = picture.lines[first : first + per_row]
        titles = [lettering.wrapped(series.label.text, SIZE * lettering.BOLD, each) for series in row]
        heading = max(len(title) for title in titles) * SIZE * 1.25 + 6
        top = y + heading + HEADROOM
        up = Scale.of(picture.axis, top + PLOT, -PLOT)
        for place, (series, title) in enumerate(zip(row, titles, strict=True)):
            start = axis_room + place * (each + GUTTER)
            marks += lines(title, start, y + SIZE, SIZE, "strong", 1.25, series.label.language)
            marks += _ticks(picture.axis, up, start, each, place == 0)
            marks += _panel(picture, series, up, start, each)
        y = top + PLOT + 40
    return Body(marks, max(y - 14, 0))


def _ticks(axis: Axis, up: Scale, start: float, each: float, with_text: bool) -> str:
    marks = ""
    ends = {axis.ticks[0][0], axis.ticks[-1][0]} if axis.ticks else set()
    for value, said in axis.ticks:
        y = up(value)
        marks += line(start, y, start + each, y, "z" if value == 0 else "g")
        if with_text and (value in ends or len(axis.ticks) <= 3):
            marks += text(said, start - 6, y + 4, SMALL, "soft end")
    return marks


def _panel(picture: Lines, series: Line, up: Scale, start: float, each: float) -> str:
    across = _across(picture, start, each)
    marks = "".join(
        line(x, up(up.lower), x, up(up.upper), "rule dashed")
        for place in series.breaks
        if 0 < place < len(across)
        for x in [(across[place - 1] + across[place]) / 2]
    )
    for run in runs(series):
        points = " ".join(f"{figure(across[n])},{figure(up(number.value or 0))}" for n, number in run)
        marks += f'<polyline class="trace" points="{points}"/>' if len(run) > 1 else ""
    spacing = min((b - a for a, b in pairwise(across)), default=each)
    shown = _labelled(series, spacing)
    for n, number in enumerate(series.points):
        if number is None:
            continue
        marks += _point(number, across[n], up, n in shown)
    said_waves = range(len(picture.waves)) if _fit(picture, spacing) else (0, len(picture.waves) - 1)
    for n in said_waves:
        marks += text(picture.waves[n], across[n], up(up.lower) + 17, SMALL, "soft mid")
    return marks


def runs(series: Line) -> list[list[tuple[int, Number]]]:
    """The points that a line joins: parted where it is broken and where a number is not there."""
    found: list[list[tuple[int, Number]]] = [[]]
    for n, number in enumerate(series.points):
        if number is None or number.value is None or not number.shown:
            found.append([])
            continue
        if n in series.breaks:
            found.append([])
        found[-1].append((n, number))
    return [run for run in found if run]


def _point(number: Number, x: float, up: Scale, labelled: bool) -> str:
    if number.value is None or not number.shown:
        return text(number.text, x, up(up.lower) - 6, SIZE, "soft mid")
    y = up(number.value)
    marks = upright_whisker(number, up, x, 4)
    name = "few" if number.few else "dot"
    marks += f'<circle class="{name}" cx="{figure(x)}" cy="{figure(y)}" r="{4.5 if number.few else 4}"/>'
    above = up(number.upper) if number.upper is not None else y
    return marks + (text(number.text, x, above - 7, SMALL + 1, "strong mid") if labelled else "")


def _across(picture: Lines, start: float, each: float) -> list[float]:
    """The waves' places: in proportion to the time between them."""
    inset = 26.0
    if len(picture.times) < 2:
        return [start + each / 2] * len(picture.times)
    scale = Scale(picture.times[0], picture.times[-1], start + inset, each - 2 * inset)
    return [scale(time) for time in picture.times]


def _labelled(series: Line, spacing: float) -> set[int]:
    """The points that carry their number: all where there is room, else the first and the last."""
    there = [n for n, number in enumerate(series.points) if number is not None]
    widest = max((lettering.width(p.text, SMALL + 1) for p in series.points if p is not None), default=0.0)
    return set(there) if spacing >= widest * lettering.BOLD + 4 else {there[0], there[-1]} if there else set()


def _fit(picture: Lines, spacing: float) -> bool:
    return max((lettering.width(wave, SMALL) for wave in picture.waves), default=0.0) + 8 <= spacing
