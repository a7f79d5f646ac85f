"""A rate of outcomes: one sum of counts by another, the unknown counted in part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from saklig.study.fieldwork import DISPOSITIONS, Disposition

Counts = Mapping[Disposition, int]
Coefficients = Mapping[Disposition, Fraction]


@dataclass(frozen=True)
class Rate:
    """`above` by `below`; of the dispositions in `in_part` the share e is added, below and where `above` has them."""

    above: frozenset[Disposition]
    below: frozenset[Disposition]
    in_part: frozenset[Disposition] = frozenset()

    def numerator(self, e: Fraction | None) -> Coefficients:
        """What a case of each disposition counts above. Raises ValueError where e is needed and None."""
        return self._coefficients(self.above, e)

    def denominator(self, e: Fraction | None) -> Coefficients:
        """What a case of each disposition counts below. Raises ValueError where e is needed and None."""
        return self._coefficients(self.below | self.in_part, e)

    @property
    def needs_e(self) -> bool:
        return bool(self.in_part)

    def _coefficients(self, wanted: frozenset[Disposition], e: Fraction | None) -> Coefficients:
        if e is None and self.needs_e:
            raise ValueError("the rate counts cases of unknown eligibility in part, and e is not known")
        part = Fraction(0) if e is None else e
        found = {}
        for disposition in DISPOSITIONS:
            share = part if disposition in self.in_part else Fraction(1)
            found[disposition] = share if disposition in wanted else Fraction(0)
        return found


def total(coefficients: Coefficients, counts: Counts) -> Fraction:
    return sum((share * counts.get(disposition, 0) for disposition, share in coefficients.items()), Fraction(0))


def value(rate: Rate, counts: Counts, e: Fraction | None) -> Fraction | None:
    """The rate, exact; None where nobody counts below, or where e is needed and not known."""
    if rate.needs_e and e is None:
        return None
    below = total(rate.denominator(e), counts)
    return total(rate.numerator(e), counts) / below if below else None
