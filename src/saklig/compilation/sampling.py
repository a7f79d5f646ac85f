"""What an edition says of the design that its intervals rest on: counts of stages, strata and units, no respondent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.design.model import Design
from saklig.edition.publication import SampledStage, Sampling
from saklig.estimation.variance import lone_units


def sampling_of(design: Design) -> Sampling | None:
    """None where the numbers carry no error."""
    if not design.intervals:
        return None
    present = np.unique(design.stratum)
    first = _stage(design.cluster, int(design.clusters_by_stratum.sum()), design.fraction[present], design)
    later = [_stage(stage.units, int(stage.count.sum()), stage.fraction, design) for stage in design.later]
    return Sampling(strata=len(present), lone=_lone(design), stages=(first, *later))


def _lone(design: Design) -> int:
    """In all stages."""
    parents, above = design.stratum, np.ones(len(design.clusters_by_stratum))
    stages = [(design.cluster, design.clusters_by_stratum, design.fraction)]
    found = 0
    for units, count, fraction in stages + [(each.units, each.count, each.fraction) for each in design.later]:
        found += int(lone_units(count.astype(np.float64), fraction, above).sum())
        if units is None:
            break
        reached = np.zeros(int(units.max()) + 1)
        reached[units] = (above * fraction)[parents]
        parents, above = units, reached
    return found


def _stage(units: NDArray[np.int32] | None, drawn: int, fraction: NDArray[np.float64], design: Design) -> SampledStage:
    return SampledStage(
        clusters=units is not None,
        drawn=drawn,
        answered=len(design.weights) if units is None else len(np.unique(units)),
        finite=bool((fraction > 0).any()),
    )
