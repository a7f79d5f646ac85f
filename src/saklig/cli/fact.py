"""saklig fact: one fact with its citation; of a question, its distribution."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from saklig.cli.help import Command
from saklig.cli.terminal import STANDINGS, json_option, say_json
from saklig.language.catalog import Translator

if TYPE_CHECKING:
    from saklig.edition.edition import Edition
    from saklig.edition.facts import Fact
    from saklig.study.address import Address

FORMS = ("text", "bibtex", "csl-json")


def command(_: Translator) -> Command:
    def fact(address: str, folder: Path | None, form: str, as_json: bool) -> None:
        from saklig.cli.finding import edition_for
        from saklig.edition.citing import cite_fact, describe
        from saklig.study.address import parse_address

        asked = parse_address(address)
        edition, standing = edition_for(asked, folder)
        if not asked.category and not asked.stat and (listed := _of_question(edition, asked)):
            _tell_question(_, edition, listed, as_json)
            return
        found = edition.fact(asked)
        full = edition.address(found)
        citation = cite_fact(edition, full, _.language)
        forms = dict(zip(FORMS, (citation.text, citation.bibtex, citation.csl_json), strict=True))
        if as_json:
            say_json(_machine(edition, found) | {"standing": standing, "citation": forms})
            return
        if form != "text":
            click.echo(forms[form], nl=False)
            return
        click.echo(describe(edition.study, found, _.language, edition.publication))
        if standing and standing != "current":
            click.echo(_("Note: this edition is not the current one ({standing}).", standing=_(STANDINGS[standing])))
        click.echo(citation.text)

    made = Command(
        "fact",
        callback=fact,
        short_help=_("Print one fact with its citation"),
        help=_("Prints one fact with its citation, for example: saklig fact kommun/q4_1/4-5@storlek=under-15000"),
        params=[
            click.Argument(["address"], metavar="ADDRESS"),
            click.Option(
                ["--in", "--edition", "folder"],
                type=click.Path(path_type=Path, file_okay=False),
                metavar="FOLDER",
                help=_("An edition, or a folder that was published in. [default: out/ and the study's id]"),
            ),
            click.Option(["--cite", "form"], type=click.Choice(FORMS), default="text", help=_("The citation alone.")),
            json_option(_),
        ],
    )
    made.translator = _
    return made


def _of_question(edition: Edition, asked: Address) -> tuple[Fact, ...]:
    by = tuple(group.background for group in asked.groups)
    wanted = {(group.background, group.group) for group in asked.groups}
    waves = (asked.wave,) if asked.wave else tuple(wave.id for wave in reversed(edition.study.waves))
    for wave in waves:
        found = edition.facts_of(wave, asked.question, asked.item, by, wave2=asked.wave2)
        kept = tuple(
            fact for fact in found if wanted == set(zip(fact.by, fact.groups, strict=True)) and not fact.versus
        )
        if kept:
            return kept
    return ()


def _tell_question(_: Translator, edition: Edition, listed: tuple[Fact, ...], as_json: bool) -> None:
    from saklig.edition.citing import number

    if as_json:
        say_json([_machine(edition, fact) for fact in listed])
        return
    question, wave = edition.study.question(listed[0].question), listed[0].wave2 or listed[0].wave
    click.echo(edition.study.text_of(question, wave).best(_.language)[0])
    for fact in listed:
        told = number(edition.study, fact, _.language, edition.publication)
        click.echo(f"  {edition.address(fact, permanent=False)}: {told}")


def _machine(edition: Edition, fact: Fact) -> dict[str, object]:
    return {"address": str(edition.address(fact))} | {name: value for name, value in vars(fact).items() if value != ""}
