"""Every table of ours that R's survey package has made too equals it to 1e-9, before rounding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from saklig.estimation import total
from saklig.estimation.design_effect import design_effect
from saklig.study.model import CodeList, Interval, Kind, question_parts
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.layout import layout_of
from saklig.tabulation.linearisation import domains, total_moments, value_moments
from saklig.tabulation.tabulate import tabulate

DESIGNS = ("srs_fpc", "srs", "strat_fpc", "strat", "clus1_fpc", "clus2")
NAMES = {"0.5": "median", "0.25": "q1", "0.75": "q3", "": "mean"}


def summed(part, column, broken):
    """What the errors of one part are made of."""
    return next(Memory(columns={part.key: column}, broken=broken).statistics([part], errors=True))


def golden_rows(golden, case):
    rows = [row for row in golden if row["case"] == case]
    assert rows, f"golden.csv has no case {case}"
    return rows


def same(ours, theirs, what):
    if theirs not in ("", "NA"):
        assert ours == pytest.approx(float(theirs), rel=1e-9, abs=1e-15), what


def line(table, group=0, **wanted):
    """Estimate, se, lower, upper, deff and df of one row of one group."""
    row = next(
        i for i, row in enumerate(table.rows) if all(getattr(row, key) == value for key, value in wanted.items())
    )
    estimate = table.numerator[group, row] / table.denominator[group, row]
    return [estimate, *(float(getattr(table, name)[group, row]) for name in ("se", "lower", "upper", "deff", "df"))]


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_with_logit_intervals(name, sampled, golden):
    """`svyciprop(method = "logit")` fits a model by iteration and stops early twice, 2.4e-9 from R's own `svymean`;
    there the values of "xlogit", which are the same interval without iteration, stand in for it."""
    data = sampled(name)
    exact = {(row["variable"], row["level"]): row for row in golden_rows(golden, f"{name}/proportion/xlogit")}
    for row in golden_rows(golden, f"{name}/proportion/logit"):
        key = row["variable"], row["level"]
        part, column = data.coded(row["variable"])
        table = tabulate(part, column, data.grouping(), data.design)
        estimate, se, lower, upper, _, df = line(table, category=row["level"].lower())
        for ours, theirs in ((estimate, "estimate"), (se, "se"), (lower, "lower"), (upper, "upper"), (df, "df")):
            same(ours, exact[key][theirs], (row["case"], *key, theirs))
            if key != ("sch_wide", "No") or not name.startswith("strat"):
                same(ours, row[theirs], (row["case"], *key, theirs))
            assert ours == pytest.approx(float(row[theirs]), rel=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
def test_shares(name, sampled, golden):
    data = sampled(name)
    for row in golden_rows(golden, f"{name}/proportion"):
        part, column = data.coded(row["variable"])
        estimate, se, *_, df = line(tabulate(part, column, data.grouping(), data.design), category=row["level"].lower())
        for ours, theirs in ((estimate, "estimate"), (se, "se"), (df, "df")):
            same(ours, row[theirs], (row["case"], row["variable"], row["level"], theirs))


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_by_group(name, sampled, golden):
    data = sampled(name)
    grouping = data.grouping("stype")
    for row in golden_rows(golden, f"{name}/proportion-by"):
        part, column = data.coded(row["variable"])
        group = grouping.groups.index((row["group"],))
        table = tabulate(part, column, grouping, data.design)
        estimate, se, *_, df = line(table, group, category=row["level"].lower())
        for ours, theirs in ((estimate, "estimate"), (se, "se"), (df, "df")):
            same(ours, row[theirs], (row["case"], row["variable"], row["level"], row["group"], theirs))


@pytest.mark.parametrize("name", DESIGNS)
def test_means(name, sampled, golden):
    data = sampled(name)
    for row in golden_rows(golden, f"{name}/mean"):
        part, column = data.measured(row["variable"])
        table = tabulate(part, column, data.grouping(), data.design)
        estimate, se, lower, upper, _, df = line(table, stat="mean")
        for ours, theirs in ((estimate, "estimate"), (se, "se"), (lower, "lower"), (upper, "upper"), (df, "df")):
            same(ours, row[theirs], (row["case"], row["variable"], theirs))


@pytest.mark.parametrize("name", DESIGNS)
def test_means_by_group(name, sampled, golden):
    data = sampled(name)
    grouping = data.grouping("stype")
    for row in golden_rows(golden, f"{name}/mean-by"):
        part, column = data.measured(row["variable"])
        group = grouping.groups.index((row["group"],))
        estimate, se, *_ = line(tabulate(part, column, grouping, data.design), group, stat="mean")
        same(estimate, row["estimate"], row)
        same(se, row["se"], row)


@pytest.mark.parametrize("name", [name for name in DESIGNS if name != "clus2"])
def test_quantiles(name, sampled, golden):
    data = sampled(name)
    for row in golden_rows(golden, f"{name}/quantile"):
        part, column = data.measured(row["variable"])
        table = tabulate(part, column, data.grouping(), data.design)
        estimate, se, lower, upper, *_ = line(table, stat=NAMES[row["level"]])
        for ours, theirs in ((estimate, "estimate"), (se, "se"), (lower, "lower"), (upper, "upper")):
            same(ours, row[theirs], (row["case"], row["variable"], row["level"], theirs))


@pytest.mark.parametrize("name", DESIGNS)
def test_design_effects(name, sampled, golden):
    """R takes the sum of the weights for the population, also where (as in the cluster samples) it is not whole."""
    data = sampled(name)
    broken = breakdown((data.grouping(),), data.design)
    for row in golden_rows(golden, f"{name}/deff"):
        part, column = data.measured(row["variable"])
        domain = domains(layout_of(part), summed(part, column, broken), broken.frame)
        table = tabulate(part, column, data.grouping(), data.design)
        mean = layout_of(part).mean
        moments = value_moments(column, broken, domain, table.numerator[:, mean], table.denominator[:, mean])
        units = np.full((1, 1), data.design.total / data.design.scale)
        same(design_effect(replace(moments, population=units))[0, 0], row["estimate"], row)
        if not name.startswith("clus"):
            same(table.deff[0, mean], row["estimate"], row)


INTERVALS = {
    "beta": Interval.BETA,
    "mean": Interval.MEAN,
    "xlogit": Interval.LOGIT,
    "likelihood": Interval.LIKELIHOOD,
}
"""R's name of an interval → ours."""


@pytest.mark.parametrize("method", INTERVALS)
@pytest.mark.parametrize("name", DESIGNS)
def test_other_intervals(name, method, sampled, golden, golden_designs):
    data = sampled(name)
    design = replace(data.design, interval=INTERVALS[method])
    for row in golden_rows(golden_designs if method == "likelihood" else golden, f"{name}/proportion/{method}"):
        part, column = data.coded(row["variable"])
        table = tabulate(part, column, data.grouping(), design)
        estimate, se, lower, upper, _, df = line(table, category=row["level"].lower())
        for ours, theirs in ((estimate, "estimate"), (se, "se"), (lower, "lower"), (upper, "upper"), (df, "df")):
            same(ours, row[theirs], (row["case"], row["variable"], row["level"], theirs))


@pytest.mark.parametrize("name", DESIGNS)
def test_likelihood_intervals_are_those_that_r_draws_a_spline_through(name, sampled, golden_designs):
    """R's own ends are off its own profile by up to some 1e-4; what they aim at is compared above."""
    data = sampled(name)
    design = replace(data.design, interval=Interval.LIKELIHOOD)
    for row in golden_rows(golden_designs, f"{name}/proportion/likelihood-spline"):
        part, column = data.coded(row["variable"])
        _, _, lower, upper, _, _ = line(tabulate(part, column, data.grouping(), design), category=row["level"].lower())
        assert (lower, upper) == pytest.approx((float(row["lower"]), float(row["upper"])), rel=2e-4)


@pytest.mark.parametrize("name", DESIGNS)
def test_totals(name, sampled, golden):
    data = sampled(name)
    broken = breakdown((data.grouping(),), data.design)
    for row in golden_rows(golden, f"{name}/total"):
        part, column = data.coded(row["variable"])
        layout, given = layout_of(part), summed(part, column, broken)
        found = total_moments(layout, given, broken.frame, domains(layout, given, broken.frame))
        total.validate(found)
        place = next(i for i, each in enumerate(layout.rows) if each.category == row["level"].lower())
        same(found.ratio[0, place], row["estimate"], row)
        same(total.estimate(found).se[0, place], row["se"], row)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_scale_of_numbers_has_the_mean_of_the_numbers(name, sampled):
    """A coded part and a numeric one go different ways to the same mean, error and design effect."""
    data = sampled(name)
    part, column = data.coded("stype")
    categories = tuple(replace(each, score=score) for each, score in zip(part.rows, (-3, 400, 1000), strict=True))
    scale = replace(part.question, kind=Kind.SCALE, mean=True, codes=CodeList(id="c", categories=categories))
    numeric, measured = data.measured("api00")
    values = np.array([-3, 400, 1000])[column.codes]
    measured = replace(measured, values=values)
    one = line(tabulate(next(question_parts(scale)), column, data.grouping("sch_wide"), data.design), 1, stat="mean")
    other = line(tabulate(numeric, measured, data.grouping("sch_wide"), data.design), 1, stat="mean")
    assert one == pytest.approx(other, rel=1e-10)
