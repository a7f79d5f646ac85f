"""A publication's site, written from an edition: static pages that work from a disk, without scripts and printed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from saklig.edition.citing import citation_form, cite_edition, cite_place, group_name, quoted, row_name, why_not
from saklig.edition.edition import Edition
from saklig.edition.listing import EDITIONS_FILE
from saklig.edition.whole import write_file
from saklig.language import numbers
from saklig.publish.outline.about import EDITION_FILES, cite_page, downloads_page
from saklig.publish.outline.build import other_pages, pages_of_questions, questions_asked
from saklig.publish.outline.context import Context, contexts
from saklig.publish.outline.files import FILES
from saklig.publish.outline.model import Link, Page, PageKind, Picture, Words
from saklig.publish.outline.question import subjects
from saklig.publish.outline.reading import Reading
from saklig.publish.outline.wording import NOT_SHOWN, SHARE
from saklig.publish.picture import page_style, svg
from saklig.publish.picture.palette import STEPS
from saklig.publish.site import facts_index
from saklig.publish.site.render import Renderer, embedded
from saklig.study.model import Question

FONTS = ("source-sans-3-latin-wght-normal.woff2", "source-serif-4-latin-wght-normal.woff2")
PARTIAL = ".saklig-partial-"
LICENCES = ("LICENSE-source-sans-3.txt", "LICENSE-source-serif-4.txt")


@dataclass(frozen=True, kw_only=True)
class Site:
    """What was written. `front`: the page to open."""

    front: Path
    pages: int


def write_site(edition: Edition, out: Path, *, edition_folder: Path | None = None) -> Site:
    """Writes the site of an edition into `out`; what other editions' pages lie in `out`/e is left as it is.

    The edition's own pages lie for ever in `out`/e/<edition>; the same files stand at the top of `out` (as hard links
    where the disk has them), for the addresses without an edition. A draft has no place in e/. `edition_folder`: where
    the edition's files lie, which are then offered for download, and beside which its list `editions.js` may lie.

    Raises OSError where the disk refuses; then the pages that stood in `out` still do.
    """
    out.mkdir(parents=True, exist_ok=True)
    kept = out / "e" / edition.short_id
    draft = edition.publication.draft
    target = out / ".draft" if draft else kept
    target.parent.mkdir(exist_ok=True)
    with _filled(target) as partial:
        pages = _write_all(edition, partial, edition_folder)
    _place(target, out)
    if draft:
        shutil.rmtree(target)
    if edition_folder and (edition_folder.parent / EDITIONS_FILE).is_file():
        write_file(out / EDITIONS_FILE, (edition_folder.parent / EDITIONS_FILE).read_bytes())
    return Site(front=out / "index.html", pages=pages)


def _place(target: Path, out: Path) -> None:
    """Puts an edition's files at the top of the site, each in one step, and removes those of the edition before it."""
    new = _files(target)
    for name in new:
        place = out / name
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = place.with_name(place.name + ".new")
        partial.unlink(missing_ok=True)
        try:
            os.link(target / name, partial)
        except OSError:
            shutil.copyfile(target / name, partial)
        partial.replace(place)
    earlier = (folder for folder in (out / "e").glob("[!.]*") if folder != target and folder.is_dir())
    for name in {name for folder in earlier for name in _files(folder)} - new:
        (out / name).unlink(missing_ok=True)


def _files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def _write_all(edition: Edition, folder: Path, edition_folder: Path | None) -> int:
    _write_assets(folder / "assets", edition)
    downloads = _copy_edition(folder, edition_folder)
    reading = Reading(edition)
    languages = edition.study.languages
    told = [contexts(edition, language, reading) for language in languages]
    pages = 0
    for of_wave in zip(*told, strict=True):
        writers = [_Writer(context, folder, languages, downloads) for context in of_wave]
        for of_question in zip(*(pages_of_questions(writer.context) for writer in writers), strict=True):
            for writer, found in zip(writers, of_question, strict=True):
                writer.write_question(found)
        for writer in writers:
            writer.write_others()
            pages += writer.pages
    return pages


class _Writer:
    """The pages of one language and wave."""

    def __init__(
        self, context: Context, folder: Path, languages: Sequence[str], downloads: Sequence[tuple[str, int]]
    ) -> None:
        self.context = context
        self.renderer = Renderer(context, languages)
        self.folder = folder
        self.own_folder = folder / self.renderer.folder(context.language)
        self.pages = 0
        self._downloads = downloads
        self._citation = cite_edition(context.edition, context.language)
        form = citation_form(context.edition, context.language)
        self._form = {"text": form.text, "bibtex": form.bibtex, "csl": form.csl_json}
        self._groupings = facts_index.groupings(context)
        self._index: list[list[object]] = []
        self._further: dict[str, str] = {}
        self._asked = {question.id: question for _, question in questions_asked(context)}

    def write_question(self, pages: Sequence[Page]) -> None:
        """A question's page, those that it goes on to, its pictures and its part of the index of facts."""
        first = pages[0]
        question = self._asked[_question_id(first)]
        further = _further(pages)
        self._further |= {f"{question.id}.{place}": file for place, file in further.items()}
        pictures = self._write_pictures(first)
        contents = self.renderer.contents(question)
        for page in pages:
            self._write(
                page,
                question_id=question.id,
                contents=contents,
                citation=self._cited(question.id),
                pictures=pictures if page is first else [],
                data=embedded(self._data(page, question, further)),
            )
        facts = self.context.reading.question(self.context.wave.id, question.id)
        parts = subjects(self.context, facts, question)
        self._index.append(facts_index.entry(parts, first.file, self._groupings))

    def write_others(self) -> None:
        """Front, sections, method and what else belongs to the whole; of an earlier wave, what is its own."""
        _, language = self.context._, self.context.language
        downloads = [
            (f"{self._up(language)}{name}", _(EDITION_FILES[Path(name).name]), numbers.file_size(size, language))
            for name, size in self._downloads
        ]
        links = [Link(text=Words(Path(target).name), target=target) for target, _said, _size in downloads]
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
                more = {"downloads": links, "citation": self._citation}
            if page.kind is PageKind.FACTS:
                more = {"facts_sources": self._facts_sources(), "data": embedded(self._facts_texts())}
            self._write(page, **more)
        wave = self.context.words(self.context.wave.label).text
        script = facts_index.script(wave, self._index, self._groupings, self._further)
        place = self.own_folder / "about" / facts_index.file_name(self.context, self.context.wave)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(script, encoding="utf-8", newline="\n")

    def _facts_sources(self) -> list[str]:
        study, waves = self.context.study, self.context.reading.waves
        return [facts_index.file_name(self.context, study.wave(wave)) for wave in reversed(waves)]

    def _up(self, language: str) -> str:
        return "../" if self.renderer.folder(language) else ""

    def _write(self, page: Page, **more: object) -> None:
        path = self.own_folder / page.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.renderer.html(page, **more), encoding="utf-8", newline="\n")
        self.pages += 1

    def _write_pictures(self, page: Page) -> list[tuple[str, str]]:
        """The pictures of everybody's answers as files of their own: (name, file from the publication's root)."""
        found = []
        for block in page.sections[0].blocks:
            if isinstance(block, Picture.__args__):
                name = f"{page.file.removesuffix('.html')}.{block.frame.id}.svg"
                path = self.own_folder / "pictures" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(svg(block), encoding="utf-8", newline="\n")
                folder = self.renderer.folder(self.context.language)
                found.append((self.context._("Picture (SVG)"), f"{folder}pictures/{name}"))
        return found

    def _cited(self, question: str) -> Mapping[str, str]:
        address = self.context.address(question)
        cited = cite_place(self.context.edition, address, self.context.language)
        return {"address": address, "text": cited.text, "bibtex": cited.bibtex, "csl_json": cited.csl_json}

    def _data(self, page: Page, question: Question, further: Mapping[str, str]) -> Mapping[str, object]:
        """What the panel of a number says beside what its table does."""
        context, _, language = self.context, self.context._, self.context.language
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
                "sure": _("95% confidence interval {interval}"),
                "base": _("base {n}"),
                "baseName": _("Base"),
                "intervalName": _("95% interval"),
                "methodName": _("Source and method"),
                "whyName": _("Withheld"),
                "why": _("What is not shown, and why"),
                "address": _("Address"),
                "link": _("Link"),
                "citation": _("Citation"),
                "percent": numbers.marks(language).percent,
                "group": numbers.marks(language).group,
                "points": _("{number} percentage points"),
                "withheld": _("withheld"),
                "not-asked": _("was not asked"),
                "no-answers": _("no answers"),
                "whyNot": {status.value: why_not(status, language) for status in NOT_SHOWN},
            },
        }

    def _names(self, question: Question) -> Mapping[str, object]:
        """The words of a fact by the parts of its address, as `edition.citing.describe` has them."""
        context, study, language = self.context, self.context.study, self.context.language
        keys = dict.fromkeys(
            (category, stat)
            for _item, category, stat, groups in context.reading.question(context.wave.id, question.id).rows
            if not groups
        )
        items = [item.id for item in question.items] or [""]
        unit = context.words(question.unit).text if question.unit else ""
        return {
            "unit": numbers.marks(language).percent if unit == SHARE else f"\u00a0{unit}" if unit else "",
            "wordings": {item: quoted(study, question, item, context.wave.id, language) for item in items},
            "rows": {
                f"/{category}" * bool(category) + f"~{stat}" * bool(stat): row_name(question, category, stat, language)
                for category, stat in keys
            },
            "groups": {
                f"{background.id}={group.id}": group_name(study, background.id, group.id, language)
                for background in study.backgrounds
                for group in background.groups
            },
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


@contextmanager
def _filled(target: Path) -> Iterator[Path]:
    """A folder that takes `target`'s place when it is full; until then, or if that fails, `target` is as it was.

    Unlike an edition's it is not forced to the disk, file by file: a site can be written again from its edition.
    """
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=target.parent))
    aside = partial.with_name(partial.name + "-aside")
    try:
        partial.chmod(0o755)
        yield partial
        if target.exists():
            target.rename(aside)
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)


def _write_assets(folder: Path, edition: Edition) -> None:
    here = files("saklig.publish.site")
    (folder / "fonts").mkdir(parents=True)
    for name in (*FONTS, *LICENCES):
        (folder / "fonts" / name).write_bytes((here / "fonts" / name).read_bytes())
    swatches = "".join(f".legend .k{n}{{background:var(--k{n})}}" for n in range(STEPS + 1))
    style = (here / "assets" / "style.css").read_text(encoding="utf-8") + page_style() + swatches
    (folder / "style.css").write_text(style, encoding="utf-8", newline="\n")
    script = (here / "assets" / "site.js").read_text(encoding="utf-8")
    (folder / "site.js").write_text(script, encoding="utf-8", newline="\n")
    if edition.publication.draft:
        (folder / "draft.svg").write_bytes((here / "assets" / "draft.svg").read_bytes())


def _copy_edition(folder: Path, edition_folder: Path | None) -> tuple[tuple[str, int], ...]:
    """(file from the publication's root, bytes) of what an edition holds."""
    if edition_folder is None:
        return ()
    (folder / "edition").mkdir()
    return tuple(_copies(folder, edition_folder))


def _copies(folder: Path, edition_folder: Path) -> Iterator[tuple[str, int]]:
    for name in EDITION_FILES:
        if (edition_folder / name).is_file():
            shutil.copyfile(edition_folder / name, folder / "edition" / name)
            yield f"edition/{name}", (edition_folder / name).stat().st_size
