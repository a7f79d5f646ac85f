"""The difference between two estimates: its standard error with their covariance, and its interval.

    se² = se₁² + se₂² − 2ρ·se₁·se₂        as `svycontrast` in R's survey package

The interval is made of the limits of both and of their correlation (`edition.mover`), as of published numbers, but of
unrounded ones: of two means, whose limits are t · se away, it is the difference ± t · se.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from saklig.edition.mover import Range, Rounded, p_value, surest, widest


@dataclass(frozen=True, kw_only=True)
class Limited:
    """An estimate with its limits, of 95 %; `se`, `lower` and `upper` NaN where undefined."""

    value: float
    se: float
    lower: float
    upper: float


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two estimates. `correlation`: what theirs lies between, the same number twice where it is known. `df`: degrees of
    freedom of both together."""

    first: Limited
    second: Limited
    correlation: Range
    df: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    """first − second. `se` NaN where undefined; where the correlation is not known, the largest that there can be.

    `p`: two-sided, that the two do not differ.
    """

    value: float
    se: float
    lower: float
    upper: float
    p: float


def validate(pair: Pair) -> None:
    """Raises ValueError for a correlation that is none."""
    least, most = pair.correlation
    if not -1 <= least <= most <= 1:
        raise ValueError("the correlation of two estimates lies outside −1 … 1")


def estimate(pair: Pair) -> Difference:
    """NaN, and p 1, where one of the two has no interval."""
    one, other = pair.first, pair.second
    value = one.value - other.value
    if any(math.isnan(limit) for each in (one, other) for limit in (each.lower, each.upper)):
        return Difference(value=value, se=math.nan, lower=math.nan, upper=math.nan, p=1.0)
    first, second = _certain(one), _certain(other)
    lower, upper = widest(first, second, pair.correlation)
    ratio = max(surest(first, second, pair.correlation), surest(second, first, pair.correlation))
    squared = one.se**2 + other.se**2 - 2 * pair.correlation[0] * one.se * other.se
    return Difference(
        value=value,
        se=math.nan if math.isnan(squared) else math.sqrt(max(squared, 0.0)),
        lower=lower,
        upper=upper,
        p=p_value(ratio, pair.df),
    )


def _certain(each: Limited) -> Rounded:
    """Numbers that nothing was rounded away from."""
    return Rounded(value=(each.value, each.value), lower=(each.lower, each.lower), upper=(each.upper, each.upper))
