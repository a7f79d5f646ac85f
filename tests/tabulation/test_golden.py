"""Every table of ours that R's survey package has made too equals it to 1e-9, before rounding."""

from __future__ import annotations

import numpy as np
import pytest

from saklig.tabulation.tabulate import tabulate

DESIGNS = ("srs_fpc", "srs", "strat_fpc", "strat", "clus1_fpc", "clus2")
NAMES = {"0.5": "median", "0.25": "q1", "0.75": "q3", "": "mean"}


def golden_rows(golden, case):
    rows = [row for row in golden if row["case"] == case]
    assert rows, f"golden.csv has no case {case}"
    return rows


def same(ours, theirs, what):
    if theirs not in ("", "NA"):
        assert ours == pytest.approx(float(theirs), rel=1e-9, abs=1e-15), what


def line(table, group=0, **wanted):
    """Estimate, se, lower, upper, deff and df of one row of one group."""
    row = next(i for i, row in enumerate(table.rows) if all(getattr(row, key) == value for key, value in wanted.items()))
    estimate = table.numerator[group, row] / table.denominator[group, row]
    return [estimate, *(float(getattr(table, name)[group, row]) for name in ("se", "lower", "upper", "deff", "df"))]


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_with_logit_intervals(name, sampled, golden):
    data = sampled(name)
    rows = golden_rows(golden, f"{name}/proportion/logit")
    for row in rows:
        part, column = data.coded(row["variable"])
        table = tabulate(part, column, data.grouping(), data.design)
        estimate, se, lower, upper, _, df = line(table, category=row["level"].lower())
        for ours, theirs in ((estimate, "estimate"), (se, "se"), (lower, "lower"), (upper, "upper"), (df, "df")):
            same(ours, row[theirs], (row["case"], row["variable"], row["level"], theirs))


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
    data = sampled(name)
    for row in golden_rows(golden, f"{name}/deff"):
        part, column = data.measured(row["variable"])
        *_, deff, _ = line(tabulate(part, column, data.grouping(), data.design), stat="mean")
        same(deff, row["estimate"], row)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_scale_of_numbers_has_the_mean_of_the_numbers(name, sampled):
    """A coded part and a numeric one go different ways to the same mean, error and design effect."""
    import dataclasses

    from saklig.study.model import CodeList, Kind, question_parts

    data = sampled(name)
    part, column = data.coded("stype")
    categories = tuple(
        dataclasses.replace(each, score=score) for each, score in zip(part.rows, (-3, 400, 1000), strict=True)
    )
    scale = dataclasses.replace(
        part.question, kind=Kind.SCALE, mean=True, codes=CodeList(id="c", categories=categories)
    )
    numeric, measured = data.measured("api00")
    values = np.array([-3, 400, 1000])[column.codes]
    measured = dataclasses.replace(measured, values=values)
    one = line(tabulate(next(question_parts(scale)), column, data.grouping("sch_wide"), data.design), 1, stat="mean")
    other = line(tabulate(numeric, measured, data.grouping("sch_wide"), data.design), 1, stat="mean")
    assert one == pytest.approx(other, rel=1e-10)
