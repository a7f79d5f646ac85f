"""What is told of how the numbers of a question hang together: in a simple random sample, as the answers do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from saklig.compilation.compiling import compile_edition
from saklig.edition.checking import check_edition
from saklig.edition.contrasting import contrast
from saklig.edition.edition import Edition
from saklig.edition.publication import Axis, Correlations
from saklig.edition.reading import open_edition
from saklig.edition.relating import Rule
from saklig.edition.writing import write_edition

STUDY = """\
id = "grid"
title = {{ en = "Grid" }}
sample = "{sample}"

[[wave]]
id = "1"
answers = "answers.csv"
{wave}

[disclosure]
policy = "{policy}"

[codes.degree]
categories = [
  {{ code = 1, label = {{ en = "Yes" }} }},
  {{ code = 2, label = {{ en = "Partly" }} }},
  {{ code = 3, label = {{ en = "No" }} }},
]

[[section]]
id = "1"
title = {{ en = "One" }}

  [[section.question]]
  id = "q"
  kind = "grid"
  text = {{ en = "Do you have these?" }}
  codes = "degree"
  scale = true
  items = [
    {{ id = "a", text = {{ en = "Time" }} }},
    {{ id = "b", text = {{ en = "Money" }} }},
    {{ id = "c", text = {{ en = "Skills" }} }},
  ]
"""
N = 600


def answers() -> np.ndarray:
    random = np.random.default_rng(6)
    liking = random.random(N)
    given = [np.clip(np.floor(3 * (mix * liking + (1 - mix) * random.random(N))) + 1, 1, 3) for mix in (0.6, 0.7, 0.1)]
    return np.stack(given, axis=1).astype(int)


def edition(folder: Path, *, policy: str = "sample", sample: str = "probability", wave: str = "") -> Edition:
    lines = [f"{a},{b},{c},{1 + place % 3}" for place, (a, b, c) in enumerate(answers())]
    (folder / "answers.csv").write_text("\n".join(["q_a,q_b,q_c,w", *lines]) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.format(policy=policy, sample=sample, wave=wave), encoding="utf-8")
    return compile_edition(folder / "study.toml", remembered=False)


def along(found: Edition, axis: Axis) -> list[Correlations]:
    return [each for each in found.publication.correlations if each.axis is axis]


def test_the_items_of_a_grid_hang_together_as_their_answers_do(tmp_path: Path) -> None:
    found = edition(tmp_path)
    (told,) = along(found, Axis.ITEMS)
    assert told.names == ("a", "b", "c")
    assert set(told.tenths) >= {"1", "2", "3", "~mean"}
    for row, counted in (("1", answers() == 1), ("3", answers() == 3), ("~mean", answers())):
        wanted = np.corrcoef(counted.T.astype(float))
        for one, other in ((0, 1), (0, 2), (1, 2)):
            low, high = told.between(row, told.names[one], told.names[other]) or (9, 9)
            assert low <= wanted[one, other] < high
    assert along(found, Axis.ROWS) == [], "the two shares say it all"


def test_the_answers_to_a_question_are_told_of_where_the_sample_is_weighted(tmp_path: Path) -> None:
    found = edition(tmp_path, wave='weight = "w"')
    assert [each.item for each in along(found, Axis.ROWS)] == ["a", "b", "c"]
    first, second = (found.fact(f"grid.1/q.a/{row}") for row in ("1", "3"))
    assert contrast(first, second, found.study, found.publication).rule is Rule.TOLD
    weight = 1 + np.arange(N) % 3
    given = (answers()[:, [0]] == [1, 3]).astype(float)
    z = weight[:, None] * (given - (weight @ given) / weight.sum())
    low, high = along(found, Axis.ROWS)[0].between("", "1", "3") or (9, 9)
    assert low <= np.corrcoef(z.T)[0, 1] < high


def test_a_comparison_of_two_items_counts_it_in(tmp_path: Path) -> None:
    found = edition(tmp_path)
    one, other = (found.fact(f"grid.1/q.{item}/1") for item in ("a", "b"))
    told = contrast(one, other, found.study, found.publication)
    untold = contrast(one, other, found.study, replace(found.publication, correlations=()))
    assert (told.rule, untold.rule) == (Rule.TOLD, Rule.BOUND)
    assert told.lower is not None
    assert untold.lower is not None
    assert told.lower > untold.lower
    pair = (found.fact("grid.1/q.a/1"), found.fact("grid.1/q.b/3"))
    assert contrast(*pair, found.study, found.publication).rule is Rule.BOUND


def test_what_is_told_is_read_again(tmp_path: Path) -> None:
    found = edition(tmp_path, wave='weight = "w"')
    folder = write_edition(found, tmp_path / "out")
    assert open_edition(folder).publication == found.publication
    assert check_edition(folder) == ()


@pytest.mark.parametrize("of", [{"policy": "organisations"}, {"sample": "self-selected"}])
def test_nothing_is_told_of_organisations_or_of_who_chose_themselves(tmp_path: Path, of: dict[str, str]) -> None:
    assert edition(tmp_path, **of).publication.correlations == ()
