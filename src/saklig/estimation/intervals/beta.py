"""Clopper–Pearson with an effective number of respondents (Korn and Graubard 1998); R's `svyciprop`, "beta"."""

from __future__ import annotations

import numpy as np

from saklig.estimation.intervals.student import student
from saklig.estimation.model import CONFIDENCE, Floats, Integers


def beta(share: Floats, variance: Floats, respondents: Integers, df: Integers) -> tuple[Floats, Floats]:
    """n_eff = p(1 − p) / variance · (t of n − 1 / t of df)²; NaN where the variance is zero or undefined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = share * (1 - share) / variance * (student(respondents - 1) / student(df)) ** 2
    effective = np.where(np.isfinite(effective) & (effective > 0), effective, np.nan)
    return clopper_pearson(effective * share, effective * share, effective)


def clopper_pearson(fewest: Floats, most: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Between `fewest` and `most` of n, not necessarily whole (Clopper and Pearson 1934; the quantiles of beta)."""
    from scipy.special import betaincinv

    tail = (1 - CONFIDENCE) / 2
    return np.asarray(betaincinv(fewest, n - fewest + 1, tail)), np.asarray(betaincinv(most + 1, n - most, 1 - tail))
