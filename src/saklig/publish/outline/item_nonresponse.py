"""Questions left open: of those who were asked, who did not answer, from the facts that the edition prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from saklig.edition.facts import Status
from saklig.publish.outline.context import Context
from saklig.publish.outline.model import Column, Number, Row, RowKind, Section, Table, Words
from saklig.publish.outline.rows import Line, Subject
from saklig.publish.outline.wording import EXPLAINED
from saklig.study.model import Role, question_parts

ROLES = (Role.NO_ANSWER, Role.REFUSED, Role.DONT_KNOW)
Headed = Callable[[Context, str, bool], str]


def item_nonresponse(context: Context, headed: Headed, *, several: bool) -> Iterator[Section]:
    """Nothing where no question has a number of the kind."""
    _ = context._
    rows = tuple(row for row in _rows(context) if any(row.cells))
    if not rows:
        return
    used = [place for place in range(len(ROLES)) if any(row.cells[place] for row in rows)]
    names = (_("No answer"), _("Did not want to answer"), _("Don’t know"))
    kept = tuple(Row(label=row.label, note=row.note, cells=tuple(row.cells[place] for place in used)) for row in rows)
    suffix = f"-{context.wave.id}" if several else ""
    withheld = any(cell == ".." for row in kept for cell in row.cells)
    yield Section(
        id=f"item-nonresponse{suffix}",
        heading=Words(headed(context, _("Questions left unanswered"), several)),
        blocks=(
            Table(
                id=f"item-nonresponse{suffix}-table",
                caption=_("Not answered, per cent"),
                stub=_("Question"),
                columns=tuple(Column(label=Words(names[place])) for place in used),
                rows=kept,
                notes=(context._(EXPLAINED[Status.WITHHELD]),) if withheld else (),
            ),
        ),
        introduction=Words(
            _(
                "Of those who were asked each question. “Don’t know” counts as an answer where it was offered and the "
                "question’s base says so, and is then a share of those who answered."
            )
        ),
        folded=True,
    )


def _rows(context: Context) -> Iterator[Row]:
    for question in context.study.questions:
        if not context.asked(question):
            continue
        facts = context.reading.question(context.wave.id, question.id)
        for part in question_parts(question, context.wave.id, context.study.base):
            subject = Subject(context, facts, part)
            label = context.words(question.label)
            note = context.words(part.item.label).text if part.item else ""
            cells = tuple(_cell(subject, role) for role in ROLES)
            yield Row(label=label, cells=cells, note=note)


def _cell(subject: Subject, role: Role) -> str:
    """The share, or shares where several categories have the role; empty where none was offered or is told."""
    named = [row.id for row in subject.part.rows if row.role is role]
    named += list(subject.unnamed) if role is Role.NO_ANSWER else []
    lines = [Line(category, "", Words(""), RowKind.MISSING) for category in named]
    numbers: list[Number] = [number for line in lines if (number := subject.number(line)) is not None]
    return " + ".join(number.short for number in numbers)
