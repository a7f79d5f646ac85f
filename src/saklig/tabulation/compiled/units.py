"""The sampling units of a design in the order in which the compiled loops go through them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.model import Design
from saklig.estimation.variance import Parents, Stage
from saklig.tabulation.breakdown import stage_from
from saklig.tabulation.compiled import loops

Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Units:
    """The sampling units with someone in them, by stratum: clusters, or the strata themselves in an element sample.

    `starts`: int64 (units + 1,), where the respondents of each begin when they are in order. `places`: int32 (n,),
    where each respondent comes then; None where they are in order as they are. `stratum`: int64 (units,), rising.
    """

    starts: Integers
    places: NDArray[np.int32] | None
    stratum: Integers


def units_of(design: Design) -> Units:
    """Of the first stage."""
    of = design.stratum if design.cluster is None else design.cluster
    n, size = len(of), int(of.max(initial=-1)) + 1
    if loops.in_order(of):
        starts = np.searchsorted(of, np.arange(size + 1))
        somebody = starts[:-1][np.diff(starts) > 0]
        stratum = design.stratum[somebody].astype(np.int64)
        if (np.diff(stratum) >= 0).all():
            return Units(starts=np.append(somebody, n).astype(np.int64), places=None, stratum=stratum)
    count, stratum = loops.survey(of, design.stratum, size)
    order = np.argsort(stratum, kind="stable")
    order = order[count[order] > 0]
    rank = np.zeros(len(count), dtype=np.int64)
    rank[order] = np.arange(len(order))
    starts = np.append(0, np.cumsum(count[order])).astype(np.int64)
    return Units(starts=starts, places=loops.places_of(of, rank, starts), stratum=stratum[order])


def stage_of(design: Design, units: Units, groups: int) -> Stage:
    """The first stage with a block for every stratum in every group, and a slot for every unit in every block.

    Raises ValueError where one unit stands for others.
    """
    drawn = design.clusters_by_stratum.astype(np.float64)
    parents = Parents(drawn=drawn, fraction=design.fraction, above=np.ones(len(drawn)), lonely=design.lonely)
    strata, starts = np.unique(units.stratum, return_index=True)
    told = None
    if design.cluster is not None:
        unit_starts = (np.arange(groups)[:, None] * len(units.stratum) + starts).ravel().astype(np.int64)
        told = unit_starts, np.tile(np.arange(len(units.stratum)), groups)
    return stage_from(np.repeat(np.arange(groups), len(strata)), np.tile(strata, groups), parents, told)
