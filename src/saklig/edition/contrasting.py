"""Whether the survey can tell two published numbers apart, from the edition alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from saklig.edition.comparable import check_comparable
from saklig.edition.facts import IN_UNITS, Fact, Status
from saklig.edition.mover import LEVEL, Rounded, boldest, p_value, surest, widest
from saklig.edition.publication import Publication
from saklig.edition.relating import Rule, relation
from saklig.language.catalog import N_
from saklig.study.breaks import breaks_of, is_broken
from saklig.study.model import Sample, Study


class Verdict(StrEnum):
    """Can the survey tell the two apart?"""

    FIRST_LARGER = "first-larger"
    SECOND_LARGER = "second-larger"
    NO = "no"
    CANNOT_TELL = "cannot-tell"


class Why(StrEnum):
    """Why it cannot be told."""

    NOT_PUBLISHED = "not-published"
    SELF_SELECTED = "self-selected"
    CHANGED = "changed"
    NO_INTERVAL = "no-interval"
    UNKNOWN_CORRELATION = "unknown-correlation"
    ROUNDING = "rounding"


REASONS = {
    Why.NOT_PUBLISHED: N_("at least one of the numbers is not published"),
    Why.SELF_SELECTED: N_("the respondents chose themselves, and such a sample has no margin of error"),
    Why.CHANGED: N_("the question was changed between the two waves"),
    Why.NO_INTERVAL: N_("at least one of the numbers has no interval"),
    Why.UNKNOWN_CORRELATION: N_("it depends on how the two numbers hang together, which is not known"),
    Why.ROUNDING: N_("it depends on decimals that are not published"),
}
"""To be translated where they are shown."""


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """first − second, in units of 10**−`decimals`; shares and balances in percentage points.

    `decimals`: the fewer of the two; no difference is finer than the numbers that it is made of. `value`: the
    difference of the printed numbers, rounded half up; None where one is not published. `lower`, `upper`: the 95 %
    interval rounded outward, within which the interval of the unrounded numbers lies; None where there is none. `rule`:
    what the interval rests on. `p`: between what the difference's p-value lies, whatever was rounded away.
    """

    first: Fact
    second: Fact
    decimals: int
    value: int | None = None
    lower: int | None = None
    upper: int | None = None
    rule: Rule | None = None
    verdict: Verdict = Verdict.CANNOT_TELL
    why: Why | None = None
    p: tuple[float, float] = (0.0, 1.0)

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.CANNOT_TELL) != (self.why is not None):
            raise ValueError("what cannot be told has a reason, and what can has none")

    @property
    def holds_zero(self) -> bool:
        """Whether the interval, if there is one, has zero in it."""
        return self.lower is not None and self.upper is not None and self.lower <= 0 <= self.upper


def contrast(first: Fact, second: Fact, study: Study, publication: Publication, *, panel: bool = False) -> Contrast:
    """Two facts of one study. `panel`: the same persons answered in both waves.

    Raises NotComparable, with the remedy, where the difference would say nothing.
    """
    check_comparable(first, second, study)
    decimals = min(first.decimals, second.decimals)
    if first.status is not Status.PUBLISHED or second.status is not Status.PUBLISHED:
        return Contrast(first=first, second=second, decimals=decimals, why=Why.NOT_PUBLISHED)
    value = _difference(first, second)
    found = Contrast(first=first, second=second, decimals=decimals, value=value, why=Why.NO_INTERVAL)
    if study.sample is Sample.SELF_SELECTED:
        return replace(found, why=Why.SELF_SELECTED)
    if None in (first.lower, first.upper, second.lower, second.upper):
        return found
    found = _told(found, study, publication, panel)
    return (
        replace(found, verdict=Verdict.CANNOT_TELL, why=Why.CHANGED)
        if _changed(first, second, study, publication)
        else found
    )


def several(contrasts: Sequence[Contrast]) -> tuple[Contrast, ...]:
    """The same, each verdict corrected for how many were made at once: Holm (1979), Scand. J. Statist. 6:65–70.

    Intervals stay as they are, 95 % each.
    """
    least = holm([each.p[0] for each in contrasts])
    most = holm([each.p[1] for each in contrasts])
    return tuple(
        each if each.why in _SETTLED else judged(replace(each, p=(low, high)))
        for each, low, high in zip(contrasts, least, most, strict=True)
    )


_SETTLED = (Why.NOT_PUBLISHED, Why.SELF_SELECTED, Why.CHANGED, Why.NO_INTERVAL)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values in the order given: the i-th least times n − i + 1, never falling, at most 1."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted


def _told(found: Contrast, study: Study, publication: Publication, panel: bool) -> Contrast:
    known = relation(found.first, found.second, study, publication, panel=panel)
    finer = max(found.first.decimals, found.second.decimals)
    one, other = (_unrounded(fact, finer) for fact in (found.first, found.second))
    lower, upper = widest(one, other, known.correlation)
    df = _degrees(found.first, found.second, publication)
    sure = max(surest(one, other, known.correlation), surest(other, one, known.correlation))
    bold = max(boldest(one, other, known.correlation), boldest(other, one, known.correlation))
    farthest, unit = _farthest(found.first, finer), 10 ** (finer - found.decimals)
    return judged(
        replace(
            found,
            lower=math.floor(max(lower, -farthest) / unit),
            upper=math.ceil(min(upper, farthest) / unit),
            rule=known.rule,
            p=(p_value(bold, df), p_value(sure, df)),
        )
    )


def judged(found: Contrast) -> Contrast:
    """With the verdict that its interval and p give."""
    least, most = found.p
    assert found.lower is not None, "only what has an interval is judged"
    assert found.upper is not None, "only what has an interval is judged"
    # Whoever reads the interval must see the verdict in it: a limit that was rounded to 0 does not tell apart.
    if most <= LEVEL and found.lower > 0:
        return replace(found, verdict=Verdict.FIRST_LARGER, why=None)
    if most <= LEVEL and found.upper < 0:
        return replace(found, verdict=Verdict.SECOND_LARGER, why=None)
    if least > LEVEL:
        return replace(found, verdict=Verdict.NO, why=None)
    why = Why.UNKNOWN_CORRELATION if found.rule is Rule.BOUND else Why.ROUNDING
    return replace(found, verdict=Verdict.CANNOT_TELL, why=why)


def _difference(first: Fact, second: Fact) -> int:
    """In units of the coarser of the two, rounded half up."""
    assert first.value is not None, "a published fact has a value"
    assert second.value is not None, "a published fact has a value"
    finer = max(first.decimals, second.decimals)
    unit = int(10 ** (finer - min(first.decimals, second.decimals)))
    difference = first.value * 10 ** (finer - first.decimals) - second.value * 10 ** (finer - second.decimals)
    return int((2 * difference + unit) // (2 * unit))


def _unrounded(fact: Fact, decimals: int) -> Rounded:
    """Values are rounded to the nearest, limits outward, and no value lies outside its limits."""
    assert fact.value is not None, "a published fact has a value"
    assert fact.lower is not None, "what has no interval is not compared"
    assert fact.upper is not None, "what has no interval is not compared"
    scale = 10 ** (decimals - fact.decimals)
    return Rounded(
        value=(max(fact.value - 0.5, fact.lower) * scale, min(fact.value + 0.5, fact.upper) * scale),
        lower=(fact.lower * scale, (fact.lower + 1) * scale),
        upper=((fact.upper - 1) * scale, fact.upper * scale),
    )


def _farthest(fact: Fact, decimals: int) -> float:
    """The largest that a difference of such numbers can be."""
    if fact.stat in IN_UNITS:
        return math.inf
    return float((200 if fact.stat == "balance" else 100) * 10**decimals)


def _degrees(first: Fact, second: Fact, publication: Publication) -> int:
    """The fewer degrees of freedom of the two; where none are printed, the fewest that there can be."""
    return max(1, min(_degrees_of(fact, publication) for fact in (first, second)))


def _degrees_of(fact: Fact, publication: Publication) -> int:
    if fact.df is not None:
        return fact.df
    response = next((each for each in publication.responses if each.wave == fact.wave), None)
    if response is None or response.clustered or fact.base is None:
        return 1
    return fact.base - max(1, len(response.by_stratum))


def _changed(first: Fact, second: Fact, study: Study, publication: Publication) -> bool:
    """Whether the line between two waves is broken for a question that both are of."""
    if first.wave == second.wave or first.question != second.question:
        return False
    order = [wave.id for wave in study.waves]
    early, late = sorted((first.wave, second.wave), key=order.index)
    return is_broken(breaks_of(study, publication.breaks), study, first.question, early, late)
