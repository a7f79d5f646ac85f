"""The first-stage units of a design, which replicates drop and keep as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.model import Design, DesignError
from saklig.language.catalog import say

MOST_FACTORS = 2**27
"""Units × replicates that are held in memory: 1 GiB of factors."""


@dataclass(frozen=True, kw_only=True)
class Units:
    """`unit`: int32 (n,), each respondent's; `stratum`: int64 (m,), each unit's. The first `present` units have
    respondents; after them stand those that were drawn and of whom none is in the data (n_h is the design's)."""

    unit: NDArray[np.int32]
    stratum: NDArray[np.int64]
    present: int

    @property
    def size(self) -> int:
        return len(self.stratum)

    def of(self, stratum: int) -> NDArray[np.intp]:
        """The units of one stratum."""
        return np.flatnonzero(self.stratum == stratum)


def units_of(design: Design) -> Units:
    """Clusters in the order of their numbers, or the respondents of an element sample in theirs.

    Raises ValueError where a stratum has more units than its design drew.
    """
    n = len(design.weights)
    if design.cluster is None:
        unit, stratum = np.arange(n, dtype=np.int32), design.stratum.astype(np.int64)
    else:
        _, first, inverse = np.unique(design.cluster, return_index=True, return_inverse=True)
        unit, stratum = inverse.astype(np.int32), design.stratum[first].astype(np.int64)
    drawn = design.clusters_by_stratum
    absent = drawn - np.bincount(stratum, minlength=len(drawn))
    if (absent < 0).any():
        raise ValueError("a stratum has more units in the data than its design drew")
    return Units(
        unit=unit,
        stratum=np.concatenate([stratum, np.repeat(np.arange(len(drawn)), absent)]),
        present=len(stratum),
    )


def first_stage_fraction(design: Design) -> NDArray[np.float64]:
    """f_h as replicates may use it. Where later stages were sampled (1 − f_h) alone would leave out their variance,
    and so the first stage counts as drawn with replacement, which never makes an error too small."""
    sampled = any((stage.fraction < 1).any() for stage in design.later)
    return np.zeros_like(design.fraction) if sampled else design.fraction


def check_single(design: Design, fraction: NDArray[np.float64], strata: Sequence[str]) -> None:
    """Raises DesignError for a stratum with one unit that stands for others."""
    for position in np.flatnonzero((design.clusters_by_stratum == 1) & (fraction < 1)):
        raise DesignError(
            say(
                "stratum “{stratum}”: it has one cluster or respondent, and replicates need two; merge it with a "
                "neighbouring stratum",
                stratum=stratum_name(strata, int(position)),
            )
        )


def check_memory(units: int, replicates: int) -> None:
    """Raises DesignError before memory is asked for that would not suffice."""
    if units * replicates > MOST_FACTORS:
        raise DesignError(
            say(
                "{replicates} replicates of {units} clusters or respondents need {size} GB of memory; make fewer "
                "by the bootstrap, or leave the errors to linearisation",
                replicates=replicates,
                units=units,
                size=f"{units * replicates * 8 / 2**30:.0f}",
            )
        )


def stratum_name(strata: Sequence[str], position: int) -> str:
    """Its id, or its number from 1."""
    return strata[position] if position < len(strata) else str(position + 1)
