"""What the report says of a weighting that can be followed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from saklig.design.weighting.matching import matched
from saklig.design.weighting.membership import Factor, crossed
from saklig.design.weighting.poststratification import post_stratify
from saklig.design.weighting.report import Line
from saklig.design.weighting.targets import Margin, Targets

SEX = Factor(variable="sex", groups=("man", "woman", "other"), codes=np.array([0, 0, 0, 1, -1]))
WEIGHTS = np.array([1.0, 2.0, 3.0, 4.0, 0.0])


def test_lines_factors_and_spread():
    targets = Targets(margins=(Margin(variable="sex", groups=("woman", "man", "other"), counts=(8, 3, 0)),))
    found = post_stratify(matched(targets, WEIGHTS, (SEX,)))
    report = found.report
    assert found.weights.tolist() == [0.5, 1.0, 1.5, 8.0, 0.0]
    assert report.lines == (
        Line(variable="sex", group="man", respondents=3, target=3, before=6, after=3),
        Line(variable="sex", group="woman", respondents=1, target=8, before=4, after=8),
    )
    assert report.factors == (0.5, 2.0)
    assert (report.before.respondents, report.before.total, report.after.total) == (4, 10, 11)
    assert report.before.deff == pytest.approx(4 * 30 / 100)
    assert report.before.effective == pytest.approx(100 / 30)
    assert report.before.quantiles == (1, 1, 1, 1, 2, 3, 4, 4, 4)


def test_crossed_groups_are_every_combination():
    age = Factor(variable="age", groups=("young", "old"), codes=np.array([1, 0, 1, 1, 1]))
    both = crossed((SEX, age))
    assert both.variable == "sex*age"
    assert both.groups[:3] == ("man*young", "man*old", "woman*young")
    assert both.codes.tolist() == [1, 0, 1, 3, -1]


@pytest.mark.parametrize("codes", [[3], [-2]])
def test_codes_outside_the_groups_are_a_fault_of_the_caller(codes):
    with pytest.raises(ValueError, match="outside its 2 groups"):
        Factor(variable="x", groups=("a", "b"), codes=np.array(codes))
