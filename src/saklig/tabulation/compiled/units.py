"""The sampling units of a design in the order in which the compiled loops go through them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.model import Design
from saklig.estimation.variance import Stage, stage_factor

Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Units:
    """The sampling units with someone in them, by stratum: clusters, or the strata themselves in an element sample.

    `of`: the unit of each respondent as the design numbers it. `rank`: its place here. `stratum`: int64 (units,), the
    stratum of each, rising; units of nobody come last and are not in it.
    """

    of: NDArray[np.int32]
    rank: Integers
    stratum: Integers


def units_of(design: Design) -> Units:
    """Of the first stage."""
    of = design.stratum if design.cluster is None else design.cluster
    size = int(of.max(initial=-1)) + 1
    stratum = np.full(size, len(design.clusters_by_stratum), dtype=np.int64)
    stratum[of] = design.stratum
    order = np.argsort(stratum, kind="stable")
    rank = np.empty(size, dtype=np.int64)
    rank[order] = np.arange(size)
    inside = stratum[order] < len(design.clusters_by_stratum)
    return Units(of=of, rank=rank, stratum=stratum[order][inside])


def stage_of(design: Design, units: Units, groups: int) -> Stage:
    """The first stage with a block for every stratum in every group, and a slot for every unit in every block.

    Raises ValueError where one unit stands for others.
    """
    drawn = design.clusters_by_stratum.astype(np.float64)
    factor = stage_factor(drawn, design.fraction, np.ones(len(drawn)))
    strata, starts = np.unique(units.stratum, return_index=True)
    unit_starts = None
    if design.cluster is not None:
        unit_starts = (np.arange(groups)[:, None] * len(units.stratum) + starts).ravel().astype(np.int64)
    return Stage(
        drawn=np.tile(drawn[strata], groups),
        factor=np.tile(factor[strata], groups),
        group=np.repeat(np.arange(groups), len(strata)),
        starts=np.arange(groups) * len(strata),
        groups=np.arange(groups),
        unit_starts=unit_starts,
    )
