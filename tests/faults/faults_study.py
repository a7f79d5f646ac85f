"""A small study with everything that can be wrong: weights, strata, a population, routing, a set."""

from __future__ import annotations

import random
from pathlib import Path

STUDY = """\
id = "liten"
title = { sv = "Kommunen", en = "The municipality" }
sample = "probability"

[[wave]]
id = "2021"
start = 2021-09-01
end = 2021-09-24
answers = "answers.csv"
weight = "vikt"
strata = "stratum"
population = { norr = 100, syd = 200 }

[disclosure]
policy = "organisations"

[method]
sponsor = { sv = "Bolaget", en = "The company" }

[[background]]
id = "storlek"
label = { sv = "Storlek", en = "Size" }
groups = [
  { id = "liten", code = 1, label = { sv = "Liten", en = "Small" } },
  { id = "stor", code = 2, label = { sv = "Stor", en = "Large" } },
]

[[section]]
id = "1"
title = { sv = "Ett", en = "One" }

  [[section.question]]
  id = "q1"
  kind = "single"
  text = { sv = "Är ni nöjda?", en = "Are you satisfied?" }
  label = { sv = "Nöjda", en = "Satisfied" }
  categories = [
    { code = 1, label = { sv = "Ja", en = "Yes" } },
    { code = 2, label = { sv = "Nej", en = "No" } },
  ]

  [[section.question]]
  id = "q2"
  kind = "multiple"
  text = { sv = "Med vad?", en = "With what?" }
  label = { sv = "Med vad", en = "What with" }
  asked_if = { q1 = [1] }
  delimiter = ";"
  categories = [
    { code = 1, label = { sv = "Vägarna", en = "The roads" } },
    { code = 2, label = { sv = "Skolan", en = "The school" } },
  ]
"""
HEADER = "vikt,stratum,storlek,q1,q2"


def answers(rows: int = 60) -> list[str]:
    draw = random.Random(4711)
    lines = []
    for row in range(rows):
        yes = draw.random() < 0.7
        weight = draw.choice(["1.5", "2", "3.25"])
        what = draw.choice(["1", "2", "1;2"]) if yes else ""
        lines.append(f"{weight},{'norr' if row % 3 else 'syd'},{draw.choice([1, 2])},{1 if yes else 2},{what}")
    return lines


def write_answers(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "answers.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def write_study(folder: Path, *changes: tuple[str, str]) -> Path:
    """`changes`: what stands in STUDY and what shall stand there instead, each exactly once."""
    folder.mkdir(parents=True, exist_ok=True)
    text = STUDY
    for old, new in changes:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in the study")
        text = text.replace(old, new)
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    if not (folder / "answers.csv").exists():
        write_answers(folder, *answers())
    return path
