"""What an edition says of its design, worked out by hand."""

from __future__ import annotations

import numpy as np

from saklig.compilation.sampling import sampling_of
from saklig.design.model import Design, Stage
from saklig.edition.publication import SampledStage, Sampling


def design(**changed: object) -> Design:
    """Six respondents in two districts of one stratum, of which two were drawn, and in an empty one."""
    made = {
        "weights": np.ones(6, dtype=np.int64),
        "scale": 1,
        "stratum": np.zeros(6, dtype=np.int32),
        "cluster": np.array([0, 0, 0, 1, 1, 1], dtype=np.int32),
        "clusters_by_stratum": np.array([2, 0]),
        "fraction": np.array([0.5, 0.0]),
        "population": np.array([-1, -1]),
    }
    return Design(**made | changed)  # type: ignore[arg-type]


def test_a_sample_without_error_says_nothing_of_a_design():
    assert sampling_of(design(intervals=False)) is None


def test_respondents_drawn_at_random():
    found = sampling_of(design(cluster=None, clusters_by_stratum=np.array([6, 0]), fraction=np.zeros(2)))
    assert found == Sampling(
        strata=1, lone=0, stages=(SampledStage(clusters=False, drawn=6, answered=6, finite=False),)
    )


def test_clusters_that_did_not_answer_and_units_that_stand_alone():
    """Schools 0 and 1 in the first district, one alone of four in the second."""
    schools = Stage(
        units=np.array([0, 0, 1, 2, 2, 2], dtype=np.int32), count=np.array([2, 1]), fraction=np.array([0.5, 0.25])
    )
    pupils = Stage(units=None, count=np.array([2, 1, 3]), fraction=np.array([0.1, 0.1, 1.0]))
    found = sampling_of(design(clusters_by_stratum=np.array([3, 0]), later=(schools, pupils)))
    assert found == Sampling(
        strata=1,
        lone=2,
        stages=(
            SampledStage(clusters=True, drawn=3, answered=2, finite=True),
            SampledStage(clusters=True, drawn=3, answered=3, finite=True),
            SampledStage(clusters=False, drawn=6, answered=6, finite=True),
        ),
    )


def test_one_of_one_stands_for_nobody_else():
    found = sampling_of(design(clusters_by_stratum=np.array([1, 0]), fraction=np.array([1.0, 0.0]), cluster=None))
    assert found is not None
    assert found.lone == 0
