"""Which intervals a share may have. Each takes moments and gives both ends, NaN where it does not know them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from saklig.estimation.intervals.beta import beta
from saklig.estimation.intervals.likelihood import likelihood
from saklig.estimation.intervals.logit import logit
from saklig.estimation.intervals.student import symmetric
from saklig.estimation.intervals.wilson import wilson
from saklig.estimation.model import Floats, Moments
from saklig.study.model import Interval


def _mean(moments: Moments) -> tuple[Floats, Floats]:
    """Kept within 0–100 %, where R's goes beyond."""
    lower, upper = symmetric(moments.ratio, np.sqrt(moments.variance), moments.df)
    return np.maximum(lower, 0.0), np.minimum(upper, 1.0)


KINDS: Mapping[Interval, Callable[[Moments], tuple[Floats, Floats]]] = {
    Interval.LOGIT: lambda found: logit(found.ratio, np.sqrt(found.variance), found.df),
    Interval.BETA: lambda found: beta(found.ratio, found.variance, found.respondents, found.df),
    Interval.LIKELIHOOD: lambda found: likelihood(found.ratio, found.variance, found.respondents, found.df),
    Interval.WILSON: lambda found: wilson(found.ratio, found.variance, found.respondents, found.df),
    Interval.MEAN: _mean,
}
