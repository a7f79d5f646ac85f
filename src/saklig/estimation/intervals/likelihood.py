"""The interval of the working likelihood, scaled by the design effect (Rao and Scott 1984; Lumley and Scott 2015).

R's `svyciprop(method = "likelihood")`: the ends are those q on either side of p with

    2 (n − 1) · K(p, q)  =  t² · n · variance / (p(1 − p)),    K(p, q) = p log(p / q) + (1 − p) log((1 − p) / (1 − q))

n respondents; n / (n − 1) is the dispersion that R estimates. R finds the ends on a spline through some ten points of
the profile and so misses them by about 1e-5; here they are solved for, by halving.
"""

from __future__ import annotations

import numpy as np

from saklig.estimation.intervals.student import student
from saklig.estimation.model import Floats, Integers

HALVINGS = 120
"""Enough to reach the last bit also of ends of 1e-15."""


def likelihood(share: Floats, variance: Floats, respondents: Integers, df: Integers) -> tuple[Floats, Floats]:
    """For 0 < share < 1; NaN at the ends, below two respondents, and where the variance or its df are undefined."""
    n = respondents.astype(np.float64)
    inside = (share > 0) & (share < 1) & (n > 1)
    p = np.where(inside, share, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = student(df) ** 2 * variance / (2 * p * (1 - p)) * n / (n - 1)
    known = inside & np.isfinite(reach)
    reach = np.where(known, reach, 0.0)
    lower, upper = _end(p, reach, np.zeros_like(p)), _end(p, reach, np.ones_like(p))
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def _end(p: Floats, reach: Floats, outside: Floats) -> Floats:
    """The q between p and the end of the scale (0 or 1) at which K(p, q) is `reach`."""
    inside = p.copy()
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        near = _divergence(p, middle) < reach
        inside, outside = np.where(near, middle, inside), np.where(near, outside, middle)
    return np.where(reach > 0, inside, p)


def _divergence(p: Floats, q: Floats) -> Floats:
    """K(p, q), with no digits lost where q is close to p."""
    with np.errstate(divide="ignore"):
        return -p * np.log1p((q - p) / p) - (1 - p) * np.log1p((p - q) / (1 - p))
