"""What `saklig compare-facts --study` says: what the holder of the answers computes, and no published facts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING

import click

from saklig.cli.terminal import progress, say_json
from saklig.language import numbers
from saklig.language.catalog import Translator

if TYPE_CHECKING:
    from saklig.compilation.analysing import Compared, Estimated
    from saklig.compilation.compiling import Bound
    from saklig.edition.facts import Fact
    from saklig.estimation.rao_scott import RaoScott
    from saklig.study.address import Address

SURE = 0.05
"""A p-value at or below this tells groups apart, as an interval of 95 % does."""


def compare_pairs(_: Translator, study: Path, addresses: list[Address], as_json: bool) -> None:
    """Differences between numbers, with the covariance that the answers give."""
    from saklig.compilation.analysing import compared, estimated

    bound = _bound(_, study, as_json)
    given = estimated(bound, addresses)
    pairs = compared(bound, given)
    if as_json:
        say_json(_pairs_as_json(_, bound, given, pairs))
    else:
        _tell_pairs(_, bound, given, pairs)


def compare_groups(_: Translator, study: Path, address: Address, background: str, as_json: bool) -> None:
    """Rao and Scott's test of a question by a background."""
    from saklig.compilation.analysing import association, within_table

    bound = _bound(_, study, as_json)
    place, told = association(bound, address, background)
    pairs = within_table(bound, place, background)
    if as_json:
        listed = [_pair_as_json(_, each, each.found.first.group1, each.found.second.group1) for each in pairs]
        say_json(_test_as_json(bound, place, background, told) | {"corrected": "holm", "pairs": listed})
    else:
        _tell_test(_, bound, place, background, told)
        _tell_within(_, bound, pairs)
        click.echo("\n" + _own(_))


def _bound(_: Translator, study: Path, quiet: bool) -> Bound:
    from saklig.compilation.compiling import read_and_bind

    with progress(_, quiet=quiet) as show:
        return read_and_bind(study, show)


def _own(_: Translator) -> str:
    return _(
        "This is an analysis of your own, from the answers. Nothing in it is rounded or withheld to protect "
        "respondents, and it is no published fact: do not pass it on as one."
    )


def _lettered(pairs: tuple[Compared, ...], n: int) -> Iterator[tuple[str, str, Compared]]:
    for (one, other), each in zip(combinations(ascii_uppercase[:n], 2), pairs, strict=True):
        yield one, other, each


def _tell_pairs(_: Translator, bound: Bound, given: tuple[Estimated, ...], pairs: tuple[Compared, ...]) -> None:
    from saklig.edition.citing import describe
    from saklig.edition.contrast_words import difference, grounds, verdict

    for letter, estimate in zip(ascii_uppercase, given, strict=False):
        click.echo(f"{letter}  {describe(bound.study, estimate.fact, _.language)}")
    for one, other, each in _lettered(pairs, len(given)):
        said = difference(bound.study, each.found, _.language)
        click.echo(f"\n{one} − {other}: {said}" if said else f"\n{one} − {other}:")
        if not math.isnan(each.se):
            click.echo(_("Standard error {se}.", se=_decimal(each.se, each.found.decimals, _)))
        click.echo(verdict(each.found, one, other, _.language))
    click.echo()
    if len(pairs) > 1:
        click.echo(
            _(
                "{n} pairs are compared at once. The verdicts allow for that (Holm's correction); "
                "the intervals do not.",
                n=len(pairs),
            )
        )
    for words in dict.fromkeys(filter(None, (grounds(each.found, _.language) for each in pairs))):
        click.echo(_("How it is counted: {words}.", words=words))
    click.echo(_own(_))


def _pairs_as_json(
    _: Translator, bound: Bound, given: tuple[Estimated, ...], pairs: tuple[Compared, ...]
) -> dict[str, object]:
    from saklig.edition.lookup import address_of

    return {
        "published": False,
        "facts": [
            {"name": letter, "address": str(address_of(bound.study.id, estimate.fact, ""))}
            | {name: value for name, value in vars(estimate.fact).items() if value != ""}
            for letter, estimate in zip(ascii_uppercase, given, strict=False)
        ],
        "corrected": "holm" if len(pairs) > 1 else None,
        "pairs": [_pair_as_json(_, each, one, other) for one, other, each in _lettered(pairs, len(given))],
    }


def _pair_as_json(_: Translator, each: Compared, one: str, other: str) -> dict[str, object]:
    from saklig.edition.contrast_words import grounds, verdict

    found = each.found
    return ({"category": found.first.category} if found.first.category else {}) | {
        "first": one,
        "second": other,
        "difference": found.value,
        "lower": found.lower,
        "upper": found.upper,
        "decimals": found.decimals,
        "se": _number(each.se),
        "correlation": _number(each.correlation),
        "verdict": found.verdict,
        "why": found.why,
        "p": list(found.p),
        "rule": found.rule,
        "assumption": grounds(found, _.language),
        "words": verdict(found, one, other, _.language),
    }


def _tell_within(_: Translator, bound: Bound, pairs: tuple[Compared, ...]) -> None:
    """The pairs of groups that can be told apart, answer by answer."""
    from saklig.edition.citing import row_name
    from saklig.edition.contrast_words import difference
    from saklig.edition.contrasting import Verdict

    apart = [each.found for each in pairs if each.found.verdict in (Verdict.FIRST_LARGER, Verdict.SECOND_LARGER)]
    if not pairs:
        return
    told = (
        _(
            "Answer by answer, {pairs} pairs of groups are compared at once (Holm's correction); the survey can tell "
            "{apart} of them apart.",
            pairs=numbers.count(len(pairs), _.language),
            apart=numbers.count(len(apart), _.language),
        )
        if apart
        else _(
            "Answer by answer, {pairs} pairs of groups are compared at once (Holm's correction); the survey can tell "
            "none of them apart.",
            pairs=numbers.count(len(pairs), _.language),
        )
    )
    click.echo(f"\n{told}")
    for found in apart:
        question = bound.study.question(found.first.question)
        groups = {each.id: each.label for each in bound.study.background(found.first.by1).groups}
        one, other = (groups[fact.group1].best(_.language)[0] for fact in (found.first, found.second))
        answer = row_name(question, found.first.category, "", _.language)
        click.echo(f"  {answer}: {one} − {other}: {difference(bound.study, found, _.language)}")


def _tell_test(_: Translator, bound: Bound, place: Fact, background: str, told: RaoScott) -> None:
    from saklig.edition.citing import quoted
    from saklig.edition.contrasting import REASONS, Why
    from saklig.study.model import Sample

    study = bound.study
    said = quoted(study, study.question(place.question), place.item, place.wave, _.language)
    group = study.background(background).label.best(_.language)[0]
    wave = study.wave(place.wave).label.best(_.language)[0]
    click.echo(f"{said}, {group}, {wave} ({_('base {n}', n=numbers.count(place.base or 0, _.language))})\n")
    if math.isnan(told.p):
        why = Why.SELF_SELECTED if study.sample is Sample.SELF_SELECTED else Why.NO_INTERVAL
        click.echo(_("It cannot be told whether the answers differ between the groups: {why}.", why=_(REASONS[why])))
    else:
        click.echo(
            _("The survey can tell that the answers differ between the groups.")
            if told.p <= SURE
            else _("The survey cannot tell whether the answers differ between the groups.")
        )
        click.echo(
            _(
                "Rao and Scott's test: F = {f} with {numerator} and {denominator} degrees of freedom, p {p}.",
                f=_decimal(told.f, 2, _),
                numerator=_decimal(told.numerator, 1, _),
                denominator=_decimal(told.denominator, 1, _),
                p=f"< {_decimal(0.001, 3, _)}" if told.p < 0.001 else f"= {_decimal(told.p, 3, _)}",
            )
        )


def _test_as_json(bound: Bound, place: Fact, background: str, told: RaoScott) -> dict[str, object]:
    from saklig.edition.lookup import address_of

    verdict = "cannot-tell" if math.isnan(told.p) else "yes" if told.p <= SURE else "no"
    orders = {
        name: [_number(number) for number in order]
        for name, order in (("first_order", told.first_order), ("second_order", told.second_order))
    }
    return {
        "published": False,
        "address": str(address_of(bound.study.id, place, "")),
        "by": background,
        "base": place.base,
        "verdict": verdict,
        "f": _number(told.f),
        "numerator": _number(told.numerator),
        "denominator": _number(told.denominator),
        "p": _number(told.p),
        "pearson": _number(told.pearson),
    } | orders


def _number(number: float) -> float | None:
    return None if math.isnan(number) else number


def _decimal(number: float, decimals: int, _: Translator) -> str:
    return numbers.decimal(math.floor(number * 10**decimals + 0.5), decimals, _.language)
