"""Raking: post-stratification by one margin after the other, until all of them hold at once (iterative proportional
fitting; Deming and Stephan 1940)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.design.weighting.faults import WeightingError
from saklig.design.weighting.matching import Matched
from saklig.design.weighting.misfit import misfits_in_words
from saklig.design.weighting.report import lines_of
from saklig.design.weighting.residuals import raked
from saklig.design.weighting.weighted import Weighted, weighted, weights_after
from saklig.language.catalog import say

Floats = NDArray[np.float64]

TOLERANCE = 1e-12
ROUNDS = 1000


def rake(sample: Matched, tolerance: float = TOLERANCE, rounds: int = ROUNDS) -> Weighted:
    """Rakes until no group is off its target by more than `tolerance` of it.

    Raises WeightingError: a target that is no count of groups; no convergence, with each margin that is off.
    """
    if sample.totals:
        wrong = say(
            "raking takes counts by group only, but “{variable}” is a quantity; choose calibration",
            variable=sample.totals[0].variable,
        )
        raise WeightingError([wrong])
    weight = sample.cells.weight.copy()
    used, off = 0, np.inf
    while off > tolerance and used < rounds:
        used += 1
        off = _round(sample, weight)
    factor = weight / sample.cells.weight
    if not off <= tolerance:
        lines = lines_of(sample, sample.weights * sample.cells.spread(factor, 0.0))
        wrong = say(
            "raking has not met its targets after {rounds} rounds. Usually some combination of groups has no "
            "respondents (young women, say); merge groups, or leave out a variable. Furthest off are:",
            rounds=used,
        )
        raise WeightingError([wrong, *misfits_in_words(lines, tolerance)])
    weights = weights_after(sample, factor)
    return weighted(sample, weights, raked(sample, weights), used)


def _round(sample: Matched, weight: Floats) -> float:
    """One round over all margins, in place; how far the group that is then worst off is, as a share of its target."""
    codes = sample.cells.codes
    for i, margin in enumerate(sample.margins):
        now = _by_group(codes[:, i], weight, len(margin.counts))
        weight *= _ratio(margin.counts, now)[codes[:, i]]
    worst = 0.0
    for i, margin in enumerate(sample.margins):
        now = _by_group(codes[:, i], weight, len(margin.counts))
        asked = margin.counts > 0
        worst = max(worst, float(np.abs(now[asked] / margin.counts[asked] - 1).max()))
    return worst


def _by_group(codes: NDArray[np.int64], weight: Floats, groups: int) -> Floats:
    return np.asarray(np.bincount(codes, weights=weight, minlength=groups), dtype=np.float64)


def _ratio(counts: Floats, now: Floats) -> Floats:
    """A group whose weights have shrunk to nothing, because its targets contradict one another, stays there."""
    return np.where(now > 0, counts / np.where(now > 0, now, 1.0), 0.0)
