"""Post-stratification: within each group of one factor all weights are multiplied alike, so that they add up to its
count (Holt and Smith 1979). Two variables together are one crossed factor, "age*sex"."""

from __future__ import annotations

from saklig.design.weighting.faults import WeightingError
from saklig.design.weighting.matching import Matched
from saklig.design.weighting.residuals import post_stratified
from saklig.design.weighting.weighted import Weighted, weighted, weights_after
from saklig.language.catalog import say


def post_stratify(sample: Matched) -> Weighted:
    """Raises WeightingError where the targets are not the counts of one factor."""
    if len(sample.margins) != 1 or sample.totals:
        wrong = say(
            "post-stratification takes the counts of one variable; for several, give the counts of their combinations "
            "(variable “a*b”, group “x*y”), or choose raking or calibration"
        )
        raise WeightingError([wrong])
    cells = sample.cells
    factor = sample.margins[0].counts[cells.codes[:, 0]] / cells.weight
    weights = weights_after(sample, factor)
    return weighted(sample, weights, post_stratified(sample, weights), rounds=1)
