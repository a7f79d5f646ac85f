"""Exact sums of weight times number, and the ratios of integers that they give.

A mean of numbers may need more than 64 bits before it is divided: weights of 2**52 times incomes of 2**30. Sums are
therefore made in digits of 2**10 and put together as Python integers; a ratio too large for 64 bits gets a smaller
denominator d and the nearest numerator, which moves it by at most 1/(2d): below 10**−6 for means up to 10**9.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, Measured
from saklig.design.fixed_point import HEADROOM, LARGEST
from saklig.tabulation.breakdown import Breakdown

Integers = NDArray[np.int64]

DIGIT = 1024
SMALL_SCORE = 100


def scored_sums(weighed: Integers, score: Integers, denominator: Integers) -> tuple[Integers, Integers]:
    """Σ weight · score by group, over the weights of those who have a score. `weighed`: (g, columns)."""
    if np.abs(score).max(initial=0) <= SMALL_SCORE:
        return weighed @ score, denominator
    used = np.flatnonzero(score)
    totals = [sum(int(row[c]) * int(score[c]) for c in used) for row in weighed]
    return _ratios(totals, [int(each) for each in denominator])


def value_sums(column: Measured, broken: Breakdown, weight: Integers) -> tuple[Integers, Integers]:
    """Σ weight · value by group, over weight · 10**decimals. `weight`: (g,), of those who gave a number."""
    totals = exact_sums(np.where(column.codes == ANSWERED, column.values, 0), broken)
    return _ratios(totals, [int(each) * 10**column.decimals for each in weight])


def exact_sums(values: Integers, broken: Breakdown) -> list[int]:
    """Σ weight · value by group. `values`: int64 (n,), any size."""
    totals = [0] * broken.size
    sign, rest, place = np.sign(values), np.abs(values), 1
    cells = broken.cells.ravel()
    while rest.any():
        rest, digit = np.divmod(rest, DIGIT)
        found = np.zeros(broken.size + 1, dtype=np.int64)
        np.add.at(found, cells, np.tile(broken.design.weights * digit * sign, len(broken.cells)))
        totals = [total + place * int(each) for total, each in zip(totals, found[:-1], strict=True)]
        place *= DIGIT
    return totals


def _ratios(numerators: list[int], denominators: list[int]) -> tuple[Integers, Integers]:
    pairs = [_shortened(one, other) for one, other in zip(numerators, denominators, strict=True)]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _shortened(numerator: int, denominator: int) -> tuple[int, int]:
    limit = LARGEST // HEADROOM
    if abs(numerator) <= limit and denominator <= limit:
        return numerator, denominator
    common = math.gcd(numerator, denominator)
    numerator, denominator = numerator // common, denominator // common
    kept = min(denominator, limit // (abs(numerator) // denominator + 1))
    return (2 * numerator * kept + denominator) // (2 * denominator), kept
