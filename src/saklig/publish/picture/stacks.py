"""Stacked distributions: one row a group or an item, lightness following the order, the numbers in the parts."""

from __future__ import annotations

from collections.abc import Sequence

from saklig.publish.outline.model import Level, Number, Stack, Stacks
from saklig.publish.picture import lettering
from saklig.publish.picture.bars import PAD, SIZE, SMALL, headed, label, label_height
from saklig.publish.picture.markup import Body, lines, rect, text
from saklig.publish.picture.palette import step
from saklig.publish.picture.strips import stacked

HEIGHT = 32.0


def body(picture: Stacks, width: float) -> Body:
    widest = max((lettering.width(row.label.text, SIZE) for row in picture.rows), default=0.0)
    labels = min(max(widest, 90.0) + 4, 0.34 * width)
    legend = _legend(picture.levels, width)
    marks = [legend.marks]
    y, group = legend.height + 8, ""
    start, length = labels + PAD, width - labels - PAD
    small = [_below(row, picture.levels, start, length) for row in picture.rows]
    room = 14.0 if any(small) else 0.0  # in every row, so that they stand equally far apart
    for row, below in zip(picture.rows, small, strict=True):
        if row.group and row.group.text != group:
            group = row.group.text
            heading, height = headed(row.group, y, width)
            marks.append(heading)
            y += height
        height = max(HEIGHT + room, label_height(row.label, row.note, labels)) + 12
        marks.append(_row(row, picture.levels, y + (height - room) / 2, labels, width, below))
        y += height
    return Body("".join(marks), y)


def _row(
    row: Stack,
    levels: Sequence[Level],
    middle: float,
    labels: float,
    width: float,
    below: Sequence[tuple[float, Number]],
) -> str:
    marks = label(row.label, row.note, middle, labels)
    start, length, top = labels + PAD, width - labels - PAD, middle - HEIGHT / 2
    if not row.shown:
        edge = rect(start, top, length, HEIGHT, "edge dashed")
        return marks + edge + text(row.text, start + length / 2, middle + SIZE * 0.35, SIZE, "soft mid")
    for level, number, at, share in stacked(row, levels):
        x, part = start + at / 100 * length, share / 100 * length
        marks += _part(level, number, x, part, top)
    marks += rect(start, top, length, HEIGHT, "edge")
    return marks + "".join(text(number.short, x, top + HEIGHT + 12, 11.5, "soft mid") for x, number in below)


def _part(level: Level, number: Number, x: float, part: float, top: float) -> str:
    name = step(level.shade)
    middle = x + part / 2
    if name == "dk":
        marks = rect(x, top, part, HEIGHT, "seg", ' fill="url(#hatch)"')
    else:
        marks = rect(x, top, part, HEIGHT, f"{name} seg")
    if _fits(number, part):
        if name == "dk":
            wide = lettering.width(number.short, SIZE) + 6
            marks += rect(middle - wide / 2, top + 6, wide, HEIGHT - 12, "dk")
        marks += text(
            number.short,
            middle,
            top + HEIGHT / 2 + SIZE * 0.35,
            SIZE,
            f"strong mid t{name[1:]}" if name != "dk" else "strong mid tdk",
        )
    return marks


def _fits(number: Number, part: float) -> bool:
    return lettering.width(number.short, SIZE) * lettering.BOLD + 5 <= part


def _below(row: Stack, levels: Sequence[Level], start: float, length: float) -> list[tuple[float, Number]]:
    """The numbers that their parts are too narrow for: under them, moved apart where they would meet."""
    found: list[tuple[float, Number]] = []
    right = -1e9
    for _, number, at, share in stacked(row, levels):
        if _fits(number, share / 100 * length):
            continue
        half = lettering.width(number.short, 11.5) / 2 + 2
        x = max(start + (at + share / 2) / 100 * length, right + half)
        found.append((x, number))
        right = x + half
    over = max(0.0, right - (start + length)) if found else 0.0
    limit = start + length - over
    for place in range(len(found) - 1, -1, -1):  # what was pushed past the end moves back, and what it then meets
        x, number = found[place]
        half = lettering.width(number.short, 11.5) / 2 + 2
        x = min(x, limit + over - half)
        found[place] = (x, number)
        limit, over = x - half, 0.0
    return found


def _legend(levels: Sequence[Level], width: float) -> Body:
    marks = ""
    x, y = 0.0, 14.0
    for level in levels:
        most = width - 22
        found = lettering.wrapped(level.label.text, SMALL + 1, most)
        wide = 20 + max(lettering.width(said, SMALL + 1) for said in found) + 16
        if x and x + wide - 16 > width:
            x, y = 0.0, y + 21
        name = step(level.shade)
        fill = ' fill="url(#hatch)"' if name == "dk" else ""
        marks += rect(x, y - 11, 13, 13, "seg" if fill else name, fill) + rect(x, y - 11, 13, 13, "edge")
        marks += lines(found, x + 19, y, SMALL + 1, "soft", language=level.label.language)
        y += (len(found) - 1) * (SMALL + 1) * 1.28
        x += wide
    return Body(marks, y + 8)
