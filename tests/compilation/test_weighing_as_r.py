"""From a file of answers and a file of targets to tables, as R's survey package has them, to 1e-9 before rounding."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from saklig.compilation.compiling import Bound, read_and_bind
from saklig.tabulation.plan import groupings
from saklig.tabulation.table import Table
from saklig.tabulation.tabulate import tabulate

GOLDEN = Path(__file__).parents[1] / "golden"
STUDY = """
id = "api"
title = "Schools"
languages = ["en"]
[[wave]]
id = "2000"
answers = "apistrat.csv"
weight = "pw"
strata = "stype"
population = { e = 4421, h = 755, m = 1018 }
[wave.weighting]
targets = "targets.csv"
METHOD
[disclosure]
policy = "public"
[[background]]
id = "stype"
label = "Type"
groups = [{ code = "E" }, { code = "H" }, { code = "M" }]
[[background]]
id = "sch_wide"
label = "Grew"
groups = [{ code = "No" }, { code = "Yes" }]
[[background]]
id = "comp_imp"
label = "Improved"
groups = [{ code = "No" }, { code = "Yes" }]
[[section]]
id = "1"
title = "All"
[[section.question]]
id = "awards"
kind = "single"
text = "Awards?"
label = "Awards"
categories = [{ code = "No", label = "No" }, { code = "Yes", label = "Yes" }]
[[section.question]]
id = "api00"
kind = "numeric"
text = "Index?"
label = "Index"
[[section.question]]
id = "enroll"
kind = "numeric"
text = "Enrolled?"
label = "Enrolled"
"""
STYPE = "variable,group,count\nstype,E,4421\nstype,H,755\nstype,M,1018\n"
CASES = {
    "post-stratify": ('method = "post-stratify"', STYPE),
    "rake": ('method = "rake"', STYPE + "sch_wide,No,1072\nsch_wide,Yes,5122\ncomp_imp,No,1717\ncomp_imp,Yes,4477\n"),
    "linear-margins": ('method = "calibrate"', STYPE + "sch_wide,No,1072\nsch_wide,Yes,5122\n"),
    "linear": ('method = "calibrate"\nquantities = { score = "api99" }', STYPE + "score,,3914069\n"),
}
NAMES = {"0.5": "median", "0.25": "q1", "0.75": "q3", "": "mean"}


def tables(bound: Bound, question: str, by: str) -> Table:
    (answers, design), study = bound.waves[0], bound.study
    part = next(part for part in study.parts("2000") if part.question.id == question)
    grouping = next(each for each in groupings(study, answers) if each.by == ((by,) if by else ()))
    return tabulate(part, answers.columns[part.key], grouping, design)


@pytest.mark.parametrize("case", CASES)
def test_as_r_does(case: str, tmp_path: Path) -> None:
    method, targets = CASES[case]
    shutil.copy(GOLDEN / "apistrat.csv", tmp_path)
    (tmp_path / "study.toml").write_text(STUDY.replace("METHOD", method), encoding="utf-8")
    (tmp_path / "targets.csv").write_text(targets, encoding="utf-8")
    bound = read_and_bind(tmp_path / "study.toml")
    with (GOLDEN / "weighted-tables.csv").open(encoding="utf-8", newline="") as file:
        read = [{name: value.strip() for name, value in row.items()} for row in csv.DictReader(file)]
    rows = [row for row in read if row["case"].rpartition("/")[0] == f"strat/{case}"]
    compared = 0
    for row in rows:
        if row["variable"] not in ("awards", "api00", "enroll") or row["se"] in ("NaN", "0"):
            continue
        table = tables(bound, row["variable"], row["by"])
        group = table.grouping.groups.index((row["group"].lower(),)) if row["by"] else 0
        share = row["variable"] == "awards"
        if share and min(float(row["estimate"]), 1 - float(row["estimate"])) < 1e-12:
            continue  # R has the error 0 there
        wanted = (row["level"].lower(), "") if share else ("", NAMES[row["level"]])
        place = next(n for n, each in enumerate(table.rows) if (each.category, each.stat) == wanted)
        found = {name: float(getattr(table, name)[group, place]) for name in ("se", "lower", "upper")}
        found["estimate"] = table.numerator[group, place] / table.denominator[group, place]
        for name, ours in found.items():
            if row[name] not in ("", "NA"):
                assert ours == pytest.approx(float(row[name]), rel=1e-9), (row, name)
                compared += 1
    assert compared > 50
