"""The jackknife: each replicate leaves out one cluster and lets the others of its stratum stand for it.

Quenouille (1956), Tukey (1958); for strata Jones (1974); Wolter (2007), ch. 4. As `as.svrepdesign` in R's survey.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saklig.design.factors.replicates import Replicates
from saklig.design.model import Design, DesignError
from saklig.design.replicates.units import check_memory, check_single, first_stage_fraction, units_of
from saklig.language.catalog import say
from saklig.study.replication import ReplicateMethod


def jk1(design: Design, *, fraction: float | None = None, mse: bool = False) -> Replicates:
    """Of a sample without strata. `fraction`: f, where it is not to be the design's.

    Raises DesignError for a design with strata, with one cluster, and for more factors than memory holds.
    """
    if (design.clusters_by_stratum > 0).sum() > 1:
        raise DesignError(say('JK1 replicates are for samples without strata; say method = "jkn"'))
    fractions = None if fraction is None else np.full(len(design.clusters_by_stratum), fraction)
    made = jkn(design, fraction=fractions, mse=mse)
    return Replicates(
        method=ReplicateMethod.JK1,
        factors=made.factors,
        unit=made.unit,
        scale=float(made.rscales[0]),
        rscales=np.ones(len(made.rscales)),
        mse=mse,
    )


def jkn(
    design: Design,
    *,
    fraction: NDArray[np.float64] | None = None,
    mse: bool = False,
    strata: Sequence[str] = (),
) -> Replicates:
    """`fraction`: float64 (strata,), f_h, where it is not to be the design's. `strata`: their ids, for errors.

    The replicate of a cluster in stratum h counts (1 − f_h) · (n_h − 1) / n_h. A stratum wholly surveyed has no
    replicates, as in R. Raises DesignError for a stratum with one cluster that stands for others, for a sample that is
    its whole population, and for more factors than memory holds.
    """
    fraction = first_stage_fraction(design) if fraction is None else fraction
    check_single(design, fraction, strata)
    drawn = design.clusters_by_stratum
    units = units_of(design)
    dropped = np.flatnonzero(fraction[units.stratum] < 1)
    if not len(dropped):
        raise DesignError(say("the whole population was surveyed: there is no error, and no replicates to tell it"))
    check_memory(units.present, len(dropped))
    of = units.stratum[dropped]
    factors = np.ones((units.present, len(dropped)))
    for stratum in np.unique(of):
        inside = units.of(stratum)
        factors[np.ix_(inside[inside < units.present], of == stratum)] = drawn[stratum] / (drawn[stratum] - 1)
    present = np.flatnonzero(dropped < units.present)
    factors[dropped[present], present] = 0
    return Replicates(
        method=ReplicateMethod.JKN,
        factors=factors,
        unit=units.unit,
        scale=1.0,
        rscales=(1 - fraction[of]) * (drawn[of] - 1) / drawn[of],
        mse=mse,
    )
