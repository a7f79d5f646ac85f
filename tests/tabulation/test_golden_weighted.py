"""Tables of samples whose weights meet targets: everything that R's survey package makes of them, to 1e-9.

`weighted-tables.csv` says the calls. R's design effects take the sum of the weights for the population, as in
`test_golden`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from saklig.design.drawn import fixed_point_weights
from saklig.design.weighting.calibration import calibrate
from saklig.design.weighting.distances import Bounds, Logit
from saklig.design.weighting.matching import matched
from saklig.design.weighting.membership import Factor, Quantity
from saklig.design.weighting.poststratification import post_stratify
from saklig.design.weighting.raking import rake
from saklig.design.weighting.targets import Margin, Targets, Total
from saklig.design.weighting.trimming import trim
from saklig.tabulation.tabulate import tabulate

from .conftest import read
from .test_golden import NAMES, line

STYPE = Margin(variable="stype", groups=("E", "H", "M"), counts=(4421, 755, 1018))
WIDE = Margin(variable="sch_wide", groups=("No", "Yes"), counts=(1072, 5122))
COMP = Margin(variable="comp_imp", groups=("No", "Yes"), counts=(1717, 4477))
CROSS = Margin(
    variable="stype*comp_imp",
    groups=("E*No", "H*No", "M*No", "E*Yes", "H*Yes", "M*Yes"),
    counts=(952, 421, 344, 3469, 334, 674),
)
API99 = Total(variable="api99", total=3914069)
METHODS = {
    "post-stratify": (Targets(margins=(STYPE,)), post_stratify),
    "crossed": (Targets(margins=(CROSS,)), post_stratify),
    "rake": (Targets(margins=(STYPE, WIDE, COMP)), rake),
    "linear": (Targets(margins=(STYPE,), totals=(API99,)), calibrate),
    "linear-margins": (Targets(margins=(STYPE, WIDE)), calibrate),
    "logit": (Targets(margins=(STYPE,), totals=(API99,)), lambda s: calibrate(s, Logit(Bounds(lower=0.5, upper=1.6)))),
}
# The interval's lower end is a share below the first step of the distribution. R's rule "math" then gives the second
# smallest value (its `qrule_math` looks for a position and finds none); by its own definition it is the smallest one.
DOMAIN = "svyquantile(~enroll, subset({}, comp_imp == 'No'), 0.25, interval.type='mean', qrule='math')"
LINEAR = "calibrate(clus1, ~stype+api99, totals)"
SECOND_SMALLEST = {
    (DOMAIN.format(call), "0.25")
    for call in (
        "postStratify(clus1, ~stype, stype)",
        LINEAR,
        f"trimWeights({LINEAR}, lower=17.76119, upper=59.43221)",
        LINEAR.replace("totals", "totals, calfun='logit', bounds=c(0.5, 1.6)"),
    )
}
GOLDEN = read("weighted-tables.csv")
CASES = sorted({row["case"].rpartition("/")[0] for row in GOLDEN})


def weighted(data, method, *trimming):
    """The sample with its weights made to meet the targets, as the publication gets it."""
    factors = []
    for variable in ("stype", "sch_wide", "comp_imp"):
        groups = tuple(data.levels(variable))
        codes = np.array([groups.index(row[variable]) for row in data.rows])
        factors.append(Factor(variable=variable, groups=groups, codes=codes))
    quantity = Quantity(variable="api99", values=np.array([float(row["api99"]) for row in data.rows]))
    targets, work = METHODS[method]
    base = np.array([float(row["pw"]) for row in data.rows])
    found = work(matched(targets, base, factors, (quantity,)))
    if trimming:
        found = trim(found, *map(float, trimming))
    weights, scale = fixed_point_weights(found.weights, "api")
    units = np.bincount(data.design.stratum, weights=found.weights)
    return replace(
        data,
        design=replace(
            data.design,
            weights=weights,
            scale=scale,
            population=np.rint(units).astype(np.int64),
            adjustment=found.adjustment,
        ),
    )


@pytest.mark.parametrize("case", CASES)
def test_as_r_does(case, sampled):
    name, method, *trimming = case.split("/")
    data = weighted(sampled(f"{name}_fpc"), method, *trimming[1:])
    rows = [row for row in GOLDEN if row["case"].rpartition("/")[0] == case]
    assert len(rows) > 50
    for row in rows:
        grouping = data.grouping(row["by"])
        group = grouping.groups.index((row["group"],)) if row["by"] else 0
        kind = row["case"].rpartition("/")[2]
        of = data.coded if kind.startswith("share") else data.measured
        table = tabulate(*of(row["variable"]), grouping, data.design)
        wanted = {"category": row["level"].lower()} if kind.startswith("share") else {"stat": NAMES[row["level"]]}
        found = dict(zip(("estimate", "se", "lower", "upper", "deff", "df"), line(table, group, **wanted), strict=True))
        if trimming or name == "clus1":
            del found["deff"]  # the weights of these add up to no whole number of units
        estimate = float(row["estimate"])
        if kind.startswith("share") and (abs(estimate) < 1e-12 or abs(estimate - 1) < 1e-12):
            found = {"estimate": found["estimate"]}  # R has the error 0 and no interval, ours an exact interval
        if (row["call"], row["level"]) in SECOND_SMALLEST:
            assert (found["lower"], row["lower"]) == (143, "166")
            del found["lower"], found["se"]
        if row["se"] == "NaN":
            found = {"estimate": found["estimate"]}  # an end of the interval leaves 0 … 1; R gives the other end alone
        # of a share that the targets explain, only what trimming undid is left, and in it the weights' eleven digits
        smallest = 1e-12 if trimming and row["variable"] == "stype" else 1e-15
        for key, ours in found.items():
            if row[key] not in ("", "NA"):
                assert ours == pytest.approx(float(row[key]), rel=1e-9, abs=smallest), (row, key)
