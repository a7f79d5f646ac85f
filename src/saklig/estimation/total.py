"""Totals: the units of the population that an answer stands for; R's `svytotal`."""

from __future__ import annotations

import numpy as np

from saklig.estimation.intervals.student import symmetric
from saklig.estimation.model import Estimate, Moments
from saklig.estimation.precision import snap


def validate(moments: Moments) -> None:
    """Raises ValueError for a negative variance."""
    if (moments.variance < 0).any():
        raise ValueError("the variance of a total is negative: its sums of squares do not belong to its sums")


def estimate(moments: Moments) -> Estimate:
    """`ratio` is the total itself and `variance` that of Σwy, without any division by a sum of weights."""
    se = np.sqrt(moments.variance)
    lower, upper = symmetric(moments.ratio, se, moments.df)
    return Estimate(se=snap(se), lower=snap(lower), upper=snap(upper), deff=np.full_like(se, np.nan))
