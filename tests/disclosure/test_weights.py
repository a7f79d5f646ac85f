"""The report on weights tells of no group that is withheld: an attacker tries every size that it may have."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))

from cli_study import STUDY

from saklig.compilation.compiling import compile_bound, read_and_bind
from saklig.design.weighting.matching import matched
from saklig.design.weighting.membership import Factor
from saklig.design.weighting.poststratification import post_stratify
from saklig.design.weighting.targets import Margin, Targets
from saklig.design.weighting.trimming import trimmed as trimmed_weights
from saklig.disclosure.weights import EDGES, _spread, classes
from saklig.edition.errors import EditionError
from saklig.edition.facts import NONE
from saklig.edition.statement import read_statement, statement_bytes
from saklig.edition.weighting import WeightingReport
from saklig.edition.weighting_statement import from_report, to_report

GROUPS = ("liten", "mellan", "stor", "storst")
TARGETS = {"liten": 400.0, "mellan": 300.0, "stor": 200.0, "storst": 150.0}


def published(
    folder: Path, sizes: dict[str, int], policy: str, extra: str = "", trimmed: str = ""
) -> tuple[object, dict[str, object]]:
    """The edition of a study whose groups have these sizes, weighted to TARGETS, and its study.json."""
    folder.mkdir(exist_ok=True)
    groups = "\n".join(f'  {{ code = "{name}", label = "{name}" }},' for name in GROUPS if sizes[name])
    text = STUDY.replace(
        "\n[disclosure]", f'\n[wave.weighting]\nmethod = "post-stratify"\ntargets = "t.csv"\n{trimmed}\n[disclosure]'
    )
    start, end = text.index("groups = ["), text.index("]\n", text.index("groups = [")) + 2
    text = text[:start] + f"groups = [\n{groups}\n]\n{extra}" + text[end:]
    (folder / "study.toml").write_text(text.replace('policy = "public"', f'policy = "{policy}"'), encoding="utf-8")
    draw = random.Random(3)
    rows = [
        f"{name},{draw.choice([1, 2, 2, 3, 9])},{draw.choice([1, 2])}" for name in GROUPS for _ in range(sizes[name])
    ]
    (folder / "answers.csv").write_text("\n".join(["storlek,q1,q2", *rows]) + "\n", encoding="utf-8")
    lines = [f"storlek,{name},{count}" for name, count in TARGETS.items() if sizes[name]]
    (folder / "t.csv").write_text("\n".join(["variable,group,count", *lines]) + "\n", encoding="utf-8")
    edition = compile_bound(read_and_bind(folder / "study.toml"), remembered=False).edition
    return edition, json.loads(statement_bytes(edition.study, edition.publication))


def report_of(edition) -> WeightingReport:
    (report,) = edition.publication.weightings
    return report


def bases_in_facts(edition) -> dict[str, set[int]]:
    facts = edition.facts
    by, group = (facts.address[name] for name in ("by1", "group1"))
    found: dict[str, set[int]] = {}
    for row in range(len(facts)):
        if by.values[by.codes[row]] == "storlek" and facts.base[row] != NONE:
            found.setdefault(group.values[group.codes[row]], set()).add(int(facts.base[row]))
    return found


def spread_if(sizes: dict[str, int]):
    """How unequal the weights would be said to be if the groups had these sizes."""
    names = [name for name in GROUPS if sizes[name]]
    codes = np.repeat(np.arange(len(names)), [sizes[name] for name in names])
    targets = Targets(margins=(Margin(variable="a", groups=tuple(names), counts=tuple(TARGETS[n] for n in names)),))
    made = post_stratify(
        matched(targets, np.ones(len(codes)), (Factor(variable="a", groups=tuple(names), codes=codes),))
    )
    return _spread(made, 5)


def possible(report: WeightingReport, n: int) -> list[dict[str, int]]:
    """Every number of respondents that the groups may have, as far as the report says: the attacker."""
    told = {group.group: group.base for group in report.groups}
    hidden = [name for name, base in told.items() if base is None]
    left = n - sum(base for base in told.values() if base is not None)
    found = []
    for sizes in product(range(1, left + 1), repeat=len(hidden)):
        guess = dict.fromkeys(GROUPS, 0) | {k: v for k, v in told.items() if v} | dict(zip(hidden, sizes, strict=True))
        if sum(sizes) == left and (report.spread is None or spread_if(guess) == report.spread):
            found.append(guess)
    return found


SMALL = {"liten": 20, "mellan": 17, "stor": 8, "storst": 3}


@pytest.mark.parametrize("policy", ["organisations", "sample"])
def test_a_withheld_base_is_not_told_by_the_report(tmp_path: Path, policy: str) -> None:
    edition, form = published(tmp_path, SMALL, policy)
    report = report_of(edition)
    told = {group.group: group.base for group in report.groups}
    assert told["storst"] is None
    assert sum(base is None for base in told.values()) >= 2
    assert report.spread is None
    assert report.missed is None
    for group in report.groups:
        if group.base is None:
            assert (group.before, group.after) == (None, None)
        else:
            assert group.base in bases_in_facts(edition)[group.group]
    guesses = possible(report, sum(SMALL.values()))
    assert len(guesses) >= 5
    assert len({guess["storst"] for guess in guesses}) >= 5
    # the same attacker wins where it is said how unequal the weights are: so the test can fail
    broken = possible(replace(report, spread=spread_if(SMALL)), sum(SMALL.values()))
    assert SMALL in broken
    assert {guess["storst"] for guess in broken} == {3}
    assert form["publication"]["weightings"][0]["spread"] is None


def shares_if(sizes: dict[str, int], limits: tuple[float, float]) -> dict[str, int]:
    """The shares of the groups after trimming, in per cent, if the groups had these sizes."""
    names = [name for name in GROUPS if sizes[name]]
    counts = np.array([sizes[name] for name in names])
    weights = np.repeat(np.array([TARGETS[name] for name in names]) / counts, counts)
    mean = weights.sum() / len(weights)
    cut = trimmed_weights(weights, limits[0] * mean, limits[1] * mean, strict=True)
    parts = np.split(cut, np.cumsum(counts)[:-1])
    return {name: int(100 * part.sum() / cut.sum() + 0.5) for name, part in zip(names, parts, strict=True)}


def fitting(report: WeightingReport, limits: tuple[float, float]) -> set[int]:
    """The sizes of the withheld group that the shares after trimming allow: the attacker knows all the others."""
    told = {group.group: group.after for group in report.groups if group.after is not None}
    return {
        size for size in range(1, 12) if told.items() <= shares_if(TRIMMED | {"storst": size}, limits).items()
    }  # fmt: skip


TRIMMED = {"liten": 40, "mellan": 30, "stor": 20, "storst": 3}


def test_shares_after_trimming_do_not_tell_a_withheld_size(tmp_path: Path) -> None:
    edition, _ = published(tmp_path, TRIMMED, "sample", trimmed="trim = [0.2, 2]\n")
    report = report_of(edition)
    assert all(group.after is None for group in report.groups)
    assert (report.missed, report.spread) == (None, None)
    assert len(fitting(report, (0.2, 2))) == 11
    # the same attacker wins where the shares after trimming are told: so the test can fail
    shares = shares_if(TRIMMED, (0.2, 2))
    broken = replace(report, groups=tuple(replace(each, after=shares[each.group]) for each in report.groups))
    assert len(fitting(broken, (0.2, 2))) < 3
    assert 3 in fitting(broken, (0.2, 2))


def test_what_is_published_of_large_groups_adds_no_base(tmp_path: Path) -> None:
    sizes = {"liten": 20, "mellan": 17, "stor": 11, "storst": 12}
    edition, form = published(tmp_path, sizes, "sample")
    report = report_of(edition)
    assert {group.group: group.base for group in report.groups} == sizes
    assert all(group.base in bases_in_facts(edition)[group.group] for group in report.groups)
    assert report.spread == spread_if(sizes)
    assert [group.target for group in report.groups] == [38, 29, 19, 14]
    assert [group.after for group in report.groups] == [38, 29, 19, 14]
    assert [group.before for group in report.groups] == [33, 28, 18, 20]
    _, publication = read_statement(statement_bytes(edition.study, edition.publication))
    assert publication == edition.publication
    columns = ("answers.csv", "t.csv")
    assert not any(name in json.dumps(form) for name in columns)


def test_a_folded_group_has_no_base_and_hides_how_unequal_the_weights_are(tmp_path: Path) -> None:
    fold = 'fold = [{ id = "stora", label = "stora", of = ["stor", "storst"] }]\n'
    sizes = {"liten": 20, "mellan": 17, "stor": 11, "storst": 3}
    edition, _ = published(tmp_path, sizes, "sample", fold)
    report = report_of(edition)
    assert [(group.group, group.base, group.target) for group in report.groups] == [
        ("liten", 20, 38), ("mellan", 17, 29), ("stora", 14, 33)
    ]  # fmt: skip
    assert report.spread is None


def test_a_report_that_nobody_wrote_is_refused(tmp_path: Path) -> None:
    edition, _ = published(tmp_path, {"liten": 20, "mellan": 17, "stor": 11, "storst": 12}, "sample")
    form = from_report(report_of(edition))
    assert to_report(form, "here") == report_of(edition)
    spread = form["spread"] | {"before": [1]}
    for key, value in (("wave", 3), ("spread", spread), ("spread", 3), ("groups", [[1]]), ("targets", [["a"] * 3]),
                       ("missed", True), ("extra", 1), ("decimals", "0")):  # fmt: skip
        with pytest.raises(EditionError, match="here is no report on weights"):
            to_report(form | {key: value}, "here")
    with pytest.raises(EditionError, match="here is no report on weights"):
        to_report(None, "here")


@given(st.lists(st.lists(st.integers(1, 900), min_size=1, max_size=60), min_size=2, max_size=2), st.integers(0, 9))
def test_classes_hold_nobody_or_enough(ratios: list[list[int]], threshold: int) -> None:
    edges, counts = classes([np.array(each) for each in ratios], threshold)
    assert set(edges) <= set(EDGES)
    for each, given_ in zip(counts, ratios, strict=True):
        assert sum(each) == len(given_)
        assert not edges or all(n == 0 or n >= threshold for n in each)


def test_no_class_is_told_of_fewer_respondents_than_the_threshold() -> None:
    assert classes([np.array([100, 100]), np.array([10, 700])], 5) == ((), ((2,), (2,)))
