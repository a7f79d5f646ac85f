"""Successive difference replication, for systematic samples from a sorted list: neighbours tell the error.

Fay and Train (1995), Ash (2014). Unit i takes two rows of a Hadamard matrix, its own and its neighbour's, and the last
unit of a stratum the first one's, so that the replicates' variance is ½ Σ (t_i − t_{i+1})² around each stratum. R's
`svrepdesign(type = "successive-difference")`; there is no finite population correction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saklig.design.factors.replicates import Replicates
from saklig.design.model import Design
from saklig.design.replicates.hadamard import hadamard
from saklig.design.replicates.units import check_memory, check_single, units_of
from saklig.study.replication import ReplicateMethod

STEP = 2**-1.5
"""How far a row moves a factor: two rows move it by 0, or by 2 · STEP = 1/√2 up or down."""


def sdr(
    design: Design, *, order: NDArray[np.int64] | None = None, mse: bool = False, strata: Sequence[str] = ()
) -> Replicates:
    """`order`: int64 (n,), the place of each respondent in the list that the sample was drawn from, sorted as it was
    then; a cluster's is its first respondent's. None: the data's own order.

    Raises DesignError for a stratum with one cluster that stands for others (`strata`: their ids), and for more factors
    than memory holds.
    """
    check_single(design, design.fraction, strata)
    units = units_of(design)
    place = np.arange(len(units.unit)) if order is None else order
    first = np.full(units.size, np.iinfo(np.int64).max)
    np.minimum.at(first, units.unit, place)
    check_memory(units.size, units.size + 2)
    signs = hadamard(units.size + 2)
    factors = np.ones((units.size, len(signs)))
    row = 1  # the first row is all +1 and balances nothing
    for stratum in np.flatnonzero(design.clusters_by_stratum > 1):
        inside = units.of(int(stratum))
        inside = inside[np.argsort(first[inside], kind="stable")]
        rows = row + np.arange(len(inside))
        factors[inside] += STEP * (signs[rows] - signs[np.roll(rows, -1)])
        row += len(inside)
    return Replicates(
        method=ReplicateMethod.SDR,
        factors=factors[: units.present],
        unit=units.unit,
        scale=4 / len(signs),
        rscales=np.ones(len(signs)),
        mse=mse,
    )
