"""Every weight, estimate and standard error of R's survey package after weighting, to 1e-9 before rounding."""

from __future__ import annotations

import numpy as np
import pytest

from saklig.design.weighting.calibration import calibrate
from saklig.design.weighting.distances import Bounds, Exponential, Linear, Logit
from saklig.design.weighting.matching import matched
from saklig.design.weighting.poststratification import post_stratify
from saklig.design.weighting.raking import rake
from saklig.design.weighting.trimming import trim

from .conftest import API99, COMP, CROSS, STYPE, WIDE, read, targets

LIMITS = {"srs": Bounds(lower=0.92, upper=1.1), "strat": Bounds(lower=0.975, upper=1.03)}
LIMITS["clus1"] = Bounds(lower=0.5, upper=1.6)
METHODS = {
    "post-stratify": ((STYPE,), lambda sample, _: post_stratify(sample)),
    "crossed": ((CROSS,), lambda sample, _: post_stratify(sample)),
    "rake": ((STYPE, WIDE, COMP), lambda sample, _: rake(sample)),
    "linear": ((STYPE, API99), lambda sample, _: calibrate(sample)),
    "linear-margins": ((STYPE, WIDE), lambda sample, _: calibrate(sample)),
    "linear-bounds": ((STYPE, API99), lambda sample, bounds: calibrate(sample, Linear(bounds))),
    "raking": ((STYPE, API99), lambda sample, _: calibrate(sample, Exponential())),
    "raking-bounds": ((STYPE, API99), lambda sample, bounds: calibrate(sample, Exponential(bounds))),
    "logit": ((STYPE, API99), lambda sample, bounds: calibrate(sample, Logit(bounds))),
}
WEIGHTING = read("weighting.csv")
CASES = sorted({row["case"] for row in WEIGHTING})


def weighted_as(data, design, case):
    method, *trimming = case.split("/")
    parts, work = METHODS[method]
    found = work(matched(targets(*parts), data.weights, data.factors, data.quantities), LIMITS[design])
    if trimming and trimming[0].startswith("trim"):
        kind, lower, upper = trimming
        return trim(found, float(lower), float(upper), strict=kind == "trim-strict")
    return found


def close(ours, theirs, what):
    assert ours == pytest.approx(float(theirs), rel=1e-9), what


def check(data, found, row):
    """One row of either file: the estimate, and its standard error from the linearised contributions."""
    weights, variable = found.weights, row["variable"]
    if variable in ("min", "max", "sum of squares", "weight"):
        of = {"min": weights.min(), "max": weights.max(), "sum of squares": (weights**2).sum()}
        close(of[row["level"] if variable == "weight" else variable], row["estimate"], row)
        return
    y = data.values(variable)
    domain = ~np.isnan(y)
    if row["group"]:
        domain &= np.array([each[row["by"]] == row["group"] for each in data.rows])
    y = np.where(domain, y, 0.0)
    if "svymean" in (row.get("statistic"), row["call"].partition("(")[0]):
        base = weights[domain].sum()
        estimate = (weights * y).sum() / base
        z = np.where(domain, y - estimate, 0.0) / base
    else:
        estimate, z = (weights * y).sum(), y
    close(estimate, row["estimate"], row)
    close(data.se(found.linearised(z[:, None])[:, 0]), row["se"], row)


@pytest.mark.parametrize("case", [case for case in CASES if "ten-rounds" not in case])
def test_as_r_does(case, sampled):
    design, method = case.split("/", 1)
    data = sampled(design)
    found = weighted_as(data, design, method)
    for row in WEIGHTING:
        if row["case"] == case:
            check(data, found, row)


class TenRounds:
    """R's own way after `rake`: the mean of each margin's groups taken out, ten times over, with the weights in."""

    def __init__(self, found):
        self.sample, self.weights = found.sample, found.weights

    def linearised(self, z):
        z = z[:, 0].copy()
        for _ in range(10):
            for margin in self.sample.margins:
                z -= (np.bincount(margin.codes, weights=z) / np.bincount(margin.codes))[margin.codes]
        return (self.weights * z)[:, None]


@pytest.mark.parametrize("design", list(LIMITS))
def test_errors_after_raking_differ_from_r_only_by_its_ten_rounds(design, sampled):
    """R stops projecting after ten rounds, up to 3e-5 of the error from the end (see `weighting.R`): stopped there too,
    ours are the same, and where R is made to go on, `test_as_r_does` finds them the same as well."""
    data = sampled(design)
    stopped = TenRounds(weighted_as(data, design, "rake"))
    rows = [row for row in WEIGHTING if row["case"] == f"{design}/rake/ten-rounds"]
    assert rows
    for row in rows:
        check(data, stopped, row)


@pytest.mark.parametrize("case", ["post-stratify", "rake", "calibrate"])
def test_golden_file(case, sampled):
    data = sampled("clus1")
    parts, work = METHODS[{"calibrate": "linear"}.get(case, case)]
    parts = (STYPE, WIDE) if case == "rake" else parts
    found = work(matched(targets(*parts), data.weights, data.factors, data.quantities), None)
    rows = [row for row in read("golden.csv") if row["case"].startswith(f"weighting/{case}")]
    assert len(rows) == 4
    for row in rows:
        check(data, found, row)
