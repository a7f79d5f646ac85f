"""An edition put in its place: `out/editions/<id>/`, and `out/editions/editions.js` saying that it is the current one.

The edition comes first, the list after it, so that the list never names what is not there. One run at a time writes to
an `out`; a run that was killed leaves what was there before, or the new edition whole, and the next run clears up.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from saklig.compilation.before import published_before
from saklig.compilation.compiling import Bound, Progress, compile_bound, silent
from saklig.compilation.recording import record, record_file
from saklig.edition.edition import Edition
from saklig.edition.errors import EditionError
from saklig.edition.hashing import edition_id
from saklig.edition.listing import EDITIONS_FILE, Entry, Listing, Standing, read_listing
from saklig.edition.publication import Correction
from saklig.edition.reading import open_edition, read_package
from saklig.edition.whole import remove_leftovers
from saklig.edition.writing import make_edition, write_edition, write_listing
from saklig.language.catalog import say

EDITIONS, SITE = "editions", "site"
_EDITION = re.compile(r"[0-9a-f]{16}")


class PublishingError(ValueError):
    """What stands in the folder of output does not let this edition be published; says what to do."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """`new`: False where the very same edition stood there already. `superseded`: the short id, or empty.

    `recorded`: False where nothing can be written beside the answers, and later editions cannot be audited together
    with this one. `come_and_gone`: questions of which nothing is published, since too few respondents came or went.
    """

    edition: Edition
    folder: Path
    listing: Listing
    new: bool
    superseded: str = ""
    recorded: bool = True
    come_and_gone: int = 0


def publish_edition(
    bound: Bound,
    out: Path,
    *,
    draft: bool = False,
    corrects: str = "",
    reason: str = "",
    progress: Progress = silent,
    engine: str = "memory",
) -> Published:
    """Compiles and publishes. The caller holds `exclusively(out)`.

    `corrects`: the first 16 characters of the id of the edition that this one replaces, with the `reason`.
    `engine`: who counts the answers; the edition does not depend on it.
    Whatever was published in `out` before is audited together with the new edition.
    Raises PublishingError, EditionError for a damaged list, OSError where the disk refuses, and what compiling raises.
    """
    folder = out / EDITIONS
    folder.mkdir(parents=True, exist_ok=True)
    remove_leftovers(folder)
    listing = _listing(folder, bound.study.id)
    correction = _correction(listing, corrects, reason)
    before = published_before(bound, folder, listing, progress)
    compiled = compile_bound(bound, draft=draft, corrects=correction, progress=progress, earlier=before, engine=engine)
    edition = compiled.edition
    current = listing.current
    if correction is None and not draft and current and current.id != edition.id:
        edition = _again(edition, folder / current.short_id, current.id)
    corrected = listing.find(correction.edition) if correction else None
    if corrected and not draft and corrected.standing is not Standing.WITHDRAWN:
        _check_correction(edition, folder / corrected.short_id)
    after = _after(listing, edition, draft, correction)
    if correction is None and not draft and listing.find(edition.id) is None:
        _check_withdrawn(edition, folder, listing)
    # before the edition is there: what is published without a record could never be corrected
    kept = (
        draft
        or record_file(bound.beside, bound.study.id, edition.short_id).exists()
        or record(replace(compiled.as_earlier(), edition=edition.short_id), bound.beside)
    )
    where, new = folder / edition.short_id, not _stands(folder, edition)
    if new:
        write_edition(edition, folder)
    if after != listing:
        write_listing(after, folder)
        _remove_drafts(folder, listing, after)
    superseded = current.short_id if current and not draft and current.id != edition.id else ""
    return Published(
        edition=edition,
        folder=where,
        listing=after,
        new=new,
        superseded=superseded,
        recorded=kept,
        come_and_gone=len(
            {part[0] for each in compiled.protected.pattern.families if "" in each.near for part in each.parts}
        ),
    )


def withdraw_edition(out: Path, edition: str, reason: str) -> Entry:
    """Marks an edition in the lists of `out` as withdrawn; its files stay. Raises PublishingError, EditionError."""
    if not reason:
        raise PublishingError(say("readers want to know why: give the reason in a sentence (--reason)"))
    if not (out / EDITIONS).is_dir():
        raise PublishingError(
            say("{out}: nothing was published here; name the folder that it was published in (--out)", out=out)
        )
    with exclusively(out):
        listing = read_listing(out / EDITIONS)
        entry = listing.find(edition) if listing else None
        if listing is None or entry is None:
            raise PublishingError(
                say(
                    "{out}: there is no edition “{edition}”; see {list}",
                    out=out,
                    edition=edition,
                    list=out / EDITIONS / EDITIONS_FILE,
                )
            )
        if entry.standing is Standing.WITHDRAWN:
            raise PublishingError(
                say("the edition {edition} is withdrawn already: {reason}", edition=entry.short_id, reason=entry.reason)
            )
        listing = listing.with_withdrawn(entry.id, reason)
        for folder in (out / EDITIONS, out / SITE):
            if folder.is_dir():
                write_listing(listing, folder)
    return replace(entry, standing=Standing.WITHDRAWN, by="", reason=reason)


@contextmanager
def exclusively(out: Path) -> Iterator[None]:
    """No other run publishes to `out` meanwhile. Raises PublishingError where one does."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".saklig-lock").open("a") as file:
        try:
            _lock(file.fileno())
        except OSError:
            raise PublishingError(
                say("{out}: another run is publishing here; wait until it has ended", out=out)
            ) from None
        yield  # the lock goes with the file's handle, also when the run is killed


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _listing(folder: Path, study: str) -> Listing:
    listing = read_listing(folder)
    if listing is None and any(_EDITION.fullmatch(path.name) for path in folder.iterdir() if path.is_dir()):
        raise PublishingError(
            say(
                "{file}: is missing, and editions were published here; it says which were replaced or withdrawn, and "
                "why. Put it back from a backup, or from the site",
                file=folder / EDITIONS_FILE,
            )
        )
    listing = listing or Listing(study=study)
    if listing.study != study:
        raise PublishingError(
            say(
                "{folder}: holds editions of the study “{study}”, and this is “{other}”; choose another folder (--out)",
                folder=folder,
                study=listing.study,
                other=study,
            )
        )
    return listing


def _correction(listing: Listing, corrects: str, reason: str) -> Correction | None:
    if not corrects:
        return None
    entry = listing.find(corrects)
    if entry is None or entry.standing is Standing.DRAFT:
        known = ", ".join(each.short_id for each in listing.entries if each.standing is not Standing.DRAFT)
        if not known:
            raise PublishingError(
                say("there is no published edition “{edition}” to correct; there is none yet", edition=corrects)
            )
        raise PublishingError(
            say(
                "there is no published edition “{edition}” to correct; there are {known}", edition=corrects, known=known
            )
        )
    return Correction(edition=entry.short_id, reason=reason)


def _again(edition: Edition, folder: Path, current: str) -> Edition:
    """The current edition once more, if nothing but what it corrects tells them apart: publishing again is no news."""
    try:
        corrects = open_edition(folder).publication.corrects
    except EditionError:
        return edition
    same = make_edition(edition.study, replace(edition.publication, corrects=corrects), edition.facts)
    return same if same.id == current else edition


def _check_correction(edition: Edition, corrected: Path) -> None:
    try:
        old = open_edition(corrected)
    except EditionError:
        return
    alike = make_edition(edition.study, replace(edition.publication, corrects=old.publication.corrects), edition.facts)
    if alike.id == old.id:
        raise PublishingError(
            say(
                "nothing differs from the edition {edition}, so there is nothing to correct; publish "
                "without --corrects",
                edition=old.short_id,
            )
        )


def _check_withdrawn(edition: Edition, folder: Path, listing: Listing) -> None:
    """Numbers that were withdrawn come back only with a reason, whatever id they would have now."""
    for entry in listing.entries:
        if entry.standing is not Standing.WITHDRAWN:
            continue
        try:
            facts = open_edition(folder / entry.short_id).facts
        except EditionError:
            continue
        if edition_id(b"", facts) == edition_id(b"", edition.facts):
            raise PublishingError(
                say(
                    "these are the very numbers of the edition {edition}, which was withdrawn ({reason}); mend the "
                    "answers or the study, or if the numbers hold all the same, say why: --corrects {edition} --reason",
                    edition=entry.short_id,
                    reason=entry.reason,
                )
            )


def _stands(folder: Path, edition: Edition) -> bool:
    """Whether the very same edition is there, whole. A damaged one is written again."""
    from saklig.edition.checking import damaged_files

    where = folder / edition.short_id
    try:
        return read_package(where).get("edition") == edition.id and not damaged_files(where, read_package(where))
    except EditionError:
        return False


def _remove_drafts(folder: Path, before: Listing, after: Listing) -> None:
    for entry in before.entries:
        if entry.standing is Standing.DRAFT and after.find(entry.id) is None:
            shutil.rmtree(folder / entry.short_id, ignore_errors=True)


def _after(listing: Listing, edition: Edition, draft: bool, correction: Correction | None) -> Listing:
    entry = listing.find(edition.id)
    if entry and entry.standing is Standing.WITHDRAWN:
        raise PublishingError(
            say(
                "the edition {edition} was withdrawn and is not published again: {reason}",
                edition=entry.short_id,
                reason=entry.reason,
            )
        )
    if draft:
        return listing if entry else listing.with_draft(edition.id)
    if entry and entry.standing is Standing.CURRENT:
        return listing
    if correction:
        corrected = listing.find(correction.edition)
        return listing.with_corrected(corrected.id if corrected else "", edition.id, correction.reason)
    return listing.with_current(edition.id)
