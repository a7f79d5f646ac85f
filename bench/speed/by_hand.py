"""What somebody writes who has only a data frame or a database: sums by cluster, then a ratio's linearised error."""

from __future__ import annotations

import numpy as np

from bench.speed.data import CATEGORIES, CLUSTERS, STRATA


def ratios(cluster, group, category, weight, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Sums of weights, one entry a cluster × group × category, to shares and errors, both (groups, categories).

    Clusters are numbered stratum by stratum, the same number in each.
    """
    sums = np.zeros((CLUSTERS, groups, CATEGORIES))
    sums[cluster, group, category] = weight
    base = sums.sum(axis=2, keepdims=True)
    total = base.sum(axis=0)
    share = sums.sum(axis=0) / total
    away = ((sums - share * base) / total).reshape(STRATA, -1, groups, CATEGORIES)
    n = CLUSTERS // STRATA
    centred = away - away.mean(axis=1, keepdims=True)
    return share, np.sqrt((centred**2).sum(axis=(0, 1)) * n / (n - 1))
