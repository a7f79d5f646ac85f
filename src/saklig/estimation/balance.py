"""Balances: the share of positive answers minus that of negative ones."""

from __future__ import annotations

import numpy as np

from saklig.estimation.design_effect import design_effect
from saklig.estimation.intervals.student import symmetric
from saklig.estimation.model import Estimate, Moments
from saklig.estimation.precision import snap
from saklig.estimation.proportion import ends


def validate(moments: Moments) -> None:
    """Raises ValueError for a balance outside −1 … 1."""
    if (np.abs(moments.ratio) > 1).any():
        raise ValueError("a balance lies outside −100 … 100: someone counts in it but not in its base")


def estimate(moments: Moments, positive: Moments, negative: Moments) -> Estimate:
    """The balance is a mean of +1, 0 and −1: t-interval, kept within −1 … 1.

    Where all answers are of one kind the variance is zero and tells nothing; then the interval goes from the lower end
    of the positive share minus the upper end of the negative one to the opposite, both exact.
    """
    asked = ~np.isnan(moments.ratio)
    alike = _at_an_end(positive) & _at_an_end(negative)
    blind = asked & ~moments.certain & (alike | moments.untold)
    se = np.where(asked & ~blind, np.sqrt(moments.variance), np.nan)
    lower, upper = symmetric(moments.ratio, se, moments.df)
    lower = np.where(moments.certain, moments.ratio, np.maximum(lower, -1.0))
    upper = np.where(moments.certain, moments.ratio, np.minimum(upper, 1.0))
    unsure = blind | (asked & ~moments.certain & (moments.df <= 0))
    if unsure.any():
        low, high = ends(positive, unsure), ends(negative, unsure)
        lower[unsure] = np.maximum(low[0] - high[1], -1.0)
        upper[unsure] = np.minimum(low[1] - high[0], 1.0)
    deff = np.where(blind, np.nan, design_effect(moments))
    return Estimate(se=snap(se), lower=snap(lower), upper=snap(upper), deff=snap(deff))


def _at_an_end(share: Moments) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return (share.ratio <= 0) | (share.ratio >= 1)
