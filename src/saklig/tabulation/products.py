"""The variance of a stage whose units an engine has counted itself, and of which only products of sums came back.

With W_u the sums of weights of unit u by column, and a = s − R·b for the score s and the base b of a row, Σ_u z_u² is
a′ (Σ_u W_u W_u′) a and Σ_u z_u is a′ Σ_u W_u. Both are made in whole numbers of any size: in floats the difference of
two large numbers would lose the digits that units told apart keep.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from saklig.estimation.model import Floats, Integers
from saklig.estimation.variance import block_variance
from saklig.tabulation.statistics import StageStatistics


def products_variance(each: StageStatistics, score: Integers, base: Integers, ratio: Floats) -> Floats:
    """As `stage_variance` of Σwy − ratio · Σwx, shape (g, k). `score`, `base`: (columns, k); `ratio`: (g, k)."""
    assert each.products is not None, "the units of the stage must have been counted by the engine"
    nothing = np.zeros((len(each.weight), ratio.shape[1]))
    linear, squares, size = nothing.copy(), nothing.copy(), nothing.copy()
    scores, bases = score.astype(object), base.astype(object)
    weight = each.weight.astype(object)
    for block, group in enumerate(each.stage.group):
        pairs = each.products.pairs[block]
        for row, own in enumerate(ratio[group]):
            part = Fraction(0) if np.isnan(own) else Fraction(float(own))
            a = part.denominator * scores[:, row] - part.numerator * bases[:, row]
            linear[block, row] = Fraction(int(a @ weight[block]), part.denominator)
            squares[block, row] = Fraction(int(a @ pairs @ a), part.denominator**2)
            scored, based = scores[:, row], bases[:, row]
            size[block, row] = float(scored @ pairs @ scored) + float(part) ** 2 * float(based @ pairs @ based)
    return block_variance(each.stage, linear, squares, size, len(ratio))
