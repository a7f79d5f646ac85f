"""A raked sample with a small group: what it takes to hide its members is withheld, and not the survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from saklig.compilation.compiling import compile_edition
from saklig.edition.facts import Status

STUDY = """\
id = "raked"
title = {{ en = "Raked" }}
sample = "probability"

[[wave]]
id = "1"
answers = "answers.csv"

[wave.weighting]
method = "rake"
targets = "targets.csv"

{backgrounds}

[codes.degree]
categories = [{categories}]

[[section]]
id = "1"
title = {{ en = "One" }}

  [[section.question]]
  id = "q"
  kind = "scale"
  text = {{ en = "How much?" }}
  codes = "degree"
"""
SIZES = {"sex": 2, "age": 4, "region": 8}
N = 700


def write(folder: Path) -> None:
    random = np.random.default_rng(1)
    region = random.choice(8, N, p=[0.04, 0.08, 0.1, 0.12, 0.14, 0.16, 0.17, 0.19])
    groups = {"sex": random.integers(0, 2, N), "age": random.integers(0, 4, N), "region": region}
    said = np.clip(np.round(random.normal(3.0, 1.1, N)), 1, 5).astype(int)
    lines = [",".join(map(str, row)) for row in zip(*groups.values(), said, strict=True)]
    (folder / "answers.csv").write_text("\n".join(["sex,age,region,q", *lines]) + "\n", encoding="utf-8")
    targets = ["variable,group,percent"]
    for name, size in SIZES.items():
        shares = np.bincount(groups[name], minlength=size) * random.uniform(0.8, 1.25, size)
        targets += [f"{name},{name}{at},{100 * share:.6f}" for at, share in enumerate(shares / shares.sum())]
    (folder / "targets.csv").write_text("\n".join(targets) + "\n", encoding="utf-8")
    backgrounds = "\n".join(
        f'[[background]]\nid = "{name}"\nlabel = {{ en = "{name}" }}\ngroups = ['
        + ", ".join(f'{{ id = "{name}{at}", code = {at}, label = {{ en = "{at}" }} }}' for at in range(size))
        + "]"
        for name, size in SIZES.items()
    )
    categories = ", ".join(f'{{ code = {code}, label = {{ en = "{code}" }} }}' for code in range(1, 6))
    text = STUDY.format(backgrounds=backgrounds, categories=categories)
    (folder / "study.toml").write_text(text, encoding="utf-8")


def test_everybody_and_the_large_groups_are_published(tmp_path: Path) -> None:
    write(tmp_path)
    found = compile_edition(tmp_path / "study.toml", remembered=False)
    assert found.publication.protection.audit == "counts"
    assert found.publication.protection.audited > 0
    status: dict[str, set[Status]] = {}
    for fact in found.facts.rows(slice(None)):
        if not fact.stat:
            status.setdefault(fact.by1, set()).add(fact.status)
    for by in ("", "sex", "age"):
        assert status[by] == {Status.PUBLISHED}, by
    assert not found.publication.correlations, "the weights are known"
