"""The difference between two estimates: its standard error with their covariance, and its interval.

    se² = se₁² + se₂² − 2·cov        as `svycontrast` in R's survey package

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
    """Two estimates. `covariance`: None where nothing is known of it. `df`: degrees of freedom of both together."""

    first: Limited
    second: Limited
    covariance: float | None
    df: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    """first − second. `se` NaN where undefined; with an unknown covariance it is the largest that there can be.

    `correlation`: what that of the estimates lies between. `p`: two-sided, that the two do not differ.
    """

    value: float
    se: float
    correlation: Range
    lower: float
    upper: float
    p: float


SLACK = 1e-9
"""A covariance may be this much larger than it can be, by rounding."""


def validate(pair: Pair) -> None:
    """Raises ValueError for a covariance that two such standard errors cannot have."""
    most = pair.first.se * pair.second.se
    if pair.covariance is not None and abs(pair.covariance) > most * (1 + SLACK) + SLACK**2:
        raise ValueError("the covariance of two estimates is larger than their errors allow")


def estimate(pair: Pair) -> Difference:
    """NaN, and p 1, where one of the two has no interval. A share of 0 or 100 % has limits and no standard error; its
    correlation with anything is taken for zero."""
    one, other = pair.first, pair.second
    correlation = _correlation(pair)
    value = one.value - other.value
    if any(math.isnan(limit) for each in (one, other) for limit in (each.lower, each.upper)):
        return Difference(value=value, se=math.nan, correlation=correlation, lower=math.nan, upper=math.nan, p=1.0)
    first, second = _certain(one), _certain(other)
    lower, upper = widest(first, second, correlation)
    ratio = max(surest(first, second, correlation), surest(second, first, correlation))
    squared = one.se**2 + other.se**2 - 2 * correlation[0] * one.se * other.se
    return Difference(
        value=value,
        se=math.sqrt(max(squared, 0.0)) if not math.isnan(squared) else math.nan,
        correlation=correlation,
        lower=lower,
        upper=upper,
        p=p_value(ratio, pair.df),
    )


def _correlation(pair: Pair) -> Range:
    if pair.covariance is None:
        return -1.0, 1.0
    most = pair.first.se * pair.second.se
    if not most > 0:
        return 0.0, 0.0
    rho = min(max(pair.covariance / most, -1.0), 1.0)
    return rho, rho


def _certain(each: Limited) -> Rounded:
    """Numbers that nothing was rounded away from."""
    return Rounded(value=(each.value, each.value), lower=(each.lower, each.lower), upper=(each.upper, each.upper))
