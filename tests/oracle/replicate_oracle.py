"""The slow, obvious variance from replicates: every replicate re-weights all, every estimate is made anew."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from oracle import Line, Person, Sample


@dataclass(frozen=True)
class Reweighted:
    """`factors`: by person and replicate. R's `svrepdesign(scale = …, rscales = …, mse = …)`."""

    sample: Sample
    factors: list[list[Fraction]]
    scale: Fraction
    rscales: list[Fraction]
    mse: bool

    def error(self, line: Line, group: int) -> float:
        """The standard error of a ratio; the domain has somebody with a weight."""
        people = zip(self.sample.people, self.factors, strict=True)
        based = [
            (person.weight, line.value(person), factors)
            for person, factors in people
            if person.group == group and line.base(person)
        ]
        own = ratio([(weight, value) for weight, value, _ in based])
        estimates = []
        for replicate, rscale in enumerate(self.rscales):
            found = ratio([(weight * factors[replicate], value) for weight, value, factors in based])
            if rscale > 0 and found is not None:
                estimates.append((rscale, found))
        assert own is not None
        if not self.scale or not any(self.rscales):
            return 0.0
        if not estimates:
            return math.nan
        centre = own if self.mse else sum(found for _, found in estimates) / len(estimates)
        return math.sqrt(self.scale * sum(rscale * (found - centre) ** 2 for rscale, found in estimates))

    def degrees(self, line: Line, group: int) -> int:
        """The rank of the replicate weights of the domain, minus one; −1 without anybody."""
        rows = [
            [float(each) for each in factors]
            for person, factors in zip(self.sample.people, self.factors, strict=True)
            if person.group == group and line.base(person) and person.weight > 0
        ]
        return rank(rows) - 1

    def certain(self, people: list[Person]) -> bool:
        """No replicate changes anybody's weight."""
        there = {id(person) for person in people}
        return not self.scale or all(
            factor == 1 or not rscale
            for person, factors in zip(self.sample.people, self.factors, strict=True)
            if id(person) in there
            for factor, rscale in zip(factors, self.rscales, strict=True)
        )


def ratio(people: list[tuple[Fraction | int, int]]) -> Fraction | None:
    """Of weights and values."""
    whole = sum(weight for weight, _ in people)
    return Fraction(sum(weight * value for weight, value in people)) / whole if whole else None


def rank(rows: list[list[float]]) -> int:
    """By elimination, the largest number left at each step being the pivot."""
    left = [row[:] for row in {tuple(row): row for row in rows}.values()]
    found = 0
    while left:
        size, at, column = max((abs(number), i, j) for i, row in enumerate(left) for j, number in enumerate(row))
        if size < 1e-6:
            return found
        pivot = left.pop(at)
        left = [
            [number - row[column] / pivot[column] * p for number, p in zip(row, pivot, strict=True)] for row in left
        ]
        found += 1
    return found
