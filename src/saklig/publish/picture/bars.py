"""Bars with intervals: shares from zero, in the questionnaire's order, the number at the end of each row."""

from __future__ import annotations

from saklig.publish.outline.model import Axis, Bar, Bars, RowKind, Words
from saklig.publish.picture import lettering
from saklig.publish.picture.markup import Body, Scale, escaped, figure, line, lines, rect, text, whisker
from saklig.publish.picture.strips import bar_name

SIZE, SMALL = 15.0, 12.5
LEADING = SIZE * 1.28
PAD = 14.0
"""Between a row's columns."""

RULES = {RowKind.NET: "rule", RowKind.STATISTIC: "rule", RowKind.MISSING: "rule dashed"}
"""The line above the first row of a kind."""


def body(picture: Bars, width: float) -> Body:
    labels, values = columns(picture, width)
    scale = Scale.of(picture.axis, labels + PAD, width - labels - values - 2 * PAD)
    marks: list[str] = []
    y, group, kind = 6.0, "", RowKind.ANSWER
    for row in picture.rows:
        if row.kind is not kind and row.kind in RULES and (row.group is None or row.group.text == group):
            marks.append(line(0, y + 4, width, y + 4, RULES[row.kind]))
            y += 8
        kind = row.kind
        if row.group and row.group.text != group:
            group = row.group.text
            heading, height = headed(row.group, y, width)
            marks.append(heading)
            y += height
        height = _height(row, labels)
        marks.append(_row(row, scale, y, height, labels, width, values))
        y += height
    return Body(gridded(picture.axis, scale, 0, y) + "".join(marks), y + 24)


def columns(picture: Bars, width: float) -> tuple[float, float]:
    """The widths of the labels and of the numbers."""
    widest = max((lettering.width(row.label.text, SIZE) for row in picture.rows), default=0.0)
    notes = max((lettering.width(row.note, SMALL) for row in picture.rows), default=0.0)
    numbers = max((lettering.width(row.number.text, SIZE) for row in picture.rows), default=0.0) * lettering.BOLD
    intervals = max((lettering.width(row.number.interval, SMALL) for row in picture.rows), default=0.0)
    return min(max(widest, notes) + 4, 0.38 * width), numbers + (intervals + 10 if intervals else 0) + 4


def headed(group: Words, y: float, width: float) -> tuple[str, float]:
    """A heading over rows, and its height."""
    found = lettering.wrapped(group.text, SIZE * lettering.BOLD, width)
    height = len(found) * LEADING + 12
    return lines(found, 0, y + SIZE + 8, SIZE, "strong", language=group.language), height


def label(words: Words, note: str, middle: float, most: float, strong: bool = False, faint: bool = False) -> str:
    """A row's label and its small print, centred about `middle`."""
    found = lettering.wrapped(words.text, SIZE * (lettering.BOLD if strong else 1), most)
    height = len(found) * LEADING + (SMALL * 1.3 if note else 0)
    top = middle - height / 2 + SIZE * 0.95
    names = "strong" if strong else "soft" if faint else ""
    said = lines(found, 0, top, SIZE, names, language=words.language)
    return said + (text(note, 0, top + len(found) * LEADING - 2, SMALL, "soft") if note else "")


def label_height(words: Words, note: str, most: float, strong: bool = False) -> float:
    found = lettering.wrapped(words.text, SIZE * (lettering.BOLD if strong else 1), most)
    return len(found) * LEADING + (SMALL * 1.3 if note else 0)


def gridded(axis: Axis, scale: Scale, top: float, bottom: float) -> str:
    """Faint lines at the ticks, a firm one at zero, and the ticks' texts below."""
    marks = []
    for value, said in axis.ticks:
        x = scale(value)
        marks.append(line(x, top, x, bottom, "z" if value == 0 else "g"))
        marks.append(text(said, x, bottom + 16, SMALL, "soft mid"))
    if not any(value == 0 for value, _ in axis.ticks):
        marks.append(line(scale.zero, top, scale.zero, bottom, "z"))
    return "".join(marks)


def bar(number_name: str, scale: Scale, value: float, y: float, height: float) -> str:
    low, high = sorted((scale.zero, scale(value)))
    return rect(low, y, high - low, height, number_name)


def _height(row: Bar, labels: float) -> float:
    return max(30.0, label_height(row.label, row.note, labels, row.kind is RowKind.NET) + 10)


def _row(row: Bar, scale: Scale, y: float, height: float, labels: float, width: float, values: float) -> str:
    middle = y + height / 2
    marks = label(row.label, row.note, middle, labels, row.kind is RowKind.NET, row.kind is RowKind.MISSING)
    number = row.number
    if number.value is not None and number.shown and row.kind is not RowKind.STATISTIC:
        marks += bar(bar_name(number, row.kind), scale, number.value, middle - 9, 18)
        marks += whisker(number, scale, middle, 5)
    start = width - values
    marks += (
        f'<text x="{figure(start)}" y="{figure(middle + SIZE * 0.35)}" font-size="{figure(SIZE)}" class="strong">'
        f"{escaped(number.text)}</text>"
    )
    return marks + (text(number.interval, width, middle + SIZE * 0.35, SMALL, "soft end") if number.interval else "")
