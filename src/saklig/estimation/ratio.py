"""Ratios of two numbers, Σwy / Σwx (kronor a pupil, sick days an employee); R's `svyratio`.

Särndal, Swensson and Wretman (1992), eq. 5.6.10. With strata it is the combined ratio, of the sums over all strata.
"""

from __future__ import annotations

import numpy as np

from saklig.estimation.design_effect import design_effect
from saklig.estimation.intervals.student import symmetric
from saklig.estimation.model import Estimate, Moments
from saklig.estimation.precision import snap


def validate(moments: Moments) -> None:
    """Raises ValueError for a ratio without bounds: what is divided by adds up to nothing."""
    if np.isinf(moments.ratio).any():
        raise ValueError("a ratio has nothing to be divided by: its denominator adds up to zero")


def estimate(moments: Moments) -> Estimate:
    """`spread` is that of y − ratio · x. Where it is zero all respondents have the same ratio, which tells no error,
    unless everyone was asked and answered."""
    known = ~np.isnan(moments.ratio) & (moments.certain | (moments.spread > 0)) & ~moments.untold
    se = np.where(known, np.sqrt(moments.variance), np.nan)
    lower, upper = symmetric(moments.ratio, se, moments.df)
    lower = np.where(moments.certain, moments.ratio, lower)
    upper = np.where(moments.certain, moments.ratio, upper)
    deff = np.where(known, design_effect(moments), np.nan)
    return Estimate(se=snap(se), lower=snap(lower), upper=snap(upper), deff=snap(deff))
