"""What was done to weights so that they meet targets, as far as the errors of estimates need to know it.

Weights that reproduce known totals leave only that part of a contribution w·z which these totals do not explain: z is
replaced by the residual of its regression on the auxiliary variables, over all units of the sample and not only those
of a domain. The design variance of the sum of the residuals is that of the estimate (Deville and Särndal 1992, eq. 3.4;
R's `svyrecvar`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.design.fixed_point import fixed_point

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """Respondents who are alike in every auxiliary variable make one of m `cells`.

    `index`: int64 (n,), the cell of each respondent, −1 where the weight is zero. `basis`: float64 (m, r), the
    auxiliary variables by cell, orthonormal over the respondents in the `inner` weights; None where every cell has a
    variable of its own. `inner`: float64 (n,), the weights of the regression. `after`: float64 (n,), the weights that
    meet the targets; those of the design differ from them where they were trimmed afterwards.
    """

    index: Integers
    cells: int
    basis: Floats | None
    inner: Floats
    after: Floats

    def fitted(self, sums: Floats) -> Floats:
        """The regression's value in each cell, from Σ inner·z by cell; both (m, k)."""
        if self.basis is None:
            return np.asarray(sums / self._inner_of_cell[:, None])
        slopes = np.einsum("mr,mk->rk", self.basis, sums)
        return np.asarray(np.einsum("mr,rk->mk", self.basis, slopes))

    def residuals(self, contributions: Floats) -> Floats:
        """w·z less what the auxiliary variables explain of it; both (n, k)."""
        counting = self.after[:, None] > 0
        z = np.where(counting, contributions / np.where(counting, self.after[:, None], 1.0), 0.0)
        fitted = self.fitted(_by_cell(z * self.inner[:, None], self.index, self.cells))
        return np.asarray(contributions - self.after[:, None] * fitted[self.index])

    @cached_property
    def _inner_of_cell(self) -> Floats:
        return _by_cell(self.inner[:, None], self.index, self.cells)[:, 0]


def _by_cell(values: Floats, index: Integers, cells: int) -> Floats:
    """Values (n, k) added up by cell, as whole numbers so that no order of adding changes the sum: (cells, k)."""
    result = np.zeros((cells, values.shape[1]))
    kept = index >= 0
    for column in range(values.shape[1]):
        whole = fixed_point(values[kept, column])
        result[:, column] = np.bincount(index[kept], weights=whole.numbers, minlength=cells) * whole.unit
    return result
