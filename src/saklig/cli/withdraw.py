"""saklig withdraw: an edition that must not be used any more says so, and why."""

from __future__ import annotations

from pathlib import Path

import click

from saklig.cli.help import Command
from saklig.cli.terminal import json_option, say_json
from saklig.language.catalog import Translator


def command(_: Translator) -> Command:
    def withdraw(edition: str, out: Path, reason: str, as_json: bool) -> None:
        from saklig.compilation.publishing import withdraw_edition

        entry = withdraw_edition(out, edition, reason.strip())
        if as_json:
            say_json({"edition": entry.id, "standing": entry.standing.value, "reason": entry.reason})
        else:
            click.echo(_("Edition {id} is withdrawn.", id=entry.short_id))

    made = Command(
        "withdraw",
        callback=withdraw,
        short_help=_("Mark an edition as withdrawn"),
        help=_("Marks an edition as withdrawn, with the reason. Its files stay: what was cited can be looked up."),
        params=[
            click.Argument(["edition"], metavar="EDITION"),
            click.Option(
                ["--out"],
                type=click.Path(path_type=Path, file_okay=False),
                required=True,
                help=_("The folder that it was published in."),
            ),
            click.Option(["--reason"], required=True, metavar="TEXT", help=_("Why, in a sentence that readers see.")),
            json_option(_),
        ],
    )
    made.translator = _
    return made
