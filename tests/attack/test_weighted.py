"""The attacker against small studies whose weights are made when they are published; it knows the weights."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from attack import random_study
from attack.attacker import pinned_by_solver
from attack.test_attack import targets
from saklig.compilation.compiling import compile_bound, read_and_bind
from saklig.edition.writing import write_edition

STUDIES = 24


def weighted(folder: Path, seed: int) -> random_study.MadeStudy:
    """A random study post-stratified by its backgrounds, crossed where there are two."""
    made, pick = random_study.make(folder, seed), random.Random(seed)
    names = list(made.backgrounds)
    groups = Counter("*".join(f"g{row[name]}" for name in names) for row in made.rows)
    lines = [f"{'*'.join(names)},{group},{n * pick.randint(2, 9)}" for group, n in sorted(groups.items())]
    (folder / "targets.csv").write_text("\n".join(["variable,group,count", *lines]) + "\n", encoding="utf-8")
    text = made.path.read_text(encoding="utf-8")
    keys = 'method = "post-stratify"\ntargets = "targets.csv"'
    text = re.sub(r"^population = .*\n", "", text, flags=re.M)  # the targets are of another one
    text = text.replace("[disclosure]", f"[wave.weighting]\n{keys}\n[disclosure]")
    made.path.write_text(text, encoding="utf-8")
    return made


@pytest.mark.parametrize("seed", range(200, 200 + STUDIES))
def test_no_answer_of_a_weighted_study_is_pinned_down(seed: int, tmp_path: Path) -> None:
    made = weighted(tmp_path, seed)
    bound = read_and_bind(made.path)
    published = write_edition(compile_bound(bound, remembered=False).edition, tmp_path / "editions")
    weights = bound.waves[0][0].weights
    assert len(set(weights)) > 1
    rows = [row | {"weight": repr(float(weight))} for row, weight in zip(made.rows, weights, strict=True)]
    known, found = targets(replace(made, rows=rows), published)
    assert [pinned for target in found for pinned in pinned_by_solver(known, target)] == []
