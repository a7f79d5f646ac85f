"""What commands say: progress on a terminal, lines for people, JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from saklig.language.catalog import N_, Translator

Progress = Callable[[str, int, int], None]

STAGES = {
    "answers": N_("Reading the answers"),
    "protection": N_("Protecting the respondents"),
    "site": N_("Writing the pages"),
}


STANDINGS = {"draft": N_("draft"), "superseded": N_("superseded"), "withdrawn": N_("withdrawn")}
"""What an edition is that is not the current one."""


@contextmanager
def progress(_: Translator, *, quiet: bool = False) -> Iterator[Progress]:
    """A bar for each stage on a terminal's stderr; nothing at all in a pipe."""
    if quiet or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_(STAGES[stage]), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def say_json(content: object) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def json_option(_: Translator) -> click.Option:
    return click.Option(["--json", "as_json"], is_flag=True, help=_("Answer in JSON, for machines."))
