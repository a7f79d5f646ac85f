"""A question's answers over the waves in which it was asked."""

from __future__ import annotations

import datetime
from itertools import pairwise

from saklig.edition.reasons import reasons
from saklig.language.catalog import N_
from saklig.publish.outline.changes import changes
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
from saklig.study.breaks import changes_between
from saklig.study.model import Base, Question, Study, Wave

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
    told = differences_told(context, question)
    pictures = tuple(_lines(context, part, waves, told) for part in parts)
    heading = Words(context._("Over time"))
    said = [words.text for words in told]
    if question.id in context.edition.breaks:
        said.append(context._("No change is published over a break in the line."))
    if parts[0].ranks:
        said.insert(0, context.wording.statistic(parts[0].ranks[-1]) + ".")
    introduction = Words(" ".join(said), told[0].language if told else "") if said else None
    return Section(id="over-time", heading=heading, blocks=pictures, introduction=introduction)


def differences_told(context: Context, question: Question) -> tuple[Words, ...]:
    """What is not the same in the waves that are published: each break of the line with its reason, and what the study
    says was changed without breaking it."""
    study: Study = context.study
    told: list[Words] = []
    for earlier, wave in pairwise(wave.id for wave in context.waves_of(question)):
        broken = [each for each in context.edition.breaks.get(question.id, ()) if each.wave == wave]
        reasoned = [said for each in broken for said in reasons(study, each, context.language)]
        told += [Words(words, language) for words, language in reasoned]
        if not broken:
            told += [context.words(change.note) for change in changes_between(study, question, earlier, wave)]
    return tuple(told)


def _lines(context: Context, part: Subject, waves: list[Wave], told: tuple[Words, ...]) -> Lines:
    shares = [
        line
        for line in (part.rank_lines if part.ranks else part.lines)
        if line.unit == SHARE and line.kind is not RowKind.NET
    ]
    drawn = [line for line in shares if line.kind in (RowKind.ANSWER, RowKind.DONT_KNOW)]
    everything = [*drawn, *(line for line in part.lines if line not in drawn)]
    points = {line: tuple(_point(context, part, line, wave) for wave in waves) for line in everything}
    broken = {each.wave for each in context.edition.breaks.get(part.question.id, ())}
    breaks = tuple(place for place, wave in enumerate(waves) if wave.id in broken)
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
        notes=tuple(words.text for words in told),
        changes=changes(context, part, id, title.text),
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
