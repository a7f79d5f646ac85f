"""A question's answers over the waves in which it was asked."""

from __future__ import annotations

import datetime

from saklig.language.catalog import N_
from saklig.publish.outline.context import Context
from saklig.publish.outline.model import (
    Column,
    Frame,
    Line,
    Lines,
    Number,
    Row,
    RowKind,
    Section,
    Table,
    Words,
)
from saklig.publish.outline.pictures import shares_axis
from saklig.publish.outline.rows import Line as RowLine
from saklig.publish.outline.rows import Subject
from saklig.publish.outline.wording import SHARE
from saklig.study.model import Base, Wave

IN_WAVES = {
    Base.VALID: N_("Base: those who answered in each wave"),
    Base.OPINION: N_("Base: those in each wave who had an opinion"),
    Base.ASKED: N_("Base: everyone in each wave who was asked"),
}


def over_time(context: Context, parts: tuple[Subject, ...]) -> Section | None:
    """None where the question was asked in one wave only. Each item of a grid has its own picture."""
    question = parts[0].question
    waves = [wave for wave in context.study.waves if context.reading.asked(wave.id, question.id)]
    if len(waves) < 2:
        return None
    pictures = tuple(_lines(context, part, waves) for part in parts)
    notes = tuple(context.words(change.note) for change in question.changes)
    heading = Words(context._("Over time"))
    said = [note.text for note in notes]
    if parts[0].ranks:
        said.insert(0, context.wording.statistic(parts[0].ranks[-1]) + ".")
    introduction = Words(" ".join(said), notes[0].language if notes else "") if said else None
    return Section(id="over-time", heading=heading, blocks=pictures, introduction=introduction)


def _lines(context: Context, part: Subject, waves: list[Wave]) -> Lines:
    shares = [
        line
        for line in (part.rank_lines if part.ranks else part.lines)
        if line.unit == SHARE and line.kind is not RowKind.NET
    ]
    drawn = [line for line in shares if line.kind in (RowKind.ANSWER, RowKind.DONT_KNOW)]
    everything = [*drawn, *(line for line in part.lines if line not in drawn)]
    points = {line: tuple(_point(context, part, line, wave) for wave in waves) for line in everything}
    breaks = tuple(
        place
        for place, wave in enumerate(waves)
        if any(change.wave == wave.id and change.breaks for change in part.question.changes)
    )
    id = f"over-time-{part.item}" if part.item else "over-time"
    names = tuple(context.words(wave.label) for wave in waves)
    rows = tuple(
        Row(label=line.label, cells=tuple(point or "" for point in points[line]), kind=line.kind) for line in everything
    )
    title = context.words(part.part.item.label if part.part.item else part.question.label)
    table = Table(
        id=f"{id}-table",
        caption=context._("{heading}, over time", heading=title.text),
        stub=context._("Answer"),
        columns=tuple(Column(label=name) for name in names),
        rows=rows,
        repeats=True,
    )
    return Lines(
        frame=_frame(context, part, id, waves),
        axis=shares_axis(part),
        waves=tuple(name.text for name in names),
        times=tuple(_time(wave, place) for place, wave in enumerate(waves)),
        lines=tuple(Line(label=line.label, points=points[line], breaks=breaks) for line in drawn),
        table=table,
        notes=tuple(context.words(change.note).text for change in part.question.changes),
    )


def _frame(context: Context, part: Subject, id: str, waves: list[Wave]) -> Frame:
    item, title, place = part.part.item, context.words(context.text_of(part.question)), part.question.id
    heading = context.words(item.label) if item else None
    if item:
        title, place = Words(f"{title} {context.words(item.text)}", title.language), f"{place}.{item.id}"
    alternative = context._("All numbers are in the table that belongs to the picture.")
    said = context._("Over time")
    if part.ranks:
        said += f": {context.wording.statistic(part.ranks[-1])}"
    base = context._(IN_WAVES[part.part.base])
    return context.frame(id, title, said, base, alternative, place=place, heading=heading, waves=waves)


def _point(context: Context, part: Subject, line: RowLine, wave: Wave) -> Number | None:
    facts = part.facts if wave.id == part.facts.wave else context.reading.question(wave.id, part.question.id)
    for stat in (line.stat, *(stat for stat in part.ranks if stat != "first")):
        if number := context.wording.number(facts, (part.item, line.category, stat, ()), line.unit):
            return number
    return None


def _time(wave: Wave, place: int) -> float:
    """The start of its fieldwork in years; without dates the waves stand at even distances."""
    if not wave.start:
        return float(place)
    day = datetime.date.fromisoformat(wave.start)
    return day.year + (day.timetuple().tm_yday - 1) / 366
