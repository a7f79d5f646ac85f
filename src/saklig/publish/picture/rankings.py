"""Rankings: two bars an option, above the share that placed it among the first k, below the share that put it first."""

from __future__ import annotations

from saklig.publish.outline.model import Place, Ranking, RowKind
from saklig.publish.picture import lettering
from saklig.publish.picture.bars import PAD, RULES, SIZE, SMALL, bar, gridded, headed, label, label_height
from saklig.publish.picture.markup import Body, Scale, line, rect, text, whisker
from saklig.publish.picture.strips import bar_name


def body(picture: Ranking, width: float) -> Body:
    widest = max((lettering.width(row.label.text, SIZE) for row in picture.rows), default=0.0)
    labels = min(widest + 4, 0.38 * width)
    numbers = [number for row in picture.rows for number in (row.among, row.first) if number]
    values = max((lettering.width(number.text, SMALL + 1) for number in numbers), default=0.0) * lettering.BOLD
    intervals = max((lettering.width(number.interval, SMALL) for number in numbers), default=0.0)
    right = values + (intervals + 10 if intervals else 0) + 4
    scale = Scale.of(picture.axis, labels + PAD, width - labels - right - 2 * PAD)
    marks = [_legend(picture)]
    top = y = 34.0
    group, kind = "", RowKind.ANSWER
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
        height = max(42.0 if row.first and row.among else 28.0, label_height(row.label, row.note, labels) + 8)
        marks.append(_row(row, scale, y, height, labels, width, right))
        y += height
    return Body(gridded(picture.axis, scale, top, y) + "".join(marks), y + 24)


def _row(row: Place, scale: Scale, y: float, height: float, labels: float, width: float, right: float) -> str:
    middle = y + height / 2
    marks = label(row.label, row.note, middle, labels, faint=row.kind is RowKind.MISSING)
    pair = [(row.among, "among", "strong"), (row.first, "first", "strong")]
    shown = [(number, name, weight) for number, name, weight in pair if number]
    for place, (number, name, weight) in enumerate(shown):
        at = middle + (place - (len(shown) - 1) / 2) * 17
        if number.value is not None and number.shown:
            marks += bar(bar_name(number, row.kind, name), scale, number.value, at - 6.5, 13)
            marks += whisker(number, scale, at, 4)
        marks += text(number.text, width - right, at + 4.8, SMALL + 1, weight)
        marks += text(number.interval, width, at + 4.8, SMALL, "soft end") if number.interval else ""
    return marks


def _legend(picture: Ranking) -> str:
    marks, x = "", 0.0
    for name, said in (("among", picture.among_label), ("first", picture.first_label)):
        marks += rect(x, 3, 13, 13, name) + rect(x, 3, 13, 13, "edge") + text(said, x + 19, 14, SMALL + 1, "soft")
        x += 19 + lettering.width(said, SMALL + 1) + 24
    return marks
