"""saklig init: a study file drafted from a data file."""

from __future__ import annotations

from pathlib import Path

import click

from saklig.cli.help import Command
from saklig.cli.terminal import json_option, say_json
from saklig.language.catalog import Translator


def command(_: Translator) -> Command:
    def init(file: Path, out: Path | None, force: bool, as_json: bool) -> None:
        from saklig.answers.draft import draft_study
        from saklig.study.file import write_study

        target = out or file.with_name("study.toml")
        if file.exists():  # a file that is not there is the first thing to say
            _check_target(_, out, target, force)
        draft = draft_study(file, file)
        write_study(draft.study, draft.sources, target, draft.comments)
        questions = len(draft.study.questions)
        if as_json:
            say_json({"study": str(target), "questions": questions, "left_out": dict(draft.left_out)})
            return
        click.echo(_.ngettext("{file}: {n} question.", "{file}: {n} questions.", questions, file=target))
        for column, why in draft.left_out.items():
            click.echo(_("Left out: {column} ({why})", column=column, why=why))
        click.echo(_("Next: look through it, and see what it gives: saklig publish {file} --draft", file=target))

    made = Command(
        "init",
        callback=init,
        short_help=_("Draft a study file from a data file"),
        help=_("Drafts a study file from the data file's own labels. Asks nothing that it can read."),
        params=[
            click.Argument(["file"], type=click.Path(path_type=Path), metavar="FILE"),
            click.Option(
                ["--out"],
                type=click.Path(path_type=Path, dir_okay=False),
                help=_("The study file to write. [default: study.toml beside the data file]"),
            ),
            click.Option(["--force"], is_flag=True, help=_("Replace a study file that is there.")),
            json_option(_),
        ],
    )
    made.translator = _
    return made


def _check_target(_: Translator, out: Path | None, target: Path, force: bool) -> None:
    if target.exists() and not force:
        raise click.UsageError(
            _("{file} exists already. Name another file with --out, or replace it with --force.", file=target)
        )
    if out and not out.parent.is_dir():
        raise click.UsageError(_("There is no folder {folder}. Make it first.", folder=out.parent))
