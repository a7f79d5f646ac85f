"""Quantiles: the smallest value at which the weighted distribution reaches p, and Woodruff's interval (1952).

R's `svyquantile(interval.type = "mean", qrule = "math")`: the share of those at or below the quantile has a symmetric
interval, and its ends are carried back to values by the same rule. The standard error is the interval's length over 2t.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.estimation.intervals.student import student, symmetric
from saklig.estimation.model import Estimate, Floats, Integers, Moments
from saklig.estimation.precision import snap

QUANTILES = {"median": (1, 2), "q1": (1, 4), "q3": (3, 4)}
"""The statistic's name → p as a ratio of integers."""

TIE = 1e-12  # a share this close to a step of the distribution lies on it


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """The values of g groups, sorted by group and then by value.

    `values`: int64 (m,). `cumulative`: int64 (m,), the weights added up over all groups in that order.
    `before`, `total`: int64 (g,), the cumulative weight before each group, and the group's own.
    """

    values: NDArray[np.int64]
    cumulative: NDArray[np.int64]
    before: NDArray[np.int64]
    total: NDArray[np.int64]


def distribution(values: NDArray[np.int64], weights: NDArray[np.int64], group: Integers, groups: int) -> Distribution:
    """Of respondents with a value each, their weights, and the group (0 … groups−1) that each is in."""
    order = np.lexsort((values, group))
    total = np.zeros(groups, dtype=np.int64)
    np.add.at(total, group, weights)
    before = np.cumsum(total) - total
    return Distribution(values=values[order], cumulative=np.cumsum(weights[order]), before=before, total=total)


def validate(found: Distribution) -> None:
    """Raises ValueError where a weight is negative."""
    if len(found.cumulative) and ((np.diff(found.cumulative) < 0).any() or found.cumulative[0] < 0):
        raise ValueError("a quantile needs weights of zero and more")


def quantile(found: Distribution, numerator: int, denominator: int) -> NDArray[np.int64]:
    """int64 (g,): the smallest value at or below which the share numerator / denominator lies; 0 in empty groups."""
    quotient, rest = np.divmod(found.total, denominator)
    needed = quotient * numerator - (-rest * numerator // denominator)
    return _value_at(found, needed)


def estimate(found: Distribution, share: Moments) -> Estimate:
    """`share`: those at or below the quantile, shape (g, 1). NaN where an end of the interval leaves 0–100 %, and
    where the quantile is the largest value, so that the share does not vary."""
    p = share.ratio
    se = np.sqrt(share.variance)
    low, high = (snap(end) for end in symmetric(p, se, share.df))
    defined = (low >= 0) & (high <= 1) & (p < 1) & (found.total[:, None] > 0)
    lower = np.where(defined, _value_at_share(found, np.where(defined, low, 0.0)), np.nan)
    upper = np.where(defined, _value_at_share(found, np.where(defined, high, 1.0)), np.nan)
    everyone = share.certain & ~np.isnan(p)
    lower, upper = (
        np.where(everyone, _value_at_share(found, np.where(everyone, p, 0.0)), lower),
        np.where(everyone, _value_at_share(found, np.where(everyone, p, 0.0)), upper),
    )
    with np.errstate(invalid="ignore"):
        deviation = np.where(everyone, 0.0, (upper - lower) / (2 * student(share.df)))
    return Estimate(se=snap(deviation), lower=lower, upper=upper, deff=np.full_like(p, np.nan))


def _value_at_share(found: Distribution, share: Floats) -> Floats:
    """The values where the distribution reaches `share` (g, 1); a step within TIE of it counts as reached."""
    needed = np.ceil(share[:, 0] * (1 - TIE) * found.total).astype(np.int64)
    return _value_at(found, needed).astype(np.float64)[:, None]


def _value_at(found: Distribution, needed: NDArray[np.int64]) -> NDArray[np.int64]:
    if not len(found.values):
        return np.zeros(len(found.total), dtype=np.int64)
    place = np.searchsorted(found.cumulative, found.before + np.clip(needed, 1, np.maximum(found.total, 1)))
    return np.where(found.total > 0, found.values[np.minimum(place, len(found.values) - 1)], 0)
