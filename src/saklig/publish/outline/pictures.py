"""From a question's facts to its pictures, each with its table and the same numbers in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from saklig.language.catalog import N_
from saklig.publish.outline.model import (
    Axis,
    Bar,
    Bars,
    Bin,
    Frame,
    Histogram,
    Level,
    Marker,
    Number,
    Place,
    Ranking,
    RowKind,
    Stack,
    Stacks,
    Table,
    Words,
)
from saklig.publish.outline.rows import Cohort, Line, Subject
from saklig.publish.outline.tables import across, down, group_note, ranked
from saklig.publish.outline.wording import SHARE
from saklig.study.model import Base, Kind, Role

MOST_LEVELS = 7
"""More answers than this cannot be told apart by lightness: they are drawn as bars."""

MOST_IN_WORDS = 14
"""A picture with more numbers than this points to its table instead of repeating them in its text alternative."""

IN_GROUPS = {
    Base.VALID: N_("Base: those who answered in each group"),
    Base.OPINION: N_("Base: those in each group who had an opinion"),
    Base.ASKED: N_("Base: everyone in each group who was asked"),
}

EVERYBODY = Cohort((), Words(""))


def shares_axis(subject: Subject) -> Axis:
    """0 to 100 per cent for every picture of shares, so that alike questions are drawn alike."""
    wording = subject.context.wording
    ticks = tuple((float(at), wording.said(at, 0, SHARE)) for at in (0, 25, 50, 75, 100))
    return Axis(lower=0, upper=100, ticks=ticks, label=wording._("Per cent"))


def numbers_axis(subject: Subject) -> Axis:
    """From zero (or the lowest possible number, where that is below) to the highest possible or observed."""
    question, wording = subject.question, subject.context.wording
    bounds = [end for group in question.classes for end in (group.lower, group.upper) if end is not None]
    seen = [0.0, *bounds]
    for (item, category, stat, _), row in subject.facts.rows.items():
        if item == subject.item and stat and not category and subject.facts.value[row] >= 0:
            seen.append(max(subject.facts.value[row], subject.facts.upper[row]) / 10 ** subject.facts.decimals[row])
    lower = min(0.0, question.minimum if question.minimum is not None else min(seen))
    upper = question.maximum if question.maximum is not None else max(seen)
    step = _round_step((upper - lower) / 4 or 1)
    upper = max(upper, lower + step)
    count = int((upper - lower) / step + 1e-9)
    values = [lower + step * place for place in range(count + 1)]
    decimals = 0 if all(value == int(value) for value in values) else 1
    ticks = tuple((value, wording.said(round(value * 10**decimals), decimals, subject.unit)) for value in values)
    return Axis(lower=lower, upper=upper, ticks=ticks, label=subject.unit)


def _round_step(step: float) -> float:
    """The nearest of 1, 2, 2.5, 5 × 10ⁿ that is not below `step`."""
    size = 1.0
    while size * 10 <= step:
        size *= 10
    while size > step:
        size /= 10
    return next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= step * (1 - 1e-9))


def base_line(subject: Subject) -> str:
    """Who the numbers speak of: "Bas: de 75 som svarade"."""
    context, n = subject.context, subject.answered()
    if n is None:
        return ""
    said = {
        Base.VALID: context._.ngettext(
            "Base: the {n} who answered", "Base: the {n} who answered", n, n=context.count(n)
        ),
        Base.OPINION: context._("Base: the {n} who had an opinion", n=context.count(n)),
        Base.ASKED: context._("Base: everyone who was asked, {n}", n=context.count(n)),
    }
    return said[subject.part.base]


def in_words(pairs: Iterable[tuple[str, Number | None]], otherwise: str) -> str:
    said = [f"{label}: {number.text}" for label, number in pairs if number is not None]
    return "; ".join(said) + "." if len(said) <= MOST_IN_WORDS else otherwise


def _frame(
    subject: Subject, id: str, subtitle: str, alternative: str, parts: Sequence[Subject] = (), *, headed: bool = False
) -> Frame:
    """`parts`: the items that one picture shows; its title is then the question alone. `headed`: it stands among
    those of other items."""
    question, item, context = subject.question, subject.part.item, subject.context
    title, place = context.words(context.text_of(question)), question.id
    if item and len(parts) < 2:
        title = Words(f"{title.text} {context.words(item.text).text}", title.language)
        place += f".{item.id}"
    base = context._(IN_GROUPS[subject.part.base]) if subtitle else bases_line(parts or (subject,))
    heading = context.words(item.label) if item and headed else None
    return context.frame(id, title, subtitle, base, alternative, place=place, heading=heading)


def bases_line(parts: Sequence[Subject]) -> str:
    """A base that holds for every item of a grid."""
    bases = [n for part in parts if (n := part.answered()) is not None]
    if len(set(bases)) < 2:
        return base_line(parts[0])
    context = parts[0].context
    low, high = context.count(min(bases)), context.count(max(bases))
    return context._("Base: those who answered each item, {low}–{high}", low=low, high=high)


def _many(subject: Subject) -> str:
    return subject.context._("All numbers are in the table that belongs to the picture.")


def bars(subject: Subject, id: str, *, headed: bool = False) -> Bars:
    """The distribution of everybody's answers, one bar a row."""
    asked = subject.asked()
    of_asked = subject.context._("of {n} asked", n=subject.context.count(asked)) if asked is not None else ""
    rows = tuple(
        Bar(label=line.label, number=number, kind=line.kind, note=of_asked if line.kind is RowKind.MISSING else "")
        for line in subject.lines
        if (number := subject.number(line))
    )
    nobody = tuple(row for row in rows if _is_nobody(subject, row))
    rows = tuple(row for row in rows if row not in nobody)
    alternative = in_words(((row.label.text, row.number) for row in rows), _many(subject))
    frame = _frame(subject, id, "", alternative, headed=headed)
    table = down(subject, f"{id}-table", EVERYBODY)
    return Bars(frame=frame, axis=shares_axis(subject), rows=rows, table=table, nobody=nobody)


def _is_nobody(subject: Subject, row: Bar) -> bool:
    """Whether it says that none left the question unanswered. What was offered as an answer stays a row though none
    chose it."""
    silent = {part.id for part in subject.part.rows if part.role is Role.NO_ANSWER} | {*subject.unnamed}
    return row.kind is RowKind.MISSING and row.number.value == 0 and row.number.address.partition("/")[2] in silent


def grouped_bars(subject: Subject, id: str, subtitle: str, cohorts: Sequence[Cohort], *, headed: bool = False) -> Bars:
    """Answers of which several could be given: one heading an answer, one bar a group of respondents."""
    rows = tuple(
        Bar(
            label=cohort.label,
            number=number,
            kind=line.kind,
            note=bars_note(subject, cohort) if first else "",
            group=line.label,
        )
        for place, line in enumerate(_lines_of_groups(subject))
        for cohort in cohorts
        for first in (place == 0,)
        if (number := subject.number(line, cohort.groups))
    )
    frame = _frame(subject, id, subtitle, _many(subject), headed=headed)
    table = across(subject, f"{id}-table", subtitle, cohorts)
    return Bars(frame=frame, axis=shares_axis(subject), rows=rows, table=table)


def bars_note(subject: Subject, cohort: Cohort, number: Number | None = None) -> str:
    """How many answered in a group; of a group of which nothing is published, that it is so. `number`: its own base."""
    if note := group_note(subject, cohort, number.base if number else None):
        return note
    numbers = [subject.number(line, cohort.groups) for line in subject.lines] if number is None else [number]
    ranks = [each for line in subject.rank_lines for each in subject.rank_numbers(line, cohort.groups)]
    found = [each for each in (*numbers, *(ranks if subject.ranks else ())) if each is not None]
    return subject.context.wording.not_shown(found) if found and not any(each.shown for each in found) else ""


def _lines_of_groups(subject: Subject) -> tuple[Line, ...]:
    return tuple(line for line in subject.lines if line.kind is not RowKind.STATISTIC)


def mean_bars(subject: Subject, id: str, subtitle: str, cohorts: Sequence[Cohort]) -> Bars:
    """Means of a number with their intervals, one bar a group."""
    mean = next(line for line in subject.lines if line.stat == "mean")
    rows = tuple(
        Bar(label=cohort.label, number=number, note=bars_note(subject, cohort, number))
        for cohort in cohorts
        if (number := subject.number(mean, cohort.groups))
    )
    alternative = in_words(((row.label.text, row.number) for row in rows), _many(subject))
    frame = _frame(subject, id, subtitle, alternative)
    table = across(subject, f"{id}-table", subtitle, cohorts)
    return Bars(
        frame=frame, axis=numbers_axis(subject), rows=rows, table=table, complete=False, measure=mean.label.text
    )


def levels(subject: Subject) -> tuple[Level, ...]:
    """The legend of a stacked distribution: lightness follows the order shown, from light to dark."""
    answers = [line for line in subject.drawn if line.kind is RowKind.ANSWER]
    step = 1 / max(len(answers) - 1, 1)
    shades = {line.category: place * step for place, line in enumerate(answers)}
    return tuple(Level(label=line.label, shade=shades.get(line.category)) for line in subject.drawn)


def stack(subject: Subject, cohort: Cohort, label: Words, group: Words | None = None) -> Stack:
    """One distribution as one row. Nothing published: a word that says so stands in its place."""
    parts = tuple(number for line in subject.drawn if (number := subject.number(line, cohort.groups)))
    shown = any(part.value is not None for part in parts)
    return Stack(
        label=label,
        note=group_note(subject, cohort),
        parts=parts if len(parts) == len(subject.drawn) else (),
        text="" if shown else subject.context.wording.not_shown(parts),
        group=group,
    )


def stacks(parts: Sequence[Subject], id: str, subtitle: str, rows: tuple[Stack, ...], table: Table) -> Stacks:
    """Stacked distributions of one question, whose `rows` are groups of respondents or items (`parts`)."""
    subject = parts[0]
    legend = levels(subject)
    names = [level.label.text for level in legend]
    pairs = [(f"{row.label.text}, {name}", part) for row in rows for name, part in zip(names, row.parts, strict=False)]
    frame = _frame(subject, id, subtitle, in_words(pairs, _many(subject)), parts)
    return Stacks(frame=frame, levels=legend, rows=rows, table=table)


def histogram(subject: Subject, id: str) -> Histogram:
    """The classes of a number in their order, with mean, median and quartiles marked."""
    by_id = {line.category: line for line in subject.lines if line.kind is RowKind.ANSWER}
    bins = tuple(
        Bin(label=by_id[group.id].label, lower=group.lower, upper=group.upper, number=number)
        for group in subject.question.classes
        if group.id in by_id and (number := subject.number(by_id[group.id]))
    )
    markers = tuple(
        Marker(label=line.label.text, number=number, stat=line.stat)
        for line in subject.lines
        if line.kind is RowKind.STATISTIC and (number := subject.number(line)) and number.value is not None
    )
    pairs = [(part.label.text, part.number) for part in bins] + [(mark.label, mark.number) for mark in markers]
    frame = _frame(subject, id, "", in_words(pairs, _many(subject)))
    return Histogram(
        frame=frame,
        axis=numbers_axis(subject),
        shares=shares_axis(subject),
        bins=bins,
        markers=markers,
        table=down(subject, f"{id}-table", EVERYBODY),
    )


def ranking(subject: Subject, id: str, subtitle: str, cohorts: Sequence[Cohort]) -> Ranking:
    """One row an option, in the order shown; by groups: a heading an option, one row a group."""
    rows = tuple(
        row
        for place, line in enumerate(_ranked_lines(subject))
        for cohort in cohorts
        if (row := _place(subject, line, cohort, with_note=place == 0))
    )
    pairs = [(row.label.text, row.among or row.first) for row in rows]
    wording, ranks = subject.context.wording, subject.ranks
    among = next((stat for stat in ranks if stat != "first"), "")
    return Ranking(
        frame=_frame(subject, id, subtitle, in_words(pairs, _many(subject)) if not subtitle else _many(subject)),
        axis=shares_axis(subject),
        first_label=wording.statistic("first"),
        among_label=wording.statistic(among) if among else wording._("Chosen"),
        rows=rows,
        table=ranked(subject, f"{id}-table", subtitle, cohorts),
    )


def _ranked_lines(subject: Subject) -> tuple[Line, ...]:
    return tuple(line for line in subject.rank_lines if line.kind is not RowKind.STATISTIC)


def _place(subject: Subject, line: Line, cohort: Cohort, with_note: bool) -> Place | None:
    first, among = subject.rank_numbers(line, cohort.groups)
    if first is None and among is None:
        return None
    everybody = not cohort.groups
    return Place(
        label=line.label if everybody else cohort.label,
        first=first,
        among=among,
        kind=line.kind,
        note=bars_note(subject, cohort) if with_note and not everybody else "",
        group=None if everybody else line.label,
    )


def is_stacked(subject: Subject) -> bool:
    """Whether the answers exclude each other and are few enough to be told apart by lightness."""
    answers = sum(row.kind is RowKind.ANSWER for row in subject.lines)
    return not subject.part.overlapping and subject.question.kind is not Kind.NUMERIC and 2 <= answers <= MOST_LEVELS
