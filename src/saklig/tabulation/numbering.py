"""Telling keys apart and numbering them, for some millions of respondents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLOSE = 4
"""Times as many numbers as keys: up to that a table of all numbers is sooner made than the keys are sorted."""


def numbered(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different keys, rising, and the place of each of `keys` among them; none below 0.

    As `np.unique`, which sorts, but in time proportional to the keys where they lie close enough.
    """
    size = int(keys.max(initial=-1)) + 1
    if size > CLOSE * len(keys):
        different, place = np.unique(keys, return_inverse=True)
        return different, place
    there = np.zeros(size, dtype=np.bool_)
    there[keys] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[keys]
