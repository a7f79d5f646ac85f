"""Balanced repeated replication: of two clusters a stratum each replicate takes one, by a Hadamard matrix.

McCarthy (1966); with both kept in unequal parts Fay (1984), in Judkins (1990); Wolter (2007), ch. 3. R's
`as.svrepdesign(type = "BRR")` and `"Fay"`. There is no finite population correction, and so no error is too small.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from saklig.design.factors.replicates import Replicates
from saklig.design.model import Design, DesignError
from saklig.design.replicates.hadamard import hadamard
from saklig.design.replicates.units import check_memory, stratum_name, units_of
from saklig.language.catalog import say
from saklig.study.replication import ReplicateMethod


def brr(design: Design, *, mse: bool = False, strata: Sequence[str] = ()) -> Replicates:
    """Factors 2 and 0. Raises DesignError for a stratum without exactly two clusters; `strata`: their ids."""
    return _balanced(design, ReplicateMethod.BRR, 0.0, mse, strata)


def fay(design: Design, rho: float, *, mse: bool = False, strata: Sequence[str] = ()) -> Replicates:
    """Factors 2 − ρ and ρ, so that small domains lose nobody. Raises DesignError as `brr`, and for ρ outside 0 … 1."""
    if not 0 < rho < 1:
        raise DesignError(say("Fay's ρ is {rho}; it lies between 0 and 1, often 0.3 or 0.5", rho=f"{rho:g}"))
    return _balanced(design, ReplicateMethod.FAY, rho, mse, strata)


def _balanced(design: Design, method: ReplicateMethod, rho: float, mse: bool, strata: Sequence[str]) -> Replicates:
    drawn = design.clusters_by_stratum
    for position in np.flatnonzero((drawn != 2) & (drawn > 0)):
        raise DesignError(
            say(
                "stratum “{stratum}”: it has {n} clusters, and {method} replicates need exactly two in every stratum; "
                'pair them, or say method = "jkn"',
                stratum=stratum_name(strata, int(position)),
                n=drawn[position],
                method=method.value,
            )
        )
    units = units_of(design)
    occupied = np.flatnonzero(drawn == 2)
    check_memory(units.size, len(occupied) + 1)
    signs = hadamard(len(occupied) + 1)
    factors = np.empty((units.size, len(signs)))
    for row, stratum in enumerate(occupied, start=1):
        one, other = units.of(int(stratum))
        factors[one] = 1 + (1 - rho) * signs[row]
        factors[other] = 1 - (1 - rho) * signs[row]
    return Replicates(
        method=method,
        factors=factors[: units.present],
        unit=units.unit,
        scale=1 / (len(signs) * (1 - rho) ** 2),
        rscales=np.ones(len(signs)),
        mse=mse,
    )
