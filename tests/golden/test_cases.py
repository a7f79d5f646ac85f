"""Every value of `golden.csv` is compared with ours by a test, and this is the list of which.

A new case in the file, or a test that is gone or renamed, fails here.
"""

from __future__ import annotations

import ast
import csv
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
GOLDEN, DESIGNS = "tabulation/test_golden.py", "tabulation/test_golden_designs.py"
COMPARISONS, REPLICATES = "tabulation/test_golden_comparisons.py", "tabulation/test_golden_replicates.py"
WEIGHTING = "design/weighting/test_golden.py"

COVERED = {
    "*/proportion": (GOLDEN, "test_shares"),
    "*/proportion-by": (GOLDEN, "test_shares_by_group"),
    "*/proportion/logit": (GOLDEN, "test_shares_with_logit_intervals"),
    "*/proportion/beta": (GOLDEN, "test_other_intervals"),
    "*/proportion/mean": (GOLDEN, "test_other_intervals"),
    "*/proportion/xlogit": (GOLDEN, "test_other_intervals"),
    "*/total": (GOLDEN, "test_totals"),
    "*/mean": (GOLDEN, "test_means"),
    "*/mean-by": (GOLDEN, "test_means_by_group"),
    "*/quantile": (GOLDEN, "test_quantiles"),
    "*/deff": (GOLDEN, "test_design_effects"),
    "*/difference": (COMPARISONS, "test_differences_of_means_between_groups"),
    "*/rao-scott-F": (COMPARISONS, "test_rao_scott_f"),
    "*/rao-scott-p": (COMPARISONS, "test_rao_scott_f"),
    "lonely-psu/*": (DESIGNS, "test_a_stratum_of_one_school"),
    "replicate/*": (REPLICATES, "test_the_shared_golden_values"),
    "weighting/*": (WEIGHTING, "test_golden_file"),
}
"""Case → the test that compares all of its rows."""


@pytest.fixture(scope="module")
def cases() -> Counter[str]:
    with Path(__file__).with_name("golden.csv").open(encoding="utf-8", newline="") as file:
        return Counter(row["case"] for row in csv.DictReader(file))


def patterns(case: str) -> list[str]:
    """`*/proportion` does not stand for `*/proportion/logit`, nor `*/mean` for `*/proportion/mean`."""
    whole = case.startswith(("lonely-psu/", "replicate/", "weighting/"))
    return [
        pattern
        for pattern in COVERED
        if fnmatchcase(case, pattern)
        and (whole or pattern.count("/") == case.count("/"))
        and whole == (pattern[0] != "*")
    ]


def test_every_case_is_compared_by_one_test(cases):
    assert sum(cases.values()) == 536
    found = {case: patterns(case) for case in cases}
    assert {case: each for case, each in found.items() if len(each) != 1} == {}
    assert {pattern for each in found.values() for pattern in each} == set(COVERED)


@pytest.mark.parametrize("pattern", COVERED)
def test_the_test_is_there_and_reads_the_case(pattern):
    file, name = COVERED[pattern]
    text = (TESTS / file).read_text(encoding="utf-8")
    tree = ast.parse(text)
    found = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == name]
    assert len(found) == 1
    source = "\n".join(ast.unparse(each) for each in (*found[0].decorator_list, found[0])) + text
    kind = pattern.removeprefix("*/").removesuffix("/*").split("/")[-1]
    assert kind in source
