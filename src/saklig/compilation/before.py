"""The editions that were published before in the same folder, which a new one is audited together with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from saklig.compilation.compiling import Bound, Progress, compile_bound
from saklig.compilation.recording import record, record_file, recorded
from saklig.disclosure.earlier import Earlier
from saklig.edition.errors import EditionError
from saklig.edition.hashing import edition_id
from saklig.edition.listing import Listing, Standing
from saklig.edition.publication import Publication
from saklig.edition.reading import open_edition, read_publication
from saklig.edition.trends import without_changes


def published_before(bound: Bound, folder: Path, listing: Listing, progress: Progress) -> list[Earlier]:
    """The editions in the list that were published and protected. Raises RecordError where one's record is missing.

    What stood open, under a policy that protects nothing, stays known, and nothing can be done about it. Where a record
    is missing and the answers still give the very numbers of the edition, it is made again.
    """
    found: list[Earlier] = []
    for entry in listing.entries:
        if entry.standing is Standing.DRAFT:
            continue
        publication = _publication(folder / entry.short_id)
        if publication is not None and publication.protection.values.get("participation") == "public":
            continue
        again = None
        if publication is not None and not record_file(bound.beside, bound.study.id, entry.short_id).exists():
            again = _made_again(bound, folder / entry.short_id, publication, found, progress)
        found.append(again or recorded(bound.beside, bound.study.id, entry.short_id))
    return found


def _publication(folder: Path) -> Publication | None:
    """None where the edition is damaged or gone; readers have it all the same."""
    try:
        return read_publication(folder)
    except EditionError:
        return None


def _made_again(
    bound: Bound, folder: Path, publication: Publication, before: Sequence[Earlier], progress: Progress
) -> Earlier | None:
    """Answers that give exactly what an edition says are as good a record of it as those that it was made of: what it
    tells of anybody is what all answers that give it have in common. Changes between waves follow from the rest, and
    an edition may be from before they were published."""
    with_ = [each for each in before if each.edition in publication.protection.audited_with]
    if len(with_) < len(publication.protection.audited_with):
        return None
    try:
        facts = open_edition(folder).facts
    except EditionError:
        return None
    compiled = compile_bound(bound, progress=progress, earlier=with_)
    now, then = (edition_id(b"", without_changes(each)) for each in (compiled.edition.facts, facts))
    if now != then:
        return None
    made = replace(compiled.as_earlier(), edition=folder.name, fieldwork=publication.fieldwork)
    record(made, bound.beside)
    return made
