"""From an outline's pages to HTML, through templates that are compiled once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from saklig.edition.facts import Status
from saklig.publish.outline.context import Context
from saklig.publish.outline.files import FILES, FRONT, question_file
from saklig.publish.outline.front import question_link, questions_of, section_link, sections
from saklig.publish.outline.model import (
    Axis,
    Bars,
    Histogram,
    Illustration,
    Lines,
    Link,
    Number,
    Page,
    PageKind,
    Ranking,
    Stacks,
    Table,
    Words,
)
from saklig.publish.picture import definitions, inline, ranking_swatches, strips
from saklig.publish.picture.palette import step
from saklig.publish.site import numbers
from saklig.publish.site.multiples import multiple_rows, multiples
from saklig.study.model import Question

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = {
    PageKind.FRONT: "front.html",
    PageKind.QUESTION: "question.html",
    PageKind.SECTION: "section.html",
    PageKind.FACTS: "facts.html",
}
"""The others are texts: `text.html`."""

MOST_CONTENTS = 60
"""Questions of a section in the list beside a page; a page of a section of hundreds would consist of little else."""

QUOTES = {"sv": ("”", "”"), "en": ("“", "”")}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A section in the list of contents; its questions where it is the page's own."""

    link: Link
    questions: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """A section with links to all its questions. `places`: a question's id → the place of its link."""

    link: Link
    questions: tuple[Link, ...]
    places: Mapping[str, int]


class Renderer:
    """Pages of one context (a language and a wave). `first`: the study's first language, whose pages have no folder."""

    def __init__(self, context: Context, languages: Sequence[str]) -> None:
        self.context, self.languages, self.first = context, tuple(languages), languages[0]

    def folder(self, language: str) -> str:
        return "" if language == self.first else f"{language}/"

    def path(self, page: Page) -> str:
        """The page's file, from the publication's root."""
        return self.folder(page.language) + page.file

    def up(self, page: Page) -> str:
        """From the page's folder to the publication's root."""
        return "../" * self.path(page).count("/")

    def html(self, page: Page, **more: object) -> str:
        """`more`: what only this kind of page shows (citation, data, downloads …)."""
        up = self.up(page)
        root = up + self.folder(page.language)
        template = _environment().get_template(TEMPLATES.get(page.kind, "text.html"))
        return template.render(
            **self.context._.names,
            **self._drawing(root),
            page=page,
            up=up,
            root=root,
            site=self.site,
            languages=self._languages(page, up),
            first=self.first,
            words=numbers.words,
            quote=self.quote,
            kind_of=lambda block: type(block).__name__,
            lowered=_lowered,
            copy_texts=embedded({"copy": self.context._("Copy"), "copied": self.context._("Copied")}),
            **more,
        )

    def quote(self, text: str) -> str:
        opening, closing = QUOTES[self.context._.language]
        return f"{opening}{text}{closing}"

    def _languages(self, page: Page, up: str) -> list[Mapping[str, str]]:
        """The same page in every language."""
        if len(self.languages) < 2:
            return []
        return [
            {"language": tag, "href": f"{up}{self.folder(tag)}{page.file}", "name": _name_of(tag)}
            for tag in self.languages
        ]

    @cached_property
    def site(self) -> Mapping[str, object]:
        """What every page says of the whole publication."""
        context, _ = self.context, self.context._
        conductor = context.study.method.get("conductor") or context.study.method.get("sponsor")
        texts = {
            PageKind.METHOD: _("Method"),
            PageKind.FACTS: _("All facts"),
            PageKind.DOWNLOADS: _("Downloads"),
        }
        results = (PageKind.FRONT, PageKind.SECTION, PageKind.QUESTION)
        menu = [{"text": _("Results"), "target": FRONT, "kinds": results}]
        menu += [{"text": text, "target": FILES[kind], "kinds": (kind,)} for kind, text in texts.items()]
        about = {
            PageKind.CITE: _("How to cite"),
            PageKind.VERIFY: _("How to verify the numbers"),
            PageKind.PROTECTION: _("What is not shown, and why"),
            PageKind.ACCESSIBILITY: _("Accessibility statement"),
        }
        return {
            "title": context.words(context.study.title),
            "marks": context.marks,
            "draft": context.edition.publication.draft,
            "edition": context.edition_name,
            "by": context.words(conductor).text if conductor else "",
            "licence": context.study.licence,
            "menu": menu,
            "footer": [{"text": text, "target": FILES[kind]} for kind, text in about.items()],
        }

    def contents(self, question: Question) -> list[Entry]:
        """The sections, and the questions of the one that `question` stands in: the nearest, where they are many."""
        return [
            Entry(link=each.link, questions=self._near(each, each.places.get(question.id))) for each in self._listed
        ]

    @cached_property
    def _listed(self) -> tuple[_Listed, ...]:
        """Made once: every page of a question shows the same links."""
        context = self.context
        asked = ((section, questions_of(context, section)) for section in sections(context))
        return tuple(
            _Listed(
                link=section_link(context, section),
                questions=tuple(question_link(context, question) for question in questions),
                places={question.id: place for place, question in enumerate(questions)},
            )
            for section, questions in asked
        )

    def _near(self, section: _Listed, place: int | None) -> tuple[Link, ...]:
        """The links to the questions around the one at `place`, itself marked; none where it stands elsewhere."""
        if place is None:
            return ()
        n = len(section.questions)
        first = max(0, min(place - MOST_CONTENTS // 2, n - MOST_CONTENTS))
        links = list(section.questions[first : first + MOST_CONTENTS])
        links[place - first] = replace(links[place - first], current=True)
        if n > MOST_CONTENTS:
            said = self.context._.ngettext("{n} question", "{n} questions", n, n=self.context.count(n))
            links.append(replace(section.link, text=Words(said)))
        return tuple(links)

    def _drawing(self, root: str) -> Mapping[str, Any]:
        """What templates call to draw: rows with their strips, whole pictures, legends, scales."""
        wording, wave = self.context.wording, self.context.wave.id
        few = self.context._("uncertain, few answers")
        modelled = self.context.study.modelled is not None

        def href(number: Number) -> str:
            if number.wave == wave:
                return f"#{number.address}"
            return self._elsewhere(number, root)

        def table_rows(table: Table) -> Markup:
            return numbers.table_rows(table, href, wording.few_below, few, wording.count)

        return {
            "table_rows": table_rows,
            "has_interval_column": numbers.has_interval_column,
            "interval_name": self.context._("Modelled interval")
            if modelled
            else self.context._("95% confidence interval"),
            "multiples": multiples,
            "number": lambda number: Markup(numbers.anchor(number, number.text, href, own=True)),
            "multiple_rows": lambda found: multiple_rows(found, href),
            "bar_rows": lambda bars: numbers.bar_rows(bars.rows, strips(bars), href, own=bars.complete),
            "stack_rows": lambda stacks: numbers.stack_rows(stacks.rows, strips(stacks)),
            "place_rows": lambda ranking: numbers.place_rows(ranking.rows, strips(ranking), href),
            "inline": lambda picture: Markup(inline(_placed(picture, root))),
            "step": lambda level: step(level.shade),
            "ranking_swatches": lambda: [Markup(each) for each in ranking_swatches()],
            "definitions": lambda: Markup(definitions()),
            "axis_strip": axis_strip,
            "grouped": lambda rows: any(row.group for row in rows),
            "has_first": lambda ranking: any(row.first for row in ranking.rows),
            "caption": lambda picture: self._caption(picture, root),
        }

    def _elsewhere(self, number: Number, root: str) -> str:
        """A number of another wave: on its own page, under the same fragment."""
        question = number.address.split("/")[0].split("~")[0].split("@")[0].split(".")[0]
        study, wave = self.context.study.id, number.wave
        file = question_file(question, **({} if wave == self.context.latest.id else {"study": study, "wave": wave}))
        return f"{root}{file}#{number.address}"

    def _caption(self, picture: Bars | Stacks | Ranking | Histogram | Lines, root: str) -> Markup:
        """Below a picture: its base, what lines and grey numbers are, and why numbers are withheld."""
        _ = self.context._
        said = [escape(f"{picture.frame.base}.")] if picture.frame.base else []
        cells = [cell for row in picture.table.rows for cell in row.cells if isinstance(cell, Number)]
        if any(cell.interval for cell in cells):
            lines = _("Grey numbers in the table are 95 per cent confidence intervals.")
            if not isinstance(picture, Stacks):
                lines = _("Lines and grey numbers are 95 per cent confidence intervals.")
            if isinstance(picture, Lines):
                lines = _("Upright lines, and the grey numbers in the table, are 95 per cent confidence intervals.")
            if picture.frame.modelled:
                lines = _(
                    "Lines and grey numbers are modelled intervals, on an assumption that the page “Method” states."
                )
            if picture.frame.modelled and isinstance(picture, Stacks):
                lines = _("Grey numbers in the table are modelled intervals, as the page “Method” says.")
            said.append(escape(lines))
        if any(cell.status is Status.WITHHELD for cell in cells):
            why = _("Some numbers are withheld, to protect those who answered:")
            link = Markup('<a href="{}{}">{}</a>').format(
                root, FILES[PageKind.PROTECTION], _lowered(_("What is not shown, and why"))
            )
            said.append(Markup("{} {}.").format(why, link))
        return Markup(" ").join(said)


def _placed(picture: Histogram | Lines | Illustration, root: str) -> Histogram | Lines | Illustration:
    """An illustration whose boxes lead to files from where its page lies."""
    if not isinstance(picture, Illustration):
        return picture
    return replace(
        picture, boxes=tuple(replace(box, link=root + box.link) if box.link else box for box in picture.boxes)
    )


def _lowered(text: str) -> str:
    """A heading inside a sentence: its first letter small, unless the word is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def axis_strip(axis: Axis, *, ends: bool = False) -> Markup:
    """The scale under bars, its texts at their places; the ends stay inside. `ends`: nothing between them."""
    length = axis.upper - axis.lower
    marks = []
    for value, text in (axis.ticks[0], axis.ticks[-1]) if ends else axis.ticks:
        at = 100 * (value - axis.lower) / length
        name = "start" if at <= 1 else "end" if at >= 99 else "mid"
        marks.append(Markup('<text class="{}" x="{}%" y="1em">{}</text>').format(name, f"{at:.4g}", text))
    return Markup('<svg class="axis" focusable="false">{}</svg>').format(Markup("").join(marks))


def embedded(content: object) -> Markup:
    """JSON for a data block: nothing in it can end the block or begin a comment."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _name_of(language: str) -> str:
    """A language's name in itself."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(language, sep="-").get_display_name(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return language
    return name[:1].upper() + name[1:] if name else language


@cache
def _environment() -> Environment:
    """Jinja's environment, made once: every text is escaped, an unknown name is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("saklig.publish.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
