"""How much the numbers of each group have changed from wave to wave: folded tables, one for each background variable.

They stand on the question's page, or where that is full on pages of their own. What is withheld is said in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from saklig.edition.facts import Fact, Status
from saklig.edition.publication import WavePair
from saklig.edition.trends import difference_of
from saklig.publish.outline.breakdown import MOST_ON_A_PAGE, Sheet, heading_of, lowered
from saklig.publish.outline.changes import ROUNDED, change, how_sure, label, named
from saklig.publish.outline.context import Context
from saklig.publish.outline.model import Block, Cell, Column, Number, Paragraph, Row, Section, Table, Words
from saklig.publish.outline.over_time import APART
from saklig.publish.outline.reading import Groups
from saklig.publish.outline.rows import Cohort, Line, Subject, cohorts
from saklig.publish.outline.tables import item_label
from saklig.publish.outline.wording import EXPLAINED, NOT_SHOWN
from saklig.study.model import Question

Place = tuple[str, str, str, str]
"""(background, group, category, statistic)."""
Compared = tuple[WavePair, Mapping[Place, Fact]]
Measured = tuple[Line, str]
"""A row of a distribution, and the statistic of it."""


@dataclass(frozen=True)
class _Changes:
    """Those of one question or item by one background variable; `compared`: between waves, at least two."""

    part: Subject
    by: str
    compared: tuple[Compared, ...]

    @property
    def context(self) -> Context:
        return self.part.context

    @cached_property
    def groups(self) -> tuple[Cohort, ...]:
        """Those of which a change is published."""
        there = {group for _, found in self.compared for by, group, _, _ in found if by == self.by}
        return tuple(each for each in cohorts(self.context, (self.by,)) if each.groups[0][1] in there)

    @cached_property
    def measured(self) -> tuple[Measured, ...]:
        """What has changed in any group."""
        there = {(category, stat) for _, found in self.compared for by, _, category, stat in found if by == self.by}
        lines = self.part.rank_lines if self.part.ranks else self.part.lines
        every = ((line, stat) for line in lines for stat in (*self.part.ranks, line.stat))
        return tuple((line, stat) for line, stat in every if (line.category, difference_of(stat)) in there)

    @cached_property
    def waves(self) -> tuple[str, ...]:
        named = {wave for pair, _ in self.compared for wave in (pair.wave, pair.wave2)}
        return tuple(wave.id for wave in self.context.study.waves if wave.id in named)

    @property
    def weight(self) -> int:
        """In numbers of a table, as breakdowns weigh; those of the waves are no links, and weigh little."""
        a_row = 1 + len(self.compared) + len(self.waves) // 4
        return 5 + len(self.measured) * (1 + a_row * len(self.groups))

    def number(self, wave: str, cohort: Cohort, measured: Measured) -> Number | None:
        """What was published of a group in one wave."""
        line, stat = measured
        facts = self.context.reading.question(wave, self.part.question.id)
        return self.context.wording.number(facts, (self.part.item, line.category, stat, cohort.groups), line.unit)

    def is_withheld(self, cohorts: Iterable[Cohort]) -> bool:
        """Whether any number of those groups is, in one of the waves."""
        item, waves = self.part.item, self.waves
        wanted = {cohort.groups for cohort in cohorts}
        if not wanted:
            return False
        for facts in (self.context.reading.question(wave, self.part.question.id) for wave in waves):
            withheld = (key for key, row in facts.rows.items() if facts.status[row] is Status.WITHHELD)
            if any(key[0] == item and key[3] in wanted for key in withheld):
                return True
        return False


def sheets(context: Context, parts: tuple[Subject, ...], beside: int) -> tuple[Sheet, ...]:
    """On the question's own page (no file), or on others. `beside`: the weight of all else on its own.

    Nothing where no change is published, and on pages of other waves than the last.
    """
    question = parts[0].question
    if context.wave != context.waves_of(question)[-1]:
        return ()
    every = [found for part in parts for found in _of_part(part)]
    if not every:
        return ()
    shown = [each for each in every if each.groups and each.weight <= MOST_ON_A_PAGE]
    told = tuple(_withheld(context, every, len(parts))) + tuple(_too_many(context, every))
    if not shown or beside + sum(each.weight for each in shown) <= MOST_ON_A_PAGE:
        section = _section(context, "changes-by-background", context._("Change by background"), shown, told)
        return (Sheet(file="", sections=(section,)),) if section.blocks else ()
    return tuple(_apart(context, question, shown, told))


def listed_by_group(part: Subject, pair: WavePair) -> dict[Groups, dict[str, str]]:
    """Group → place in the address → the change as it is shown, between two waves."""
    listed: dict[Groups, dict[str, str]] = {}
    for fact in _found(part.context, part, pair).values():
        if fact.by1 and (number := change(part, pair, fact)):
            place = f"/{fact.category}" * bool(fact.category) + f"~{fact.stat}"
            listed.setdefault(((fact.by1, fact.group1),), {})[place] = number.text
    return listed


def _of_part(part: Subject) -> Iterator[_Changes]:
    """By every background variable; those of which nothing is published have no groups."""
    context, study = part.context, part.context.study
    compared = tuple(
        (pair, found) for pair in context.edition.publication.pairs if (found := _found(context, part, pair))
    )
    if compared:
        yield from (_Changes(part, background.id, compared) for background in study.backgrounds)


def _found(context: Context, part: Subject, pair: WavePair) -> Mapping[Place, Fact]:
    """Everybody's changes among them: where there are none, the line is broken or the question was not asked."""
    facts = context.edition.facts_of(pair.wave, part.question.id, part.item, None, wave2=pair.wave2)
    return {(fact.by1, fact.group1, fact.category, fact.stat): fact for fact in facts}


def _apart(context: Context, question: Question, shown: Sequence[_Changes], told: tuple[Block, ...]) -> Iterator[Sheet]:
    """Pages of their own: one for each background variable, or more where a grid has many items."""
    for by in dict.fromkeys(each.by for each in shown):
        pages: list[list[_Changes]] = [[]]
        for each in (each for each in shown if each.by == by):
            if pages[-1] and sum(other.weight for other in pages[-1]) + each.weight > MOST_ON_A_PAGE:
                pages.append([])
            pages[-1].append(each)
        for place, page in enumerate(pages):
            heading = _heading(page[0])
            if len(pages) > 1:
                items = dict.fromkeys(item_label(each.part).text for each in (page[0], page[-1]))
                heading = f"{' – '.join(items)}: {lowered(heading)}"
            section = _section(context, f"changes-by-{by}", heading, page, told)
            told = ()  # said once
            yield Sheet(
                file=context.file(question, item=page[0].part.item if place else "", by=f"{APART},{by}"),
                sections=(section,),
                holds=tuple((each.part.item, f"{APART},{by}") for each in page),
            )


def _section(context: Context, id: str, heading: str, shown: Sequence[_Changes], told: tuple[Block, ...]) -> Section:
    pairs = list({pair: None for each in shown for pair, _ in each.compared})
    units = context._("Changes of shares are in percentage points. Grey numbers are 95 per cent confidence intervals.")
    said = " ".join((units, *how_sure(context, pairs), context._(ROUNDED))) if shown else ""
    blocks = (*(_table(each) for each in shown), *told)
    return Section(id=id, heading=Words(heading), blocks=blocks, introduction=Words(said) if said else None)


def _table(each: _Changes) -> Table:
    context, _ = each.context, each.context._
    heading = _heading(each)
    if each.part.part.item:
        heading = f"{item_label(each.part).text}: {lowered(heading)}"
    waves = [context.words(context.study.wave(wave).label) for wave in each.waves]
    pairs = [Words(_("Change {waves}", waves=label(context, pair))) for pair, _found in each.compared]
    rows = tuple(_row(each, measured, cohort) for measured in each.measured for cohort in each.groups)
    return Table(
        id=f"changes-by-{each.by}-{each.part.item}",
        caption=heading,
        stub=_("Group"),
        columns=tuple(Column(label=name) for name in (*waves, *pairs)),
        rows=rows,
        notes=tuple(_notes(each, rows)),
        folded=True,
    )


def _heading(each: _Changes) -> str:
    by_background = lowered(heading_of(each.part, (each.by,)))
    return each.context._("Change {by_background}", by_background=by_background)


def _row(each: _Changes, measured: Measured, cohort: Cohort) -> Row:
    line, stat = measured
    ((by, group),) = cohort.groups
    numbers = {wave: each.number(wave, cohort, measured) for wave in each.waves}
    cells: list[Cell] = [number.text if number else "" for number in numbers.values()]
    for pair, found in each.compared:
        shown = change(each.part, pair, found.get((by, group, line.category, difference_of(stat))))
        cells.append(shown or _sign(numbers[pair.wave], numbers[pair.wave2]))
    return Row(label=cohort.label, cells=tuple(cells), group=named(each.part, line, stat))


def _sign(*numbers: Number | None) -> str:
    """Why there is no change: the sign of the number that is missing."""
    return next((number.text for number in numbers if number and not number.shown), "")


def _notes(each: _Changes, rows: Sequence[Row]) -> Iterator[str]:
    context, _ = each.context, each.context._
    signs = {cell for row in rows for cell in row.cells if isinstance(cell, str)}
    yield from (_(EXPLAINED[status]) for status, sign in NOT_SHOWN.items() if sign in signs)
    uncertain = [cohort.label.text for cohort in each.groups if _is_uncertain(each, cohort)]
    if uncertain:
        few = context.count(context.wording.few_below)
        yield _("Uncertain, fewer than {n} answers: {groups}", n=few, groups="; ".join(uncertain))
    absent = [cohort for cohort in cohorts(context, (each.by,)) if cohort not in each.groups]
    if each.is_withheld(absent):
        names = "; ".join(cohort.label.text for cohort in absent)
        yield _("No change is published, since numbers of a wave are withheld: {groups}", groups=names)


def _is_uncertain(each: _Changes, cohort: Cohort) -> bool:
    numbers = (each.number(wave, cohort, measured) for wave in each.waves for measured in each.measured)
    return any(number and number.few for number in numbers)


def _withheld(context: Context, every: Sequence[_Changes], parts: int) -> Iterator[Block]:
    """The background variables by which no change is published at all."""
    told = []
    for by in dict.fromkeys(each.by for each in every):
        lacking = [
            each for each in every if each.by == by and not each.groups and each.is_withheld(cohorts(context, (by,)))
        ]
        if lacking:
            items = "; ".join(item_label(each.part).text for each in lacking)
            heading = heading_of(lacking[0].part, (by,))
            told.append(heading if len(lacking) == parts else f"{heading} ({items})")
    if told:
        names = ", ".join([told[0], *(lowered(name) for name in told[1:])])
        yield Paragraph(
            words=Words(
                context._(
                    "{by_backgrounds}: no change is published, since numbers of a wave are withheld, to protect those "
                    "who answered.",
                    by_backgrounds=names,
                )
            )
        )


def _too_many(context: Context, every: Sequence[_Changes]) -> Iterator[Block]:
    """Tables that no page can hold: the edition's own files have them."""
    for by in dict.fromkeys(each.by for each in every if each.weight > MOST_ON_A_PAGE):
        found = next(each for each in every if each.by == by)
        yield Paragraph(
            words=Words(
                context._(
                    "{by_background}: the changes are too many for a page. They are in the edition’s files.",
                    by_background=heading_of(found.part, (by,)),
                )
            )
        )
