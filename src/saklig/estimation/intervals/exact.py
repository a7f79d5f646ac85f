"""The exact interval: hypergeometric for a finite population, else Clopper–Pearson.

It is used where no variance can be told: at 0 and 100 %, and without degrees of freedom. Unequal weights make the
respondents count as Kish's effective number (Σw)² / Σw², rounded down to a whole number for the hypergeometric
(Buonaccorsi 1987, the set of population counts that neither tail rejects at 2.5 %).
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from saklig.estimation.intervals.beta import clopper_pearson
from saklig.estimation.model import CONFIDENCE, Floats

TAIL = (1 - CONFIDENCE) / 2
TIE = 1e-9  # a tail this close to 2.5 % is 2.5 %
WHOLE = 1e-6  # an effective number this close below a whole number is that number


def exact(share: Floats, effective: Floats, population: Floats) -> tuple[Floats, Floats]:
    """One-dimensional arrays; `population` infinite where the sample was drawn with replacement."""
    lower, upper = np.full_like(share, np.nan), np.full_like(share, np.nan)
    for i in np.flatnonzero(effective > 0):
        p, n, units = float(share[i]), float(effective[i]), float(population[i])
        lower[i], upper[i] = _from_endless(p, n) if math.isinf(units) else _from_finite(p, n, units)
    return lower, upper


@lru_cache(maxsize=65536)
def _from_endless(p: float, n: float) -> tuple[float, float]:
    if p in (0.0, 1.0):
        edge = -math.expm1(math.log(TAIL) / n)
        return (0.0, edge) if p == 0 else (1 - edge, 1.0)
    lower, upper = clopper_pearson(np.array([p * n]), np.array([p * n]), np.array([n]))
    return float(lower[0]), float(upper[0])


@lru_cache(maxsize=65536)
def _from_finite(p: float, effective: float, units: float) -> tuple[float, float]:
    n = max(1, math.floor(effective + WHOLE))
    population = max(n, round(units))
    if n == population:
        return p, p
    fewest, most = math.floor(p * n + WHOLE), math.ceil(p * n - WHOLE)
    lower = (population - _most_possible(n - fewest, n, population)) / population
    return min(lower, p), max(_most_possible(most, n, population) / population, p)


def _most_possible(found: int, n: int, population: int) -> int:
    """The largest number K in the population with P(at most `found` of n drawn) above 2.5 %."""
    low, high = found, population - (n - found)
    while low < high:
        middle = (low + high + 1) // 2
        possible = _at_most(found, n, middle, population) > TAIL * (1 + TIE)
        low, high = (middle, high) if possible else (low, middle - 1)
    return low


def _at_most(found: int, n: int, marked: int, population: int) -> float:
    """P(X ≤ found), X hypergeometric: n drawn from `population`, of which `marked`."""
    least = max(0, n - (population - marked))
    if found < least:
        return 0.0
    log = math.lgamma
    whole = log(population + 1) - log(n + 1) - log(population - n + 1)
    return math.fsum(
        math.exp(
            (log(marked + 1) - log(x + 1) - log(marked - x + 1))
            + (log(population - marked + 1) - log(n - x + 1) - log(population - marked - n + x + 1))
            - whole
        )
        for x in range(least, min(found, n, marked) + 1)
    )
