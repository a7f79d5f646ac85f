"""The rescaling bootstrap: each replicate draws n_h − 1 clusters of a stratum's n_h with replacement.

Rao and Wu (1988), as weights Rao, Wu and Yue (1992); R's `as.svrepdesign(type = "subbootstrap")`. With a sampling
fraction the factors are drawn together by √(1 − f_h) (Rao and Wu 1988, section 4), which R leaves out.
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

FEWEST = 2


def bootstrap(
    design: Design,
    replicates: int,
    seed: int,
    *,
    fraction: NDArray[np.float64] | None = None,
    mse: bool = False,
    strata: Sequence[str] = (),
) -> Replicates:
    """`fraction`: float64 (strata,), f_h, where it is not to be the design's. The same seed gives the same factors.

    Raises DesignError for fewer than two replicates, and as `jkn`.
    """
    if replicates < FEWEST:
        raise DesignError(
            say("the bootstrap needs at least two replicates, often 500; {n} were asked for", n=replicates)
        )
    fraction = first_stage_fraction(design) if fraction is None else fraction
    check_single(design, fraction, strata)
    units = units_of(design)
    check_memory(units.size, replicates)
    source = np.random.PCG64(seed)
    factors = np.ones((units.size, replicates))
    for stratum in np.flatnonzero(design.clusters_by_stratum > 1):
        inside = units.of(int(stratum))
        n = len(inside)
        times = _drawn(source, n, replicates)
        factors[inside] = 1 + np.sqrt(1 - fraction[stratum]) * (times * (n / (n - 1)) - 1)
    return Replicates(
        method=ReplicateMethod.BOOTSTRAP,
        factors=factors[: units.present],
        unit=units.unit,
        scale=1 / (replicates - 1),
        rscales=np.ones(replicates),
        mse=mse,
    )


def _drawn(source: np.random.PCG64, n: int, replicates: int) -> NDArray[np.float64]:
    """float64 (n, replicates): how often each of n was drawn among n − 1.

    numpy promises the raw 64 bits of a generator for all time, but not what its methods make of them; so the remainder
    by n is taken here, which prefers no unit by more than n · 2**−64.
    """
    raw = source.random_raw(replicates * (n - 1))
    keys = (raw % np.uint64(n)).astype(np.int64).reshape(replicates, n - 1) + np.arange(replicates)[:, None] * n
    times = np.bincount(keys.ravel(), minlength=replicates * n)
    return times.reshape(replicates, n).T.astype(np.float64)
