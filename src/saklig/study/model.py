"""What was asked, of whom and how: a Study that exists is valid.

Nothing here knows of files or answers: which column of which file holds a question's answers stands in `sources`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from saklig.language.text import Text
from saklig.study.problems import StudyError as StudyError


class Kind(StrEnum):
    SINGLE = "single"
    SCALE = "scale"
    MULTIPLE = "multiple"
    GRID = "grid"
    NUMERIC = "numeric"
    RANKING = "ranking"
    OPEN = "open"


class Role(StrEnum):
    """What an answer category stands for in a base.

    ANSWER and DONT_KNOW count in the base `valid`; REFUSED and NO_ANSWER do not, and are published beside it.
    """

    ANSWER = "answer"
    DONT_KNOW = "dont-know"
    REFUSED = "refused"
    NO_ANSWER = "no-answer"


class Base(StrEnum):
    VALID = "valid"  # asked and answered, "don't know" included
    OPINION = "opinion"  # asked and answered, "don't know" excluded
    ASKED = "asked"  # everyone who was asked


class Sample(StrEnum):
    PROBABILITY = "probability"
    RECRUITED_PANEL = "recruited-panel"
    SELF_SELECTED = "self-selected"
    CENSUS = "census"


@dataclass(frozen=True, kw_only=True)
class Category:
    """One possible answer. `code` is its value in the data; `score` what it counts in a mean."""

    id: str
    label: Text
    code: int | float | str
    role: Role = Role.ANSWER
    score: int | None = None
    exclusive: bool = False  # in a multiple-answer question: cannot be chosen together with others
    sensitive: bool = False  # that it was *not* chosen is protected as well
    waves: tuple[str, ...] = ()  # the waves in which it was offered; none named: all


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """The possible answers in the order shown. `ends_labelled`: a scale of which only the end points carry words."""

    id: str
    categories: tuple[Category, ...]
    ends_labelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Net:
    """A named union of categories. Nets and categories share one namespace."""

    id: str
    label: Text
    of: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Positive minus negative, each a category or net id; published as a difference in percentage points."""

    positive: str
    negative: str


@dataclass(frozen=True, kw_only=True)
class NumberClass:
    """A class of a numeric question, both ends included; None: open-ended."""

    id: str
    label: Text
    lower: float | None
    upper: float | None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One row of a grid."""

    id: str
    text: Text
    label: Text


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Routing: asked of those whose answer to `question` (or grid item `question.item`) is one of `categories`, which
    are ids of categories, nets or classes.

    A question's `asked_if` is a tuple of conditions that must all hold.
    """

    question: str
    categories: tuple[str, ...]
    item: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What was different in a later wave; it breaks the line over waves, and `note` says why in a sentence."""

    wave: str
    note: Text
    text: Text | None = None
    instruction: Text | None = None
    breaks: bool = True


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing asked, in its literal wording. Which fields belong to which kind is checked."""

    id: str
    kind: Kind
    text: Text
    label: Text
    instruction: Text | None = None
    introduction: Text | None = None
    asked_in: tuple[str, ...] = ()  # languages; none named: the study's first
    presented: str = ""  # "read-aloud", "shown", "not-read" or empty
    rotation: str = ""  # "options", "items", "reversed" or empty
    asked_if: tuple[Condition, ...] = ()
    base: Base | None = None  # None: the study's
    confidential: bool = True
    codes: CodeList | None = None  # all kinds but numeric; for numeric: its missing categories, or None
    nets: tuple[Net, ...] = ()
    mean: bool = False  # scale, or a grid of scales
    balance: Balance | None = None
    items: tuple[Item, ...] = ()  # grid
    at_most: int | None = None  # multiple, open
    top: int = 0  # ranking: how many places were given
    unit: Text | None = None  # numeric
    minimum: float | None = None  # numeric
    maximum: float | None = None  # numeric
    classes: tuple[NumberClass, ...] = ()  # numeric
    public_verbatim: bool = False  # open
    waves: tuple[str, ...] = ()  # the waves in which it was asked; none named: all
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    id: str
    title: Text
    questions: tuple[Question, ...]
    introduction: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group of a background variable. `codes` are its values in the data; `lower`/`upper` bound a numeric one."""

    id: str
    label: Text
    codes: tuple[int | float | str, ...] = ()
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, kw_only=True)
class Fold:
    """Two or more groups that are published as one when they are too small. Its id and label are written, for ever."""

    id: str
    label: Text
    of: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Background:
    """What results are broken down by; the earlier in the study, the longer it is kept."""

    id: str
    label: Text
    groups: tuple[Group, ...]
    fold: tuple[Fold, ...] = ()  # in the order in which they are made
    waves: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """Counts of the frame; population and invited are units, not weights. None: not reported."""

    id: str
    label: Text | None = None
    population: int | None = None
    invited: int | None = None


@dataclass(frozen=True, kw_only=True)
class Wave:
    """One round of fieldwork. A study without waves has one, with the id of its year or `1`."""

    id: str
    label: Text
    start: str = ""  # ISO date
    end: str = ""
    mode: Text | None = None
    population: int | None = None  # units in the population; the strata's sum where they are given
    invited: int | None = None
    strata: tuple[Stratum, ...] = ()

    def __post_init__(self) -> None:
        for name in ("population", "invited"):
            counts = [getattr(stratum, name) for stratum in self.strata]
            if getattr(self, name) is None and counts and None not in counts:
                object.__setattr__(self, name, sum(counts))


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box of a perspective at (column, row), counted from 1. `sections` and `questions` are what it leads to."""

    id: str
    label: Text
    at: tuple[int, int]
    detail: Text | None = None
    sections: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    context: bool = False  # shown as context, drawn lighter


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """`origin` —verb→ `target`."""

    origin: str
    target: str
    verb: Text


@dataclass(frozen=True, kw_only=True)
class Perspective:
    """An illustration: how sections hang together."""

    id: str
    title: Text
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...] = ()
    description: Text | None = None


METHOD_FIELDS: Mapping[str, str] = {
    "collection": "A1",
    "sponsor": "A2",
    "conductor": "A2",
    "instruments": "A3",
    "population": "A4",
    "sampling": "A5",
    "recruitment": "A5",
    "mode": "A6",
    "dates": "A7",
    "sizes_and_precision": "A8",
    "weighting": "A9",
    "processing": "A10",
    "limitations": "A11",
}
"""AAPOR Transparency Initiative, disclosure standards of April 2021: our field → item."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """How the survey was made, a text a field (METHOD_FIELDS). A missing one is reported by name."""

    texts: tuple[tuple[str, Text], ...] = ()

    def __post_init__(self) -> None:
        order = {name: place for place, name in enumerate(METHOD_FIELDS)}
        texts = sorted(self.texts, key=lambda text: (order.get(text[0], len(order)), text[0]))
        object.__setattr__(self, "texts", tuple(texts))

    def get(self, field_name: str) -> Text | None:
        return dict(self.texts).get(field_name)


@dataclass(frozen=True, kw_only=True)
class DisclosureSettings:
    """The named policy, and what the study sets otherwise (names and meanings in `disclosure.policy`)."""

    policy: str = ""  # empty: `organisations` below 500 respondents or a named population, else `sample`
    changed: tuple[tuple[str, int | str | bool], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "changed", tuple(sorted(self.changed, key=lambda setting: setting[0])))


@dataclass(frozen=True, kw_only=True)
class Study:
    """One survey: its questions, population, method and waves. The first language is the one it was written in."""

    id: str
    title: Text
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    waves: tuple[Wave, ...]
    subtitle: Text | None = None
    description: Text | None = None
    population_name: Text | None = None  # "kommunchefer i Sveriges 290 kommuner"
    unit_name: Text | None = None  # "kommuner", what one respondent speaks for
    sample: Sample = Sample.PROBABILITY
    synthetic: bool = False
    base: Base = Base.VALID
    backgrounds: tuple[Background, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    perspectives: tuple[Perspective, ...] = ()
    method: Method = field(default_factory=Method)
    disclosure: DisclosureSettings = field(default_factory=DisclosureSettings)
    contact: Text | None = None
    licence: str = "CC-BY-4.0"

    def __post_init__(self) -> None:
        from saklig.study.checks import check_study

        check_study(self)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order in which they were asked."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def _by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    def question(self, question_id: str) -> Question:
        """Raises KeyError where the study has no such question."""
        return self._by_id[question_id]

    def background(self, background_id: str) -> Background:
        return next(background for background in self.backgrounds if background.id == background_id)

    def wave(self, wave_id: str) -> Wave:
        return next(wave for wave in self.waves if wave.id == wave_id)

    def parts(self, wave: str = "") -> Iterator[Part]:
        """What is tabulated as one distribution each: every question asked in `wave` (empty: ever), every grid item."""
        for question in self.questions:
            if not wave or not question.waves or wave in question.waves:
                yield from question_parts(question, wave, self.base)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One distribution: a question, or one item of a grid, as it stood in one wave.

    `rows` are its shares in the order shown: answers (for a numeric question its classes), then missing categories.
    `overlapping`: a respondent may be in several rows (multiple, ranking, open). `base`: the question's own,
    or else the study's.
    """

    question: Question
    item: Item | None
    rows: tuple[Category, ...]
    overlapping: bool
    base: Base = Base.VALID

    @property
    def key(self) -> tuple[str, str]:
        return (self.question.id, self.item.id if self.item else "")

    @property
    def answers(self) -> tuple[Category, ...]:
        """The rows that are answers, "don't know" not among them."""
        return tuple(row for row in self.rows if row.role is Role.ANSWER)


def question_parts(question: Question, wave: str = "", base: Base = Base.VALID) -> Iterator[Part]:
    """`base`: the study's, for a question that names none."""
    categories = question.codes.categories if question.codes else ()
    rows = tuple(category for category in categories if not wave or not category.waves or wave in category.waves)
    if question.kind is Kind.NUMERIC:
        rows = (*(Category(id=c.id, label=c.label, code=c.id) for c in question.classes), *rows)
    overlapping = question.kind in (Kind.MULTIPLE, Kind.RANKING, Kind.OPEN)
    for item in question.items or (None,):
        yield Part(question=question, item=item, rows=rows, overlapping=overlapping, base=question.base or base)
