"""saklig verify: every fact recomputed from the answers, or hashes, sums, nets and margins checked without them."""

from __future__ import annotations

from pathlib import Path

import click

from saklig.cli.help import Command
from saklig.cli.terminal import json_option, progress, say_json
from saklig.language.catalog import Translator

MOST_SHOWN = 50


def command(_: Translator) -> Command:
    def verify(edition: Path, answers: Path | None, as_json: bool) -> int:
        from saklig.cli.finding import edition_folder
        from saklig.edition.checking import check_edition

        asked, edition = edition, edition_folder(edition)
        findings = [str(finding) for finding in check_edition(edition)]
        if edition != asked and not as_json:
            click.echo(_("The current edition: {folder}", folder=edition))
        if answers is not None and not findings:
            findings = _recomputed(_, edition, answers, as_json)
        if as_json:
            say_json({"edition": str(edition), "verified": not findings, "findings": findings})
        else:
            for finding in findings[:MOST_SHOWN]:
                click.echo(finding, err=True)
            if len(findings) > MOST_SHOWN:
                click.echo(_("… and {n} more (--json lists all)", n=len(findings) - MOST_SHOWN), err=True)
            if not findings and answers is None:
                click.echo(_("Whole: hashes and id are right, and the numbers agree with each other."))
            elif not findings:
                click.echo(_("Verified: the answers give every number of this edition."))
        return 1 if findings else 0

    made = Command(
        "verify",
        callback=verify,
        short_help=_("Verify an edition, with or without answers"),
        help=_(
            "Verifies an edition: hashes, id, sums, nets and margins; with --answers every number is computed anew."
        ),
        params=[
            click.Argument(["edition"], type=click.Path(path_type=Path), metavar="EDITION"),
            click.Option(
                ["--answers"],
                type=click.Path(path_type=Path),
                metavar="STUDY",
                help=_("The study file beside the answers."),
            ),
            json_option(_),
        ],
    )
    made.translator = _
    return made


def _recomputed(_: Translator, folder: Path, study: Path, quiet: bool) -> list[str]:
    from saklig.compilation.verifying import recompute
    from saklig.edition.reading import open_edition

    edition = open_edition(folder)
    with progress(_, quiet=quiet) as show:
        now, difference = recompute(edition, study, show)
    if now.id == edition.id:
        return []
    findings = [
        _("{address}: the answers give another number", address=change.address) for change in difference.changed
    ]
    findings += [_("{address}: the answers give no such fact", address=address) for address in difference.removed]
    findings += [_("{address}: is missing in the edition", address=address) for address in difference.added]
    findings += [_("study: {place} differs", place=place) for place, _old, _new in difference.study]
    return findings or [_("the edition says other things beside its facts: responses, protection or translations")]
