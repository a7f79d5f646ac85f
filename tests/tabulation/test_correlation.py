"""The correlations of groups equal R's `vcov(svyby(covmat = TRUE))` to 1e-9, where clusters were drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from saklig.design.replicates.balanced import brr
from saklig.design.replicates.jackknife import jk1, jkn
from saklig.study.model import Lonely
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.joint import joint, scores
from saklig.tabulation.table import Table
from saklig.tabulation.tabulate import tabulate_each

from .test_golden_weighted import weighted

REPLICATED = {
    "JK1": ("", jk1),
    "JKn-blocks": ("block", jkn),
    "JKn-blocks-mse": ("block", lambda design: jkn(design, mse=True)),
    "BRR": ("pair", brr),
}


def table(data, variable, by) -> Table:
    part, column = data.coded(variable)
    engine = Memory(columns={part.key: column}, broken=breakdown((data.grouping(), data.grouping(by)), data.design))
    ((whole, found),) = tabulate_each((part,), engine, correlations=True)
    assert whole.correlation is None
    return found


def check(data, name, comparisons) -> None:
    wanted = [row for row in comparisons if row["case"] == f"{name}/together"]
    assert len(wanted) == 6
    for each in wanted:
        found = table(data, each["table"], "stype")
        one, other = (found.grouping.groups.index((group,)) for group in each["group"].split("-"))
        row = next(place for place, line in enumerate(found.rows) if line.category == "yes")
        assert found.correlation is not None
        rho = found.correlation[one, other, row]
        assert rho == pytest.approx(float(each["p"]), rel=1e-9), each
        assert rho * found.se[one, row] * found.se[other, row] == pytest.approx(float(each["estimate"]), rel=1e-9)


@pytest.mark.parametrize("name", ["clus1_fpc", "clus2"])
def test_groups_of_clusters(name, sampled, comparisons):
    check(sampled(name), name, comparisons)


@pytest.mark.parametrize("name", REPLICATED)
def test_groups_under_replicates(name, districts, comparisons):
    strata, make = REPLICATED[name]
    data = districts(strata)
    check(replace(data, design=replace(data.design, replicates=make(data.design))), name, comparisons)


@pytest.mark.parametrize("rule", [Lonely.ADJUST, Lonely.REMOVE, Lonely.CERTAINTY])
@pytest.mark.parametrize("by", ["stype", "awards"])
def test_every_row_is_as_from_single_answers(rule, by, declared):
    """Where strata have one cluster; `joint`, from single answers, is held against R elsewhere."""
    data = declared("apilonedistricts.csv", strata="stratum", cluster=("dnum",), lonely=rule)
    part, column = data.coded("sch_wide")
    found, grouping = table(data, "sch_wide", by), data.grouping(by)
    assert found.correlation is not None
    inside = grouping.codes[:, None] == np.arange(len(grouping.groups))
    for row in range(len(found.rows)):
        y, x = scores(part, column, row)
        told = joint(data.design, y[:, None] * inside, x[:, None] * inside)
        size = range(len(grouping.groups))
        wanted = [[told.correlation(one, other) for other in size] for one in size]
        ours = np.nan_to_num(found.correlation[:, :, row])
        assert ours == pytest.approx(np.array(wanted), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", ["srs", "strat_fpc"])
def test_nothing_is_said_where_respondents_were_drawn(name, sampled):
    assert table(sampled(name), "awards", "comp_imp").correlation is None


def test_nothing_is_said_where_weights_meet_targets_or_strata_get_an_average(sampled, declared):
    assert table(weighted(sampled("clus1_fpc"), "rake"), "awards", "comp_imp").correlation is None
    lonely = declared("apilonedistricts.csv", strata="stratum", cluster=("dnum",), lonely=Lonely.AVERAGE)
    assert table(lonely, "awards", "comp_imp").correlation is None
