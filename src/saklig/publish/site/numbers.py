"""A number as a link to itself, and the rows of tables: what occurs by the thousand and therefore is not a template.

End tags that HTML does not need (of cells and rows) are left out: they would be a tenth of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from markupsafe import Markup, escape

from saklig.edition.facts import Status
from saklig.publish.outline.model import Bar, Number, Place, RowKind, Stack, Table, Words

Href = Callable[[Number], str]
"""Where a number's own place is, for a link: `#q4_1/4-5`, or with a file before it."""

_CLASSES = {
    RowKind.ANSWER: "",
    RowKind.DONT_KNOW: "dont-know",
    RowKind.NET: "net",
    RowKind.STATISTIC: "statistic",
    RowKind.MISSING: "missing",
    RowKind.PART: "part",
}


def words(said: Words | str) -> Markup:
    """Escaped, and marked with its language where that is not the page's."""
    if isinstance(said, Words) and said.language:
        return Markup('<span lang="{}">{}</span>').format(said.language, said.text)
    return escape(str(said))


def anchor(number: Number, text: str, href: Href, *, own: bool, base: int | None = None) -> str:
    """`own`: this is the number's own place, which carries its id. `base`: its row's, said again only if other.

    A number's text may end with its unit, which is an author's words.
    """
    id = f'id="{number.address}" ' if own else ""
    other = f' data-b="{number.base}"' if number.base is not None and number.base != base else ""
    status = "" if number.status is Status.PUBLISHED else f' data-s="{number.status.value}"'
    return f'<a {id}href="{href(number)}"{other}{status}>{escape(text)}</a>'


def cell(value: object, href: Href, *, own: bool, base: int | None, alone: bool = False, apart: bool = False) -> str:
    """`alone`: in its row, and then with its unit, which otherwise stands over the table. `apart`: its interval is a
    cell of its own, so that numbers and intervals stand below each other."""
    if not isinstance(value, Number):
        return f'<td class="plain">{words(value if isinstance(value, Words) else str(value))}'
    said = anchor(value, value.text if alone else value.short, href, own=own, base=base)
    between = '<td class="interval">' if apart else " "
    return f"<td>{said}{between}{escape(value.interval)}"


def has_interval_column(table: Table) -> bool:
    """Whether its numbers, one a row, have their intervals in a column of their own."""
    cells = (value for row in table.rows for value in row.cells)
    return len(table.columns) == 1 and any(isinstance(value, Number) and value.interval for value in cells)


def table_rows(table: Table, href: Href, few_below: int, few: str, count: Callable[[int], str]) -> Markup:
    """The body of a table of numbers. A heading stands over the rows of each group."""
    return Markup("".join(_table_rows(table, href, few_below, few, count)))


def _table_rows(table: Table, href: Href, few_below: int, few: str, count: Callable[[int], str]) -> Iterator[str]:
    apart = has_interval_column(table)
    width = len(table.columns) + 1 + table.bases + apart
    heading: Words | None = None
    for row, kind in zip(table.rows, row_classes(row.kind for row in table.rows), strict=True):
        if row.group is not None and row.group != heading:
            yield f'<tr class="group"><th colspan="{width}" scope="rowgroup">{words(row.group)}'
            heading = row.group
        uncertain = row.base is not None and row.base < few_below and table.bases
        yield _opening(kind, uncertain, row.base)
        note = few if uncertain else row.note
        yield f'<th scope="row">{words(row.label)}{f"<small>{escape(note)}</small>" if note else ""}'
        if table.bases:
            yield f'<td class="base">{"" if row.base is None else count(row.base)}'
        for value in row.cells:
            yield cell(value, href, own=not table.repeats, base=row.base, alone=len(row.cells) == 1, apart=apart)


def _opening(kind: str, uncertain: bool, base: int | None) -> str:
    names = " ".join(name for name in (kind, "few" if uncertain else "") if name)
    said = f' class="{names}"' if names else ""
    behind = f' data-b="{base}"' if base is not None else ""
    return f"<tr{said}{behind}>"


def row_classes(kinds: Iterable[RowKind]) -> list[str]:
    """The class of each row; the first of nets, of statistics and of missing categories carries the rule over them."""
    found, before = [], RowKind.ANSWER
    for kind in kinds:
        first = kind is not before and kind in (RowKind.NET, RowKind.STATISTIC, RowKind.MISSING)
        found.append(f"{_CLASSES[kind]} first" if first else _CLASSES[kind])
        before = kind
    return found


def bar_rows(rows: Iterable[Bar], strips: Iterable[str], href: Href, *, own: bool) -> Markup:
    """A row of bars: its label, its bar, the number that is a link to itself, its interval."""
    return Markup("".join(_bar_rows(tuple(rows), strips, href, own)))


def _bar_rows(rows: tuple[Bar, ...], strips: Iterable[str], href: Href, own: bool) -> Iterator[str]:
    heading: Words | None = None
    classes = row_classes(row.kind for row in rows) if not any(row.group for row in rows) else [""] * len(rows)
    for row, strip, kind in zip(rows, strips, classes, strict=True):
        if row.group is not None and row.group != heading:
            name = _CLASSES[row.kind]
            yield f'<tr class="group {name}"><th colspan="4" scope="rowgroup">{words(row.group)}'
            heading = row.group
        note = f"<small>{escape(row.note)}</small>" if row.note else ""
        yield f'{_opening(kind, row.number.few, row.number.base)}<th scope="row">{words(row.label)}{note}'
        yield f'<td class="strip">{strip}'
        base = row.number.base
        yield f'<td class="value">{anchor(row.number, row.number.text, href, own=own, base=base)}'
        yield f'<td class="interval">{escape(row.number.interval)}'


def stack_rows(rows: Iterable[Stack], strips: Iterable[str]) -> Markup:
    """A row of a stacked distribution: its label and its picture. Its numbers are those of the table beside it."""
    return Markup("".join(_stack_rows(tuple(rows), strips)))


def _stack_rows(rows: tuple[Stack, ...], strips: Iterable[str]) -> Iterator[str]:
    heading: Words | None = None
    for row, strip in zip(rows, strips, strict=True):
        if row.group is not None and row.group != heading:
            yield f'<tr class="group"><th colspan="2" scope="rowgroup">{words(row.group)}'
            heading = row.group
        note = f"<small>{escape(row.note)}</small>" if row.note else ""
        shown = strip if row.shown else f'<span class="instead">{escape(row.text)}</span>'
        yield f'<tr><th scope="row">{words(row.label)}{note}<td class="strip">{shown}'


def place_rows(rows: Iterable[Place], strips: Iterable[str], href: Href) -> Markup:
    """A row of a ranking: its label, its two bars, and the two numbers."""
    return Markup("".join(_place_rows(tuple(rows), strips, href)))


def _place_rows(rows: tuple[Place, ...], strips: Iterable[str], href: Href) -> Iterator[str]:
    heading: Words | None = None
    has_first = any(row.first for row in rows)
    classes = row_classes(row.kind for row in rows) if not any(row.group for row in rows) else [""] * len(rows)
    for row, strip, kind in zip(rows, strips, classes, strict=True):
        if row.group is not None and row.group != heading:
            width = 3 + has_first
            yield f'<tr class="group"><th colspan="{width}" scope="rowgroup">{words(row.group)}'
            heading = row.group
        number = row.among or row.first
        base = number.base if number else None
        note = f"<small>{escape(row.note)}</small>" if row.note else ""
        few = number is not None and number.few
        yield f'{_opening(kind, few, base)}<th scope="row">{words(row.label)}{note}<td class="strip">{strip}'
        for each in (row.among, row.first) if has_first else (row.among,):
            if each is None:
                yield '<td class="value">'
            else:
                interval = f"<small>{escape(each.interval)}</small>" if each.interval else ""
                yield f'<td class="value">{anchor(each, each.text, href, own=True, base=base)}{interval}'
