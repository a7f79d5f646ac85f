"""Whose numbers carry an error: the kind of sample, and what is assumed of those who did not answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.study.model import ResponseModel, Sample, Study


def has_intervals(study: Study, population: NDArray[np.int64], respondents: NDArray[np.int64]) -> bool:
    """`population`, `respondents`: int64 (strata,), units, −1 where unknown.

    A sample that chose itself has none, unless the study asks for modelled ones. A census has them where it says of how
    many each stratum was, somebody of each answered, and (unless everyone did) those who answered are taken for a
    random sample within their stratum.
    """
    if study.sample is Sample.SELF_SELECTED:
        return study.modelled is not None
    if study.sample is not Sample.CENSUS:
        return True
    answered = respondents > 0
    if (population[answered] < 0).any() or (population[~answered] > 0).any():
        return False
    complete = bool((population[answered] == respondents[answered]).all())
    return complete or study.response_model is ResponseModel.RANDOM
