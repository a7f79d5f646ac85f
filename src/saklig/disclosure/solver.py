"""The solver of integer programs: HiGHS, through SciPy, with limits that every machine keeps alike."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Conditions:
    """`matrix` @ X.ravel()[cells] lies between `lower` and `upper`."""

    matrix: csr_array
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def solve(
    conditions: Conditions,
    extra: Conditions | None,
    cost: NDArray[np.float64],
    lowest: NDArray[np.float64],
    highest: NDArray[np.float64],
    nodes: int,
    *,
    whole: bool = True,
) -> NDArray[np.float64] | None:
    """The variables, integers from `lowest` to `highest`, of least cost that was found; None where none was.

    `extra` has further variables after those of `conditions`; they are integers wherever the cost drives them. Effort
    is limited in nodes of the search tree, not in seconds, and the solver runs on one fixed seed. Not `whole`: the
    variables are any numbers, which takes far less.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack

    more = len(cost) - conditions.matrix.shape[1]
    matrix = csr_array(hstack([conditions.matrix, csr_array((conditions.matrix.shape[0], more))]))
    constraints = [LinearConstraint(matrix, conditions.lower, conditions.upper)]
    if extra is not None:
        constraints.append(LinearConstraint(extra.matrix, extra.lower, extra.upper))
    with _quietly():
        result = milp(
            cost,
            integrality=np.concatenate([np.full(conditions.matrix.shape[1], int(whole)), np.zeros(more, np.int64)]),
            bounds=Bounds(lowest, highest),
            constraints=constraints,
            options={"node_limit": nodes, "mip_rel_gap": 0.05, "presolve": True},
        )
    if result.x is None or not whole:
        return None if result.x is None else np.asarray(result.x, np.float64)
    return np.rint(result.x)


@contextmanager
def _quietly() -> Iterator[None]:
    """What the solver prints of itself goes nowhere. Some versions write a line of their own code to the process's
    standard output, whatever they are told, and there only results belong."""
    try:
        kept = os.dup(1)
    except OSError:  # closed: nothing can be printed
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
        yield
    finally:
        with suppress(OSError, AttributeError, TypeError):
            ctypes.CDLL(None).fflush(None)  # or what stands in C's own buffer would come out later
        os.dup2(kept, 1)
        os.close(kept)
