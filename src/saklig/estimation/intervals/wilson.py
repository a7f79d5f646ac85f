"""Wilson's score interval (1927) with an effective number of respondents, as in Dean and Pagano (2015).

The effective number is Korn and Graubard's, as in `beta`: n = p(1 − p) / variance · (t of respondents − 1 / t of df)².
The ends are those p₀ with (p − p₀)² = z² · p₀(1 − p₀) / n. R's `svyciprop` has no Wilson interval in version 4.1.
"""

from __future__ import annotations

import numpy as np

from saklig.estimation.intervals.student import student
from saklig.estimation.model import Floats, Integers

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


def wilson(share: Floats, variance: Floats, respondents: Integers, df: Integers) -> tuple[Floats, Floats]:
    """For 0 < share < 1; NaN at the ends and where the variance or its degrees of freedom are undefined."""
    inside = (share > 0) & (share < 1)
    p = np.where(inside, share, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = variance / (p * (1 - p)) * (student(df) / student(respondents - 1)) ** 2  # 1 / n
        part = Z * Z * inverse
        middle = (p + part / 2) / (1 + part)
        half = np.sqrt(part * p * (1 - p) + part * part / 4) / (1 + part)
    undefined = ~inside | np.isnan(inverse)
    return np.where(undefined, np.nan, middle - half), np.where(undefined, np.nan, middle + half)
