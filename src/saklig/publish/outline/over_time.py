"""A question's answers over the waves in which it was asked."""

from __future__ import annotations

import datetime
from dataclasses import replace
from itertools import pairwise
from math import ceil

from saklig.edition.reasons import reasons
from saklig.language.catalog import N_
from saklig.publish.outline.breakdown import MOST_ON_A_PAGE, OF_ITS_OWN, Sheet
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
from saklig.publish.outline.tables import item_label
from saklig.publish.outline.wording import SHARE
from saklig.study.breaks import changes_between
from saklig.study.model import Base, Question, Study, Wave

IN_WAVES = {
    Base.VALID: N_("Base: those who answered in each wave"),
    Base.OPINION: N_("Base: those in each wave who had an opinion"),
    Base.ASKED: N_("Base: everyone in each wave who was asked"),
}


APART = "over.time"
"""Stands in a page's name where a background variable would; no id has a full stop."""


def spread(context: Context, parts: tuple[Subject, ...]) -> tuple[tuple[str, tuple[Subject, ...]], ...]:
    """(file, parts) of the pages that show a question over time: its own (no file) or, if that grew too large, others.

    Nothing where the question was asked in one wave only.
    """
    if len(context.waves_of(parts[0].question)) < 2:
        return ()
    if len(parts) * OF_ITS_OWN + weight(context, parts) <= MOST_ON_A_PAGE:
        return (("", parts),)
    most = max(1, MOST_ON_A_PAGE // max(weight(context, (part,)) for part in parts))
    each = ceil(len(parts) / ceil(len(parts) / most))  # as many on every page
    pages = [parts[first : first + each] for first in range(0, len(parts), each)]
    return tuple(
        (context.file(parts[0].question, item=page[0].item if place else "", by=APART), page)
        for place, page in enumerate(pages)
    )


def weight(context: Context, parts: tuple[Subject, ...]) -> int:
    """In numbers of a table, as breakdowns weigh: a drawn point with its interval as five."""
    waves = len(context.waves_of(parts[0].question))
    compared = len(context.edition.publication.pairs)
    lines = [len(part.rank_lines if part.ranks else part.lines) for part in parts]
    drawn = [len(part.rank_lines if part.ranks else part.drawn) for part in parts]
    return sum(5 * d * waves + n * (waves + compared) + 10 for n, d in zip(lines, drawn, strict=True))


def sheets(context: Context, parts: tuple[Subject, ...]) -> tuple[Sheet, ...]:
    """The question over time, on its own page or on others."""
    pages = spread(context, parts)
    return tuple(
        Sheet(
            file=file,
            sections=(_of(over_time(context, page), page) if len(pages) > 1 else over_time(context, page),),
            holds=tuple((part.item, APART) for part in page) if file else (),
        )
        for file, page in pages
    )


def _of(section: Section, parts: tuple[Subject, ...]) -> Section:
    """Its heading says which of several items it is of."""
    first, last = (item_label(part) for part in (parts[0], parts[-1]))
    named = first.text if len(parts) == 1 else f"{first.text} – {last.text}"
    return replace(section, heading=Words(f"{section.heading.text}: {named}"))


def over_time(context: Context, parts: tuple[Subject, ...]) -> Section:
    """Each item of a grid has its own picture."""
    question = parts[0].question
    waves = list(context.waves_of(question))
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
