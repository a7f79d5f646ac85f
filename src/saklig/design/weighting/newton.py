"""The factors that meet the targets: Newton's steps on a convex sum, damped so that they always lead downwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.weighting.basis import Basis
from saklig.design.weighting.distances import Distance

Floats = NDArray[np.float64]

STEEPEST = 1e-4  # of the slope at the start a step must gain at least this share (Armijo)
SMALLEST_STEP = 2.0**-40
PROVEN = 1e-9  # rounding must not prove anything
BETTER = 0.5  # beyond the tolerance, go on while a step halves what is left


@dataclass(frozen=True, kw_only=True)
class Solution:
    """`factor`: float64 (m,). `impossible`: it is proven that no factors within the bounds meet the targets."""

    factor: Floats
    rounds: int
    met: bool
    impossible: bool


@dataclass(frozen=True)
class _Point:
    """`misfit`: float64 (r,), targets less what the factors give. `value`: the convex sum."""

    eta: Floats
    u: Floats
    factor: Floats
    misfit: Floats
    value: float

    @property
    def off(self) -> float:
        return float(np.sqrt((self.misfit * self.misfit).sum()))


def solve(basis: Basis, weight: Floats, distance: Distance, tolerance: float, rounds: int) -> Solution:
    """Until what is missing is less than `tolerance` of the targets, both as lengths in the basis, and as far beyond
    as rounding allows, so that the result does not depend on the way there."""
    size = float(np.sqrt((basis.targets * basis.targets).sum())) or 1.0
    here = _at(np.zeros(len(basis.targets)), basis, weight, distance)
    for used in range(1, rounds + 1):
        if not here.off or _impossible(here, basis, weight, distance):
            return Solution(factor=here.factor, rounds=used, met=not here.off, impossible=bool(here.off))
        there = _step(here, basis, weight, distance, size)
        met = min(here.off, there.off) <= tolerance * size
        if met and there.off > BETTER * here.off:
            best = there if there.off < here.off else here
            return Solution(factor=best.factor, rounds=used, met=True, impossible=False)
        if there is here:
            break
        here = there
    return Solution(factor=here.factor, rounds=used, met=here.off <= tolerance * size, impossible=False)


def _at(eta: Floats, basis: Basis, weight: Floats, distance: Distance) -> _Point:
    u = np.einsum("mr,r->m", basis.rows, eta)
    with np.errstate(over="ignore", invalid="ignore"):
        factor = distance.factor(u)
        misfit = basis.targets - np.einsum("m,mr->r", weight * factor, basis.rows)
        value = float((weight * distance.integral(u)).sum() - (basis.targets * eta).sum())
    return _Point(eta, u, factor, misfit, value)


def _step(here: _Point, basis: Basis, weight: Floats, distance: Distance, size: float) -> _Point:
    """Halved until it gains; `here` itself where no step does. Where bounds hold all but a few units, the curvature is
    singular, and what is added to it fades as the targets are met."""
    curvature = np.einsum("mr,ms->rs", basis.rows * (weight * distance.slope(here.u))[:, None], basis.rows)
    curvature[np.diag_indices_from(curvature)] += min(1e-4, here.off / size) + 1e-14
    direction = np.linalg.solve(curvature, here.misfit)
    gain = float((here.misfit * direction).sum())
    length = 1.0
    while length >= SMALLEST_STEP:
        there = _at(here.eta + length * direction, basis, weight, distance)
        if np.isfinite(there.off) and (
            there.value <= here.value - STEEPEST * length * gain or there.off <= BETTER * here.off
        ):
            return there
        length /= 2
    return here


def _impossible(here: _Point, basis: Basis, weight: Floats, distance: Distance) -> bool:
    """Whether even factors all at that bound which takes them furthest along η do not reach the targets (Farkas)."""
    bounds = distance.bounds
    if bounds is None or (np.isinf(bounds.upper) and (here.u > 0).any()):
        return False
    upper = bounds.upper if np.isfinite(bounds.upper) else 0.0
    furthest = weight * here.u * np.where(here.u > 0, upper, bounds.lower)
    wanted = float((basis.targets * here.eta).sum())
    return wanted - float(furthest.sum()) > PROVEN * (abs(wanted) + float(np.abs(furthest).sum()))
