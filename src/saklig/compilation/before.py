"""The editions that were published before in the same folder, which a new one is audited together with."""

from __future__ import annotations

from pathlib import Path

from saklig.compilation.compiling import Bound, Progress, compile_bound
from saklig.compilation.recording import RecordError, record, record_file
from saklig.edition.errors import EditionError
from saklig.edition.hashing import edition_id
from saklig.edition.listing import Listing, Standing
from saklig.edition.publication import Publication
from saklig.edition.reading import open_edition, read_publication


def published_before(bound: Bound, folder: Path, listing: Listing, progress: Progress) -> list[str]:
    """The editions in the list that were published and protected, by the first 16 characters of their ids.

    What stood open, under a policy that protects nothing, stays known, and nothing can be done about it. Where a record
    is missing and the answers still give the very numbers of the edition, it is made again.
    """
    found = []
    for entry in listing.entries:
        if entry.standing is Standing.DRAFT:
            continue
        publication = _publication(folder / entry.short_id)
        if publication is not None and publication.protection.values.get("participation") == "public":
            continue
        if publication is not None and not record_file(bound.beside, bound.study.id, entry.short_id).exists():
            _record_again(bound, folder / entry.short_id, publication, progress)
        found.append(entry.short_id)
    return found


def _publication(folder: Path) -> Publication | None:
    """None where the edition is damaged or gone; readers have it all the same."""
    try:
        return read_publication(folder)
    except EditionError:
        return None


def _record_again(bound: Bound, folder: Path, publication: Publication, progress: Progress) -> None:
    """Answers that give exactly what an edition says are as good a record of it as those that it was made of: what it
    tells of anybody is what all answers that give it have in common."""
    try:
        facts = open_edition(folder).facts
        audited_with = publication.protection.audited_with
        compiled = compile_bound(bound, progress=progress, audited_with=audited_with)
    except (EditionError, RecordError):
        return
    if edition_id(b"", compiled.edition.facts) == edition_id(b"", facts):
        record(compiled.protected.as_earlier(folder.name), bound.beside)
