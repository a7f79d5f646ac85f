"""The interval that is symmetric in log-odds and so stays between 0 and 1; R's `svyciprop`, "logit" and "xlogit".

Both of R's methods are this one: the standard error of the log-odds is se / (p(1 − p)), by the delta method.
"""

from __future__ import annotations

import numpy as np

from saklig.estimation.intervals.student import student
from saklig.estimation.model import Floats, Integers
from saklig.estimation.precision import exp


def logit(share: Floats, se: Floats, df: Integers) -> tuple[Floats, Floats]:
    """For 0 < share < 1; NaN at the ends, where the log-odds are infinite."""
    inside = (share > 0) & (share < 1)
    p = np.where(inside, share, 0.5)
    odds = (1 - p) / p
    with np.errstate(over="ignore"):
        half = exp(student(df) * se / (p * (1 - p)))
        lower, upper = 1 / (1 + odds * half), 1 / (1 + odds / half)
    undefined = ~inside | np.isnan(se) | (df <= 0)
    return np.where(undefined, np.nan, lower), np.where(undefined, np.nan, upper)
