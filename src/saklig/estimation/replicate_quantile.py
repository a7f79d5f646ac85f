"""Quantiles by the spread of their replicates: R's `svyquantile(interval.type = "quantile", qrule = "math")`.

For balanced replicates, the bootstrap and successive differences only: a jackknife moves a quantile by single steps and
tells no error (Wolter 2007, section 4.2.4). Woodruff's interval, in `quantile`, holds for every kind of replicates.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from saklig.design.factors.replicates import Replicates
from saklig.estimation.intervals.student import symmetric
from saklig.estimation.model import Estimate, Floats, Integers, Moments
from saklig.estimation.precision import snap
from saklig.estimation.replication import variance
from saklig.study.replication import ReplicateMethod

TIE = 1e-12
"""A sum of replicate weights this close to p of them all, relatively, has reached it."""

CHUNK = 2**22
"""Respondents × replicates that are added up at a time: 32 MB."""


def validate(moments: Moments) -> None:
    """Raises ValueError for a negative variance."""
    if (moments.variance < 0).any():
        raise ValueError("the variance of a quantile is negative: its replicates do not belong to it")


def estimate(moments: Moments) -> Estimate:
    """`ratio` is the quantile. Replicates that all have the same tell no error, unless everyone was surveyed."""
    known = ~np.isnan(moments.ratio) & (moments.certain | (moments.variance > 0))
    se = np.where(known, np.sqrt(moments.variance), np.nan)
    lower, upper = symmetric(moments.ratio, se, moments.df)
    lower = np.where(moments.certain, moments.ratio, lower)
    upper = np.where(moments.certain, moments.ratio, upper)
    return Estimate(se=snap(se), lower=snap(lower), upper=snap(upper), deff=np.full_like(se, np.nan))


def quantile_variance(
    replicates: Replicates,
    values: Floats,
    weights: Floats,
    people: Integers,
    group: Integers,
    quantile: Floats,
    p: float,
) -> Floats:
    """float64 (g, 1). Of the numbers `values` (m,), with the `weights` and `group` of the `people` who gave them;
    `quantile`: float64 (g,), the p-quantile of each group.

    Raises ValueError for a jackknife.
    """
    if replicates.method in (ReplicateMethod.JK1, ReplicateMethod.JKN):
        raise ValueError("a jackknife tells no error of a quantile; use Woodruff's interval")
    distance = np.full((len(quantile), 1, len(replicates.rscales)), np.nan)
    order = np.lexsort((values, group))
    starts = np.searchsorted(group[order], np.arange(len(quantile) + 1))
    for each, (start, end) in enumerate(pairwise(starts)):
        chosen = order[start:end]
        if len(chosen):
            found = _replicates(replicates, values[chosen], weights[chosen], people[chosen], p)
            distance[each, 0] = found - quantile[each]
    return variance(replicates, distance, np.zeros((len(quantile), 1)))


def _replicates(replicates: Replicates, values: Floats, weights: Floats, people: Integers, p: float) -> Floats:
    """The p-quantile of sorted values under every replicate, float64 (R,); NaN where nobody has a weight."""
    factors = replicates.factors[replicates.unit[people]]
    width = max(1, CHUNK // len(values))
    parts = []
    for start in range(0, factors.shape[1], width):
        cumulative = np.cumsum(weights[:, None] * factors[:, start : start + width], axis=0)
        total = cumulative[-1]
        below = (cumulative < p * total * (1 - TIE)) | (cumulative <= 0)
        place = np.minimum(below.sum(axis=0), len(values) - 1)
        parts.append(np.where(total > 0, values[place], np.nan))
    return np.concatenate(parts)
