"""Every estimate from replicate weights that R's survey package has made too equals it to 1e-9."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from saklig.design.factors.replicates import Replicates
from saklig.design.fixed_point import fixed_point
from saklig.design.replicates.balanced import brr, fay
from saklig.design.replicates.jackknife import jk1, jkn
from saklig.design.replicates.successive import sdr
from saklig.design.replicates.supplied import Recipe, supplied
from saklig.estimation import balance, mean, proportion, quantile, total
from saklig.estimation.replication import by_unit, ratio_variance, swing
from saklig.study.model import Balance, Part, question_parts
from saklig.study.replication import ReplicateMethod as Method
from saklig.tabulation.breakdown import Breakdown, breakdown
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.layout import layout_of
from saklig.tabulation.replication import (
    replicated,
    row_moments,
    share_moments,
    total_moments,
    value_moments,
)
from saklig.tabulation.statistics import Numbers
from saklig.tabulation.tabulate import tabulate

FACTORS = Path(__file__).parent.parent / "golden" / "replicate-factors.csv"
QUANTILES = {"0.25": "q1", "0.5": "median", "0.75": "q3"}


def factors(method: str, rows: list[dict[str, str]]) -> np.ndarray:
    """Those that R had, one row a respondent."""
    with FACTORS.open(encoding="utf-8", newline="") as file:
        found = {
            (row["dnum"], int(row["replicate"])): float(row["factor"])
            for row in csv.DictReader(file)
            if row["method"] == method
        }
    number = max(replicate for _, replicate in found)
    return np.array([[found[row["dnum"], replicate + 1] for replicate in range(number)] for row in rows])


def given(data, method: Method, name: str, **more) -> Replicates:
    weights = np.array([float(row["w"]) for row in data.rows])
    columns = factors(name, data.rows)
    recipe = Recipe(method=method, **more)
    columns = columns * weights[:, None] if recipe.combined else columns
    return supplied(columns, weights, recipe, "api", data.design.cluster)


def by_stratum(data) -> np.ndarray:
    return np.array([0.1, 0.5, 1.0])[: len(data.design.fraction)]


MADE: dict[str, tuple[str, Callable[..., Replicates]]] = {
    "JK1": ("", lambda data: jk1(data.design)),
    "JK1-mse": ("", lambda data: jk1(data.design, mse=True)),
    "JK1-fpc": ("", lambda data: jk1(data.design, fraction=15 / 757)),
    "JK1-fraction": ("", lambda data: jk1(data.design, fraction=0.25)),
    "JK1-two-stage": ("clus2", lambda data: jk1(data.design, fraction=data.design.fraction[0])),
    "JKn": ("strat", lambda data: jkn(data.design)),
    "JKn-fpc": ("strat_fpc", lambda data: jkn(data.design)),
    "JKn-fraction": ("block", lambda data: jkn(data.design, fraction=by_stratum(data))),
    "JKn-blocks": ("block", lambda data: jkn(data.design)),
    "JKn-blocks-mse": ("block", lambda data: jkn(data.design, mse=True)),
    "BRR": ("pair", lambda data: brr(data.design)),
    "BRR-mse": ("pair", lambda data: brr(data.design, mse=True)),
    "Fay": ("pair", lambda data: fay(data.design, 0.3)),
    "bootstrap": ("block", lambda data: given(data, Method.BOOTSTRAP, "bootstrap", combined=False)),
    "bootstrap-mse": ("block", lambda data: given(data, Method.BOOTSTRAP, "bootstrap", mse=True)),
    "SDR": ("", lambda data: given(data, Method.SDR, "SDR", combined=False)),
}


@dataclass(frozen=True)
class Sample:
    """The data of a case and its replicates."""

    data: object
    replicates: Replicates

    def replicated(self, part: Part, column, by: str = ""):
        broken = breakdown((self.grouping(by),), replace(self.data.design, replicates=self.replicates))
        given = next(Memory(columns={part.key: column}, broken=broken).statistics([part], errors=True))
        return broken, replicated(layout_of(part), given, broken.frame)

    def grouping(self, by: str):
        """Who has no value is in no group."""
        grouping = self.data.grouping(by)
        if ("",) not in grouping.groups:
            return grouping
        assert grouping.groups[0] == ("",), "the empty text is sorted first"
        return replace(grouping, groups=grouping.groups[1:], codes=grouping.codes - 1)


@pytest.fixture(scope="session")
def case(sampled, districts):
    made: dict[str, Sample] = {}

    def of(name: str) -> Sample:
        if name not in made:
            strata, maker = MADE[name]
            data = sampled(strata) if strata.startswith(("strat", "clus")) else districts(strata)
            made[name] = Sample(data, maker(data))
        return made[name]

    return of


@pytest.fixture
def rows(golden_replicates):
    def of(case: str) -> list[dict[str, str]]:
        found = [row for row in golden_replicates if row["case"] == case]
        assert found, f"replicates.csv has no case {case}"
        return found

    return of


def same(ours: float, row: dict[str, str], what: str) -> None:
    if row[what] not in ("", "NA"):
        wanted = float(row[what])
        assert ours == pytest.approx(wanted, rel=1e-9, abs=1e-14, nan_ok=True), (row["call"], row["group"], what)


def compare(found, moments, place: tuple[int, int], row: dict[str, str], *what: str) -> None:
    same(moments.ratio[place], row, "estimate")
    for name in what:
        same(float(getattr(found, name)[place]), row, name)
    same(moments.df[place], row, "df")


def place_of(layout, row: dict[str, str]) -> int:
    return next(i for i, each in enumerate(layout.rows) if each.category == row["level"].lower())


def ratios(part: Part, column, broken: Breakdown):
    table = tabulate(part, column, broken.groupings[0], broken.design, errors=False)
    return table.numerator, table.denominator


@pytest.mark.parametrize("name", MADE)
def test_degrees_of_freedom(name, case, rows):
    assert case(name).replicates.df == int(rows(f"{name}/degf")[0]["estimate"])


@pytest.mark.parametrize("name", MADE)
def test_shares_and_totals(name, case, rows):
    sample = case(name)
    part, column = sample.data.coded("sch_wide")
    broken, found = sample.replicated(part, column)
    moments = row_moments(found, *ratios(part, column, broken))
    proportion.validate(moments)
    for row in rows(f"{name}/proportion"):
        place = 0, place_of(found.layout, row)
        compare(proportion.estimate(moments), moments, place, row, "se", "lower", "upper")
    moments = total_moments(found, sample.data.design.scale)
    total.validate(moments)
    for row in rows(f"{name}/total"):
        place = 0, place_of(found.layout, row)
        compare(total.estimate(moments), moments, place, row, "se", "lower", "upper")


@pytest.mark.parametrize("name", MADE)
def test_shares_by_group(name, case, rows):
    sample = case(name)
    part, column = sample.data.coded("sch_wide")
    for by in {row["by"] for row in rows(f"{name}/proportion-by")}:
        broken, found = sample.replicated(part, column, by)
        moments = row_moments(found, *ratios(part, column, broken))
        for row in rows(f"{name}/proportion-by"):
            if row["by"] == by:
                group = broken.groupings[0].groups.index((row["group"],))
                place = group, place_of(found.layout, row)
                same(moments.ratio[place], row, "estimate")
                same(np.sqrt(moments.variance[place]), row, "se")
                same(moments.df[place], row, "df")


@pytest.mark.parametrize("name", MADE)
def test_means(name, case, rows):
    sample = case(name)
    part, column = sample.data.measured("api00")
    for by, what in (("", "mean"), ("stype", "mean-by"), ("pair", "mean-by")):
        wanted = [row for row in rows(f"{name}/{what}") if row["by"] == by]
        if not wanted:
            continue
        broken, found = sample.replicated(part, column, by)
        numerator, denominator = ratios(part, column, broken)
        place = found.layout.mean
        moments = value_moments(
            Numbers(column=column, broken=broken), found, numerator[:, place], denominator[:, place]
        )
        mean.validate(moments)
        for row in wanted:
            group = broken.groupings[0].groups.index((row["group"],) if by else ())
            if float(row["se"]) == 0 and not moments.certain[group, 0]:  # of one cluster R's zero is no error
                assert np.isnan(mean.estimate(moments).se[group, 0])
                row = row | {"se": "NA"}
            compare(mean.estimate(moments), moments, (group, 0), row, "se", "lower", "upper")


@pytest.mark.parametrize("name", MADE)
def test_balances(name, case, rows):
    sample = case(name)
    part, column = sample.data.coded("stype")
    part = next(iter(question_parts(replace(part.question, balance=Balance(positive="e", negative="h")))))
    broken, found = sample.replicated(part, column)
    moments = row_moments(found, *ratios(part, column, broken))
    layout = found.layout

    def of(row: int):
        return type(moments)(**{key: value[:, [row]] for key, value in vars(moments).items()})

    balanced, sides = of(layout.balance), [of(side) for side in layout.balanced]
    balance.validate(balanced)
    for row in rows(f"{name}/balance"):
        if float(row["se"]) > 1e-12:  # else the groups are the strata, and only rounding differs
            compare(balance.estimate(balanced, *sides), balanced, (0, 0), row, "se", "lower", "upper")


@pytest.mark.parametrize("name", MADE)
def test_ratios(name, case, rows):
    sample = case(name)
    known = [place for place, row in enumerate(sample.data.rows) if row["enroll"]]
    people = np.array(known)
    y, x = (
        np.array([float(sample.data.rows[place][column]) for place in known]) * sample.data.design.sums[people]
        for column in ("api_stu", "enroll")
    )
    ratio = y.sum() / x.sum()
    nowhere = np.zeros(len(people), dtype=np.int64)
    made = sample.replicates
    linear, base = (
        swing(by_unit(fixed.numbers, nowhere, 1, people, made), made)[:, None] * fixed.unit
        for fixed in (fixed_point(y - ratio * x), fixed_point(x))
    )
    whole = np.array([[x.sum()]])
    found = ratio_variance(made, linear, whole, base, np.array([[np.abs(y - ratio * x).sum()]]))
    for row in rows(f"{name}/ratio"):
        same(ratio, row, "estimate")
        same(np.sqrt(found[0, 0]), row, "se")


@pytest.mark.parametrize("name", MADE)
def test_quantiles_by_woodruff(name, case, rows):
    sample = case(name)
    part, column = sample.data.measured("api00")
    broken, found = sample.replicated(part, column)
    numerator, _ = ratios(part, column, broken)
    whole = np.zeros(len(column.values), dtype=np.int64)
    distribution = quantile.distribution(column.values, sample.data.design.weights, whole, 1)
    for row in rows(f"{name}/quantile"):
        value = numerator[:, found.layout.quantiles[QUANTILES[row["level"]]]]
        same(value[0], row, "estimate")
        estimate = quantile.estimate(distribution, share_moments(Numbers(column=column, broken=broken), found, value))
        for what in ("se", "lower", "upper"):
            if row[what] == "NaN" or row["se"] != "NaN":  # where one end is undefined we give neither
                same(float(getattr(estimate, what)[0, 0]), row, what)


def test_successive_differences_of_ours_give_the_totals_of_those_of_r(case, rows):
    """Another Hadamard matrix gives the same variance of a total: any two of its rows are at right angles."""
    theirs = case("SDR")
    ours = Sample(theirs.data, sdr(theirs.data.design))
    part, column = ours.data.coded("sch_wide")
    _, found = ours.replicated(part, column)
    moments = total_moments(found, ours.data.design.scale)
    for row in rows("SDR/total"):
        compare(total.estimate(moments), moments, (0, place_of(found.layout, row)), row, "se")


@pytest.mark.parametrize(("method", "name"), [("JK1", "clus1_fpc"), ("JKn", "strat_fpc")])
def test_the_shared_golden_values(method, name, sampled, golden):
    data = sampled(name)
    made = jk1(data.design, fraction=15 / 757) if method == "JK1" else jkn(data.design)
    part, column = data.coded("sch_wide")
    broken, found = Sample(data, made).replicated(part, column)
    moments = row_moments(found, *ratios(part, column, broken))
    wanted = [row for row in golden if row["case"] == f"replicate/{method}"]
    assert len(wanted) == 2
    for row in wanted:
        compare(proportion.estimate(moments), moments, (0, place_of(found.layout, row)), row, "se")


def test_no_value_of_r_is_left_out(golden_replicates):
    by_replicates = {"degf", "proportion", "total", "proportion-by", "mean", "mean-by", "balance", "ratio", "quantile"}
    wanted = {f"{name}/{what}" for name in MADE for what in by_replicates}
    assert {row["case"] for row in golden_replicates} == wanted
