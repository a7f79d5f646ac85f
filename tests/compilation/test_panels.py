"""What is told of how two waves of a panel hang together, and of whom it is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from saklig.compilation.compiling import compile_edition
from saklig.edition.checking import check_edition
from saklig.edition.edition import Edition
from saklig.edition.publication import Ground, WaveCorrelations
from saklig.edition.reading import open_edition
from saklig.edition.writing import write_edition

STUDY = """\
id = "panel"
title = {{ en = "Panel" }}
sample = "probability"

[[wave]]
id = "1"
answers = "first.csv"
person = "who"

[[wave]]
id = "2"
answers = "second.csv"
person = "who"

[disclosure]
policy = "{policy}"

[[background]]
id = "part"
label = {{ en = "Part" }}
groups = [
  {{ id = "north", code = 0, label = {{ en = "North" }} }},
  {{ id = "south", code = 1, label = {{ en = "South" }} }},
  {{ id = "islands", code = 2, label = {{ en = "Islands" }} }},
]

[[section]]
id = "1"
title = {{ en = "One" }}

  [[section.question]]
  id = "content"
  kind = "single"
  text = {{ en = "Are you content?" }}
  categories = [{{ code = 1, label = {{ en = "Yes" }} }}, {{ code = 0, label = {{ en = "No" }} }}]
"""
SIZES = (500, 300, 40)


def edition(folder: Path, policy: str) -> Edition:
    random = np.random.default_rng(4)
    part = np.repeat(np.arange(3), SIZES)
    liking = random.random(len(part))
    for name, kept in (("first.csv", slice(0, 800)), ("second.csv", slice(60, 840))):
        said = (liking + random.normal(0, 0.2, len(part)) > 0.5).astype(int)
        lines = [f"{who},{of},{answer}" for who, (of, answer) in enumerate(zip(part, said, strict=True))][kept]
        (folder / name).write_text("\n".join(["who,part,content", *lines]) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.format(policy=policy), encoding="utf-8")
    return compile_edition(folder / "study.toml", remembered=False)


def told(found: Edition) -> dict[tuple[str, ...], WaveCorrelations]:
    return {each.by: each for each in found.publication.wave_correlations}


def test_a_panel_is_told_of_and_few_of_it_are_not(tmp_path: Path) -> None:
    found = edition(tmp_path, "sample")
    everybody, parts = told(found)[()], told(found)["part",]
    tenths = everybody.of("1", "")
    assert tenths is not None
    assert tenths >= 3
    assert parts.of("1", "north") is not None
    assert parts.of("1", "islands") is None, "fewer than 50 answered in a wave"
    assert found.publication.ground("1", "2") is Ground.TOLD
    change = found.fact("panel.1..2/content/1~difference")
    first, second = (found.fact(f"panel.{wave}/content/1") for wave in "12")
    assert change.lower is not None
    assert second.lower is not None
    assert first.upper is not None
    assert change.lower > second.lower - first.upper


def test_what_is_told_is_read_again_and_the_changes_follow_from_it(tmp_path: Path) -> None:
    found = edition(tmp_path, "sample")
    folder = write_edition(found, tmp_path / "out")
    assert open_edition(folder).publication == found.publication
    assert check_edition(folder) == ()


def test_nothing_is_told_of_organisations(tmp_path: Path) -> None:
    found = edition(tmp_path, "organisations")
    assert told(found) == {}
    assert found.publication.ground("1", "2") is Ground.WIDEST
