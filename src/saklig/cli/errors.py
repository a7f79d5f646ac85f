"""What can go wrong, what is said of it, and the exit code.

BaseException
├── click.UsageError            2   wrong use of the command
├── KeyboardInterrupt, Abort    1   stopped; nothing is half-written
├── ValueError
│   ├── AddressError            2   a text that is no address
│   ├── StudyError              1   the study file contradicts itself or cannot be read
│   ├── AnswersError            1   the data file cannot be read or does not fit the study
│   ├── DesignError             1   weights, strata or population that cannot be
│   ├── EngineError             1   memory would not suffice, or an engine does not do this; says which would
│   ├── EditionError            1   no whole edition
│   ├── NotComparable           1   two numbers whose difference says nothing; what to compare instead is said
│   ├── RecordError             1   what an earlier edition was made of is not beside the answers
│   └── PublishingError         1   what stands in the output does not let it be published
├── NoSuchFact                  1   an address without a fact; the nearest is offered
├── OSError                     1   the disk refuses: full, read-only, not allowed
├── MemoryError                 1
└── anything else               1   a fault in this program: its kind and place are said, never its message or a
                                    traceback, since those may hold answers (`--traceback` for developers)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from saklig.cli.help import with_placeholders
from saklig.language.catalog import Translator
from saklig.language.system import reason


def report(error: BaseException, _: Translator, *, as_json: bool) -> int:
    """Says on stderr what is wrong (in a pipe for machines on stdout, as JSON) and returns the exit code."""
    code, words, more = _said(error, _)
    if as_json:
        click.echo(json.dumps({"error": words} | more, ensure_ascii=False))
    elif words:
        click.echo(words, err=True)
    return code


def _said(error: BaseException, _: Translator) -> tuple[int, str, dict[str, str]]:
    from saklig.answers.model import AnswersError
    from saklig.compilation.publishing import PublishingError
    from saklig.compilation.recording import RecordError
    from saklig.design.model import DesignError
    from saklig.edition.comparable import NotComparable
    from saklig.edition.errors import EditionError
    from saklig.edition.lookup import NoSuchFact
    from saklig.study.address import AddressError
    from saklig.study.problems import StudyError
    from saklig.tabulation.statistics import EngineError

    match error:
        case SystemExit():
            return (error.code if isinstance(error.code, int) else 1), "", {}
        case click.ClickException():
            return 2, _usage(error, _), {}
        case KeyboardInterrupt() | click.Abort():
            return 1, _("Stopped. Nothing is half-written; what stood there before still does."), {}
        case AddressError():
            return 2, str(error), {}
        case NoSuchFact():
            return 1, str(error), {"nearest": str(error.nearest)} if error.nearest else {}
        case StudyError() | AnswersError() | DesignError() | RecordError() | PublishingError():
            return 1, str(error), {}
        case EditionError() | NotComparable() | EngineError():
            return 1, str(error), {}
        case OSError():
            return 1, _disk(error, _), {}
        case MemoryError():
            return 1, _("There is not enough memory for this. Nothing is half-written."), {}
        case _unexpected:
            return 1, _fault(error, _), {}


def _usage(error: click.ClickException, _: Translator) -> str:
    match error:
        case click.NoSuchOption():
            words = _("There is no option {name}.", name=error.option_name)
            near = ", ".join(error.possibilities or ())
        case click.MissingParameter() if error.param is not None:
            words, near = _("{name} is missing.", name=_name(error.param, _)), ""
        case click.BadOptionUsage():
            words, near = _option(error, _), ""
        case click.BadParameter() if error.param is not None:
            words, near = _parameter(error.param, error.message, _), ""
        case click.UsageError() if error.ctx is not None and isinstance(error.ctx.command, click.Group):
            words, near = _command(error, error.ctx.command, _)
        case _other:
            words, near = _too_many(error, _) or error.format_message(), ""
    if near:
        words += " " + _("Did you mean {name}?", name=near)
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = f"{context.command_path} --help" if context else "saklig --help"
    return f"{words}\n" + _("See: {command}", command=command)


def _name(parameter: click.Parameter, _: Translator) -> str:
    """As a user writes it: an option's own name, an argument's word in the usage."""
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return with_placeholders(parameter.make_metavar(click.Context(click.Command(""))), _)


def _option(error: click.BadOptionUsage, _: Translator) -> str:
    if "does not take" in error.message:
        return _("{name} takes no value.", name=error.option_name)
    return _("{name} needs a value after it.", name=error.option_name)


def _parameter(parameter: click.Parameter, message: str, _: Translator) -> str:
    """Click's own words are English, and the value stands in no other place than in them."""
    match parameter.type:
        case click.Choice(choices=choices):
            return _(
                "{name} cannot be “{value}”; there are: {choices}.",
                name=_name(parameter, _),
                value=message.partition(" is not one of ")[0].strip("'"),
                choices=", ".join(map(str, choices)),
            )
        case click.Path(dir_okay=False):
            return _("{name} names a folder, and a file is wanted.", name=_name(parameter, _))
        case _other:
            return _("{name} cannot have this value.", name=_name(parameter, _))


def _too_many(error: click.ClickException, _: Translator) -> str:
    import re

    extra = re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", error.format_message())
    return _("These words are too many: {words}.", words=extra[1]) if extra else ""


def _command(error: click.UsageError, group: click.Group, _: Translator) -> tuple[str, str]:
    import difflib
    import re

    asked = re.search(r"No such command '(.*)'", error.format_message())
    if not asked:
        return error.format_message(), ""
    near = difflib.get_close_matches(asked[1], group.list_commands(click.Context(group)), n=1)
    return _("There is no command {name}.", name=asked[1]), "".join(near)


def _disk(error: OSError, _: Translator) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return where + _(
        "The system refuses: {what}. Nothing is half-written; what stood there before still does.", what=reason(error)
    )


def _fault(error: BaseException, _: Translator) -> str:
    """The kind of an unexpected error and where in the program it arose; never its message."""
    own = Path(__file__).parents[1]
    place, trace = "", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(own):
            place = f"{file.relative_to(own)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return _(
        "This is a fault in the program: {kind} in {place}, saklig on Python {python}. Nothing is half-written. "
        "Report it with these words; “saklig --traceback …” says more, and may say answers.",
        kind=type(error).__name__,
        place=place or "?",
        python=".".join(map(str, sys.version_info[:3])),
    )
