"""Pictures row by row, for a page's own table: only marks, lengths in per cent of the strip's width, no fixed size.

A strip is hidden from assistive technology: the table that it stands in has its label and its number.
"""

from __future__ import annotations

from collections.abc import Sequence

from saklig.publish.outline.model import Axis, Bar, Bars, Level, Number, Place, Ranking, RowKind, Stack, Stacks
from saklig.publish.picture.markup import HATCH, Scale, escaped, figure
from saklig.publish.picture.palette import step

MARKED = {RowKind.MISSING: "bm", RowKind.DONT_KNOW: "bm"}
"""Kinds of rows whose bars are grey."""


def strips(picture: Bars | Stacks | Ranking) -> tuple[str, ...]:
    """One strip a row of the picture, in order."""
    match picture:
        case Bars():
            return tuple(bar_strip(row, picture.axis) for row in picture.rows)
        case Stacks():
            return tuple(stack_strip(row, picture.levels) for row in picture.rows)
        case Ranking():
            return tuple(place_strip(row, picture.axis) for row in picture.rows)
    raise TypeError(f"there are no strips of a {type(picture).__name__}: it is drawn as one")


def bar_name(number: Number, kind: RowKind, name: str = "b") -> str:
    """The class of a bar: grey for what is missing, an open dashed outline for what is uncertain."""
    return MARKED.get(kind) or ("few" if number.few else name)


def bar_strip(row: Bar, axis: Axis) -> str:
    scale = Scale.of(axis, 0, 100)
    marks = ""
    if row.kind is not RowKind.STATISTIC:
        marks = _bar(row.number, scale, bar_name(row.number, row.kind), 20, 60)
        marks += _whisker(row.number, scale, 50, 18)
    return f'<svg class="pic strip" aria-hidden="true" focusable="false">{_zero(scale)}{marks}</svg>'


def place_strip(row: Place, axis: Axis) -> str:
    """Two thin bars: above, among the first k; below, put first."""
    scale = Scale.of(axis, 0, 100)
    marks = ""
    for number, name, top in ((row.among, "among", 12), (row.first, "first", 52)):
        if number is not None:
            marks += _bar(number, scale, bar_name(number, row.kind, name), top, 36)
            marks += _whisker(number, scale, top + 18, 12)
    return f'<svg class="pic pair" aria-hidden="true" focusable="false">{_zero(scale)}{marks}</svg>'


def stack_strip(row: Stack, levels: Sequence[Level]) -> str:
    marks = ""
    for level, number, start, share in stacked(row, levels):
        name = step(level.shade)
        fill = ' fill="url(#hatch)"' if name == "dk" else ""
        named = "seg" if name == "dk" else f"{name} seg"
        marks += f'<rect class="{named}"{fill} x="{figure(start)}%" width="{figure(share)}%"/>'
        if share >= 2.4 * len(number.short) + 2:
            ink = f"t{name[1:]}" if name != "dk" else "tdk"
            backing = _backing(start + share / 2, len(number.short)) if name == "dk" else ""
            marks += (
                f'{backing}<text class="{ink}" x="{figure(start + share / 2)}%" y="50%">{escaped(number.short)}</text>'
            )
    if row.shown:
        marks += '<rect class="edge" width="100%"/>'
    else:
        marks = '<line class="rule dashed" x1="0" x2="100%" y1="50%" y2="50%"/>'
    return f'<svg class="pic stack" aria-hidden="true" focusable="false">{marks}</svg>'


def _backing(middle: float, characters: int) -> str:
    """Grey without the hatch behind a number, so that it can be read."""
    return (
        f'<svg x="{figure(middle)}%" overflow="visible">'
        f'<rect class="dk" x="{-5 * characters - 2}" y="20%" width="{10 * characters + 4}" height="60%"/></svg>'
    )


def stacked(row: Stack, levels: Sequence[Level]) -> list[tuple[Level, Number, float, float]]:
    """What is drawn of a row: level, number, start and share in per cent of the row.

    Printed parts add up to 99 or 101 as often as to 100: the row is drawn full, its parts in proportion.
    """
    values = [part.value for part in row.parts]
    known = [value for value in values if value is not None]
    total = sum(known)
    factor = 100 / total if len(known) == len(values) and total > 0 else min(1.0, 100 / total) if total else 0.0
    found = []
    start = 0.0
    for level, number in zip(levels, row.parts, strict=False):
        share = (number.value or 0) * factor
        if share > 0:
            found.append((level, number, start, share))
        start += share
    return found


def swatch(level: Level) -> str:
    """The legend's mark of a level."""
    return _swatch(f'class="{step(level.shade)}"' if level.shade is not None else 'fill="url(#hatch)"')


def ranking_swatches() -> tuple[str, str]:
    """The legend's marks of a ranking: put first, among the first k."""
    return _swatch('class="first"'), _swatch('class="among"')


def _swatch(look: str) -> str:
    return (
        f'<svg class="pic swatch" aria-hidden="true" focusable="false"><rect {look} width="100%" height="100%"/>'
        '<rect class="edge" width="100%" height="100%"/></svg>'
    )


def definitions() -> str:
    """What the strips refer to. Once a page, before the first of them."""
    hidden = 'class="pic" width="0" height="0" aria-hidden="true" focusable="false"'
    return f"<svg {hidden}><defs>{HATCH}</defs></svg>"


def _zero(scale: Scale) -> str:
    at = figure(scale.zero)
    return f'<line class="z" x1="{at}%" x2="{at}%" y1="0" y2="100%"/>'


def _bar(number: Number, scale: Scale, name: str, top: float, height: float) -> str:
    if number.value is None or not number.shown:
        return ""
    low, high = sorted((scale.zero, scale(number.value)))
    upright = f'y="{figure(top)}%" height="{figure(height)}%"'
    return f'<rect class="{name}" x="{figure(low)}%" width="{figure(high - low)}%" {upright}/>'


def _whisker(number: Number, scale: Scale, y: float, cap: float) -> str:
    if number.lower is None or number.upper is None or not number.shown:
        return ""
    low, high = figure(scale(number.lower)), figure(scale(number.upper))
    along = f'x1="{low}%" x2="{high}%" y1="{figure(y)}%" y2="{figure(y)}%"'
    caps = "".join(
        f'<line class="w" x1="{x}%" x2="{x}%" y1="{figure(y - cap)}%" y2="{figure(y + cap)}%"/>' for x in (low, high)
    )
    return f'<line class="halo" {along}/><line class="w" {along}/>{caps}'
