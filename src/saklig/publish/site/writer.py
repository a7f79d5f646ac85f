"""The pages of one language and wave, and of a share of the questions in all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from saklig.edition.citing import citation_form, cite_edition, cite_place, group_name, quoted, row_name, why_not
from saklig.edition.edition import Edition
from saklig.edition.publication import Ground, WavePair
from saklig.edition.trends import difference_of
from saklig.language import numbers
from saklig.language.phrases import BETWEEN, POINTS
from saklig.publish.outline.about import EDITION_FILES, IN_SHORT, cite_page, downloads_page
from saklig.publish.outline.build import other_pages, pages_of_questions, questions_asked
from saklig.publish.outline.context import Context, contexts
from saklig.publish.outline.files import FILES
from saklig.publish.outline.model import Illustration, Link, Page, PageKind, Picture, Words
from saklig.publish.outline.question import subjects
from saklig.publish.outline.reading import Reading
from saklig.publish.outline.wording import NOT_SHOWN, SHARE
from saklig.publish.picture import svg
from saklig.publish.site import facts_index
from saklig.publish.site.render import Renderer, embedded
from saklig.study.model import Question


@dataclass(frozen=True, kw_only=True)
class Share:
    """The `place`-th of `of` shares: the questions at `place`, `place` + `of` and so on. All: the first of one."""

    place: int = 0
    of: int = 1

    @property
    def questions(self) -> slice:
        return slice(self.place, None, self.of)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What pages of the whole say of one question, in one language and wave.

    `entry`: its part of the index of facts. `further`: as in that index. `pages`: how many the question has.
    """

    entry: list[object]
    further: dict[str, str]
    pages: int


Result = list[dict[int, Written]]
"""For each wave and language in turn: the place of a question among those that were asked → what was written of it."""


def write_questions(edition: Edition, folder: Path, share: Share, go_on: Callable[[], None]) -> Result:
    """Writes the pages of a share of the questions, in every wave and language; `go_on` is called before each."""
    return write_share(writers_of(edition, folder), share, go_on)


def writers_of(edition: Edition, folder: Path) -> list[Writer]:
    """For each wave, the latest first, one a language."""
    reading, languages = Reading(edition), edition.study.languages
    told = zip(*(contexts(edition, language, reading) for language in languages), strict=True)
    return [Writer(context, folder, languages) for of_wave in told for context in of_wave]


def write_share(writers: Sequence[Writer], share: Share, go_on: Callable[[], None] = lambda: None) -> Result:
    """A question in all languages before the next question, since they share its facts."""
    written: Result = [{} for _ in writers]
    count = len(writers[0].renderer.languages)
    for first in range(0, len(writers), count):
        of_wave = writers[first : first + count]
        told = zip(*(pages_of_questions(writer.context, share.questions) for writer in of_wave), strict=True)
        for turn, of_question in enumerate(told):
            go_on()
            for writer, found, pages in zip(of_wave, written[first : first + count], of_question, strict=True):
                found[share.place + turn * share.of] = writer.write_question(pages)
    return written


class Writer:
    """The pages of one language and wave."""

    def __init__(self, context: Context, folder: Path, languages: Sequence[str]) -> None:
        self.context = context
        self.renderer = Renderer(context, languages)
        self.folder = folder
        self.own_folder = folder / self.renderer.folder(context.language)
        self._citation = cite_edition(context.edition, context.language)
        form = citation_form(context.edition, context.language)
        self._form = {"text": form.text, "bibtex": form.bibtex, "csl": form.csl_json}
        self._groupings = facts_index.groupings(context)
        self._asked = {question.id: question for _, question in questions_asked(context)}

    def write_question(self, pages: Sequence[Page]) -> Written:
        """A question's page, those that it goes on to, its pictures and its part of the index of facts."""
        first = pages[0]
        question = self._asked[_question_id(first)]
        further = _further(pages)
        pictures = [picture for page in pages for picture in self._write_pictures(page, first)]
        shared = {
            "question_id": question.id,
            "contents": self.renderer.contents(question),
            "citation": self._cited(question.id),
            "data": embedded(self._data(first, question, further)),
        }
        for page in pages:
            self._write(page, **shared, pictures=pictures if page is first else [])
        facts = self.context.reading.question(self.context.wave.id, question.id)
        parts = subjects(self.context, facts, question)
        return Written(
            entry=facts_index.entry(parts, first.file, self._groupings),
            further={f"{question.id}.{place}": file for place, file in further.items()},
            pages=len(pages),
        )

    def write_others(self, questions: Sequence[Written], edition_files: Sequence[tuple[str, int]]) -> int:
        """Front, sections, method and what else belongs to the whole; of an earlier wave, what is its own.

        Returns how many pages these are.
        """
        _, language = self.context._, self.context.language
        downloads = [
            (f"{self._up(language)}{name}", _(EDITION_FILES[Path(name).name]), numbers.file_size(size, language))
            for name, size in edition_files
        ]
        links = [
            Link(text=Words(_(IN_SHORT[Path(name).name])), target=self._up(language) + name)
            for name, _size in edition_files
        ]
        citation = (
            ("Text", self._citation.text),
            ("BibTeX", self._citation.bibtex),
            ("CSL-JSON", self._citation.csl_json),
        )
        pages = [*other_pages(self.context)]
        if self.context.wave == self.context.latest:
            pages += [cite_page(self.context, citation), downloads_page(self.context, downloads)]
        for page in pages:
            more: dict[str, object] = {}
            if page.kind is PageKind.FRONT:
                more = {"downloads": links, "citation": self._citation, "pictures": self._perspectives(page)}
            if page.kind is PageKind.FACTS:
                more = {"facts_sources": self._facts_sources(), "data": embedded(self._facts_texts())}
            self._write(page, **more)
        wave = self.context.words(self.context.wave.label).text
        further = {place: file for each in questions for place, file in each.further.items()}
        script = facts_index.script(wave, [each.entry for each in questions], self._groupings, further)
        place = self.own_folder / "about" / facts_index.file_name(self.context, self.context.wave)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(script, encoding="utf-8", newline="\n")
        for pair in self._compared:
            content = facts_index.changes(self.context, pair)
            place.with_name(facts_index.file_of_changes(pair)).write_text(content, encoding="utf-8", newline="\n")
        return len(pages)

    @property
    def _compared(self) -> tuple[WavePair, ...]:
        """Written once, with the latest wave."""
        context = self.context
        return context.edition.publication.pairs if context.wave == context.latest else ()

    def _facts_sources(self) -> list[str]:
        study, waves = self.context.study, self.context.reading.waves
        files = [facts_index.file_name(self.context, study.wave(wave)) for wave in reversed(waves)]
        return files + [facts_index.file_of_changes(pair) for pair in self.context.edition.publication.pairs]

    def _up(self, language: str) -> str:
        return "../" if self.renderer.folder(language) else ""

    def _write(self, page: Page, **more: object) -> None:
        path = self.own_folder / page.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.renderer.html(page, **more), encoding="utf-8", newline="\n")

    def _write_pictures(self, page: Page, first: Page) -> list[tuple[str, str]]:
        """The pictures of everybody's answers and of them over time, as files of their own: (name, file from the
        publication's root). Those of groups are too many to be written for every question."""
        _ = self.context._
        told = {first.sections[0].id: _("Picture (SVG)"), "over-time": _("Picture over time (SVG)")}
        return [
            (f"{told[section.id]}: {block.frame.heading}" if block.frame.heading else told[section.id], file)
            for section in page.sections
            if section.id in told and (page is first or section.id == "over-time")
            for block in section.blocks
            if isinstance(block, Picture.__args__)
            for file in [self._write_picture(block, page.file.replace("/", "."))]
        ]

    def _write_picture(self, picture: Picture, page: str) -> str:
        """The file from the publication's root."""
        name = f"pictures/{page.removesuffix('.html')}.{picture.frame.id}.svg"
        path = self.own_folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg(picture), encoding="utf-8", newline="\n")
        return self.renderer.folder(self.context.language) + name

    def _perspectives(self, page: Page) -> dict[str, str]:
        """The front page's illustrations: id → file from the publication's root."""
        blocks = (block for section in page.sections for block in section.blocks)
        return {
            block.frame.id: self._write_picture(block, page.file.replace("/", "."))
            for block in blocks
            if isinstance(block, Illustration)
        }

    def _cited(self, question: str) -> Mapping[str, str]:
        address = self.context.address(question)
        cited = cite_place(self.context.edition, address, self.context.language)
        return {"address": address, "text": cited.text, "bibtex": cited.bibtex, "csl_json": cited.csl_json}

    def _data(self, page: Page, question: Question, further: Mapping[str, str]) -> Mapping[str, object]:
        """What the panel of a number says beside what its table does; all pages of a question lie in one folder."""
        context, _, language = self.context, self.context._, self.context.language
        modelled = context.study.modelled is not None
        return {
            "prefix": context.address("") + "/",
            "how": f"{context.origin()} · {_('edition {id}', id=context.edition_name)}",
            "wave": context.words(context.wave.label).text,
            "marks": context.marks,
            "elsewhere": further,
            "protection": self.renderer.up(page) + self.renderer.folder(language) + FILES[PageKind.PROTECTION],
            "names": self._names(question),
            "form": self._form,
            "texts": {
                "copy": _("Copy"),
                "copied": _("Copied"),
                "close": _("Close"),
                "sure": _("modelled interval {interval}") if modelled else _("95% confidence interval {interval}"),
                "widest": _("95% confidence interval, at its widest {interval}"),
                "base": _("base {n}"),
                "baseName": _("Base"),
                "intervalName": _("Modelled interval") if modelled else _("95% confidence interval"),
                "methodName": _("Source and method"),
                "whyName": _("Withheld"),
                "why": _("What is not shown, and why"),
                "address": _("Address"),
                "link": _("Link"),
                "citation": _("Citation"),
                "percent": numbers.marks(language).percent,
                "group": numbers.marks(language).group,
                "between": _(BETWEEN),
                "point": _(POINTS[0]),
                "points": _(POINTS[1]),
                "withheld": _("withheld"),
                "not-asked": _("was not asked"),
                "no-answers": _("no answers"),
                "whyNot": {status.value: why_not(status, language) for status in NOT_SHOWN},
            },
        }

    def _names(self, question: Question) -> Mapping[str, object]:
        """The words of a fact by the parts of its address, as `edition.citing.describe` has them."""
        context, study, language = self.context, self.context.study, self.context.language
        facts = context.reading.question(context.wave.id, question.id)
        keys = dict.fromkeys((category, stat) for _item, category, stat, _groups in facts.everybody)
        publication = context.edition.publication
        pairs = publication.pairs
        if pairs:
            keys |= dict.fromkeys((category, difference_of(stat)) for category, stat in tuple(keys))
        items = [item.id for item in question.items] or [""]
        unit = context.words(question.unit).text if question.unit else ""
        return {
            "unit": numbers.marks(language).percent if unit == SHARE else f"\u00a0{unit}" if unit else "",
            "wordings": {item: quoted(study, question, item, context.wave.id, language) for item in items},
            "rows": {
                f"/{category}" * bool(category) + f"~{stat}" * bool(stat): row_name(question, category, stat, language)
                for category, stat in keys
            },
            "groups": self._group_names,
            "waves": {wave.id: context.words(wave.label).text for wave in study.waves} if pairs else {},
            "widest": [
                f"{pair.wave}..{pair.wave2}"
                for pair in pairs
                if publication.ground(pair.wave, pair.wave2) is Ground.WIDEST
            ],
        }

    @cached_property
    def _group_names(self) -> Mapping[str, str]:
        study = self.context.study
        return {
            f"{background.id}={group.id}": group_name(study, background.id, group.id, self.context.language)
            for background in study.backgrounds
            for group in background.groups
        }

    def _facts_texts(self) -> Mapping[str, object]:
        _ = self.context._
        return {
            "root": "../",
            "found": _("{n} facts found."),
            "tooMany": _("{n} facts found; the first {most} are shown."),
        }


def _question_id(page: Page) -> str:
    """The last part of the file's name: `q4_1.html`, `kommun.2021.q4_1.html`."""
    return page.file.removesuffix(".html").split(".")[-1]


def _further(pages: Sequence[Page]) -> dict[str, str]:
    """item@backgrounds → the page that those facts stand on."""
    return {f"{item}@{by}": page.file for page in pages for item, by in page.holds}
