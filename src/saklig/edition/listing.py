"""editions.js: which edition of a study is current, which are drafts, superseded or withdrawn, and why.

The one file beside the editions that changes. It is a script, `window.saklig_editions = {…};` with strict JSON inside,
so that pages opened from a disk can read it too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from saklig.edition.errors import EditionError
from saklig.edition.statement import strict_json
from saklig.language.catalog import say
from saklig.language.system import reason
from saklig.study.address import check_id

EDITIONS_FILE = "editions.js"
_BEFORE, _AFTER = "window.saklig_editions = ", ";\n"
_FULL_ID = re.compile(r"[0-9a-f]{64}")


class Standing(StrEnum):
    CURRENT = "current"
    DRAFT = "draft"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`id`: 64 hex. `by`: the id of the edition that superseded it. `reason`: in the author's words, or empty."""

    id: str
    standing: Standing
    by: str = ""
    reason: str = ""

    @property
    def short_id(self) -> str:
        return self.id[:16]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The editions of one study, the oldest first."""

    study: str
    entries: tuple[Entry, ...] = ()

    @property
    def current(self) -> Entry | None:
        return next((entry for entry in self.entries if entry.standing is Standing.CURRENT), None)

    def find(self, edition: str) -> Entry | None:
        """By the first 16 characters of an id, or more of them."""
        return next((entry for entry in self.entries if len(edition) >= 16 and entry.id.startswith(edition)), None)

    def with_draft(self, edition: str) -> Listing:
        """Earlier drafts fall out: a draft is not for ever."""
        kept = tuple(entry for entry in self.entries if entry.standing is not Standing.DRAFT)
        return replace(self, entries=(*kept, Entry(id=edition, standing=Standing.DRAFT)))

    def with_current(self, edition: str, reason: str = "") -> Listing:
        """The edition that was current until now is superseded, for `reason`. Drafts fall out."""
        kept = (
            entry
            if entry.standing is not Standing.CURRENT
            else replace(entry, standing=Standing.SUPERSEDED, by=edition, reason=reason)
            for entry in self.entries
            if entry.standing is not Standing.DRAFT and entry.id != edition
        )
        return replace(self, entries=(*kept, Entry(id=edition, standing=Standing.CURRENT)))

    def with_corrected(self, corrected: str, edition: str, reason: str) -> Listing:
        """As `with_current`; and `corrected`, if it was not the current one, is superseded by `edition` as well.

        What was withdrawn stays withdrawn, for its own reason.
        """
        listing = self.with_current(edition, reason)
        return replace(
            listing,
            entries=tuple(
                replace(entry, standing=Standing.SUPERSEDED, by=edition, reason=reason)
                if entry.id == corrected and entry.id != edition and entry.standing is not Standing.WITHDRAWN
                else entry
                for entry in listing.entries
            ),
        )

    def with_withdrawn(self, edition: str, reason: str) -> Listing:
        return replace(
            self,
            entries=tuple(
                replace(entry, standing=Standing.WITHDRAWN, by="", reason=reason) if entry.id == edition else entry
                for entry in self.entries
            ),
        )


def listing_bytes(listing: Listing) -> bytes:
    """Readable as a script also where reasons hold marks that end scripts or lines."""
    entries = [
        {"id": entry.id, "standing": entry.standing.value}
        | ({"by": entry.by} if entry.by else {})
        | ({"reason": entry.reason} if entry.reason else {})
        for entry in listing.entries
    ]
    current = listing.current
    content = {"study": listing.study, "current": current.id if current else None, "editions": entries}
    text = json.dumps(content, ensure_ascii=True, indent=1, allow_nan=False).replace("<", "\\u003c")
    return (_BEFORE + text + _AFTER).encode()


def read_listing(folder: Path) -> Listing | None:
    """The list in `folder`, None where there is no such file. Raises EditionError for a file that is no list."""
    path = folder / EDITIONS_FILE
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise EditionError(say("{file}: cannot be read: {reason}", file=path, reason=reason(error))) from None
    before, after = _BEFORE.encode(), _AFTER.strip().encode()
    stripped = content.strip()
    if not (stripped.startswith(before) and stripped.endswith(after)):
        raise EditionError(
            say(
                "{file}: does not have the form “{before}{{…}}{after}”; put it back from a backup",
                file=path,
                before=_BEFORE,
                after=_AFTER.strip(),
            )
        )
    try:
        return _listing(strict_json(stripped[len(before) : -len(after)], str(path)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, EditionError):
            raise
        raise EditionError(say("{file}: is no list of editions; put it back from a backup", file=path)) from None


def _listing(found: Mapping[str, object]) -> Listing:
    entries = found["editions"]
    if not isinstance(entries, list):
        raise TypeError
    listing = Listing(study=check_id(str(found["study"])), entries=tuple(_entry(entry) for entry in entries))
    current = listing.current.id if listing.current else None
    if current != found["current"] or len({entry.id for entry in listing.entries}) != len(listing.entries):
        raise ValueError("the current edition is not the one that is marked so")
    return listing


def _entry(found: Mapping[str, object]) -> Entry:
    entry = Entry(
        id=str(found["id"]),
        standing=Standing(str(found["standing"])),
        by=str(found.get("by", "")),
        reason=str(found.get("reason", "")),
    )
    if not _FULL_ID.fullmatch(entry.id) or (entry.by and not _FULL_ID.fullmatch(entry.by)):
        raise ValueError("not an edition's id")
    return entry
