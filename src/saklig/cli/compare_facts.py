"""saklig compare-facts: whether the survey can tell published numbers apart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING

import click

from saklig.cli.help import Command
from saklig.cli.terminal import STANDINGS, json_option, say_json
from saklig.language.catalog import Translator, say

if TYPE_CHECKING:
    from saklig.edition.contrasting import Contrast
    from saklig.edition.edition import Edition
    from saklig.edition.facts import Fact
    from saklig.study.address import Address


@dataclass(frozen=True, kw_only=True)
class Named:
    """A fact under the letter that it has here. `standing`: its edition's, empty where nobody says it."""

    letter: str
    fact: Fact
    edition: Edition
    standing: str

    @property
    def address(self) -> str:
        return str(self.edition.address(self.fact))

    @property
    def uncertain(self) -> bool:
        """Whether its base is so small that the pages mark it."""
        few = self.edition.publication.protection.values.get("uncertain_below", 0)
        return self.fact.base is not None and self.fact.base < int(few)


def command(_: Translator) -> Command:
    def compare_facts(
        addresses: tuple[str, ...], folder: Path | None, study: Path | None, by: str | None, as_json: bool
    ) -> None:
        asked = _parsed(addresses, folder, study, by)
        if study is not None:
            from saklig.cli.compare_answers import compare_groups, compare_pairs

            if by is not None:
                compare_groups(_, study, asked[0], by, as_json)
            else:
                compare_pairs(_, study, asked, as_json)
            return
        facts = _found(asked, folder)
        pairs = _compared(facts)
        if as_json:
            say_json(_machine(_, facts, pairs))
        else:
            _tell(_, facts, pairs)

    made = Command(
        "compare-facts",
        callback=compare_facts,
        short_help=_("Say whether the survey can tell numbers apart"),
        help=_(
            "Says how far two published numbers lie apart, between what limits, and whether the survey can tell them "
            "apart. Of more than two, every pair is compared, and the verdicts allow for their number.\n\n"
            "For example: saklig compare-facts kommun/q4_1/4-5@storlek=under-15000 kommun/q4_1/4-5@storlek=50000-plus"
        ),
        params=[
            click.Argument(["addresses"], nargs=-1, required=True, metavar="ADDRESS ADDRESS ..."),
            click.Option(
                ["--in", "--edition", "folder"],
                type=click.Path(path_type=Path, file_okay=False),
                metavar="FOLDER",
                help=_("An edition, or a folder that was published in. [default: out/ and the study's id]"),
            ),
            click.Option(
                ["--study"],
                type=click.Path(path_type=Path),
                metavar="STUDY",
                help=_("Compute from the answers, for those who hold them: an analysis of your own, never published."),
            ),
            click.Option(
                ["--by"],
                metavar="BACKGROUND",
                help=_("With --study: test whether the answers to one question differ between these groups."),
            ),
            json_option(_),
        ],
    )
    made.translator = _
    return made


def _parsed(addresses: tuple[str, ...], folder: Path | None, study: Path | None, by: str | None) -> list[Address]:
    from saklig.study.address import parse_address

    def wrong(words: str) -> click.UsageError:
        return click.UsageError(words, click.get_current_context())

    if folder is not None and study is not None:
        raise wrong(say("--in looks in an edition and --study in the answers; give one of them"))
    if by is not None and study is None:
        raise wrong(say("--by needs the answers; name the study file with --study"))
    if by is not None and len(addresses) > 1:
        raise wrong(say("--by takes one address, that of a question"))
    if by is None and len(addresses) < 2:
        raise wrong(say("a comparison needs two addresses or more"))
    if len(addresses) > len(ascii_uppercase):
        raise wrong(say("at most {n} numbers are compared at once", n=len(ascii_uppercase)))
    return [parse_address(text) for text in addresses]


def _found(addresses: list[Address], folder: Path | None) -> list[Named]:
    from saklig.cli.finding import edition_for

    found: list[Named] = []
    opened: dict[tuple[str, str], tuple[Edition, str]] = {}
    for letter, asked in zip(ascii_uppercase, addresses, strict=False):
        key = (asked.study, asked.edition)
        if key not in opened:
            opened[key] = edition_for(asked, folder)
        edition, standing = opened[key]
        found.append(Named(letter=letter, fact=edition.fact(asked), edition=edition, standing=standing))
    return found


def _compared(facts: list[Named]) -> list[tuple[Named, Named, Contrast]]:
    from saklig.edition.comparable import NotComparable
    from saklig.edition.contrasting import contrast, several

    pairs = list(combinations(facts, 2))
    found = []
    for one, other in pairs:
        if one.edition.study.id != other.edition.study.id:
            raise NotComparable(
                f"{one.address}, {other.address}: " + say("numbers of two studies are not compared; name two of one")
            )
        if one.edition.id != other.edition.id and one.fact.wave == other.fact.wave:
            raise NotComparable(
                f"{one.address}, {other.address}: "
                + say("two editions of the same answers are no two samples; “saklig compare” says what differs in them")
            )
        judge = _later(one, other).edition
        found.append(contrast(one.fact, other.fact, judge.study, judge.publication))
    told = several(found) if len(found) > 1 else tuple(found)
    return [(one, other, each) for (one, other), each in zip(pairs, told, strict=True)]


def _later(one: Named, other: Named) -> Named:
    """The one whose edition knows both waves, if either does."""
    waves = {wave.id for wave in one.edition.study.waves}
    return one if other.fact.wave in waves else other


def _tell(_: Translator, facts: list[Named], pairs: list[tuple[Named, Named, Contrast]]) -> None:
    from saklig.edition.citing import cite_edition, describe
    from saklig.edition.contrast_words import difference, grounds, verdict

    for each in facts:
        click.echo(f"{each.letter}  {describe(each.edition.study, each.fact, _.language, each.edition.publication)}")
        click.echo(f"   {each.address}" + (f" ({_('uncertain, few answers')})" if each.uncertain else ""))
    for one, other, found in pairs:
        said = difference(one.edition.study, found, _.language)
        click.echo(f"\n{one.letter} − {other.letter}: {said}" if said else f"\n{one.letter} − {other.letter}:")
        click.echo(verdict(found, one.letter, other.letter, _.language))
    click.echo()
    if len(pairs) > 1:
        click.echo(
            _(
                "{n} pairs are compared at once. The verdicts allow for that (Holm's correction); "
                "the intervals do not.",
                n=len(pairs),
            )
        )
    rested = dict.fromkeys(filter(None, (grounds(found, _.language) for _one, _other, found in pairs)))
    for words in rested:
        click.echo(_("How it is counted: {words}.", words=words))
    for edition, standing in {each.edition.id: (each.edition, each.standing) for each in facts}.values():
        if standing and standing != "current":
            click.echo(_("Note: this edition is not the current one ({standing}).", standing=_(STANDINGS[standing])))
        click.echo(_("Source: {citation}", citation=cite_edition(edition, _.language).text))


def _machine(_: Translator, facts: list[Named], pairs: list[tuple[Named, Named, Contrast]]) -> dict[str, object]:
    from saklig.edition.citing import cite_fact
    from saklig.edition.contrast_words import grounds, verdict

    return {
        "facts": [
            {"name": each.letter, "address": each.address, "standing": each.standing}
            | {name: value for name, value in vars(each.fact).items() if value != ""}
            | {"citation": cite_fact(each.edition, each.edition.address(each.fact), _.language).text}
            for each in facts
        ],
        "corrected": "holm" if len(pairs) > 1 else None,
        "pairs": [
            {
                "first": one.letter,
                "second": other.letter,
                "difference": found.value,
                "lower": found.lower,
                "upper": found.upper,
                "decimals": found.decimals,
                "verdict": found.verdict,
                "why": found.why,
                "p": list(found.p),
                "rule": found.rule,
                "assumption": grounds(found, _.language),
                "words": verdict(found, one.letter, other.letter, _.language),
            }
            for one, other, found in pairs
        ],
    }
