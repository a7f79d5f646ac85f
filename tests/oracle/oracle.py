"""The slow, obvious tabulation: loops over respondents, fractions of integers, no numpy. Too simple to be wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from scipy import stats

from saklig.study.model import Base, Kind, Part, Role

NOT_ASKED, NO_ANSWER, ANSWERED = -1, -2, -3
IN_BASE = {
    Base.OPINION: (Role.ANSWER,),
    Base.VALID: (Role.ANSWER, Role.DONT_KNOW),
    Base.ASKED: (Role.ANSWER, Role.DONT_KNOW, Role.REFUSED, Role.NO_ANSWER),
}


@dataclass(frozen=True)
class Person:
    """One respondent: `code` as in the answers, `places` by position (several answers), `number` (a number)."""

    code: int
    places: tuple[int, ...] = ()
    number: int = 0
    weight: int = 1
    stratum: int = 0
    cluster: int = 0
    group: int = 0


@dataclass(frozen=True)
class Sample:
    """n_h and f_h by stratum, from the design."""

    people: list[Person]
    drawn: list[int]
    fraction: list[Fraction]
    population: int | None = None
    lonely: str = "fail"
    interval: str = "logit"


Value = Callable[[Person], int]


@dataclass(frozen=True)
class Line:
    """A row: how much a person counts in it (`value`), and whether the person is in its base."""

    category: str
    stat: str
    value: Value
    base: Callable[[Person], bool]


@dataclass(frozen=True)
class Found:
    count: int
    base: int
    numerator: int
    denominator: int


def chosen(part: Part, person: Person) -> set[int]:
    """The positions of the categories that a person chose; a missing category too."""
    found = (
        {position for position, place in enumerate(person.places) if place > 0} if person.code == ANSWERED else set()
    )
    if person.code >= 0:
        found.add(person.code)
    if person.code == NO_ANSWER:
        found |= {i for i, row in enumerate(part.rows) if row.role is Role.NO_ANSWER}
    if person.code == ANSWERED and part.question.kind is Kind.NUMERIC:
        found |= class_of(part, person)
    return found


def class_of(part: Part, person: Person) -> set[int]:
    for position, each in enumerate(part.question.classes):
        above = each.lower is None or person.number >= each.lower
        if above and (each.upper is None or person.number <= each.upper):
            return {position}
    return set()


def role(part: Part, person: Person) -> Role | None:
    """How a person answered at all; None: was not asked."""
    if person.code == NOT_ASKED:
        return None
    if person.code == NO_ANSWER:
        return Role.NO_ANSWER
    roles = [part.rows[position].role for position in chosen(part, person)]
    for each in (Role.ANSWER, Role.DONT_KNOW, Role.REFUSED, Role.NO_ANSWER):
        if each in roles:
            return each
    return Role.ANSWER


def lines(part: Part) -> list[Line]:
    question, kept = part.question, IN_BASE[part.base]
    shown = [row for row in part.rows if row.role in kept and row.role in (Role.ANSWER, Role.DONT_KNOW)]
    others = [row for row in part.rows if row not in shown]
    position = {row.id: i for i, row in enumerate(part.rows)}

    def in_base(person: Person) -> bool:
        return role(part, person) in kept

    def asked(person: Person) -> bool:
        return person.code != NOT_ASKED

    def any_of(of: set[int]) -> Value:
        return lambda person: int(bool(chosen(part, person) & of))

    def within(of: set[int], top: int) -> Value:
        return lambda person: int(
            any(1 <= (person.places[i] if person.code == ANSWERED else int(i == person.code)) <= top for i in of)
        )

    found = []
    for name, members in [(row.id, [row.id]) for row in shown] + [(net.id, list(net.of)) for net in question.nets]:
        of = {position[each] for each in members if each in position and part.rows[position[each]] in shown}
        if not of:  # a net of what is not in the base: beside it, as a share of all who were asked
            found.append(Line(name, "", any_of({position[each] for each in members if each in position}), asked))
        elif question.kind is Kind.RANKING and any(part.rows[i].role is Role.ANSWER for i in of):
            found.append(Line(name, "first", within(of, 1), in_base))
            if question.top > 1:
                found.append(Line(name, f"top-{question.top}", within(of, question.top), in_base))
        else:
            found.append(Line(name, "", any_of(of), in_base))
    found += [Line(row.id, "", any_of({position[row.id]}), asked) for row in others]
    if not any(row.role is Role.NO_ANSWER for row in part.rows):
        found.append(Line("no-answer", "", lambda person: int(person.code == NO_ANSWER), asked))
    if question.kind is Kind.NUMERIC:
        found.append(Line("", "mean", lambda person: person.number, lambda person: person.code == ANSWERED))
        found += [
            Line("", stat, lambda person: person.number, lambda person: person.code == ANSWERED) for stat in QUANTILES
        ]
    elif question.mean:
        score = {i: row.score for i, row in enumerate(part.rows) if row.score is not None and row.role is Role.ANSWER}
        if score:
            found.append(Line("", "mean", lambda person: score[person.code] or 0, lambda person: person.code in score))
    if question.balance:
        sides = {line.category: line for line in found}
        plus, minus = sides[question.balance.positive], sides[question.balance.negative]
        found.append(Line("", "balance", lambda person: plus.value(person) - minus.value(person), in_base))
    return found


QUANTILES = {"median": Fraction(1, 2), "q1": Fraction(1, 4), "q3": Fraction(3, 4)}


def table(part: Part, people: list[Person], group: int) -> list[Found]:
    """Each line of one group: the count, the base, and the ratio as integers."""
    result = []
    for line in lines(part):
        based = [person for person in people if person.group == group and line.base(person)]
        if line.stat in QUANTILES:
            value = quantile(based, QUANTILES[line.stat])
            result.append(Found(len(based), len(based), value or 0, 0 if value is None else 1))
            continue
        counting = based if line.stat == "mean" else [person for person in based if line.value(person) != 0]
        numerator = sum(person.weight * line.value(person) for person in based)
        result.append(Found(len(counting), len(based), numerator, sum(person.weight for person in based)))
    return result


def quantile(people: list[Person], p: Fraction) -> int | None:
    """The smallest number at or below which lie at least p of the weights."""
    whole = sum(person.weight for person in people)
    for number in sorted({person.number for person in people}):
        if whole and sum(person.weight for person in people if person.number <= number) >= p * whole:
            return number
    return None


def variance(sample: Sample, value: Callable[[Person], Fraction], met: set[int]) -> Fraction:
    """Of Σ weight · value, over clusters within strata; who is not in the domain has the value 0.

    `met`: the strata in which the domain has anybody. A stratum of one cluster tells nothing of itself.
    """
    total = Fraction(0)
    silent = {h for h in met if sample.drawn[h] == 1 and sample.fraction[h] < 1}
    for stratum, (n, f) in enumerate(zip(sample.drawn, sample.fraction, strict=True)):
        if n < 2:
            if stratum in silent and sample.lonely == "adjust":
                z = sum((p.weight * value(p) for p in sample.people if p.stratum == stratum), Fraction(0))
                total += (1 - f) * z**2
            continue
        sums: dict[int, Fraction] = {}
        for person in sample.people:
            if person.stratum == stratum:
                sums[person.cluster] = sums.get(person.cluster, Fraction(0)) + person.weight * value(person)
        mean = sum(sums.values(), Fraction(0)) / n
        squares = sum(((each - mean) ** 2 for each in sums.values()), Fraction(0)) + (n - len(sums)) * mean**2
        total += (1 - f) * Fraction(n, n - 1) * squares
    if sample.lonely == "average" and len(met) > len(silent):
        total *= Fraction(len(met), len(met) - len(silent))
    return total


def ratio_error(sample: Sample, line: Line, group: int) -> float:
    """The linearised standard error of a ratio; the domain has somebody with a weight."""
    based = {id(person) for person in sample.people if person.group == group and line.base(person)}
    denominator = sum(person.weight for person in sample.people if id(person) in based)
    ratio = Fraction(sum(p.weight * line.value(p) for p in sample.people if id(p) in based), denominator)

    def residual(person: Person) -> Fraction:
        return line.value(person) - ratio if id(person) in based else Fraction(0)

    met = {person.stratum for person in sample.people if id(person) in based and person.weight > 0}
    return math.sqrt(variance(sample, residual, met) / Fraction(denominator) ** 2)


def degrees(sample: Sample, line: Line, group: int) -> int:
    """Clusters minus strata in which somebody of the base has a weight; −1 without anybody."""
    based = [person for person in sample.people if person.group == group and line.base(person) and person.weight > 0]
    if not based:
        return -1
    return len({person.cluster for person in based}) - len({person.stratum for person in based})


def design_effect(sample: Sample, line: Line, group: int, error: float) -> float:
    """The variance over that of a simple random sample drawn without replacement; NaN where that is zero."""
    based = [person for person in sample.people if person.group == group and line.base(person) and person.weight > 0]
    n, whole = len(based), sum(person.weight for person in based)
    if n < 2:
        return math.nan
    ratio = Fraction(sum(person.weight * line.value(person) for person in based), whole)
    spread = sum(person.weight * (line.value(person) - ratio) ** 2 for person in based) / whole
    left = Fraction(1)
    if sample.population is not None:
        everyone = sum(person.weight for person in sample.people)
        left = 1 - n / (sample.population * Fraction(whole, everyone))
    simple = spread / (n - 1) * left
    return float(error**2 / simple) if simple > 0 else math.nan


def interval(kind: str, p: float, error: float, n: int, t: Callable[[int], float], df: int) -> tuple[float, float]:
    """Of a share 0 < p < 1 of n respondents, by name."""
    if kind == "logit":
        return logit(p, error, t(df))
    if kind == "mean":
        return max(p - t(df) * error, 0.0), min(p + t(df) * error, 1.0)
    if kind == "likelihood":
        reach = t(df) ** 2 * error**2 / (2 * p * (1 - p)) * n / (n - 1) if n > 1 else math.nan
        return ends(p, reach, lambda q: divergence(p, q))
    effective = p * (1 - p) / error**2 * (t(n - 1) / t(df)) ** 2 if error else math.inf
    if kind == "wilson":
        return ends(p, 1.959963984540054**2 / effective, lambda q: (p - q) ** 2 / (q * (1 - q)))
    lower = stats.beta.ppf(0.025, effective * p, effective * (1 - p) + 1)
    return float(lower), float(stats.beta.ppf(0.975, effective * p + 1, effective * (1 - p)))


def divergence(p: float, q: float) -> float:
    """p·log(p/q) + (1 − p)·log((1 − p)/(1 − q)); where q lies next to p its digits are in the difference."""
    if abs(q - p) < min(p, 1 - p) / 2:
        return -p * math.log1p((q - p) / p) - (1 - p) * math.log1p((p - q) / (1 - p))
    return p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))


def ends(p: float, reach: float, far: Callable[[float], float]) -> tuple[float, float]:
    """On either side of p the value that is as far as `reach`."""
    if reach == 0:
        return p, p
    found = []
    for inside, outside in ((p, 0.0), (p, 1.0)):
        for _ in range(200):
            middle = (inside + outside) / 2
            if 0 < middle < 1 and far(middle) < reach:
                inside = middle
            else:
                outside = middle
        found.append(inside)
    return found[0], found[1]


def logit(p: float, error: float, t: float) -> tuple[float, float]:
    middle, half = math.log(p / (1 - p)), t * error / (p * (1 - p))
    return share_at(middle - half), share_at(middle + half)


def share_at(odds: float) -> float:
    """The share of these log odds, which may be far beyond what exp can take."""
    return 1 / (1 + math.exp(-odds)) if odds > 0 else math.exp(odds) / (1 + math.exp(odds))


def zero_of_finite(n: int, population: int) -> float:
    """The largest share of the population with more than 2.5 % chance to leave no trace among n drawn."""
    possible = [k for k in range(population - n + 1) if 40 * math.comb(population - k, n) > math.comb(population, n)]
    return max(possible) / population
