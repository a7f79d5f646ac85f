"""What `golden.csv` and `designs.csv` have of designs equals R to 1e-9, before rounding: strata of one cluster, several
stages, clusters that did not answer. The designs are made as from a study file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from saklig.design.model import DesignError
from saklig.estimation import ratio, total
from saklig.study.model import Lonely, Stratum
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.layout import layout_of
from saklig.tabulation.linearisation import both, domains, ratio_moments, total_moments
from saklig.tabulation.tabulate import tabulate

RULES = [rule for rule in Lonely if rule is not Lonely.FAIL]
LONE = {
    "lonely": ("apilone.csv", {"strata": "stratum"}),
    "lonely_fpc": ("apilone.csv", {"strata": "stratum", "fpc": ["fpc"]}),
    "lonely_districts": ("apilonedistricts.csv", {"strata": "stratum", "cluster": ["dnum"]}),
    "lonely_districts_fpc": ("apilonedistricts.csv", {"strata": "stratum", "cluster": ["dnum"], "fpc": ["fpc"]}),
}


def same(ours, theirs, what):
    if theirs not in ("", "NA"):
        assert ours == pytest.approx(float(theirs), rel=1e-9, abs=1e-15), what


def found_by(data, row):
    """Our estimate, standard error, interval and degrees of freedom of a row of golden values."""
    grouping = data.grouping(row["by"])
    group = grouping.groups.index((row["group"],)) if row["by"] else 0
    part, column = data.coded(row["variable"]) if row["level"] else data.measured(row["variable"])
    if row["case"].endswith("/total"):
        return of_total(data, part, column, row["level"].lower())
    table = tabulate(part, column, grouping, data.design)
    wanted = {"category": row["level"].lower()} if row["level"] else {"stat": "mean"}
    place = next(
        i for i, each in enumerate(table.rows) if all(getattr(each, key) == value for key, value in wanted.items())
    )
    numbers = {name: float(getattr(table, name)[group, place]) for name in ("se", "lower", "upper", "df")}
    return numbers | {"estimate": table.numerator[group, place] / table.denominator[group, place]}


def of_total(data, part, column, category):
    broken, layout = breakdown((data.grouping(),), data.design), layout_of(part)
    given = next(Memory(columns={part.key: column}, broken=broken).statistics([part], errors=True))
    moments = total_moments(layout, given, broken.frame, domains(layout, given, broken.frame))
    place = next(i for i, each in enumerate(layout.rows) if each.category == category)
    se = total.estimate(moments).se
    return {"estimate": moments.ratio[0, place], "se": se[0, place], "df": moments.df[0, place]}


def compare(data, rows, case):
    chosen = [row for row in rows if row["case"] == case or row["case"].startswith(f"{case}/")]
    assert chosen, f"there are no values of {case}"
    for row in chosen:
        found = found_by(data, row)
        if row["level"] and found["estimate"] in (0, 1):  # R's error of zero is no error: an exact interval is given
            assert np.isnan(found.pop("se"))
        for name, ours in found.items():
            same(ours, row[name], (row["case"], row["variable"], row["level"], row["group"], name))


@pytest.mark.parametrize("rule", RULES)
def test_a_stratum_of_one_school(rule, golden, declared):
    """`golden.R`'s own case: of the high schools the first one only."""
    rows = declared("apistrat.csv").rows
    kept = [row for row in rows if row["stype"] != "H"]
    first = next(row for row in rows if row["stype"] == "H")
    compare(declared([*kept, first], strata="stype", lonely=rule), golden, f"lonely-psu/{rule}")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("case", LONE)
def test_strata_of_one(case, rule, golden_designs, declared):
    """Shares, totals and means, whole and in domains of which some do not meet the strata of one."""
    file, columns = LONE[case]
    compare(declared(file, **columns, lonely=rule), golden_designs, f"{case}/{rule}")


def test_without_a_rule_one_that_stands_for_others_tells_nothing(declared):
    file, columns = LONE["lonely"]
    with pytest.raises(DesignError, match="stratum “H1” and 1 more: they have one respondent each"):
        declared(file, **columns)
    data = declared(file, **columns, lonely=Lonely.ADJUST)
    part, column = data.coded("awards")
    with pytest.raises(ValueError, match="one unit was drawn"):
        tabulate(part, column, data.grouping(), replace(data.design, lonely=Lonely.FAIL))


@pytest.mark.parametrize("rule", RULES)
def test_no_error_is_zero_where_a_stratum_of_one_is_all_there_is(rule, declared):
    """R prints 0 (or NaN) for a domain within the strata that tell nothing; zero is said of a complete census only."""
    file, columns = LONE["lonely"]
    data = declared(file, **columns, lonely=rule)
    alone = data.grouping("stratum")
    group = alone.groups.index(("H1",))
    part, column = data.coded("awards")
    table = tabulate(part, column, alone, data.design)
    assert np.isnan(table.se[group]).all()
    assert (table.df[group] == 0).all()
    assert (table.upper[group] - table.lower[group] > 0.9).all()
    part, column = data.measured("api00")
    assert np.isnan(tabulate(part, column, alone, data.design).lower[group, 1:]).all()


@pytest.mark.parametrize("rule", RULES)
def test_a_stratum_of_one_that_was_the_whole_has_no_error_to_be_told(rule, declared):
    file, columns = LONE["lonely_fpc"]
    kept = [row for row in declared(file).rows if row["stratum"] != "M1"]
    rows = [row | {"fpc": "1"} if row["stratum"] == "H1" else row for row in kept]
    for lonely in (rule, Lonely.FAIL):
        data = declared(rows, **columns, lonely=lonely)
        alone = data.grouping("stratum")
        group = alone.groups.index(("H1",))
        table = tabulate(*data.coded("awards"), alone, data.design)
        assert (table.se[group] == 0).all()
        assert (table.lower[group] == table.upper[group]).all()


THREE = {"weight": "w", "strata": "stratum", "cluster": ["dnum", "kind", "snum"]}
STAGES = {
    "stages/counts": ("apistages2.csv", {"weight": "w", "cluster": ["dnum", "snum"], "fpc": ["fpc1", "fpc2"]}),
    "stages/fractions": ("apistages2.csv", {"weight": "w", "cluster": ["dnum", "snum"], "fpc": ["f1", "f2"]}),
    "stages/replacement": ("apistages2.csv", {"weight": "w", "cluster": ["dnum", "snum"]}),
    "stages/three": ("apistages3.csv", THREE | {"fpc": ["fpc1", "fpc2", "fpc3"]}),
}


@pytest.mark.parametrize("case", STAGES)
def test_several_stages(case, golden_designs, declared):
    file, columns = STAGES[case]
    compare(declared(file, **columns), golden_designs, case)


def test_respondents_drawn_within_the_last_cluster_need_no_column_of_their_own(golden_designs, declared):
    """R wants an id of the respondents for their stage; here one more `fpc` says that they were drawn."""
    data = declared("apistages2.csv", weight="w", cluster=["dnum"], fpc=["fpc1", "fpc2"])
    compare(data, golden_designs, "stages/counts")


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule is not Lonely.AVERAGE])
def test_one_unit_in_a_later_stage(rule, golden_designs, declared):
    data = declared("apistages3.csv", **THREE, fpc=["fpc1", "fpc2", "fpc3lone"], lonely=rule)
    compare(data, golden_designs, f"stages_lonely/{rule}")


@pytest.mark.parametrize("rule", [Lonely.FAIL, Lonely.AVERAGE])
def test_one_unit_in_a_later_stage_is_refused_where_nothing_can_be_told(rule, declared):
    """R's `average` gives NaN there."""
    with pytest.raises(DesignError, match=r"stage 3: in \d+ units of the stage before one alone was drawn"):
        declared("apistages3.csv", **THREE, fpc=["fpc1", "fpc2", "fpc3lone"], lonely=rule)


SILENT = ("61", "135", "637")


def test_clusters_that_were_drawn_and_did_not_answer(golden_designs, declared):
    """n_h is the design's: 15 districts were drawn, and 12 answered."""
    rows = [row for row in declared("apiclus1.csv").rows if row["dnum"] not in SILENT]
    data = declared(rows, cluster=["dnum"], fpc=["fpc"], clusters=15)
    assert data.design.clusters_by_stratum.tolist() == [15]
    compare(data, golden_designs, "silent")
    rows = [row for row in declared("apistages3.csv", weight="w").rows if row["dnum"] not in SILENT]
    listed = (Stratum(id="high", clusters=10), Stratum(id="low", clusters=5))
    data = declared(rows, weight="w", strata="stratum", cluster=["dnum"], fpc=["fpc1"], listed=listed)
    compare(data, golden_designs, "silent_strata")


@pytest.mark.parametrize("name", ["srs_fpc", "srs", "strat_fpc", "strat", "clus1_fpc", "clus2"])
def test_ratios(name, sampled, golden_designs):
    data = sampled(name)
    for row in [row for row in golden_designs if row["case"] == f"{name}/ratio"]:
        grouping = data.grouping(row["by"])
        group = grouping.groups.index((row["group"],)) if row["by"] else 0
        found = ratio_of(data, grouping, row["variable"], row["level"])
        of = ratio.estimate(found)
        ours = {"estimate": found.ratio, "se": of.se, "lower": of.lower, "upper": of.upper, "df": found.df}
        for each, numbers in ours.items():
            same(numbers[group, 0], row[each], (row["case"], row["group"], each))


def ratio_of(data, grouping, y, x):
    part, top = data.measured(y)
    _, bottom = data.measured(x)
    broken = breakdown((grouping,), data.design)
    given = next(Memory(columns={part.key: both(top, bottom)}, broken=broken).statistics([part], errors=True))
    found = ratio_moments(top, bottom, broken, domains(layout_of(part), given, broken.frame))
    ratio.validate(found)
    return found


def test_a_ratio_of_a_number_to_itself_tells_no_error(declared):
    data = declared("apistrat.csv", strata="stype")
    found = ratio_of(data, data.grouping(), "enroll", "enroll")
    assert found.ratio.tolist() == [[1.0]]
    assert np.isnan(ratio.estimate(found).se).all()


def test_a_ratio_needs_something_to_be_divided_by(declared):
    rows = [row | {"none": "0"} for row in declared("apistrat.csv").rows]
    data = declared(rows)
    with pytest.raises(ValueError, match="its denominator adds up to zero"):
        ratio_of(data, data.grouping(), "enroll", "none")
