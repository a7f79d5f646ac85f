"""saklig check: study, answers and method; what is missing and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from saklig.cli.help import Command
from saklig.cli.terminal import json_option, progress, say_json
from saklig.language.catalog import Translator, say

if TYPE_CHECKING:
    from saklig.compilation.compiling import Bound

SHOWN_COLUMNS = 10
"""A file has hundreds of columns that are not used, where a register or a panel is."""


def command(_: Translator) -> Command:
    def check(study: Path, as_json: bool) -> None:
        from saklig.compilation.compiling import read_and_bind

        with progress(_, quiet=as_json) as show:
            bound = read_and_bind(study, show)
        found = _findings(bound, _.language)
        waves = {answers.wave: answers.n for answers, _design in bound.waves}
        if as_json:
            say_json({"respondents": waves} | found)
            return
        for wave, respondents in waves.items():
            click.echo(
                _.ngettext("Wave {wave}: {n} respondent.", "Wave {wave}: {n} respondents.", respondents, wave=wave)
            )
        told = found | {
            "breaks": [*found["breaks"], *_remedies(bound, _)],
            "unused": [*_unused(bound, SHOWN_COLUMNS)],
            "method": _told(found["method"], _),
        }
        for heading, name in (
            (_("What the files did not say, and was found:"), "found"),
            (_("Remarks on the answers and the sample:"), "remarks"),
            (_("Where a line over the waves is broken, and no difference is published:"), "breaks"),
            (_("Columns that the study does not use; name in left_out those that shall not be published:"), "unused"),
            (_("Not reported of the method (AAPOR):"), "method"),
            (_("Translations missing:"), "translations"),
        ):
            _list(heading, told[name])
        click.echo(_("The study and its answers fit together."))

    made = Command(
        "check",
        callback=check,
        short_help=_("Say what is missing and what does not fit"),
        help=_("Says what is missing in a study, its answers and its method, and what does not fit."),
        params=[click.Argument(["study"], type=click.Path(path_type=Path), metavar="STUDY"), json_option(_)],
    )
    made.translator = _
    return made


def _findings(bound: Bound, language: str) -> dict[str, list[str]]:
    from saklig.edition.reasons import reasons
    from saklig.study.breaks import breaks_of
    from saklig.study.model import METHOD_FIELDS, unreported
    from saklig.study.problems import Problem
    from saklig.study.texts import untranslated

    study = bound.study
    return {
        "found": list(bound.found),
        "remarks": list(bound.remarks),
        "breaks": [
            f"{question}, {each.earlier}..{each.wave}: {' '.join(words for words, _ in reasons(study, each, language))}"
            for question, found in breaks_of(study, bound.breaks).items()
            for each in found
        ],
        "unused": [*_unused(bound)],
        "method": [f"{METHOD_FIELDS[name]} {name}" for name in unreported(study)],
        "translations": [str(Problem(place, ", ".join(lacking), key)) for place, key, lacking in untranslated(study)],
    }


def _unused(bound: Bound, most: int | None = None) -> Iterator[str]:
    """The columns of each file that the study does not use: all, or at most so many."""
    for file, names in bound.unused.items():
        shown = names[:most]
        more = len(names) - len(shown)
        listed = ", ".join(shown)
        yield f"{file}: " + (say("{names} and {n} more", names=listed, n=more) if more else listed)


def _remedies(bound: Bound, _: Translator) -> Iterator[str]:
    """What the study may say where a break was found, and the numbers can be compared all the same."""
    from saklig.study.breaks import OWN, Cause, breaks_of

    causes = {each.cause for found in breaks_of(bound.study, bound.breaks).values() for each in found}
    if Cause.MODE in causes:
        yield _(
            "If the numbers are comparable although the answers were collected in another way, give the later wave: "
            "{remedy}",
            remedy='change = { note = "…", breaks = false }',
        )
    if causes.difference(OWN, [Cause.MODE]):
        yield _(
            "If the numbers of a question are comparable all the same, give it: {remedy}",
            remedy='change = [{ wave = "…", note = "…", breaks = false }]',
        )


def _told(fields: list[str], _: Translator) -> list[str]:
    """What is not reported, as the study file calls it and in words."""
    from saklig.publish.outline.method import FIELDS

    return [f"{field}: {_(FIELDS[field.split()[-1]])}" for field in fields]


def _list(heading: str, lines: list[str]) -> None:
    if lines:
        click.echo(f"\n{heading}")
        for line in lines:
            click.echo(f"  {line}")
