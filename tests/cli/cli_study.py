"""A small study with its answers in a file."""

from __future__ import annotations

import random
from pathlib import Path

STUDY = """
id = "liten"
title = { sv = "Kommunen", en = "The municipality" }
base = "valid"

[[wave]]
id = "2021"
start = 2021-09-01
end = 2021-09-24
answers = "answers.csv"

[disclosure]
policy = "public"

[method]
sponsor = { sv = "Bolaget", en = "The company" }

[codes.degree]
ends_labelled = true
categories = [
  { code = 1, label = { sv = "Inte alls", en = "Not at all" } },
  { code = 2 },
  { code = 3, label = { sv = "Fullt ut", en = "Fully" } },
  { code = 9, label = { sv = "Vill inte svara", en = "Prefer not to answer" }, role = "refused" },
]

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
  kind = "scale"
  text = { sv = "Hur digital är kommunen?", en = "How digital is the municipality?" }
  label = { sv = "Grad" }
  codes = "degree"
  nets = [{ id = "2-3", of = [2, 3] }]

  [[section.question]]
  id = "q2"
  kind = "single"
  text = { sv = "Är ni nöjda?", en = "Are you satisfied?" }
  label = { sv = "Nöjda", en = "Satisfied" }
  categories = [{ code = 1, label = { sv = "Ja", en = "Yes" } }, { code = 2, label = { sv = "Nej", en = "No" } }]
"""


def answers(seed: int) -> str:
    draw = random.Random(seed)
    lines = [f"{draw.choice([1, 2])},{draw.choice([1, 2, 2, 3, 9])},{draw.choice([1, 2])}" for _ in range(60)]
    return "\n".join(["storlek,q1,q2", *lines]) + "\n"


def write_study(folder: Path, seed: int = 1, changed: tuple[str, str] = ("", "")) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "answers.csv").write_text(answers(seed), encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.replace(*changed) if changed[0] else STUDY, encoding="utf-8")
    return folder / "study.toml"
