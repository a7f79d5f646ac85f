"""Whether the numbers of an edition agree with each other, as far as rounding lets one tell.

Printed numbers are rounded half up, each by at most half a unit of its last decimal; intervals are rounded outward.
A whole is a weighted mean of its groups, whatever the weights, and so lies between the least and the greatest of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from saklig.edition.facts import Fact, Facts, Status
from saklig.edition.lookup import Index, address_of
from saklig.language.catalog import N_, say
from saklig.study.model import Base, Kind, Part, Role, Study, question_parts

Disagreement = tuple[str, str]
"""(the address, without edition; what is wrong there)"""
Row = tuple[str, str]
Cell = tuple[str, str, str, str]
Columns = Mapping[Cell, Mapping[Row, Fact]]

_AVERAGED = ("", "mean", "first", "balance")
_IN_BASE = {
    Base.VALID: (Role.ANSWER, Role.DONT_KNOW),
    Base.OPINION: (Role.ANSWER,),
    Base.ASKED: tuple(Role),
}


def disagreements(facts: Facts, study: Study) -> Iterator[Disagreement]:
    """Everything that cannot be: nothing for an edition whose numbers agree."""
    index = Index(facts, study)
    for wave, wave2, question, item in index.parts:
        found = index.facts_of(wave, question, item, by=None, wave2=wave2)
        for fact in found:
            for message in _alone(fact):
                yield str(address_of(study.id, fact)), message
        parts = question_parts(study.question(question), wave, study.base)
        part = next((part for part in parts if (part.item.id if part.item else "") == item), None)
        if part and not wave2:
            for fact, message in _together(part, _columns(found)):
                yield str(address_of(study.id, fact)), message


def _columns(facts: Iterable[Fact]) -> Columns:
    columns: dict[Cell, dict[Row, Fact]] = defaultdict(dict)
    for fact in facts:
        if not fact.versus and not fact.stat.endswith("difference"):
            columns[fact.by1, fact.group1, fact.by2, fact.group2][fact.category, fact.stat] = fact
    return columns


def _alone(fact: Fact) -> Iterator[str]:
    if fact.value is None:
        return
    hundred = 100 * 10**fact.decimals
    change = fact.stat.endswith("difference")
    share = not change and (fact.stat in ("", "first") or fact.stat.startswith("top-"))
    if share and not 0 <= fact.value <= hundred:
        yield say("a share is not between 0 and 100 per cent")
    if fact.stat == "balance" and abs(fact.value) > hundred:
        yield say("a balance is not between −100 and 100")
    if fact.lower is not None and fact.upper is not None and not fact.lower <= fact.value <= fact.upper:
        yield say("the value lies outside its own interval")
    if fact.count is not None and fact.base is not None and fact.count > fact.base:
        yield say("the count is larger than the base")
    if fact.se is not None and fact.se < 0:
        yield say("the standard error is negative")


def _together(part: Part, columns: Columns) -> Iterator[tuple[Fact, str]]:
    for rows in columns.values():
        if not part.overlapping:
            yield from _distribution(part, rows)
        yield from _nets(part, rows)
        yield from _order(rows)
    yield from _margins(columns)


def _distribution(part: Part, rows: Mapping[Row, Fact]) -> Iterator[tuple[Fact, str]]:
    """Shares of one distribution sum to 100, counts to the base."""
    named = [rows.get((row.id, "")) for row in part.rows if row.role in _IN_BASE[part.base]]
    shares = [fact for fact in named if fact is not None and fact.value is not None]
    if not shares or len(shares) < len(named):
        return
    # Asked of all, those who gave no answer at all count in the base and may have no category, nor has a number outside
    # all classes.
    unanswered = part.base is Base.ASKED or part.question.kind is Kind.NUMERIC
    total, slack = sum(_value(fact) for fact in shares), sum(_unit(fact) for fact in shares) / 2
    if total > 100 + slack + 1e-9 or (total < 100 - slack - 1e-9 and not unanswered):
        yield (
            shares[0],
            say(
                "the shares of the distribution sum to {total} and not to 100, which rounding does not explain",
                total=f"{total:g}",
            ),
        )
    counts = [fact.count for fact in shares if fact.count is not None]
    base = shares[0].base
    if (
        len(counts) == len(shares)
        and base is not None
        and (sum(counts) > base or (sum(counts) < base and not unanswered))
    ):
        yield (
            shares[0],
            say("the counts of the distribution sum to {sum}, and the base is {base}", sum=sum(counts), base=base),
        )
    if len({fact.base for fact in shares}) > 1:
        yield shares[0], say("the answers of one distribution have different bases")


def _nets(part: Part, rows: Mapping[Row, Fact]) -> Iterator[tuple[Fact, str]]:
    for net in part.question.nets:
        whole = rows.get((net.id, ""))
        found = [rows.get((member, "")) for member in net.of]
        parts = [fact for fact in found if fact is not None and fact.value is not None]
        if whole is None or whole.value is None or len(parts) < len(found):
            continue
        slack = (_unit(whole) + sum(_unit(fact) for fact in parts)) / 2 + 1e-9
        total, greatest = sum(_value(fact) for fact in parts), max(_value(fact) for fact in parts)
        least = greatest if part.overlapping else total
        if not least - slack <= _value(whole) <= total + slack:
            yield (
                whole,
                say(
                    "the net is {net} and its parts sum to {total}, which rounding does not explain",
                    net=f"{_value(whole):g}",
                    total=f"{total:g}",
                ),
            )


def _order(rows: Mapping[Row, Fact]) -> Iterator[tuple[Fact, str]]:
    """Quartiles rise; who put an option first put it among the first k."""
    quartiles = [fact for stat in ("q1", "median", "q3") if (fact := rows.get(("", stat))) and fact.value is not None]
    for lower, upper in pairwise(quartiles):
        if _value(lower) > _value(upper):
            yield upper, say("it is smaller than {stat}", stat=lower.stat)
    for (category, stat), fact in rows.items():
        first = rows.get((category, "first"))
        if stat.startswith("top-") and first and None not in (first.value, fact.value) and _value(first) > _value(fact):
            yield fact, say("fewer placed it among the first than placed it first")


def _margins(columns: Columns) -> Iterator[tuple[Fact, str]]:
    """Groups are parts of the whole: their bases and counts add up to it at most, and it lies between their values."""
    groups: dict[tuple[str, str], list[Mapping[Row, Fact]]] = defaultdict(list)
    for (by1, _, by2, _), rows in columns.items():
        if by1:
            groups[by1, by2].append(rows)
    for row, whole in columns.get(("", "", "", ""), {}).items():
        if whole.status is not Status.PUBLISHED or whole.base is None:
            continue
        for (by1, by2), parts in groups.items():
            found = [fact for rows in parts if (fact := rows.get(row)) and fact.status is Status.PUBLISHED]
            for what, noun in (("base", N_("base")), ("count", N_("count"))):
                numbers = [number for fact in found if (number := getattr(fact, what)) is not None]
                limit = getattr(whole, what)
                if limit is not None and sum(numbers) > limit:
                    yield (
                        whole,
                        say(
                            "the {what} is {limit}, and those of the groups by {by} sum to {sum}",
                            what=say(noun),
                            limit=limit,
                            by=_by(by1, by2),
                            sum=sum(numbers),
                        ),
                    )
            if row[1] in _AVERAGED and found and sum(fact.base or 0 for fact in found) == whole.base:
                slack = (_unit(whole) + max(map(_unit, found))) / 2 + 1e-9
                values = [_value(fact) for fact in found]
                if not min(values) - slack <= _value(whole) <= max(values) + slack:
                    yield (
                        whole,
                        say("it does not lie between the groups by {by}, of which it is made", by=_by(by1, by2)),
                    )


def _by(by1: str, by2: str) -> str:
    return say("{first} and {second}", first=by1, second=by2) if by2 else by1


def _unit(fact: Fact) -> float:
    return 10.0**-fact.decimals


def _value(fact: Fact) -> float:
    return (fact.value or 0) * _unit(fact)
