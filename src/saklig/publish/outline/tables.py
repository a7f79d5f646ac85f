"""From a question's facts to its tables: complete, each number with its base and interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from saklig.edition.facts import Status
from saklig.publish.outline.model import Column, Number, Row, RowKind, Table, Words
from saklig.publish.outline.rows import Cohort, Line, Subject
from saklig.publish.outline.wording import EXPLAINED
from saklig.study.model import Base, Kind


def down(subject: Subject, id: str, cohort: Cohort) -> Table:
    """One distribution, a row an answer."""
    _ = subject.context._
    rows = tuple(
        Row(label=line.label, cells=(number,), kind=line.kind, base=number.base)
        for line in subject.lines
        if (number := subject.number(line, cohort.groups))
    )
    columns = (Column(label=Words(_("Share")) if rows_are_shares(subject) else Words(_("Share or value"))),)
    caption = _("All answers")
    notes = explanations(subject, (row.cells[0] for row in rows))
    return Table(id=id, caption=caption, stub=_("Answer"), columns=columns, rows=rows, notes=notes, bases=True)


def rows_are_shares(subject: Subject) -> bool:
    return all(line.kind is not RowKind.STATISTIC for line in subject.lines)


def across(subject: Subject, id: str, caption: str, cohorts: Sequence[Cohort]) -> Table:
    """Groups of respondents as rows, answers as columns."""
    return grid(subject, id, caption, subject.context._("Group"), [(subject, cohort, None) for cohort in cohorts])


def grid(
    of: Subject, id: str, caption: str, stub: str, places: Sequence[tuple[Subject, Cohort, Words | None]]
) -> Table:
    """Answers as columns; a row for each subject and cohort, a heading over its rows where one is given.

    A row without a cohort's name is named after its subject's item.
    """
    lines = of.lines
    rows = tuple(
        Row(
            label=cohort.label if cohort.groups else item_label(subject),
            cells=tuple(subject.number(line, cohort.groups) or "" for line in lines),
            base=subject.answered(cohort.groups),
            group=heading,
        )
        for subject, cohort, heading in places
    )
    columns = tuple(Column(label=column_label(of, line), kind=line.kind) for line in lines)
    notes = explanations(of, (cell for row in rows for cell in row.cells))
    shares = of.question.kind is not Kind.NUMERIC
    _ = of.context._
    said = _("{heading}, per cent", heading=caption) if shares else _("{heading}, all measures", heading=caption)
    return Table(id=id, caption=said, stub=stub, columns=columns, rows=rows, notes=notes, bases=True)


def column_label(subject: Subject, line: Line) -> Words:
    if line.kind is RowKind.STATISTIC and line.stat != "balance" and subject.unit:
        return Words(f"{line.label.text} ({subject.unit})", line.label.language)
    return line.label


def item_label(subject: Subject) -> Words:
    item = subject.part.item
    return subject.context.words(item.label) if item else subject.context.words(subject.question.label)


def ranked(subject: Subject, id: str, caption: str, cohorts: Sequence[Cohort]) -> Table:
    """Options as rows; their share put first and among the first k as columns."""
    wording = subject.context.wording
    among = next((stat for stat in subject.ranks if stat != "first"), "")
    names = (["first"] if "first" in subject.ranks else []) + ([among] if among else [])
    rows = []
    for line in subject.rank_lines:
        for cohort in cohorts:
            first, placed = subject.rank_numbers(line, cohort.groups)
            cells = (first or "", placed or "") if "first" in names else (placed or "",)
            base = next((number.base for number in (placed, first) if number is not None), None)
            everybody = not cohort.groups
            label = line.label if everybody else cohort.label
            group = None if everybody else line.label
            rows.append(Row(label=label, cells=cells, kind=line.kind, base=base, group=group))
    columns = tuple(Column(label=Words(wording.statistic(name))) for name in names) or (
        Column(label=Words(wording._("Chosen"))),
    )
    notes = explanations(subject, (cell for row in rows for cell in row.cells))
    stub = wording._("Answer")
    return Table(id=id, caption=caption, stub=stub, columns=columns, rows=tuple(rows), notes=notes, bases=True)


def explanations(subject: Subject, cells: Iterable[object]) -> tuple[str, ...]:
    """What the signs in a table mean, those only that occur in it."""
    wording = subject.context.wording
    seen = [cell for cell in cells if isinstance(cell, Number)]
    statuses = {number.status for number in seen}
    notes = [wording._(EXPLAINED[status]) for status in Status if status in EXPLAINED and status in statuses]
    if any(number.few for number in seen):
        few = wording._("Italic: uncertain, fewer than {n} answers", n=wording.count(wording.few_below))
        notes.append(few)
    return tuple(notes)


def group_note(subject: Subject, cohort: Cohort, base: int | None = None) -> str:
    """How many answered in a group, and that it is uncertain where they are few. `base`: a number's own."""
    wording = subject.context.wording
    n = base if base is not None else subject.answered(cohort.groups)
    if n is None:
        return ""
    if subject.part.base is Base.ASKED:
        said = wording._.ngettext("{n} asked", "{n} asked", n, n=wording.count(n))
    else:
        said = wording._.ngettext("{n} answer", "{n} answers", n, n=wording.count(n))
    if n < wording.few_below:
        said += wording._(", uncertain")
    return said
