"""A publication's site, written from an edition: static pages that work from a disk, without scripts and printed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from saklig.edition.edition import Edition
from saklig.edition.listing import EDITIONS_FILE
from saklig.edition.whole import write_file
from saklig.publish.outline.about import EDITION_FILES
from saklig.publish.picture import page_style
from saklig.publish.picture.palette import STEPS
from saklig.publish.site.sharing import shared_out, shares
from saklig.publish.site.writer import Result, Share, write_share, writers_of

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
    writers = writers_of(edition, folder)
    written: Result = [{} for _ in writers]
    number = shares(edition)
    with shared_out(edition, folder, number) as others:
        _collect(written, write_share(writers, Share(place=0, of=number)))
        for share, result in others:
            _collect(written, result or write_share(writers, share))
    pages = 0
    for writer, questions in zip(writers, written, strict=True):
        in_order = [questions[place] for place in sorted(questions)]
        pages += writer.write_others(in_order, downloads) + sum(each.pages for each in in_order)
    return pages


def _collect(written: Result, share: Result) -> None:
    for questions, more in zip(written, share, strict=True):
        questions |= more


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
