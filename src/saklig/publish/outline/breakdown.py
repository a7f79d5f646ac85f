"""A question's answers by every background variable and pair of them, spread over pages where they are many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from saklig.publish.outline.context import Context
from saklig.publish.outline.model import Block, Link, Links, Page, Section, Words
from saklig.publish.outline.pictures import grouped_bars, is_stacked, mean_bars, ranking, stack, stacks
from saklig.publish.outline.rows import Cohort, Subject, cohorts
from saklig.publish.outline.tables import across, grid, item_label, ranked
from saklig.study.model import Kind, Question

MOST_ON_A_PAGE = 750
"""Numbers, tables and drawn bars counted as they weigh: so many keep a page of the site under 150 kB."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Sections that stand on one page: the question's own, or where `file` is given one that it goes on to.

    `holds`: as in Page. `weight`: of all that stands on the page, as far as it is known here.
    """

    file: str
    sections: tuple[Section, ...]
    holds: tuple[tuple[str, str], ...] = ()
    weight: int = 0


@dataclass(frozen=True)
class _Breakdown:
    by: tuple[str, ...]
    parts: tuple[Subject, ...]
    divided: bool = False

    @cached_property
    def groups(self) -> tuple[Cohort, ...]:
        return cohorts(self.parts[0].context, self.by)

    @cached_property
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
        return a_group * len(self.groups) * len(self.parts)


OF_ITS_OWN = 20
"""What the answers of everybody weigh, for each part."""


def sheets(parts: tuple[Subject, ...], besides: int = 0) -> tuple[Sheet, ...]:
    """Every breakdown that the edition has, in order, on as few pages as hold them; the question's own comes first.

    `besides`: what else stands on the question's own page, beside everybody's answers.
    """
    pages: list[list[_Breakdown]] = [[]]
    weights = [len(parts) * OF_ITS_OWN + besides]
    for each in _divided([_Breakdown(by, parts) for by in parts[0].facts.groupings()]):
        if weights[-1] + each.weight > MOST_ON_A_PAGE:
            pages.append([])
            weights.append(0)
        pages[-1].append(each)
        weights[-1] += each.weight
    return tuple(
        replace(_sheet(found, own=place == 0), weight=weight)
        for place, (found, weight) in enumerate(zip(pages, weights, strict=True))
    )


def _divided(found: Sequence[_Breakdown]) -> Iterator[_Breakdown]:
    """A breakdown that is too much for a page is divided by the items of its grid."""
    for each in found:
        if each.weight <= MOST_ON_A_PAGE:
            yield each
        else:
            yield from (_Breakdown(each.by, (part,), divided=True) for part in each.parts)


def _sheet(found: Sequence[_Breakdown], own: bool) -> Sheet:
    sections = tuple(_section(each) for each in found)
    if own:
        return Sheet(file="", sections=sections)
    first = found[0].parts[0]
    item = first.item if found[0].divided else ""
    file = first.context.file(first.question, item=item, by=",".join(found[0].by))
    holds = tuple((each.parts[0].item if each.divided else "", ",".join(each.by)) for each in found)
    return Sheet(file=file, sections=sections, holds=holds)


def elsewhere(context: Context, found: Sequence[Sheet]) -> tuple[Section, ...]:
    """Where a question's answers go on, if they do."""
    links = tuple(
        Link(text=section.heading, target=f"{sheet.file}#{section.id}")
        for sheet in found
        if sheet.file
        for section in sheet.sections
    )
    if not links:
        return ()
    heading = Words(context._("More breakdowns"))
    return (Section(id="elsewhere", heading=heading, blocks=(Links(links=links),)),)


def page(first: Page, sheet: Sheet, context: Context, question: Question) -> Page:
    """A page that the question's answers go on to."""
    back = Link(text=context.words(question.label), target=first.file)
    more = Words(context._("More breakdowns"))
    return replace(
        first, file=sheet.file, over=(*first.over[:1], back, more), sections=sheet.sections, holds=sheet.holds
    )


def heading_of(subject: Subject, by: tuple[str, ...]) -> str:
    """“By size of municipality”."""
    context = subject.context
    names = [context.words(context.study.background(name).label).text for name in by]
    if len(names) == 1:
        return context._("By {background}", background=lowered(names[0]))
    return context._("By {first} and {second}", first=lowered(names[0]), second=lowered(names[1]))


def lowered(name: str) -> str:
    """A label inside a sentence: its first letter small, unless the word is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _section(each: _Breakdown) -> Section:
    first = each.parts[0]
    heading = Words(heading_of(first, each.by))
    id = f"by-{'-'.join(each.by)}"
    if each.divided:
        heading = Words(f"{item_label(first).text}: {heading.text}", item_label(first).language)
        id += f"-{first.item}"
    return Section(id=id, heading=heading, blocks=tuple(_blocks(each, id, heading.text)))


def _blocks(each: _Breakdown, id: str, heading: str) -> Iterator[Block]:
    first = each.parts[0]
    groups = each.groups
    if each.weight > MOST_ON_A_PAGE:  # hundreds of bars: nobody can read the picture, and the page would be too large
        table = ranked if first.ranks else across
        yield table(first, f"{id}-table", heading, groups)
    elif is_stacked(first):
        yield _stacked(each, id, heading)
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
            several = part.part.item and not each.divided
            subtitle = f"{name}: {heading}" if several else heading
            yield grouped_bars(part, f"{id}-{part.item}" if several else id, subtitle, groups, headed=bool(several))


def _stacked(each: _Breakdown, id: str, heading: str) -> Block:
    first = each.parts[0]
    places = [
        (part, cohort, item_label(part) if part.part.item and not each.divided else None)
        for part in each.parts
        for cohort in each.groups
    ]
    rows = tuple(stack(part, cohort, cohort.label, group) for part, cohort, group in places)
    table = grid(first, f"{id}-table", heading, first.context._("Group"), places)
    return stacks(each.parts, id, heading, rows, table)
