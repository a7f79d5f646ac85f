"""Dominance: in a small group, a category that holds all or all but one withholds the group.

Where all gave one answer, the answer of each is told; where all but one did, that one knows the others'. It concerns
bases under twice the threshold (policy), single categories, and "chosen" in a multiple-answer question. An empty
category is published: that nobody chose an option is not protected.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.policy import Policy
from saklig.tabulation.table import Table


def dominated(table: Table, policy: Policy) -> NDArray[np.bool_]:
    """Shape (groups,): the groups of `table` in which one category holds all or all but one of a small base."""
    categories = {category.id for category in table.part.rows}
    rows = [place for place, row in enumerate(table.rows) if not row.stat and row.category in categories]
    count, base = table.count[:, rows], table.base[:, rows]
    small = (base > 0) & (base < policy.dominance_below * policy.threshold)
    found: NDArray[np.bool_] = np.any(small & (count >= base - 1) & (count > 0), axis=1)
    return found
