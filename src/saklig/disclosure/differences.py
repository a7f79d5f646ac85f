"""Differences: what two published columns of one family leave between them is nobody, or at least the threshold.

- A group inside a group of another background (the three cities among the large municipalities) leaves the rest of the
  larger group; where the rest is too small, the one of lower priority is withheld.
- A routed question beside its router leaves those who were not asked; where they are too few, the column is withheld.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.columns import Columns
from saklig.disclosure.gate import Rule, Withheld


def nested(withheld: Withheld, columns: Columns, shared: NDArray[np.int64], threshold: int) -> Withheld:
    """Withholds, of two published columns one inside the other, the later one if fewer than `threshold` lie between.

    `shared`: int64 (columns, columns), the respondents asked who are in both.
    """
    base = shared.diagonal()
    between = base[None, :] - base[:, None]
    inside = (shared == base[:, None]) & (base[:, None] > 0) & (between > 0) & (between < threshold)
    withheld = withheld.copy()
    for small, large in np.argwhere(inside):
        if withheld[small] or withheld[large] or columns.grouping_of[small] == columns.grouping_of[large]:
            continue
        later = max(small, large, key=lambda column: (columns.grouping_of[column], -base[column], column))
        withheld[later] = Rule.DIFFERENCES
    return withheld


def routed(asked: NDArray[np.int64], by: NDArray[np.int64], threshold: int) -> NDArray[np.bool_]:
    """Shape (columns,): where 1 to threshold − 1 of the router's respondents, `by`, were not `asked` what it leads
    to.
    """
    left = by - asked
    found: NDArray[np.bool_] = (left > 0) & (left < threshold)
    return found
