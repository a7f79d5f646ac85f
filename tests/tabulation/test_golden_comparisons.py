"""Differences with their covariance, and Rao and Scott's tests, equal those of R's survey package to 1e-9."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from saklig.design.replicates.balanced import brr
from saklig.design.replicates.jackknife import jk1, jkn
from saklig.edition.contrasting import holm
from saklig.estimation import difference, rao_scott
from saklig.estimation.difference import Limited, Pair
from saklig.estimation.rao_scott import CrossTable
from saklig.study.model import Lonely
from saklig.tabulation.joint import Joint, joint, scores
from saklig.tabulation.layout import layout_of
from saklig.tabulation.panel import NotOneSample, Panel, correlations, joint_waves
from saklig.tabulation.tabulate import tabulate

from .test_golden_weighted import weighted

DESIGNS = ("srs_fpc", "srs", "strat_fpc", "strat", "clus1_fpc", "clus2")


def near(ours, theirs):
    return ours == pytest.approx(float(theirs), rel=1e-9, abs=1e-300)


def row_of(part, column, grouping, design, **wanted):
    rows = tabulate(part, column, grouping, design).rows
    return next(i for i, row in enumerate(rows) if all(getattr(row, key) == value for key, value in wanted.items()))


def by_hand(one: int, other: int, found: Joint) -> tuple[float, float]:
    """R's difference and standard error, from the estimator's own contract."""
    se = np.sqrt(np.diagonal(found.covariance))
    limits = [Limited(value=v, se=s, lower=v - s, upper=v + s) for v, s in zip(found.ratio, se, strict=True)]
    rho = found.correlation(one, other)
    pair = Pair(first=limits[one], second=limits[other], correlation=(rho, rho), df=found.df)
    difference.validate(pair)
    told = difference.estimate(pair)
    return told.value, told.se


def groups_of(data, part, column, row, variable):
    """The same row in every group of a variable, joint."""
    y, x = scores(part, column, row)
    grouping = data.grouping(variable)
    inside = grouping.codes[:, None] == np.arange(len(grouping.groups))
    return [group for (group,) in grouping.groups], joint(data.design, y[:, None] * inside, x[:, None] * inside)


@pytest.mark.parametrize("name", DESIGNS)
def test_differences_of_means_between_groups(name, sampled, golden):
    data = sampled(name)
    rows = [row for row in golden if row["case"] == f"{name}/difference"]
    assert len(rows) == 2
    for row in rows:
        part, column = data.measured(row["variable"])
        place = row_of(part, column, data.grouping(), data.design, stat="mean")
        names, found = groups_of(data, part, column, place, "stype")
        value, se = by_hand(names.index("E"), names.index("H"), found)
        assert near(value, row["estimate"])
        assert near(se, row["se"])


@pytest.mark.parametrize("name", DESIGNS)
def test_differences_between_groups(name, sampled, comparisons):
    data = sampled(name)
    rows = [row for row in comparisons if row["case"] == f"{name}/groups"]
    assert len(rows) == 7
    for row in rows:
        if row["table"] == "api00":
            part, column = data.measured("api00")
            place, by = row_of(part, column, data.grouping(), data.design, stat="mean"), "awards"
        else:
            part, column = data.coded(row["table"])
            place, by = row_of(part, column, data.grouping(), data.design, category="yes"), "stype"
        names, found = groups_of(data, part, column, place, by)
        one, other = row["group"].split("-")
        value, se = by_hand(names.index(one), names.index(other), found)
        assert near(value, row["estimate"]), row
        assert near(se, row["se"]), row


@pytest.mark.parametrize("name", DESIGNS)
def test_differences_between_answers_and_between_questions(name, sampled, comparisons):
    data = sampled(name)
    wanted = [row for row in comparisons if row["case"] in (f"{name}/answers", f"{name}/questions")]
    assert wanted
    for row in wanted:
        if row["case"].endswith("answers"):
            given = [("stype", "e"), ("stype", "h")]
        else:
            given = [("sch_wide", "yes"), ("comp_imp", "yes")]
        made = []
        for variable, category in given:
            part, column = data.coded(variable)
            made.append(scores(part, column, row_of(part, column, data.grouping(), data.design, category=category)))
        found = joint(data.design, *(np.stack(each, axis=1) for each in zip(*made, strict=True)))
        value, se = by_hand(0, 1, found)
        assert near(value, row["estimate"]), row
        assert near(se, row["se"]), row


@pytest.mark.parametrize("rule", [rule for rule in Lonely if rule is not Lonely.FAIL])
@pytest.mark.parametrize("name", ["lonely", "lonely_districts"])
def test_differences_where_strata_have_one_unit(name, rule, declared, comparisons):
    (row,) = [row for row in comparisons if row["case"] == f"{name}/{rule}"]
    file, columns = {
        "lonely": ("apilone.csv", {"strata": "stratum"}),
        "lonely_districts": ("apilonedistricts.csv", {"strata": "stratum", "cluster": ("dnum",)}),
    }[name]
    data = declared(file, **columns, lonely=rule)
    part, column = data.measured("api00")
    y, x = scores(part, column, layout_of(part).mean)
    grouping = data.grouping("awards")
    inside = grouping.codes[:, None] == np.arange(len(grouping.groups))
    found = joint(data.design, y[:, None] * inside, x[:, None] * inside)
    value, se = by_hand(0, 1, found)
    assert near(value, row["estimate"])
    assert near(se, row["se"])


@pytest.mark.parametrize("method", ["post-stratify", "linear"])
@pytest.mark.parametrize("name", ["srs", "strat", "clus1"])
def test_differences_where_weights_meet_targets(name, method, sampled, comparisons):
    (row,) = [row for row in comparisons if row["case"] == f"{name}/weighted/{method}"]
    data = weighted(sampled(f"{name}_fpc"), method)
    part, column = data.measured("api00")
    names, found = groups_of(data, part, column, layout_of(part).mean, "awards")
    value, se = by_hand(names.index("No"), names.index("Yes"), found)
    assert near(value, row["estimate"])
    assert near(se, row["se"])


REPLICATED = {
    "JK1": ("", jk1),
    "JKn-blocks": ("block", jkn),
    "JKn-blocks-mse": ("block", lambda design: jkn(design, mse=True)),
    "BRR": ("pair", brr),
}


@pytest.mark.parametrize("name", REPLICATED)
def test_comparisons_from_replicates(name, districts, comparisons):
    strata, make = REPLICATED[name]
    data = districts(strata)
    data = replace(data, design=replace(data.design, replicates=make(data.design)))
    part, column = data.measured("api00")
    names, found = groups_of(data, part, column, layout_of(part).mean, "awards")
    value, se = by_hand(names.index("No"), names.index("Yes"), found)
    wanted = [f"{name}/{case}" for case in ("groups", "rao-scott-F", "rao-scott-chisq")]
    rows = [row for row in comparisons if row["case"] in wanted]
    assert len(rows) == 5
    for row in rows:
        if row["case"].endswith("groups"):
            assert near(value, row["estimate"])
            assert near(se, row["se"])
            continue
        told = rao_scott.estimate(cross_table(data, *row["table"].split("+")))
        ours = told.f if row["case"].endswith("F") else told.pearson
        assert near(ours, row["estimate"]), row
        if row["case"].endswith("F"):
            assert near(told.numerator, row["ndf"]), row
            assert near(told.denominator, row["ddf"]), row
        assert near(told.p if row["case"].endswith("F") else told.first_order[2], row["p"]), row


@pytest.mark.parametrize("name", ["srs", "srs_fpc", "strat", "strat_fpc"])
def test_two_waves_of_a_panel(name, sampled, declared, comparisons):
    """Schools in 1999 and in 2000, some of them in one wave only."""
    (row,) = [row for row in comparisons if row["case"] == f"{name}/panel"]
    rows = sampled(name).rows
    columns = {"strata": "stype"} if name.startswith("strat") else {}
    columns |= {"fpc": ("fpc",)} if name.endswith("fpc") else {}
    waves, ys = [], []
    for variable, left_out in (("api99", 0), ("api00", 1)):
        kept = [each for place, each in enumerate(rows, start=1) if place % 3 != left_out]
        data = declared(kept, **columns)
        sizes = {each["stype"] if columns.get("strata") else "": int(each["fpc"]) for each in rows}
        strata = sorted({each["stype"] for each in kept}) if columns.get("strata") else [""]
        population = np.array([sizes[stratum] for stratum in strata])
        design = replace(data.design, population=population) if name.endswith("fpc") else data.design
        waves.append(Panel(design=design, persons=np.array([int(each["snum"]) for each in kept]), strata=strata))
        ys.append(np.array([float(each[variable]) for each in kept]))
    xs = (np.ones(len(ys[0])), np.ones(len(ys[1])))
    found = joint_waves(waves[0], waves[1], (ys[0], ys[1]), xs)
    everybody = (np.zeros(len(ys[0]), int), np.zeros(len(ys[1]), int))
    (rho,) = correlations(*waves, (ys[0][:, None], ys[1][:, None]), (xs[0][:, None], xs[1][:, None]), everybody, 1)
    assert near(rho[0], row["p"])
    value, se = by_hand(0, 1, found)
    assert near(value, row["estimate"])
    assert near(se, row["se"])
    assert near(found.correlation(0, 1), row["p"])


@pytest.mark.parametrize("name", ["srs_fpc", "strat"])
def test_every_group_of_a_panel_is_as_one_alone(name, sampled):
    """Some change their group, some are in none, some answer in one wave only."""
    data, random = sampled(name), np.random.default_rng(8)
    n, strata = len(data.rows), ["E", "H", "M"][: len(data.design.clusters_by_stratum)]
    waves = [Panel(design=data.design, persons=persons, strata=strata) for persons in (np.arange(n), np.arange(n))]
    given = random.random((n, 3)) < 0.8
    ys = (given * random.integers(0, 2, (n, 3)), given * random.integers(0, 9, (n, 3)))
    ys = (ys[0] + 0.0, ys[1] + 3.0 * ys[0])
    xs = (given + 0.0, given + 0.0)
    before = random.integers(-1, 4, n)
    groups = (before, np.where(random.random(n) < 0.2, random.integers(-1, 4, n), before))
    found = correlations(*waves, ys, xs, groups, 4)
    for group in range(4):
        inside = [(each == group) + 0.0 for each in groups]
        for row in range(3):
            told = joint_waves(
                *waves,
                (ys[0][:, row] * inside[0], ys[1][:, row] * inside[1]),
                (xs[0][:, row] * inside[0], xs[1][:, row] * inside[1]),
            )
            assert near(found[group, row], told.correlation(0, 1))


def test_somebody_twice_in_a_wave_is_no_panel(sampled):
    design, twice = sampled("strat").design, np.zeros((200, 1))
    one = Panel(design=design, persons=np.arange(200), strata=["E", "H", "M"])
    other = replace(one, persons=np.append(np.arange(199), 0))
    with pytest.raises(NotOneSample):
        correlations(one, other, (twice, twice), (twice, twice), (np.zeros(200, int), np.zeros(200, int)), 1)


def test_waves_that_cannot_be_seen_as_one_sample(sampled):
    design = sampled("strat").design
    one = Panel(design=design, persons=np.arange(200), strata=["E", "H", "M"])
    nothing = (np.zeros(200), np.zeros(200))
    joint_waves(one, one, nothing, nothing)
    for other, words in (
        (replace(one, persons=np.arange(200)[::-1]), "stratum changed"),
        (replace(one, design=replace(design, population=design.population + 1)), "population changed"),
        (replace(one, design=replace(design, cluster=np.arange(200, dtype=np.int32))), "clusters were drawn"),
        (replace(one, design=replace(design, replicates=jkn(design))), "replicates tell"),
        (replace(one, design=weighted(sampled("strat"), "linear").design), "weights meet targets"),
    ):
        with pytest.raises(NotOneSample, match=words):
            joint_waves(one, other, nothing, nothing)


def test_differences_between_two_independent_samples(sampled, comparisons):
    rows = [row for row in comparisons if row["case"] == "two-samples"]
    assert len(rows) == 6
    for row in rows:
        limits = []
        for name in row["group"].split("-"):
            part, column = sampled(name).coded(row["table"])
            table = tabulate(part, column, sampled(name).grouping(), sampled(name).design)
            place = next(i for i, each in enumerate(table.rows) if each.category == "yes")
            value = table.numerator[0, place] / table.denominator[0, place]
            limits.append(Limited(value=value, se=table.se[0, place], lower=0, upper=1))
        told = difference.estimate(Pair(first=limits[0], second=limits[1], correlation=(0.0, 0.0), df=100))
        assert near(told.value, row["estimate"])
        assert near(told.se, row["se"])


def cross_table(data, first, second, domain=None):
    """Two variables of the data as R's `svychisq` takes them, in a domain (n,) or in everybody."""
    inside = np.ones(len(data.rows), dtype=bool) if domain is None else domain
    rows, columns = (data.grouping(variable).codes for variable in (first, second))
    levels = [np.unique(codes[inside]) for codes in (rows, columns)]
    cells = [(rows == one) & (columns == other) & inside for one in levels[0] for other in levels[1]]
    y = np.stack(cells, axis=1).astype(float)
    found = joint(data.design, y, np.repeat(inside[:, None].astype(float), len(cells), axis=1))
    return CrossTable(
        shares=found.ratio.reshape(len(levels[0]), len(levels[1])),
        covariance=found.covariance,
        respondents=found.respondents,
        df=found.df,
    )


@pytest.mark.parametrize("name", [name for name in DESIGNS if not name.startswith("strat")])
def test_rao_scott_f(name, sampled, golden):
    rows = [row for row in golden if row["case"] in (f"{name}/rao-scott-F", f"{name}/rao-scott-p")]
    assert len(rows) == 6
    for row in rows:
        table = cross_table(sampled(name), row["variable"], "stype")
        rao_scott.validate(table)
        told = rao_scott.estimate(table)
        if row["case"].endswith("p"):
            assert near(told.p, row["estimate"])
        else:
            assert near(told.f, row["estimate"])
            assert near(told.numerator, row["lower"])
            assert near(told.denominator, row["upper"])


@pytest.mark.parametrize("name", DESIGNS)
def test_rao_scott_of_both_orders_in_everybody_and_in_a_domain(name, sampled, comparisons):
    data = sampled(name)
    rows = [row for row in comparisons if row["case"].startswith(f"{name}/rao-scott-")]
    assert len(rows) == 12
    elementary = np.array([row["stype"] == "E" for row in data.rows])
    for row in rows:
        first, second = row["table"].split("+")
        table = cross_table(data, first, second, elementary if row["group"] else None)
        rao_scott.validate(table)
        told = rao_scott.estimate(table)
        if row["case"].endswith("F"):
            assert near(told.f, row["estimate"]), row
            assert near(told.numerator, row["ndf"]), row
            assert near(told.denominator, row["ddf"]), row
            assert near(told.p, row["p"]), row
        else:
            assert near(told.pearson, row["estimate"]), row
            # R prints Pearson's statistic, and tests it over the mean of the design effects.
            statistic, degrees, p = told.first_order
            assert near(degrees, row["ndf"]), row
            assert near(p, row["p"]), row
            assert statistic == pytest.approx(told.f * degrees, rel=1e-12)


def test_holm(comparisons):
    rows = [row for row in comparisons if row["case"] == "holm"]
    assert len(rows) == 6
    for ours, row in zip(holm([float(row["estimate"]) for row in rows]), rows, strict=True):
        assert near(ours, row["p"])


def test_what_has_nothing_to_test_is_refused():
    fine = CrossTable(shares=np.full((2, 2), 0.25), covariance=np.eye(4) / 400, respondents=100, df=99)
    rao_scott.validate(fine)
    faults = {
        "nothing to test": CrossTable(shares=np.full((1, 2), 0.5), covariance=np.eye(2), respondents=9, df=8),
        "not those of": CrossTable(shares=np.full((2, 2), 0.25), covariance=np.eye(3), respondents=9, df=8),
        "add up to 1": CrossTable(shares=np.full((2, 2), 0.3), covariance=np.eye(4), respondents=9, df=8),
        "is empty": CrossTable(shares=np.array([[0, 0], [0.5, 0.5]]), covariance=np.eye(4), respondents=9, df=8),
    }
    for words, table in faults.items():
        with pytest.raises(ValueError, match=words):
            rao_scott.validate(table)


def test_a_table_without_degrees_of_freedom_tells_nothing():
    told = rao_scott.estimate(
        CrossTable(shares=np.full((2, 2), 0.25), covariance=np.eye(4) / 400, respondents=100, df=0)
    )
    assert math.isnan(told.p)
    assert math.isnan(told.second_order[2])
