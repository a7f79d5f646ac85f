"""Covariances of several estimates of one sample, from their influence values, stage by stage.

A ratio R = Σwy / Σwx has the influence values z = w(y − R·x) / Σwx, one a respondent, zero outside its domain. Of two
estimates with z and z′, the covariance is, as their variances are (`variance`),

    Σ over stages, Σ over parents  F · (1 − f) · n / (n − 1) · (Σzz′ − Σz · Σz′ / n)

with the sums over the units of the parent. Binder (1983), International Statistical Review 51:279–292; as `svyrecvar`
of several columns, and so `svyby(covmat = TRUE)` with `svycontrast`, in R's survey package.

From replicates it is scale · Σ rscales · (θ_r − centre)(θ′_r − centre′), as variances are (`replication`; `svrVar`).
"""

from __future__ import annotations

import numpy as np

from saklig.design.factors.replicates import Replicates
from saklig.estimation.model import Floats, Integers
from saklig.estimation.replication import NOTHING
from saklig.estimation.variance import NOISE, Stage


def influence(y: Floats, x: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The ratios (k,), NaN where nobody is in the domain, and their influence values (n, k), zero there.

    `y`, `x`: (n, k), both zero for whoever is outside the domain. `weights`: (n,).
    """
    base = weights @ x
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(base > 0, (weights @ y) / base, np.nan)
    known = np.where(base > 0, ratio, 0.0)
    return ratio, weights[:, None] * (y - known * x) / np.where(base > 0, base, 1.0)


def stage_covariance(stage: Stage, units: Floats, block: Integers) -> Floats:
    """The part of the covariances (k, k) that one stage adds.

    `units`: (m, k), the sums of influence values of each unit of the stage. `block`: (m,), the unit's parent, a
    position among the stage's blocks, all of one group.
    """
    size = len(stage.drawn)
    sums = np.zeros((size, units.shape[1]))
    np.add.at(sums, block, units)
    spread = (units * stage.factor[block, None]).T @ units
    return np.asarray(spread - (sums * (stage.factor / stage.drawn)[:, None]).T @ sums)


def replicate_covariance(replicates: Replicates, z: Floats, base: Floats) -> Floats:
    """(k, k). `z`: (n, k), influence values; `base`: (n, k), what each respondent adds to Σwx, as a share of it.

    A replicate in which one of the domains has nobody is left out, and with none left nothing is known (NaN).
    """
    units = [np.zeros((len(replicates.factors), z.shape[1])) for _ in range(2)]
    for numbers, into in zip((z, base), units, strict=True):
        np.add.at(into, replicates.unit, numbers)
    linear, moved = (each.T @ replicates.shifts for each in units)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(1 + moved > NOTHING, linear / (1 + moved), np.nan)
    kept = ~np.isnan(distance).any(axis=0) & (replicates.rscales > 0)
    if not kept.any():
        return np.full((z.shape[1], z.shape[1]), np.nan)
    distance = distance[:, kept]
    if not replicates.mse:
        distance = distance - distance.mean(axis=1, keepdims=True)
    return np.asarray(replicates.scale * (distance * replicates.rscales[kept]) @ distance.T)


def settled(covariance: Floats, size: Floats) -> Floats:
    """With zeros where a variance is rounding. `size`: (k,), Σz² before anything was subtracted."""
    noise = np.diagonal(covariance) < NOISE * size
    return np.where(noise[:, None] | noise[None, :], 0.0, covariance)
