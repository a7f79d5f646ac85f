"""Answers of which several could be given, by groups: small multiples, a row an answer and a column a group.

A group's profile is read down its column and an answer is compared along its row, all bars on one scale; rows of bars
under a heading each would be four times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from saklig.publish.outline.model import Bar, Bars, Number, Place, Ranking, RowKind, Words
from saklig.publish.picture import strips
from saklig.publish.site.numbers import Href, anchor, row_classes, words

MOST = 4
"""More columns would be too narrow for bars that can be compared."""


@dataclass(frozen=True, kw_only=True)
class MultipleRow:
    """`cells`: a strip, and its numbers."""

    label: Words
    kind: RowKind
    cells: tuple[tuple[str, tuple[Number, ...]], ...]

    @property
    def drawn(self) -> bool:
        """Not where nobody is missing: a row of noughts needs no bars."""
        return self.kind is not RowKind.MISSING or any(number.value for _, cell in self.cells for number in cell)


@dataclass(frozen=True, kw_only=True)
class Multiples:
    """`columns`: the groups, with how many answered in each."""

    columns: tuple[tuple[Words, str], ...]
    rows: tuple[MultipleRow, ...]


def multiples(picture: Bars | Ranking) -> Multiples | None:
    """None where the picture is not by groups, or the groups are too many."""
    answers: dict[str, list[tuple[Bar | Place, str]]] = {}
    rows: tuple[Bar | Place, ...] = picture.rows
    for row, strip in zip(rows, strips(picture), strict=True):
        if row.group is None:
            return None
        answers.setdefault(row.group.text, []).append((row, strip))
    shapes = {tuple(row.label for row, _ in cells) for cells in answers.values()}
    if len(shapes) != 1 or not 1 < len(next(iter(shapes))) <= MOST:
        return None
    first = next(iter(answers.values()))
    made = (
        MultipleRow(
            label=cells[0][0].group or Words(""),
            kind=cells[0][0].kind,
            cells=tuple((strip, _numbers(row)) for row, strip in cells),
        )
        for cells in answers.values()
    )
    return Multiples(columns=tuple((row.label, row.note) for row, _ in first), rows=tuple(made))


def _numbers(row: Bar | Place) -> tuple[Number, ...]:
    if isinstance(row, Bar):
        return (row.number,)
    return tuple(number for number in (row.among, row.first) if number)


def multiple_rows(found: Multiples, href: Href) -> Markup:
    return Markup("".join(_multiple_rows(found, href)))


def _multiple_rows(found: Multiples, href: Href) -> Iterator[str]:
    for row, kind in zip(found.rows, row_classes(row.kind for row in found.rows), strict=True):
        named = f' class="{kind}"' if kind else ""
        yield f'<tr{named}><th scope="row">{words(row.label)}'
        for strip, numbers in row.cells:
            few = ' class="few"' if any(number.few for number in numbers) else ""
            yield f"<td{few}>{strip if row.drawn else ''}"
            for number in numbers:
                interval = f"<small>{escape(number.interval)}</small>" if number.interval else ""
                yield f'<span class="v">{anchor(number, number.text, href, own=True)} {interval}</span>'
