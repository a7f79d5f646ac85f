"""Which edition an address is looked up in."""

from __future__ import annotations

from pathlib import Path

import click

from saklig.edition.edition import Edition
from saklig.edition.errors import EditionError
from saklig.edition.listing import Entry, Listing, read_listing
from saklig.edition.package import PACKAGE_FILE
from saklig.edition.reading import open_edition
from saklig.language.catalog import say
from saklig.study.address import Address


def edition_for(address: Address, folder: Path | None) -> tuple[Edition, str]:
    """The edition that the address names, or the current one; and its standing, empty where nobody says it.

    `folder`: an edition, a folder of editions or one that was published in; None: `out/<study>`, then `out`, then here.
    """
    places = [folder] if folder else [Path("out") / address.study, Path("out"), Path()]
    for place in places:
        if (place / PACKAGE_FILE).is_file():
            edition = open_edition(place)
            listing = read_listing(place.resolve().parent)
            entry = listing.find(edition.id) if listing else None
            return edition, entry.standing.value if entry else ""
        for editions in (place / "editions", place):
            if listing := read_listing(editions):
                return _listed(address, listing, editions)
    if folder:
        raise EditionError(say("{folder}: holds neither an edition nor a list of editions", folder=folder))
    raise click.UsageError(say("no edition of “{study}” is found here; name its folder with --in", study=address.study))


def edition_folder(folder: Path) -> Path:
    """The folder itself, or where it is one that was published in, that of its current edition."""
    if (folder / PACKAGE_FILE).is_file():
        return folder
    for editions in (folder / "editions", folder):
        if listing := read_listing(editions):
            current = editions / _entry(listing, "", editions).short_id
            return current if current.is_dir() else folder  # a site has the list too, and no editions
    return folder


def _listed(address: Address, listing: Listing, editions: Path) -> tuple[Edition, str]:
    entry = _entry(listing, address.edition, editions)
    return open_edition(editions / entry.short_id), entry.standing.value


def _entry(listing: Listing, edition: str, editions: Path) -> Entry:
    entry = listing.find(edition) if edition else listing.current
    if entry is None:
        known = ", ".join(each.short_id for each in listing.entries) or say("none")
        if not edition:
            raise EditionError(
                say("{folder}: there is no current edition; there are: {known}", folder=editions, known=known)
            )
        raise EditionError(
            say(
                "{folder}: there is no edition {edition}; there are: {known}",
                folder=editions,
                edition=edition,
                known=known,
            )
        )
    return entry
