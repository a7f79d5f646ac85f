"""The attacker against samples raked to two margins, whose weights follow from crossed groups.

A weight is the product of one factor for each margin. Under the policy `sample` it is secret who took part, but the
factors are few, and can be had from the published targets and bases. This attacker is given more than a reader has, how
many respondents every crossed group has and so their weights; it reads every count that is printed, and looks for a
crossed group all of whose members must have given one answer.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from attack import random_study
from attack.attacker import (
    Counted,
    Known,
    Solver,
    Target,
    Worlds,
    described,
    others_alike,
    questions_to_ask,
    read_folder,
)
from attack.targets import known_respondents, single_target
from saklig.compilation.compiling import compile_bound, read_and_bind
from saklig.disclosure import possibilities
from saklig.edition.writing import write_edition

STUDIES = 12
CODES = ["1", "2", "3", "8", "9"]


def raked(
    folder: Path, seed: int, n: int, groups: tuple[int, int], *, pairs: bool, strata: int = 1
) -> random_study.MadeStudy:
    """One small group of b1, in which most gave the same answer, and margins far from the respondents; where there are
    strata, weights before."""
    pick = random.Random(seed)
    first, second = ([str(code) for code in range(1, many + 1)] for many in groups)
    small = pick.randint(2, 30)
    rows = []
    for number in range(n):
        b1 = first[-1] if number < small else pick.choice(first[:-1])
        answer = pick.choices(CODES, [0.9, 0.1, 0, 0, 0] if number < small else [0.4, 0.3, 0.2, 0.05, 0.05])[0]
        stratum = number % strata + 1
        rows.append(
            {"stratum": f"s{stratum}", "weight": f"{stratum}.0", "b1": b1, "b2": pick.choice(second), "q1": answer}
        )
    backgrounds = {"b1": first, "b2": second}
    made = random_study.write(folder, rows, {"s1": n}, {"q1": CODES}, {}, backgrounds, {})
    lines = ["variable,group,percent"]
    for name, codes in backgrounds.items():
        there = [sum(row[name] == code for row in rows) for code in codes]
        spread = 1 if name == "b1" else 0.05
        shares = [many * 4 ** pick.uniform(-spread, spread) for many in there]
        lines += [f"{name},g{code},{100 * share / sum(shares):.10f}" for code, share in zip(codes, shares, strict=True)]
    (folder / "targets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = re.sub(r"^population = .*\n", "", made.path.read_text(encoding="utf-8"), flags=re.M)
    if strata == 1:
        text = text.replace('weight = "weight"\nstrata = "stratum"\n', "")
    more = '[wave.weighting]\nmethod = "rake"\ntargets = "targets.csv"\n[disclosure]\npolicy = "sample"\n'
    more += "pairs_from = 0\n" if pairs else ""
    text = text.replace('[disclosure]\npolicy = "organisations"\n', more)
    if pairs:
        text = text.replace("synthetic = true\n", 'synthetic = true\npairs = [["b1", "b2"]]\n')
    made.path.write_text(text, encoding="utf-8")
    return made


def with_counts(target: Target, facts: Sequence[Mapping[str, Any]]) -> Target:
    """`sample` prints how many gave each answer, in every group that is shown."""
    places = {code: frozenset({number}) for number, code in enumerate(target.answers)}
    counted = []
    for fact in facts:
        if fact["question"] != target.name or fact["status"] != "published" or fact["stat"] or fact["count"] is None:
            continue
        if fact["category"] in places:
            group = tuple((fact[by], fact[to]) for by, to in (("by1", "group1"), ("by2", "group2")) if fact[by])
            counted.append(Counted(places[fact["category"]], group, fact["count"]))
    return replace(target, counted=tuple(counted))


def pinned_for_outsiders(known: Sequence[Known], target: Target) -> list[str]:
    """The crossed groups whose members are all known to have given one answer, by a reader who gave none."""
    worlds = Worlds(known, target)
    if not worlds.allows(worlds.truth):
        raise AssertionError(f"the attacker's reading of {target.name} does not fit the truth: mend the attacker")
    solver, found = Solver(worlds), []
    for class_number, name, secret, own in questions_to_ask(worlds):
        if own is not None or not others_alike(worlds, worlds.truth, class_number, secret, None):
            continue
        world = solver.fewest(class_number, secret, None)
        if world is not None and others_alike(worlds, world, class_number, secret, None):
            found.append(described(worlds, class_number, name, None))
    return found


def attacked(made: random_study.MadeStudy) -> tuple[int, list[str]]:
    """How many numbers are published, and what they pin down."""
    bound = read_and_bind(made.path)
    published = write_edition(compile_bound(bound, remembered=False).edition, made.path.parent / "editions")
    study, facts = read_folder(published)
    weights = bound.waves[0][0].weights
    assert len(set(weights)) > 1
    rows = [row | {"weight": repr(float(weight))} for row, weight in zip(made.rows, weights, strict=True)]
    known = known_respondents(rows, list(made.backgrounds), study)
    target = with_counts(single_target(facts, "q1", CODES, [row["q1"] for row in rows]), facts)
    return len(target.printed), pinned_for_outsiders(known, target)


@pytest.mark.parametrize("pairs", [False, True], ids=["margins", "pairs"])
@pytest.mark.parametrize("seed", range(STUDIES))
def test_no_answer_of_a_raked_sample_is_pinned_down(seed: int, pairs: bool, tmp_path: Path) -> None:
    made = raked(tmp_path, seed, random.Random(seed).randint(60, 400), (3, 2), pairs=pairs)
    assert attacked(made)[1] == []


def test_most_is_published_where_nobody_is_alone(tmp_path: Path) -> None:
    """Protection by publishing nothing would be easy."""
    assert attacked(raked(tmp_path, 0, 366, (3, 2), pairs=True))[0] > 30


@pytest.mark.parametrize("strata", [1, 2])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_many_crossed_groups_do_not_make_weights_secret(
    seed: int, strata: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hardly two have the same weight, and yet nothing is in it but the targets (and the stratum)."""
    for folder in (tmp_path / "held", tmp_path / "broken"):
        folder.mkdir()
    assert attacked(raked(tmp_path / "held", seed, 120, (3, 16), pairs=False, strata=strata))[1] == []
    # the same attacker wins where weights of many crossed groups are taken for secret: so the test can fail
    monkeypatch.setattr(possibilities, "_of_targets_alone", lambda *_: False)
    assert attacked(raked(tmp_path / "broken", seed, 120, (3, 16), pairs=False, strata=strata))[1]
