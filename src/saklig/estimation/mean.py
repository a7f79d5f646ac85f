"""Means of scales and of numbers: the standard error, and the symmetric interval by Student's t."""

from __future__ import annotations

import numpy as np

from saklig.estimation.design_effect import design_effect
from saklig.estimation.intervals.student import symmetric
from saklig.estimation.model import Estimate, Moments
from saklig.estimation.precision import snap


def validate(moments: Moments) -> None:
    """Raises ValueError for a negative spread."""
    if (moments.spread < 0).any():
        raise ValueError("the spread of a mean is negative: its sums of squares do not belong to its sums")


def estimate(moments: Moments) -> Estimate:
    """Answers that are all alike tell no error, so it is undefined, unless everyone was asked and answered."""
    known = ~np.isnan(moments.ratio) & (moments.certain | (moments.spread > 0)) & ~moments.untold
    se = np.where(known, np.sqrt(moments.variance), np.nan)
    lower, upper = symmetric(moments.ratio, se, moments.df)
    lower = np.where(moments.certain, moments.ratio, lower)
    upper = np.where(moments.certain, moments.ratio, upper)
    return Estimate(
        se=snap(se), lower=snap(lower), upper=snap(upper), deff=snap(np.where(known, design_effect(moments), np.nan))
    )
