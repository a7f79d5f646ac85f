"""The holder's own comparisons, computed from the answers: neither rounded for protection nor withheld, so never
published and never written to an edition."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from saklig.answers.model import Answers
from saklig.compilation.compiling import Bound
from saklig.compilation.placing import (
    grouping_of_place,
    inside_of,
    part_of,
    places,
    row_of,
    wave_of,
)
from saklig.design.model import Design
from saklig.design.overlap import samples_of
from saklig.edition.comparable import NotComparable, check_comparable
from saklig.edition.contrasting import Contrast, Why, judged, several
from saklig.edition.facts import IN_UNITS, Fact, Status
from saklig.edition.publication import Samples
from saklig.edition.relating import Rule
from saklig.estimation import difference, rao_scott
from saklig.estimation.difference import Limited, Pair
from saklig.estimation.model import Floats
from saklig.estimation.rao_scott import CrossTable, RaoScott
from saklig.language.catalog import say
from saklig.study.address import Address
from saklig.study.model import Part, Sample
from saklig.tabulation.counting import ticks
from saklig.tabulation.joint import joint, scores
from saklig.tabulation.layout import BASE, layout_of
from saklig.tabulation.panel import NotOneSample, Panel, joint_waves
from saklig.tabulation.plan import grouping_of
from saklig.tabulation.table import Table
from saklig.tabulation.tabulate import tabulate

QUANTILES = ("median", "q1", "q3")
DECIMALS = 2
"""Of shares in per cent; means have one more. Finer than anything that is published."""


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """One number of the holder's: as a fact in words and decimals, and unrounded, shares as fractions of 1."""

    fact: Fact
    exact: Limited


@dataclass(frozen=True, kw_only=True)
class Compared:
    """`se` of the difference in the unit of the numbers, shares in per cent; `correlation` of the two estimates. NaN
    where undefined or not known."""

    found: Contrast
    se: float = math.nan
    correlation: float = math.nan


def estimated(bound: Bound, addresses: Sequence[Address]) -> tuple[Estimated, ...]:
    """What stands at addresses; what would be withheld too. Raises NoSuchFact, or NotComparable for a quantile."""
    found = places(bound, addresses)
    for place, address in zip(found, addresses, strict=True):
        if place.stat in QUANTILES:
            raise NotComparable(
                say(
                    "{address}: from the answers, shares and means are compared; of medians and quartiles compare what "
                    "is published",
                    address=address,
                )
            )
    return tuple(_estimated(bound, place) for place in found)


def compared(bound: Bound, given: Sequence[Estimated]) -> tuple[Compared, ...]:
    """Every pair, in order; of several, the verdicts are corrected for that.

    Raises NotComparable where a difference would say nothing.
    """
    return _corrected([_compared(bound, one, other) for one, other in combinations(given, 2)])


def _corrected(pairs: list[Compared]) -> tuple[Compared, ...]:
    if len(pairs) < 2:
        return tuple(pairs)
    corrected = several([each.found for each in pairs])
    return tuple(replace(each, found=found) for each, found in zip(pairs, corrected, strict=True))


def association(bound: Bound, address: Address, background: str) -> tuple[Fact, RaoScott]:
    """Whether a question's answers differ between the groups of a background; the fact says of which wave and base.

    Raises NotComparable where there is no such table, or nothing in it to test.
    """
    wave, part = _asked(bound, address)
    answers, design = wave_of(bound, wave)
    if background not in answers.backgrounds:
        known = ", ".join(answers.backgrounds) or say("none")
        raise NotComparable(say("there is no background “{name}”; there are: {known}", name=background, known=known))
    if part.overlapping:
        raise NotComparable(
            say("{address}: several answers could be given; compare the groups answer by answer", address=address)
        )
    table = _table(part, answers, design, background)
    try:
        rao_scott.validate(table)
    except ValueError:
        raise NotComparable(
            say("{address}: there are not two answers in two groups to compare", address=address)
        ) from None
    place = Fact(wave=wave, question=part.key[0], item=part.key[1], base=table.respondents)
    return place, rao_scott.estimate(table)


def within_table(bound: Bound, question: Fact, background: str) -> tuple[Compared, ...]:
    """Every pair of groups, answer by answer, of a question as `association` names it; the verdicts are corrected for
    all pairs of the table. Groups that nobody of the base is in are left out."""
    answers, design = wave_of(bound, question.wave)
    part = part_of(bound, question)
    column = answers.columns[part.key]
    grouping = grouping_of((bound.study.background(background),), (answers.backgrounds[background],))
    table = tabulate(part, column, grouping, design)
    inside = grouping.codes[:, None] == np.arange(len(grouping.groups))
    pairs = []
    for row in _answers_of(part):
        y, x = scores(part, column, row)
        found = joint(design, y[:, None] * inside, x[:, None] * inside)
        place = replace(question, category=table.rows[row].category, by1=background)
        given = [
            (at, _read(replace(place, group1=group), table, (at, row))) for at, (group,) in enumerate(grouping.groups)
        ]
        there = [(at, each) for at, each in given if each.fact.value is not None]
        for (g, one), (h, other) in combinations(there, 2):
            fewer = min(one.fact.df or 1, other.fact.df or 1)
            together = _Together(correlation=found.correlation(g, h), df=fewer, rule=Rule.ANSWERS)
            pairs.append(_compared(bound, one, other, together))
    return _corrected(pairs)


def _answers_of(part: Part) -> list[int]:
    """The rows that are answers in the base, without nets."""
    own = {row.id for row in part.rows}
    layout = layout_of(part)
    return [
        at for at, row in enumerate(layout.rows) if row.category in own and not row.stat and layout.base_of[at] == BASE
    ]


def _estimated(bound: Bound, place: Fact) -> Estimated:
    answers, design = wave_of(bound, place.wave)
    part = part_of(bound, place)
    table = tabulate(part, answers.columns[part.key], grouping_of_place(bound, place), design)
    return _read(place, table, (0, row_of(part, place)))


def _read(place: Fact, table: Table, at: tuple[int, int]) -> Estimated:
    """As the publication's own code makes it, before rounding."""
    fact = replace(place, base=int(table.base[at]), status=Status.NO_ANSWERS)
    if not table.denominator[at]:
        return Estimated(fact=fact, exact=Limited(value=math.nan, se=math.nan, lower=math.nan, upper=math.nan))
    value = float(table.numerator[at] / table.denominator[at])
    exact = Limited(value=value, se=float(table.se[at]), lower=float(table.lower[at]), upper=float(table.upper[at]))
    decimals = DECIMALS + (place.stat in IN_UNITS)
    scale = _unit(place) * 10**decimals
    shown = replace(
        fact,
        status=Status.PUBLISHED,
        decimals=decimals,
        value=_nearest(value * scale),
        lower=None if math.isnan(exact.lower) else math.floor(exact.lower * scale),
        upper=None if math.isnan(exact.upper) else math.ceil(exact.upper * scale),
        df=int(table.df[at]) if table.df[at] >= 0 else None,
    )
    return Estimated(fact=shown, exact=exact)


@dataclass(frozen=True, kw_only=True)
class _Together:
    """How two estimates hang together; `correlation` None where it is not known. `df`: of both."""

    correlation: float | None
    df: int
    rule: Rule


def _compared(bound: Bound, one: Estimated, other: Estimated, together: _Together | None = None) -> Compared:
    check_comparable(one.fact, other.fact, bound.study)
    found = Contrast(first=one.fact, second=other.fact, decimals=one.fact.decimals, why=Why.NOT_PUBLISHED)
    if one.fact.value is None or other.fact.value is None:
        return Compared(found=found)
    together = together or _together(bound, one.fact, other.fact)
    correlation = together.correlation
    between = (-1.0, 1.0) if correlation is None else (correlation, correlation)
    pair = Pair(first=one.exact, second=other.exact, correlation=between, df=max(together.df, 1))
    difference.validate(pair)
    told = difference.estimate(pair)
    scale = _unit(one.fact) * 10**found.decimals
    found = replace(found, value=_nearest(told.value * scale), why=_without_interval(bound))
    if not math.isnan(told.lower):
        limits = (math.floor(told.lower * scale), math.ceil(told.upper * scale))
        least = 0.0 if correlation is None else told.p
        found = judged(replace(found, lower=limits[0], upper=limits[1], rule=together.rule, p=(least, told.p)))
    known = math.nan if correlation is None else correlation
    return Compared(found=found, se=told.se * _unit(one.fact), correlation=known)


def _without_interval(bound: Bound) -> Why:
    return Why.SELF_SELECTED if bound.study.sample is Sample.SELF_SELECTED else Why.NO_INTERVAL


def _unit(place: Fact) -> float:
    return 1.0 if place.stat in IN_UNITS else 100.0


def _nearest(number: float) -> int:
    return math.floor(number + 0.5)


def _together(bound: Bound, one: Fact, other: Fact) -> _Together:
    if one.wave != other.wave:
        fewer = min(one.df or 1, other.df or 1)
        order = [wave.id for wave in bound.study.waves]
        early, late = sorted((one.wave, other.wave), key=order.index)
        samples = samples_of(bound.study, wave_of(bound, early)[0], wave_of(bound, late)[0])
        if samples is Samples.INDEPENDENT:
            return _Together(correlation=0.0, df=fewer, rule=Rule.WAVES)
        same = _of_persons(bound, one, other) if samples is Samples.PERSONS else None
        return _Together(correlation=same, df=fewer, rule=Rule.BOUND if same is None else Rule.ANSWERS)
    _answers, design = wave_of(bound, one.wave)
    ys, xs = zip(*(_scores(bound, fact) for fact in (one, other)), strict=True)
    found = joint(design, np.stack(ys, axis=1), np.stack(xs, axis=1))
    return _Together(correlation=found.correlation(0, 1), df=found.df, rule=Rule.ANSWERS)


def _scores(bound: Bound, place: Fact) -> tuple[Floats, Floats]:
    """y and x of everybody in the wave, zero outside the place's groups."""
    answers, _design = wave_of(bound, place.wave)
    part, inside = part_of(bound, place), inside_of(bound, place)
    y, x = scores(part, answers.columns[part.key], row_of(part, place))
    return y * inside, x * inside


def _of_persons(bound: Bound, one: Fact, other: Fact) -> float | None:
    """The correlation of two waves of a panel; None where they cannot be seen as one sample."""
    waves = []
    for fact in (one, other):
        answers, design = wave_of(bound, fact.wave)
        assert answers.persons is not None, "the answers say who answered in both waves"
        waves.append(Panel(design=design, persons=answers.persons, strata=answers.stratum_ids or ("",)))
    ys, xs = zip(*(_scores(bound, fact) for fact in (one, other)), strict=True)
    try:
        return joint_waves(waves[0], waves[1], (ys[0], ys[1]), (xs[0], xs[1])).correlation(0, 1)
    except NotOneSample:
        return None


def _asked(bound: Bound, address: Address) -> tuple[str, Part]:
    """The wave and the part of the question that an address names."""
    if address.category or address.stat or address.groups:
        raise NotComparable(
            say("{address}: name the question alone, since all of its answers are tested at once", address=address)
        )
    known = [wave.id for wave in reversed(bound.study.waves)]
    for wave in known if address.study == bound.study.id else ():
        for part in bound.study.parts(wave) if address.wave in ("", wave) else ():
            if part.key == (address.question, address.item):
                return wave, part
    places(bound, [address])  # raises NoSuchFact, since no fact has a question's address
    raise AssertionError("a question that the study has was not found")


def _table(part: Part, answers: Answers, design: Design, background: str) -> CrossTable:
    """Answers in the base × groups, without those that nobody gave or is in."""
    column = ticks(part, layout_of(part), answers.columns[part.key]).column
    groups = answers.backgrounds[background]
    inside = (layout_of(part).base[column, BASE] > 0) & (groups >= 0) & (design.weights > 0)
    answered, present = np.unique(column[inside]), np.unique(groups[inside])
    cells = [(column == one) & (groups == other) & inside for one in answered for other in present]
    if not cells:
        return CrossTable(shares=np.zeros((0, 0)), covariance=np.zeros((0, 0)), respondents=0, df=-1)
    y = np.stack(cells, axis=1).astype(np.float64)
    found = joint(design, y, np.repeat(inside[:, None].astype(np.float64), len(cells), axis=1))
    return CrossTable(
        shares=found.ratio.reshape(len(answered), len(present)),
        covariance=found.covariance,
        respondents=found.respondents,
        df=found.df if design.intervals else -1,  # a sample without errors tells nothing
    )
