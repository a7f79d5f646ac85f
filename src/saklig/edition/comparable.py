"""Which two numbers may be compared at all; each refusal says what to do instead."""

from __future__ import annotations

from saklig.edition.facts import IN_UNITS, Fact
from saklig.edition.lookup import address_of
from saklig.edition.relating import categories_of, cell
from saklig.language.catalog import say
from saklig.study.model import Question, Study


class NotComparable(ValueError):
    """Two numbers whose difference says nothing: names both, why, and what to compare instead."""


def check_comparable(first: Fact, second: Fact, study: Study) -> None:
    """Raises NotComparable."""
    if reason := _reason(first, second, study):
        one, other = (address_of(study.id, fact, "") for fact in (first, second))
        raise NotComparable(f"{one}, {other}: {reason}")


def _reason(first: Fact, second: Fact, study: Study) -> str:
    if first.stat.endswith("difference") or second.stat.endswith("difference"):
        return say("a difference is a comparison already; name the two numbers that it lies between")
    if address_of(study.id, first, "") == address_of(study.id, second, ""):
        return say("this is one number, named twice; name two")
    if first.stat != second.stat:
        return say("two different statistics are not compared; name the same one of both, or shares of both")
    if first.stat in IN_UNITS and not _one_unit(study.question(first.question), study.question(second.question)):
        return say("they are counted in different units; compare numbers in one unit, or shares of both")
    return _within(first, second, study) or _contained(first, second, study)


def _one_unit(first: Question, second: Question) -> bool:
    if first.id == second.id:
        return True
    if first.unit is None and second.unit is None:
        return first.codes is not None and first.codes == second.codes
    return first.unit == second.unit


def _within(first: Fact, second: Fact, study: Study) -> str:
    """A group against a whole that contains it."""
    one, other = cell(first).items(), cell(second).items()
    if not (one < other or other < one):
        return ""
    by, group = next(iter(one ^ other))
    siblings = ", ".join(f"{by}={each.id}" for each in study.background(by).groups if each.id != group)
    return say(
        "the group {group} is part of the other number, and so would be compared with itself; compare it with the "
        "rest, that is with {others}",
        group=f"{by}={group}",
        others=siblings,
    )


def _contained(first: Fact, second: Fact, study: Study) -> str:
    """An answer against a net that it is in, of the same respondents."""
    place = [(fact.wave, fact.question, fact.item, cell(fact)) for fact in (first, second)]
    if place[0] != place[1] or first.stat or not first.category or not second.category:
        return ""
    question = study.question(first.question)
    one, other = (categories_of(question, fact.category) for fact in (first, second))
    if not (one <= other or other <= one):
        return ""
    return say("the one counts the answers of the other too; compare it with answers that it does not contain")
