"""The program and its commands. Each command is a file, imported when it is called or its help is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NoReturn

import click

from saklig.cli.errors import report
from saklig.cli.help import Command, Formatter, Group
from saklig.language.catalog import Translator, interface_language, speaking, translator

COMMANDS = ("init", "check", "publish", "verify", "weight", "compare", "fact", "compare-facts", "withdraw")
_ENVIRONMENT = ("SAKLIG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""NumPy's matrices are so small here that its threads would wait for each other longer than they work."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command that the arguments name, and exits: 0 done, 1 faults in what was given, 2 wrong use."""
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = chosen_language(given, os.environ)
    show_traceback = "--traceback" in given or bool(os.environ.get("SAKLIG_TRACEBACK"))
    given = _at_the_front(given)
    with speaking(language):
        try:
            code = program(language).main(given, prog_name="saklig", standalone_mode=False)
        except BaseException as error:
            if show_traceback and not isinstance(error, click.ClickException | SystemExit):
                raise
            code = report(error, translator(language), as_json="--json" in given)
    sys.exit(code if isinstance(code, int) else 0)


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """`--language` if it is given, else the environment's; "sv" or "en". Needed before the help can be written."""
    for place, argument in enumerate(arguments):
        if argument == "--language" and place + 1 < len(arguments):
            return interface_language(arguments[place + 1])
        if argument.startswith("--language="):
            return interface_language(argument.partition("=")[2])
    return interface_language(next((value for name in _ENVIRONMENT if (value := environment.get(name))), "en"))


def _at_the_front(arguments: list[str]) -> list[str]:
    """`--language` and `--traceback` may stand behind the command too; click wants them before it."""
    front, rest = [], []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--language":
            front += [argument, *([value] if (value := next(waiting, None)) is not None else [])]
        elif argument == "--traceback" or argument.startswith("--language="):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def program(language: str) -> click.Group:
    """The program with its texts in `language`."""
    _ = translator(language)
    group = _Program(
        name="saklig",
        help=_(
            "Turns the raw answers of a survey into a complete, neutral, citable publication of facts.\n\n"
            "saklig init drafts a study file from a data file; saklig publish makes everything from it."
        ),
        epilog=_("Exit codes: 0 done, 1 faults in the study, the answers or the publication, 2 wrong use."),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        params=[
            click.Option(
                ["--language"],
                type=click.Choice(["sv", "en"]),
                expose_value=False,
                help=_("The language of this program's words. [default: the environment's]"),
            ),
            click.Option(["--traceback"], is_flag=True, hidden=True, expose_value=False),
            click.Option(
                ["--version"],
                is_flag=True,
                expose_value=False,
                is_eager=True,
                callback=_print_version,
                help=_("Print the version and exit."),
            ),
        ],
    )
    group.translator = _
    return group


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"saklig {version('saklig')}")
        context.exit()


class _Program(Group):
    translator: Translator

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: Command = import_module(f"saklig.cli.{cmd_name.replace('-', '_')}").command(self.translator)
        return command


click.Context.formatter_class = Formatter
