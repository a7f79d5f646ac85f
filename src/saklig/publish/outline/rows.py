"""The rows of a distribution: what stands below what, in the order that the questionnaire gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from saklig.publish.outline.context import Context
from saklig.publish.outline.model import Number, RowKind, Words
from saklig.publish.outline.reading import Groups, Key, QuestionFacts
from saklig.publish.outline.wording import POINTS, SHARE, STATISTICS
from saklig.study.model import Base, Category, Kind, Part, Question, Role


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a distribution: the last two parts of its address, what it is called and the unit of its number."""

    category: str
    stat: str
    label: Words
    kind: RowKind
    unit: str = SHARE


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those whose answers a distribution is of: everybody, a group, or the members of two groups."""

    groups: Groups
    label: Words


@dataclass(frozen=True)
class Subject:
    """A part of a question with its facts: everything that its pictures and tables are made from."""

    context: Context
    facts: QuestionFacts
    part: Part
    _numbers: dict[Key, Number | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def question(self) -> Question:
        return self.part.question

    @cached_property
    def item(self) -> str:
        return self.part.item.id if self.part.item else ""

    @property
    def unit(self) -> str:
        """That of means and quartiles: the question's own, nothing for a scale."""
        return self.context.words(self.question.unit).text if self.question.unit else ""

    def number(self, line: Line, groups: Groups = ()) -> Number | None:
        """Kept, since a picture and its table show the same."""
        key = (self.item, line.category, line.stat, groups)
        if key not in self._numbers:
            self._numbers[key] = self.context.wording.number(self.facts, key, line.unit)
        return self._numbers[key]

    def has(self, line: Line) -> bool:
        return (self.item, line.category, line.stat, ()) in self.facts.rows

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Answers, "don't know", nets, statistics, and what stands beside the base; only those that have facts."""
        return tuple(line for line in self._all_lines if self.has(line))

    @cached_property
    def drawn(self) -> tuple[Line, ...]:
        """The lines of which a stacked distribution consists."""
        return tuple(line for line in self.lines if line.kind in (RowKind.ANSWER, RowKind.DONT_KNOW))

    @cached_property
    def _all_lines(self) -> tuple[Line, ...]:
        return tuple(self._every_line())

    def _every_line(self) -> Iterator[Line]:
        base = self.question.base or self.context.study.base
        plain = [row for row in self.part.rows if role_kind(row.role, base) is not RowKind.MISSING]
        for row in plain:
            yield Line(row.id, "", self.category_label(row), role_kind(row.role, base))
        for net in self.question.nets:
            yield Line(net.id, "", self.context.words(net.label), RowKind.NET)
        for stat in STATISTICS:
            unit = POINTS if stat == "balance" else self.unit
            yield Line("", stat, Words(self.context.wording.statistic(stat)), RowKind.STATISTIC, unit)
        for row in self.part.rows:
            if role_kind(row.role, base) is RowKind.MISSING:
                yield Line(row.id, "", self.category_label(row), RowKind.MISSING)
        for category in self.unnamed:
            words = Words(self.context._("No answer"))
            yield Line(category, "", words, role_kind(Role.NO_ANSWER, self.part.base))

    @cached_property
    def unnamed(self) -> tuple[str, ...]:
        """What the study has no category for and is published all the same: that a question was left unanswered."""
        question = self.question
        named = {each.id for each in (*self.part.rows,)} | {net.id for net in question.nets}
        named |= {category.id for category in (question.codes.categories if question.codes else ())}
        return tuple(
            category
            for item, category, stat, _ in self.facts.everybody
            if item == self.item and category and not stat and category not in named
        )

    @cached_property
    def ranks(self) -> tuple[str, ...]:
        """A ranking's statistics of each option ("first", "top-3"), as far as they have facts; empty: plain shares."""
        if self.question.kind is not Kind.RANKING:
            return ()
        found = {stat for _, category, stat, _ in self.facts.everybody if category and stat}
        return tuple(sorted(found, key=lambda stat: (stat != "first", stat)))

    @cached_property
    def rank_lines(self) -> tuple[Line, ...]:
        """The options of a ranking and what stands beside them."""
        stats = ("", *self.ranks)
        rows = self.facts.rows
        return tuple(
            line
            for line in self._all_lines
            if not line.stat and any((self.item, line.category, stat, ()) in rows for stat in stats)
        )

    def rank_numbers(self, line: Line, groups: Groups = ()) -> tuple[Number | None, Number | None]:
        """Put first, and among the first k; what is not ranked ("don't know") has its plain share in the second."""
        wording, key = self.context.wording, (self.item, line.category)
        among = next((stat for stat in self.ranks if stat != "first"), "")
        first = wording.number(self.facts, (*key, "first", groups))
        placed = wording.number(self.facts, (*key, among, groups)) if among else None
        return first, placed or wording.number(self.facts, (*key, "", groups))

    def category_label(self, category: Category) -> Words:
        return category_label(self.context, self.question, category)

    def answered(self, groups: Groups = ()) -> int | None:
        """The base of the shares: the same for all answers of a distribution. None where nothing is published."""
        return next((base for base in self._bases(groups, missing=False)), None)

    def asked(self, groups: Groups = ()) -> int | None:
        """How many were asked, where the edition says it: the base of what stands beside the base."""
        return next((base for base in self._bases(groups, missing=True)), None)

    def _bases(self, groups: Groups, missing: bool) -> Iterator[int]:
        item, ranks, rows, bases = self.item, self.ranks, self.facts.rows, self.facts.base
        for line in self._all_lines:
            if (line.kind is RowKind.MISSING) is missing:
                for stat in (line.stat, *ranks):
                    row = rows.get((item, line.category, stat, groups))
                    if row is not None and bases[row] >= 0:
                        yield bases[row]


def category_label(context: Context, question: Question, category: Category) -> Words:
    """The label as it was shown; the ends of a scale with their number before the words ("1 Inte alls")."""
    words = context.words(category.label)
    number = question.codes.number_before(category, words.text) if question.codes else ""
    return Words(f"{number} {words.text}", words.language) if number else words


def cohorts(context: Context, by: tuple[str, ...]) -> tuple[Cohort, ...]:
    """The groups of a background variable, or of two, in the study's order."""
    found: list[Cohort] = [Cohort((), Words(""))]
    for background in (context.study.background(name) for name in by):
        found = [
            Cohort((*cohort.groups, (background.id, group.id)), joined(cohort.label, context.words(group.label)))
            for cohort in found
            for group in background.groups
        ]
    return tuple(found)


def joined(first: Words, second: Words) -> Words:
    if not first.text:
        return second
    same = first.language if first.language == second.language else ""
    return Words(f"{first.text}, {second.text}", same)


def role_kind(role: Role, base: Base) -> RowKind:
    """Where a category of this role stands: an answer, a grey answer that counts, or beside the base."""
    if role is Role.ANSWER:
        return RowKind.ANSWER
    counts = base is Base.ASKED or (role is Role.DONT_KNOW and base is Base.VALID)
    return RowKind.DONT_KNOW if counts else RowKind.MISSING
