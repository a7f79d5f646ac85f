"""The design effect: the variance beside that of a simple random sample of the same size (Kish 1965).

As in R's survey package (`svymean(deff = TRUE)`): the sample's own spread · n / (n − 1), drawn without replacement from
as many units as the weights add up to; with replacement where the population is not known.
"""

from __future__ import annotations

import numpy as np

from saklig.estimation.model import Floats, Moments


def simple_random_variance(moments: Moments) -> Floats:
    """Var of the mean of a simple random sample: spread / (n − 1) · (1 − n / N); NaN below two respondents."""
    n = moments.respondents.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        remaining = 1 - n / moments.population
        return np.where(n > 1, moments.spread / (n - 1) * remaining, np.nan)


def design_effect(moments: Moments) -> Floats:
    """NaN where the answers do not vary, where there is one of them, and where everyone was asked."""
    simple = simple_random_variance(moments)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(simple > 0, moments.variance / simple, np.nan)
