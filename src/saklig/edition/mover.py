"""The limits of a difference, from two numbers and the limits of each: the square-and-add method, MOVER.

With θ₁ between l₁ and u₁, θ₂ between l₂ and u₂, and ρ the correlation of their estimates,

    lower = θ₁ − θ₂ − √(a² + b² − 2ρab),   a = θ₁ − l₁,  b = u₂ − θ₂
    upper = θ₁ − θ₂ + √(a² + b² − 2ρab),   a = u₁ − θ₁,  b = θ₂ − l₂

Newcombe (1998), Statistics in Medicine 17:873–890, method 10, for two shares; Zou and Donner (2008), Statistics in
Medicine 27:1693–1702, for anything that has limits; Zou (2007), Psychological Methods 12:399–413, eq. 15, with ρ. No
standard error is needed, limits need not be symmetric, and where they are (θ ± 1.96·se) this is the usual interval.

Printed numbers are rounded. Each is taken to lie anywhere within its rounding, and ρ within what is known of it: the
widest limits hold whatever the unrounded numbers were, and the boldest reading tells whether the rounding decides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

Range = tuple[float, float]
"""A least and a most."""

LEVEL = 0.05
"""Limits are of 1 − LEVEL."""


@dataclass(frozen=True, kw_only=True)
class Rounded:
    """Between what a number and its two limits lay before they were rounded."""

    value: Range
    lower: Range
    upper: Range

    def __post_init__(self) -> None:
        for least, most in (self.value, self.lower, self.upper):
            if least > most:
                raise ValueError(f"{least} is above {most}: this is no range")


def widest(first: Rounded, second: Rounded, correlation: Range) -> Range:
    """The least lower and the greatest upper limit of first − second that the rounding leaves possible."""
    return -_furthest(second, first, correlation), _furthest(first, second, correlation)


def surest(first: Rounded, second: Rounded, correlation: Range) -> float:
    """The least of (first − second) / (first − second − lower): above 1 where the lower limit is certainly above 0.

    0 where the difference may be 0 or negative; infinite where neither number has any error.
    """
    return min(_ratio(difference, _length(a, b, correlation[0])) for difference, a, b in _corners(first, second))


def boldest(first: Rounded, second: Rounded, correlation: Range) -> float:
    """As `surest`, at the greatest lower limit that the rounding leaves possible."""
    # That limit does not fall as first grows, nor rise as second does.
    own, other = first.value[1], second.value[0]
    a = [max(own - limit, 0.0) for limit in reversed(first.lower)]
    b = [max(limit - other, 0.0) for limit in second.upper]
    rho = correlation[1]
    # A convex square is least on the rectangle's edges, where each side is nearest to ρ times the other.
    edges = [(side, min(max(rho * side, b[0]), b[1])) for side in a]
    edges += [(min(max(rho * side, a[0]), a[1]), side) for side in b]
    return _ratio(own - other, min(_length(*edge, rho) for edge in edges))


def p_value(ratio: float, df: int) -> float:
    """Of a difference that is `ratio` times as long as the way from it to its 95 % limit on zero's side.

    The way is taken for t · se (Altman and Bland 2011, BMJ 343:d2304): exactly 0.05 where the limit is zero.
    """
    from scipy.special import stdtr, stdtrit

    if math.isinf(ratio):
        return 0.0
    return float(2 * stdtr(df, -ratio * float(stdtrit(df, 1 - LEVEL / 2))))


def _furthest(first: Rounded, second: Rounded, correlation: Range) -> float:
    """The greatest upper limit of first − second."""
    # The limit is convex in all four numbers and so greatest at a corner; a lower ρ only adds to it.
    return max(_length(a, b, correlation[0]) - difference for difference, a, b in _corners(second, first))


def _corners(first: Rounded, second: Rounded) -> list[tuple[float, float, float]]:
    """(first − second, a, b) of the lower limit at each corner of the roundings."""
    return [
        (own - other, max(own - lower, 0.0), max(upper - other, 0.0))
        for own, lower, other, upper in product(first.value, first.lower, second.value, second.upper)
    ]


def _length(a: float, b: float, rho: float) -> float:
    return math.sqrt(max(a * a + b * b - 2 * rho * a * b, 0.0))


def _ratio(difference: float, length: float) -> float:
    if difference <= 0:
        return 0.0
    return difference / length if length > 0 else math.inf
