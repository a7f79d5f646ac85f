"""saklig compare: which facts differ between two editions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from saklig.cli.help import Command
from saklig.cli.terminal import json_option, say_json
from saklig.language.catalog import Translator

if TYPE_CHECKING:
    from saklig.edition.comparing import Change, Comparison
    from saklig.edition.edition import Edition


def command(_: Translator) -> Command:
    def compare(old: Path, new: Path, as_json: bool) -> None:
        from saklig.edition.comparing import compare as compared
        from saklig.edition.reading import open_edition

        before, after = open_edition(old), open_edition(new)
        found = compared(before, after)
        if as_json:
            say_json(_machine(before, after, found))
        else:
            _tell(_, before, after, found)

    made = Command(
        "compare",
        callback=compare,
        short_help=_("Say which facts differ between editions"),
        help=_("Says which facts of an edition are new, gone or changed against an older one."),
        params=[
            click.Argument(["old"], type=click.Path(path_type=Path), metavar="OLD"),
            click.Argument(["new"], type=click.Path(path_type=Path), metavar="NEW"),
            json_option(_),
        ],
    )
    made.translator = _
    return made


def _machine(before: Edition, after: Edition, found: Comparison) -> dict[str, object]:
    def numbers(change: Change) -> dict[str, object]:
        return {name: [getattr(change.old, name), getattr(change.new, name)] for name in change.columns}

    return {
        "old": before.id,
        "new": after.id,
        "added": [str(address) for address in found.added],
        "removed": [str(address) for address in found.removed],
        "changed": [{"address": str(change.address)} | numbers(change) for change in found.changed],
        "study": [{"place": place, "old": old, "new": new} for place, old, new in found.study],
    }


def _tell(_: Translator, before: Edition, after: Edition, found: Comparison) -> None:
    from saklig.edition.citing import number

    for change in found.changed:
        was = number(before.study, change.old, _.language, before.publication)
        is_ = number(after.study, change.new, _.language, after.publication)
        click.echo(f"{change.address}: {was} → {is_}")
    for address in found.removed:
        click.echo(_("{address}: gone", address=address))
    for address in found.added:
        click.echo(_("{address}: new", address=address))
    for place, _old, _new in found.study:
        click.echo(_("study: {place} differs", place=place))
    facts = len(found.changed) + len(found.removed) + len(found.added)
    click.echo(_.ngettext("{n} fact differs.", "{n} facts differ.", facts))
