"""A publication before any rendering: pages, tables and pictures as values, in one language.

Site, report, slides and workbook render these same values and so cannot disagree. Everything here is ready to be shown:
texts are in the reader's language, numbers are formatted, nothing needs to be looked up. Numbers are kept as floats
beside their texts for drawing only.

A picture is drawn in two ways (`publish/picture`). Whole, as a file that leaves the page (`svg(picture)`): title,
base, marks, rows with their labels and numbers, source. And inside a page (`inline(picture)`, one `<svg>`, or a strip
for each row): `Bars`, `Stacks` and `Ranking` by strips in the page's own table, so that they reflow from desktop to
phone; a strip holds only the marks (and, in a stack, its numbers), lengths in per cent of the strip's width, and is
aria-hidden since its row says the same in words. `Histogram`, `Lines` and `Illustration` are drawn as one. What is
inline is coloured by classes only, whose rules the site's style sheet includes: the pages' content security policy
refuses style attributes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from saklig.edition.facts import Status


@dataclass(frozen=True, slots=True)
class Words:
    """A text; `language` only where it is not that of the page (a translation is missing), else empty."""

    text: str
    language: str = ""

    def __str__(self) -> str:
        return self.text


class RowKind(StrEnum):
    """How a row relates to its table. Nets stand under a rule, missing categories under a dashed rule."""

    ANSWER = "answer"
    DONT_KNOW = "dont-know"  # an answer that counts in the base, drawn grey
    NET = "net"
    STATISTIC = "statistic"  # a mean, a median, a balance: not a share
    MISSING = "missing"  # beside the base: shares of all who were asked
    PART = "part"  # counted in the row above it too, drawn indented


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One fact as it is shown.

    `address` is its fragment on the question's page (`q4_1/4-5@storlek=under-15000`). `value`, `lower`, `upper` are in
    the unit of the axis (shares in per cent), None where there is none. `text` is the number with its unit ("12 %", or
    ".." where withheld), `short` the same without the unit, `interval` "7–20" or empty. `few`: a base so small that the
    number is uncertain. `wave`: as in the address.
    """

    address: str
    text: str
    short: str
    interval: str = ""
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    count: int | None = None
    base: int | None = None
    status: Status = Status.PUBLISHED
    few: bool = False
    wave: str = ""

    @property
    def shown(self) -> bool:
        return self.status is Status.PUBLISHED


Cell: TypeAlias = "Number | Words | str"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    label: Words
    kind: RowKind = RowKind.ANSWER
    numeric: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`base`: the number of answers behind the row's numbers where they share one; `note`: small print ("37 svar")."""

    label: Words
    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.ANSWER
    note: str = ""
    base: int | None = None
    group: Words | None = None  # a heading over this row and those after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`stub` heads the column of row labels, `columns` are those after it. `bases`: the rows' bases are a column too.

    `repeats`: its numbers stand elsewhere and are referred to from here. `folded`: as in Section.
    """

    id: str
    caption: str
    stub: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    bases: bool = False
    repeats: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From 0 (or below, for a balance) to `upper`. `ticks`: places and their texts, in the reader's numbers."""

    lower: float
    upper: float
    ticks: tuple[tuple[float, str], ...]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every picture carries.

    `id`: unique on its page and good as a file name. `title`: the question's literal wording (with an item's),
    `subtitle` what is shown of it ("Efter kommunens storlek"), `base` who the numbers speak of ("Bas: 75 svar").
    `alternative`: the picture in words. `source`: institute, commissioner, population, n, mode, dates and edition, for
    when it leaves the page. `marks`: what must be read first ("Simulerade svar, inga fakta", "Utkast"). `draft`: the
    word for it (the last mark) is drawn across the picture too. `modelled`: its intervals are.
    `heading`: what parts it from others on its page (an item of a grid).
    """

    id: str
    language: str
    title: Words
    subtitle: str
    base: str
    alternative: str
    source: str
    marks: tuple[str, ...] = ()
    draft: bool = False
    modelled: bool = False
    heading: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`group`: a heading over this bar and those after it (one answer, the bars being groups of respondents)."""

    label: Words
    number: Number
    kind: RowKind = RowKind.ANSWER
    note: str = ""
    group: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars with intervals, in the questionnaire's order. A bar without a value is an empty row with its text.

    `complete`: the rows hold every number of the table, which then need not stand beside them. `measure`: what the bars
    are where they are not shares ("Medelvärde"). `nobody`: rows of zero that no answer option stands for, said in a
    sentence instead of drawn.
    """

    frame: Frame
    axis: Axis
    rows: tuple[Bar, ...]
    table: Table
    complete: bool = True
    measure: str = ""
    nobody: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One row of a stacked distribution; `parts` in the order of the legend. None published: `text` says why.

    `group`: a heading over this row and those after it (an item of a grid, the rows being groups of respondents).
    """

    label: Words
    note: str
    parts: tuple[Number, ...]
    text: str = ""
    group: Words | None = None

    @property
    def shown(self) -> bool:
        return any(part.value is not None for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A legend entry. `shade`: 0 (lightest) to 1 (darkest) in the order shown; None for "don't know", drawn grey."""

    label: Words
    shade: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacks:
    """Stacked distributions: groups of respondents, or items of a grid, one row each. Always 0–100 per cent."""

    frame: Frame
    levels: tuple[Level, ...]
    rows: tuple[Stack, ...]
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`first`: put first; `among`: among the first k, which contains `first`. One of the two may be missing."""

    label: Words
    first: Number | None
    among: Number | None
    kind: RowKind = RowKind.ANSWER
    note: str = ""
    group: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """One row an option, in the questionnaire's order: a bar to `among`, its darker part to `first`."""

    frame: Frame
    axis: Axis
    first_label: str
    among_label: str
    rows: tuple[Place, ...]
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """A class of a number: `lower` and `upper` are its bounds on the axis of numbers, None where it is open."""

    label: Words
    lower: float | None
    upper: float | None
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A mean, a median or a quartile on the axis of numbers."""

    label: str
    number: Number
    stat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """The distribution of a number: `axis` is that of the numbers (in `unit`), `shares` that of the classes' shares."""

    frame: Frame
    axis: Axis
    shares: Axis
    bins: tuple[Bin, ...]
    markers: tuple[Marker, ...]
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One series; a point a wave, None where it was not asked. `breaks`: positions before which the line is broken."""

    label: Words
    points: tuple[Number | None, ...]
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines over waves. `times`: the waves' places on the axis of time in years; `notes` say why a line is broken.

    `changes`: from wave to wave, where they are published.
    """

    frame: Frame
    axis: Axis
    waves: tuple[str, ...]
    times: tuple[float, ...]
    lines: tuple[Line, ...]
    table: Table
    notes: tuple[str, ...] = ()
    changes: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapBox:
    """A box at (column, row), counted from 1. `link`: the file that it leads to, empty for none; `goes_to` its text."""

    id: str
    label: Words
    column: int
    row: int
    detail: Words | None = None
    link: str = ""
    goes_to: str = ""
    context: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MapArrow:
    origin: str
    target: str
    verb: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """A perspective: how sections hang together, drawn on a grid as its author placed it."""

    frame: Frame
    boxes: tuple[MapBox, ...]
    arrows: tuple[MapArrow, ...]
    table: Table


Picture: TypeAlias = Bars | Stacks | Ranking | Histogram | Lines | Illustration


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """`to_fill_in`: what the publisher is to write in its place."""

    words: Words
    to_fill_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term and what is said of it. `code`: what others call it ("AAPOR A2"). `absent`: it is said to be missing."""

    name: str
    values: tuple[Words, ...]
    note: str = ""
    code: str = ""
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms with their descriptions. `headline`: few and short, set side by side as the first thing to be read."""

    terms: tuple[Term, ...]
    headline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`target` is a file relative to the publication's root in the page's language, with a fragment or none.

    `outside`: it is an address on the web.
    """

    text: Words
    target: str
    note: str = ""
    current: bool = False
    download: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    links: tuple[Link, ...]
    buttons: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A text to be copied as it stands: an address, a command, a citation."""

    label: str
    text: str
    id: str = ""


Block: TypeAlias = Paragraph | Terms | Links | Code | Table | Bars | Stacks | Ranking | Histogram | Lines | Illustration


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`folded`: may be shown closed where a medium can; its content is complete all the same."""

    id: str
    heading: Words
    blocks: tuple[Block, ...]
    introduction: Words | None = None
    folded: bool = False


class PageKind(StrEnum):
    FRONT = "front"
    SECTION = "section"
    QUESTION = "question"
    METHOD = "method"
    PROTECTION = "protection"
    FACTS = "facts"
    DOWNLOADS = "downloads"
    CITE = "cite"
    VERIFY = "verify"
    ACCESSIBILITY = "accessibility"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. `file` is its name within its language's folder (`q4_1.html`).

    `title` heads it; for a question it is the literal wording and `quoted` is True, `label` its short name for
    navigation. `holds`: on a page that a question goes on to, the breakdowns that stand here and not on the
    question's own: (item or empty, background variables with a comma between). `over` stands above the title (the
    section, "fråga 1 av 3"), `under` below it (who was asked, when). `waves`: the same page in every wave, none where
    there is one wave; without a target where it has no such page. `changes`: how the question differed between waves.
    """

    kind: PageKind
    file: str
    language: str
    title: Words
    label: Words
    quoted: bool = False
    over: tuple[Link | Words, ...] = ()
    standfirst: tuple[Words, ...] = ()
    under: tuple[Words, ...] = ()
    sections: tuple[Section, ...] = ()
    holds: tuple[tuple[str, str], ...] = ()
    previous: Link | None = None
    next: Link | None = None
    waves: tuple[Link, ...] = ()
    changes: tuple[Words, ...] = ()
