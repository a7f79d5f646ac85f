"""A question's answers by every background variable and pair of them, spread over pages where they are many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from saklig.publish.outline.context import Context
from saklig.publish.outline.model import Block, Link, Links, Page, Section, Words
from saklig.publish.outline.pictures import grouped_bars, is_stacked, mean_bars, ranking, stack, stacks
from saklig.publish.outline.rows import Cohort, Subject, cohorts
from saklig.publish.outline.tables import across, grid, item_label
from saklig.study.model import Kind, Question

MOST_ON_A_PAGE = 750
"""Numbers, tables and drawn bars counted as they weigh: so many keep a page of the site under 150 kB."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Sections that stand on one page: the question's own, or where `file` is given one that it goes on to."""

    file: str
    label: Words
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class _Breakdown:
    by: tuple[str, ...]
    parts: tuple[Subject, ...]

    @property
    def weight(self) -> int:
        """In numbers of a table: a stack weighs as much as six, a bar as six, two bars with their numbers as ten."""
        subject = self.parts[0]
        if is_stacked(subject):
            a_group = len(subject.lines) + 6
        elif subject.ranks:
            a_group = len(subject.rank_lines) * 10
        elif subject.question.kind is Kind.NUMERIC:
            a_group = len(subject.lines) + 6
        else:
            a_group = len(subject.lines) * 6
        return a_group * len(cohorts(subject.context, self.by)) * len(self.parts)


def sheets(parts: tuple[Subject, ...]) -> tuple[Sheet, ...]:
    """Every breakdown that the edition has, on as few pages as may be: the question's own is filled first."""
    found = [_Breakdown(by, parts) for by in parts[0].facts.groupings()]
    own: list[_Breakdown] = []
    further: list[_Breakdown] = []
    weight = len(parts) * 20
    for each in found:
        weight += each.weight
        (own if weight <= MOST_ON_A_PAGE and not further else further).append(each)
    first = Sheet(file="", label=Words(""), sections=tuple(_section(each) for each in own))
    return (first, *(sheet for each in further for sheet in _further(each)))


def _further(each: _Breakdown) -> Iterator[Sheet]:
    """A breakdown on a page of its own, or where even that is too much, one for each item."""
    subject = each.parts[0]
    context, by = subject.context, ",".join(each.by)
    if each.weight <= MOST_ON_A_PAGE or len(each.parts) == 1:
        label = Words(_heading(subject, each.by))
        yield Sheet(file=context.file(subject.question, by=by), label=label, sections=(_section(each),))
        return
    for part in each.parts:
        file = context.file(subject.question, item=part.item, by=by)
        label = Words(f"{item_label(part).text}: {_heading(subject, each.by)}", item_label(part).language)
        yield Sheet(file=file, label=label, sections=(_section(_Breakdown(each.by, (part,))),))


def elsewhere(context: Context, found: Sequence[Sheet]) -> tuple[Section, ...]:
    """Where a question's answers go on, if they do."""
    links = tuple(Link(text=sheet.label, target=sheet.file) for sheet in found if sheet.file)
    if not links:
        return ()
    heading = Words(context._("More breakdowns"))
    return (Section(id="elsewhere", heading=heading, blocks=(Links(links=links),)),)


def page(first: Page, sheet: Sheet, context: Context, question: Question) -> Page:
    """A page that the question's answers go on to."""
    back = Link(text=context.words(question.label), target=first.file)
    return replace(first, file=sheet.file, over=(*first.over[:1], back, sheet.label), sections=sheet.sections)


def _heading(subject: Subject, by: tuple[str, ...]) -> str:
    context = subject.context
    names = [context.words(context.study.background(name).label).text for name in by]
    if len(names) == 1:
        return context._("By {background}", background=_lowered(names[0]))
    return context._("By {first} and {second}", first=_lowered(names[0]), second=_lowered(names[1]))


def _lowered(name: str) -> str:
    """A label inside a sentence: its first letter small, unless the word is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _section(each: _Breakdown) -> Section:
    heading = _heading(each.parts[0], each.by)
    id = f"by-{'-'.join(each.by)}"
    return Section(id=id, heading=Words(heading), blocks=tuple(_blocks(each, id, heading)))


def _blocks(each: _Breakdown, id: str, heading: str) -> Iterator[Block]:
    first = each.parts[0]
    groups = cohorts(first.context, each.by)
    if is_stacked(first):
        yield _stacked(each, id, heading, groups)
    elif first.question.kind is Kind.RANKING:
        yield ranking(first, id, heading, groups)
    elif first.question.kind is Kind.NUMERIC:
        if any(line.stat == "mean" for line in first.lines):
            yield mean_bars(first, id, heading, groups)
        else:
            yield across(first, f"{id}-table", heading, groups)
    else:
        for part in each.parts:
            name = item_label(part).text
            subtitle = f"{name}: {heading}" if part.part.item else heading
            yield grouped_bars(part, f"{id}-{part.item}" if part.item else id, subtitle, groups)


def _stacked(each: _Breakdown, id: str, heading: str, groups: Sequence[Cohort]) -> Block:
    first = each.parts[0]
    places = [(part, cohort, item_label(part) if part.part.item else None) for part in each.parts for cohort in groups]
    rows = tuple(stack(part, cohort, cohort.label, group) for part, cohort, group in places)
    table = grid(first, f"{id}-table", heading, first.context._("Group"), places)
    return stacks(first, id, heading, rows, table)
