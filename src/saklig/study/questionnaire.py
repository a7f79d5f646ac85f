"""What was asked: sections, questions, code lists, routing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from saklig.language.text import Text


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

    def number_before(self, category: Category, label: str) -> str:
        """The number that a reader sees before an end's words ("1" before "Not at all"); elsewhere empty."""
        code = f"{category.code:g}" if isinstance(category.code, int | float) else str(category.code)
        return code if self.ends_labelled and category.role is Role.ANSWER and label != code else ""


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
