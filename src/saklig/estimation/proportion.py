"""Shares: the standard error, the interval asked for, the exact one where that is not known, the design effect."""

from __future__ import annotations

import numpy as np

from saklig.estimation.design_effect import design_effect
from saklig.estimation.intervals.exact import exact
from saklig.estimation.intervals.kinds import KINDS
from saklig.estimation.model import Estimate, Floats, Moments
from saklig.estimation.precision import snap
from saklig.study.model import Interval


def validate(moments: Moments) -> None:
    """Raises ValueError for a share outside 0–1."""
    if ((moments.ratio < 0) | (moments.ratio > 1)).any():
        raise ValueError("a share lies outside 0–100 %: someone counts in the row but not in its base")


def estimate(moments: Moments, interval: Interval = Interval.LOGIT) -> Estimate:
    """At 0 and 100 % the linearised variance is zero, and that is no error: there it is undefined, unless the share
    speaks only of units that were all asked and answered."""
    p, asked = moments.ratio, ~np.isnan(moments.ratio)
    blind = asked & ~moments.certain & ((p <= 0) | (p >= 1) | moments.untold)
    se = np.where(asked & ~blind, np.sqrt(moments.variance), np.nan)
    lower, upper = (np.where(np.isnan(se), np.nan, end) for end in KINDS[interval](moments))
    lower, upper = np.where(moments.certain, p, lower), np.where(moments.certain, p, upper)
    unsure = blind | (asked & ~moments.certain & (np.isnan(lower) | np.isnan(upper)))
    if unsure.any():
        lower[unsure], upper[unsure] = ends(moments, unsure)
    return Estimate(
        se=snap(se), lower=snap(lower), upper=snap(upper), deff=snap(np.where(blind, np.nan, design_effect(moments)))
    )


def ends(moments: Moments, where: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[Floats, Floats]:
    """The exact interval of the shares at `where`."""
    return exact(moments.ratio[where], moments.effective[where], moments.finite[where])
