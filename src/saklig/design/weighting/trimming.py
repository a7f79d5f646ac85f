"""Trimming: weights beyond a limit are cut to it, and what was cut is shared equally by the others (R's `trimWeights`).

After it the targets no longer hold exactly; the report says by how much.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saklig.design.weighting.faults import WeightingError, plain
from saklig.design.weighting.report import report_of
from saklig.design.weighting.snapping import snapped
from saklig.design.weighting.weighted import Weighted
from saklig.language.catalog import say

Floats = NDArray[np.float64]

PASSES = 1000  # only where a limit holds nearly all weights would more be needed
ROUNDING = 1e-14
"""What is shared in the last passes is smaller than this; by it R's function may go on for ever."""


def trim(weighted: Weighted, lower: float = 0.0, upper: float = math.inf, strict: bool = False) -> Weighted:
    """The same sample with trimmed weights. Its errors are those of the weighting before, as in R."""
    weights = snapped(trimmed(weighted.weights, lower, upper, strict))
    return replace(weighted, weights=weights, report=report_of(weighted.sample, weights, weighted.report.rounds))


def trimmed(weights: Floats, lower: float = 0.0, upper: float = math.inf, strict: bool = False) -> Floats:
    """Weights (n,) within the limits, with the same sum; those that are zero stay zero.

    What the others get may bring some of them beyond a limit. `strict` cuts again until nobody is.
    Raises WeightingError: limits that leave no room for the mean weight.
    """
    counting = weights > 0
    now = weights[counting]
    mean = math.fsum(now) / len(now)
    if not lower <= mean <= upper:
        wrong = say(
            "the mean weight is {mean}, so that weights cannot all lie between {lower} and {upper}; choose limits on "
            "either side of it",
            mean=plain(mean, 6),
            lower=plain(lower, 6),
            upper=plain(upper, 6),
        )
        raise WeightingError([wrong])
    for _ in range(PASSES):
        outside = (now < lower * (1 - ROUNDING)) | (now > upper * (1 + ROUNDING))
        if not outside.any():
            break
        now = _cut(now, outside, lower, upper)
        if not strict:
            break
    else:
        wrong = say("weights cannot be kept between {lower} and {upper}; choose wider limits", lower=plain(lower, 6),
                    upper=plain(upper, 6))  # fmt: skip
        raise WeightingError([wrong])
    if (now <= 0).any():
        wrong = say("what is added to the weights below {lower} leaves others with no weight; choose a lower limit, or "
                    "strict trimming", lower=plain(lower, 6))  # fmt: skip
        raise WeightingError([wrong])
    result = np.zeros_like(weights)
    result[counting] = now
    return result


def _cut(weights: Floats, outside: NDArray[np.bool_], lower: float, upper: float) -> Floats:
    inside = np.clip(weights, lower, upper)
    rest = math.fsum((weights - inside)[outside])
    others = int((~outside).sum())
    if not others:
        wrong = say("every weight is beyond a limit, so that nobody is left to share what is cut; choose wider limits")
        raise WeightingError([wrong])
    inside[~outside] += rest / others
    return inside
