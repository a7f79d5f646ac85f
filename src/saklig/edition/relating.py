"""How two published numbers hang together: what is known of the correlation of their estimates, and on what grounds.

An edition holds no covariances: whoever had them all could rebuild tables that were never published. What the design
and the numbers themselves say, and of the groups of a cluster sample a correlation to a tenth, is enough for most
comparisons, and for the rest there is a bound that always holds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from saklig.edition.facts import Fact
from saklig.edition.mover import Range
from saklig.edition.publication import Axis, Publication, Response, Samples, row_name
from saklig.language.catalog import N_
from saklig.study.model import Base, Part, Question, Role, Sample, Study


class Rule(StrEnum):
    """The grounds of a correlation."""

    GROUPS = "groups"
    GROUPS_IN_STRATA = "groups-in-strata"
    GROUPS_WEIGHTED = "groups-weighted"
    GROUPS_IN_CLUSTERS = "groups-in-clusters"
    TOLD = "told"
    CATEGORIES = "categories"
    COMPLEMENT = "complement"
    WAVES = "waves"
    PERSONS = "persons"
    BOUND = "bound"
    ANSWERS = "answers"


ASSUMPTIONS = {
    Rule.GROUPS: N_("no respondent is in both groups, so the two numbers are counted as independent of each other"),
    Rule.GROUPS_IN_STRATA: N_(
        "no respondent is in both groups, so the two numbers are counted as independent of each other; that the sample "
        "was drawn by stratum is left out, so this is an approximation"
    ),
    Rule.GROUPS_WEIGHTED: N_(
        "no respondent is in both groups, so the two numbers are counted as independent of each other; that the "
        "weights were made to meet known numbers of the population is left out, so this is an approximation"
    ),
    Rule.GROUPS_IN_CLUSTERS: N_(
        "clusters were drawn, and one can have respondents of both groups; how the two numbers hang together is "
        "published, to a tenth"
    ),
    Rule.TOLD: N_("how the two numbers hang together is published, to a tenth"),
    Rule.CATEGORIES: N_(
        "two answers to the same question: the more who gave the one, the fewer gave the other, as in a simple random "
        "sample"
    ),
    Rule.COMPLEMENT: N_("there are no other answers: what the one gains, the other loses"),
    Rule.WAVES: N_("the waves are counted as two samples drawn independently of each other"),
    Rule.PERSONS: N_(
        "the same persons were asked in both waves; how the two numbers hang together is published, to a tenth"
    ),
    Rule.BOUND: N_(
        "how the two numbers hang together is not known, so the interval is the widest possible: the sum of both "
        "uncertainties"
    ),
    Rule.ANSWERS: N_("how the two numbers hang together is computed from the answers"),
}
"""Each rule's assumption in words; to be translated where it is shown."""


@dataclass(frozen=True, kw_only=True)
class Relation:
    """`correlation`: what ρ lies between."""

    rule: Rule
    correlation: Range


TOLD = {Axis.GROUPS: Rule.GROUPS_IN_CLUSTERS, Axis.ITEMS: Rule.TOLD, Axis.ROWS: Rule.TOLD}
UNKNOWN = Relation(rule=Rule.BOUND, correlation=(-1.0, 1.0))


def relation(first: Fact, second: Fact, study: Study, publication: Publication, *, panel: bool = False) -> Relation:
    """Of two facts that may be compared (`comparable`). `panel`: the same persons answered in both waves."""
    if first.wave != second.wave:
        if (told := _told_of_waves(first, second, publication)) is not None:
            return told
        again = panel or _may_share_respondents(publication.samples(first.wave, second.wave), study)
        return UNKNOWN if again else Relation(rule=Rule.WAVES, correlation=(0.0, 0.0))
    response = next((each for each in publication.responses if each.wave == first.wave), None)
    if _apart(first, second):
        known = _groups(response, weighted=study.wave(first.wave).weighting is not None)
    else:
        part = _shared_part(first, second, study)
        known = UNKNOWN if part is None or cell(first) != cell(second) else _categories(first, second, part, response)
    return known if known is not UNKNOWN else _told(first, second, publication)


def _may_share_respondents(samples: Samples | None, study: Study) -> bool:
    """Of two waves. An edition that does not say it has the kind of its sample alone to go by."""
    if samples is None:
        return study.sample in (Sample.RECRUITED_PANEL, Sample.CENSUS)
    return samples is not Samples.INDEPENDENT


def cell(fact: Fact) -> dict[str, str]:
    """Of whom a fact speaks: background → group, empty for everybody."""
    return dict(zip(fact.by, fact.groups, strict=True))


def categories_of(question: Question, category: str) -> frozenset[str]:
    """The answers that a row counts: a net's, else its own."""
    nets = {net.id: frozenset(net.of) for net in question.nets}
    return nets.get(category, frozenset((category,)))


def _apart(first: Fact, second: Fact) -> bool:
    """Whether nobody can be in both groups."""
    one, other = cell(first), cell(second)
    return any(one[by] != other[by] for by in one.keys() & other.keys())


def _told(first: Fact, second: Fact, publication: Publication) -> Relation:
    """What the edition says of two numbers of one wave and question."""
    told = _along(first, second)
    if told is None or (first.question, first.by) != (second.question, second.by):
        return UNKNOWN
    axis, row, one, other = told
    table = (axis, first.wave, first.question, "" if axis is Axis.ITEMS else first.item, first.by)
    for each in publication.correlations:
        if (each.axis, each.wave, each.question, each.item, each.by) == table:
            found = each.between(row, one, other)
            return UNKNOWN if found is None else Relation(rule=TOLD[axis], correlation=found)
    return UNKNOWN


def _along(first: Fact, second: Fact) -> tuple[Axis, str, str, str] | None:
    """The axis along which they differ, in which row, and what each is called on it; None where there is none."""
    row, other = (row_name(fact.category, fact.stat) for fact in (first, second))
    if first.item == second.item and row == other:
        return Axis.GROUPS, row, ",".join(first.groups), ",".join(second.groups)
    if first.by:
        return None
    if row == other:
        return Axis.ITEMS, row, first.item, second.item
    return (Axis.ROWS, "", row, other) if first.item == second.item else None


def _told_of_waves(first: Fact, second: Fact, publication: Publication) -> Relation | None:
    """What the edition says of one number in two waves of a panel."""
    row = row_name(first.category, first.stat)
    if first.by != second.by or first.groups != second.groups or row != row_name(second.category, second.stat):
        return None
    if (first.question, first.item) != (second.question, second.item):
        return None
    table = (first.question, first.item, first.by)
    for each in publication.wave_correlations:
        if {each.wave, each.wave2} == {first.wave, second.wave} and (each.question, each.item, each.by) == table:
            tenths = each.of(row, ",".join(first.groups))
            found = None if tenths is None else (tenths / 10, (tenths + 1) / 10)
            return None if found is None else Relation(rule=Rule.PERSONS, correlation=found)
    return None


def _groups(response: Response | None, *, weighted: bool) -> Relation:
    if response is None or not _one_by_one(response):
        return UNKNOWN
    rule = Rule.GROUPS_IN_STRATA if len(response.by_stratum) > 1 else Rule.GROUPS
    rule = Rule.GROUPS_WEIGHTED if weighted else rule
    return Relation(rule=rule, correlation=(0.0, 0.0))


def _one_by_one(response: Response) -> bool:
    """Whether respondents were drawn, as far as is known: what replicates were made of is in no edition."""
    return not response.clustered and not response.replicates


def _shared_part(first: Fact, second: Fact, study: Study) -> Part | None:
    """The distribution that both are shares of, if each respondent is in one of its rows at most."""
    if (first.question, first.item) != (second.question, second.item) or first.stat or second.stat:
        return None
    keyed = {part.key: part for part in study.parts(first.wave)}
    part = keyed.get((first.question, first.item))
    return None if part is None or part.overlapping else part


def _categories(first: Fact, second: Fact, part: Part, response: Response | None) -> Relation:
    one, other = (categories_of(part.question, fact.category) for fact in (first, second))
    inside = _in_base(part)
    if one & other or not one | other <= inside:
        return UNKNOWN
    if one | other == inside:
        return Relation(rule=Rule.COMPLEMENT, correlation=(-1.0, -1.0))
    if response is None or not _one_by_one(response) or response.weighted or len(response.by_stratum) > 1:
        return UNKNOWN
    least, most = (_shares(first, second, half) for half in (-0.5, 0.5))
    return Relation(rule=Rule.CATEGORIES, correlation=(_exclusive(*most), _exclusive(*least)))


def _in_base(part: Part) -> frozenset[str]:
    """The ids of the rows whose shares add up to 100 %."""
    counted = {
        Base.VALID: (Role.ANSWER, Role.DONT_KNOW),
        Base.OPINION: (Role.ANSWER,),
        Base.ASKED: tuple(Role),
    }[part.base]
    return frozenset(row.id for row in part.rows if row.role in counted)


def _shares(first: Fact, second: Fact, half: float) -> Range:
    """Both shares of 1, at the end of their rounding that `half` of their last digit gives."""
    one, other = (((fact.value or 0) + half) / (100 * 10**fact.decimals) for fact in (first, second))
    return min(max(one, 0.0), 1.0), min(max(other, 0.0), 1.0)


def _exclusive(one: float, other: float) -> float:
    """ρ = −√(p₁p₂ / ((1 − p₁)(1 − p₂))) of two shares of a multinomial sample; −1 where they fill it."""
    if one + other >= 1:
        return -1.0
    return -math.sqrt(one * other / ((1 - one) * (1 - other)))
