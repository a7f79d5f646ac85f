"""Tables by replicate weights equal those of the oracle, for every method and kind of question: errors to 1e-9."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_answers import Case, cases, sample
from replicate_oracle import Reweighted
from tabulated import Told, check_line

import oracle
from saklig.design.factors.replicates import Replicates
from saklig.design.model import Design
from saklig.design.replicates.balanced import brr, fay
from saklig.design.replicates.bootstrap import bootstrap
from saklig.design.replicates.jackknife import jk1, jkn
from saklig.design.replicates.successive import sdr
from saklig.design.replicates.supplied import BALANCED
from saklig.study.replication import ReplicateMethod as Method
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.plan import groupings
from saklig.tabulation.tabulate import tabulate_all

SLOW = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def possible(design: Design) -> list[Method]:
    drawn, varying = design.clusters_by_stratum, design.fraction < 1
    found = [Method.OTHER]
    if ((drawn == 1) & varying).any():  # replicates are made of two units a stratum or more
        return found
    found.append(Method.SDR)
    if varying.any():
        found += [Method.JKN, Method.BOOTSTRAP]
    if len(drawn) == 1 and varying.any():
        found.append(Method.JK1)
    if (drawn == 2).all():
        found += [Method.BRR, Method.FAY] * 2
    return found


@st.composite
def replicates(draw: st.DrawFn, design: Design) -> Replicates:
    mse = draw(st.booleans())
    match draw(st.sampled_from(possible(design))):
        case Method.JK1:
            return jk1(design, mse=mse)
        case Method.JKN:
            return jkn(design, mse=mse)
        case Method.BRR:
            return brr(design, mse=mse)
        case Method.FAY:
            return fay(design, draw(st.sampled_from([0.3, 0.5])), mse=mse)
        case Method.SDR:
            return sdr(design, mse=mse)
        case Method.BOOTSTRAP:
            return bootstrap(design, draw(st.integers(2, 12)), draw(st.integers(0, 9)), mse=mse)
        case Method.OTHER:
            return draw(any_factors(design, mse))
        case method:
            raise AssertionError(f"{method} has no strategy")


@st.composite
def any_factors(draw: st.DrawFn, design: Design, mse: bool) -> Replicates:
    """As a data file may have them: of no common step, by respondent or by cluster, some replicates not counted."""
    number, n = draw(st.integers(2, 6)), len(design.weights)
    by_cluster = draw(st.booleans()) and design.cluster is not None
    unit = design.cluster if by_cluster else np.arange(n, dtype=np.int32)
    factor = st.sampled_from([0.0, 0.5, 1.0, 1.0, 1.0 / 3, 1.7320508, 2.0])
    units = int(unit.max()) + 1
    return Replicates(
        method=Method.OTHER,
        factors=np.array([[draw(factor) for _ in range(number)] for _ in range(units)]),
        unit=unit,
        scale=draw(st.sampled_from([0.0, 0.25, 1.0])),
        rscales=np.array([draw(st.sampled_from([0.0, 0.5, 1.0])) for _ in range(number)]),
        mse=mse,
    )


def told(plain: oracle.Sample, made: Replicates) -> Told:
    found = Reweighted(
        sample=plain,
        factors=[[Fraction(float(each)) for each in made.factors[unit]] for unit in made.unit],
        scale=Fraction(made.scale),
        rscales=[Fraction(float(each)) for each in made.rscales],
        mse=made.mse,
    )
    return Told(plain, found.error, found.degrees, found.certain)


@SLOW
@given(st.data())
def test_errors_intervals_and_design_effects(data: st.DataObject):
    case: Case = data.draw(cases(most=14))
    made = data.draw(replicates(case.design))
    plan = groupings(case.study, case.answers)
    broken = breakdown(plan, replace(case.design, replicates=made))
    for part in case.parts:
        for grouping, found in zip(plan, tabulate_all(part, case.answers.columns[part.key], broken), strict=True):
            way = told(sample(case, part, grouping.codes), made)
            for group in range(len(grouping.groups)):
                for row, line in enumerate(oracle.lines(part)):
                    ours = {name: float(getattr(found, name)[group, row]) for name in ("se", "lower", "upper", "deff")}
                    place = (made.method, part.key, grouping.groups[group], line.category, line.stat)
                    check_line(way, line, group, ours, int(found.df[group, row]), place)


def test_every_method_has_a_strategy():
    assert {*BALANCED, Method.JK1, Method.JKN, Method.BOOTSTRAP, Method.OTHER} == {*Method}


@SLOW
@given(st.data())
def test_no_group_depends_on_another(data: st.DataObject):
    """To the last bit: a group's numbers are the same beside other groups, and whoever stands first in the file."""
    case: Case = data.draw(cases())
    made = data.draw(replicates(case.design))
    design = replace(case.design, replicates=made)
    alone, beside = (
        breakdown(plan, design)
        for plan in (groupings(case.study, case.answers)[1:], groupings(case.study, case.answers))
    )
    for part in case.parts:
        column = case.answers.columns[part.key]
        one, other = tabulate_all(part, column, alone)[0], tabulate_all(part, column, beside)[1]
        for name in ("se", "lower", "upper", "deff", "df"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), strict=True)
