"""The shapes of calibration: the factor F that a unit gets for u = x·η (Deville and Särndal 1992, sec. 2).

Each gives F, its slope F′, and its integral Φ, whose weighted sum less η·targets is what calibration makes as small as
it can; that sum is convex, since F never falls. F(0) = 1 and F′(0) = 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from saklig.design.weighting.faults import WeightingError, plain
from saklig.language.catalog import say

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Between what the factors weight after / weight before must lie. Raises WeightingError: not 0 ≤ lower < 1 < upper;
    a weight below zero stands for nobody."""

    lower: float = 0.0
    upper: float = math.inf

    def __post_init__(self) -> None:
        if not 0 <= self.lower < 1 < self.upper:
            wrong = say(
                "the bounds {lower} and {upper} are not below and above 1; they are factors by which weights may "
                "change, such as 0.5 and 2",
                lower=plain(self.lower, 6),
                upper=plain(self.upper, 6),
            )
            raise WeightingError([wrong])


class Distance(Protocol):
    @property
    def bounds(self) -> Bounds | None: ...
    def factor(self, u: Floats) -> Floats: ...
    def slope(self, u: Floats) -> Floats: ...
    def integral(self, u: Floats) -> Floats: ...


@dataclass(frozen=True)
class Linear:
    """F = 1 + u, cut at the bounds; without bounds the generalised regression estimator, whose weights may be negative
    (R's `cal.linear`)."""

    bounds: Bounds | None = None

    def factor(self, u: Floats) -> Floats:
        low, high = self._ends
        return np.asarray(np.clip(1 + u, low, high))

    def slope(self, u: Floats) -> Floats:
        low, high = self._ends
        return np.asarray((1 + u > low) & (1 + u < high), dtype=np.float64)

    def integral(self, u: Floats) -> Floats:
        low, high = self._ends
        inside = np.clip(u, low - 1, high - 1)
        return inside + inside * inside / 2 + _beyond(self.factor(u), u - inside)

    @property
    def _ends(self) -> tuple[float, float]:
        return (self.bounds.lower, self.bounds.upper) if self.bounds else (-math.inf, math.inf)


@dataclass(frozen=True)
class Exponential:
    """F = eᵘ, cut at the bounds; without bounds what raking leads to (R's `cal.raking`)."""

    bounds: Bounds = Bounds()

    def factor(self, u: Floats) -> Floats:
        return np.asarray(np.clip(np.exp(u), self.bounds.lower, self.bounds.upper))

    def slope(self, u: Floats) -> Floats:
        factor = np.exp(u)
        return np.where((factor > self.bounds.lower) & (factor < self.bounds.upper), factor, 0.0)

    def integral(self, u: Floats) -> Floats:
        low = math.log(self.bounds.lower) if self.bounds.lower else -math.inf
        inside = np.clip(u, low, math.log(self.bounds.upper))
        return np.exp(inside) - 1 + _beyond(self.factor(u), u - inside)


@dataclass(frozen=True)
class Logit:
    """F = L + (U − L)(1 − L) eᴬᵘ / (U − 1 + (1 − L) eᴬᵘ), A = (U − L) / ((U − 1)(1 − L)): between the bounds L and U,
    and never at them (R's `cal.logit`). Raises WeightingError without an upper bound."""

    bounds: Bounds

    def __post_init__(self) -> None:
        if math.isinf(self.bounds.upper):
            raise WeightingError([say("logit calibration needs an upper bound, such as 2")])

    def factor(self, u: Floats) -> Floats:
        low, high = self.bounds.lower, self.bounds.upper
        return np.asarray(low + (high - low) * self._share(u))

    def slope(self, u: Floats) -> Floats:
        share = self._share(u)
        return (self.bounds.upper - self.bounds.lower) * self._pace * share * (1 - share)

    def integral(self, u: Floats) -> Floats:
        low, high = self.bounds.lower, self.bounds.upper
        grown = np.logaddexp(math.log(high - 1), math.log(1 - low) + self._pace * u) - math.log(high - low)
        return np.asarray(low * u + (high - low) / self._pace * grown)

    @property
    def _pace(self) -> float:
        low, high = self.bounds.lower, self.bounds.upper
        return (high - low) / ((high - 1) * (1 - low))

    def _share(self, u: Floats) -> Floats:
        """(1 − L) eᴬᵘ / (U − 1 + (1 − L) eᴬᵘ), without overflow."""
        odds = self._pace * u + math.log((1 - self.bounds.lower) / (self.bounds.upper - 1))
        small = np.exp(-np.abs(odds))
        return np.where(odds >= 0, 1 / (1 + small), small / (1 + small))


def _beyond(factor: Floats, excess: Floats) -> Floats:
    """The integral over the flat parts; where there are none, the factor may be infinite and the excess zero."""
    return np.where(excess == 0, 0.0, factor * excess)
