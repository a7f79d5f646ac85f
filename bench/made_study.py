"""A made study of any size, with a fixed seed: what a large omnibus survey looks like to the program."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

RESPONDENTS = 1500
GROUPS = (2, 3, 4, 5, 6, 7, 8, 3, 4, 6)


def make(folder: Path, questions: int = 1000, backgrounds: int = 10, respondents: int = RESPONDENTS) -> Path:
    """Writes `study.toml` and `answers.csv` to `folder`: five categories and "don't know", every third a scale."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20261123)
    columns: dict[str, np.ndarray] = {"weight": np.round(rng.lognormal(0, 0.35, respondents), 4)}
    for number in range(backgrounds):
        columns[f"b{number + 1}"] = rng.integers(1, GROUPS[number % len(GROUPS)] + 1, respondents)
    for number in range(questions):
        shares = rng.dirichlet(np.full(6, 3.0))
        columns[f"q{number + 1}"] = rng.choice([1, 2, 3, 4, 5, 8], respondents, p=shares)
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
    (folder / "study.toml").write_text(_toml(questions, backgrounds), encoding="utf-8")
    return folder / "study.toml"


def _toml(questions: int, backgrounds: int) -> str:
    lines = [
        'id = "made"',
        'title = { sv = "En stor undersökning", en = "A large survey" }',
        'languages = ["sv", "en"]',
        "synthetic = true",
        "[[wave]]",
        'id = "2026"',
        'answers = "answers.csv"',
        'weight = "weight"',
        "[disclosure]",
        'policy = "sample"',
        "[codes.five]",
        "ends_labelled = true",
        "categories = [",
        '  { code = 1, label = { sv = "Inte alls", en = "Not at all" } }, { code = 2 }, { code = 3 }, { code = 4 },',
        '  { code = 5, label = { sv = "Helt och hållet", en = "Completely" } },',
        '  { code = 8, label = { sv = "Vet inte", en = "Don’t know" }, role = "dont-know" },',
        "]",
    ]
    for number in range(1, backgrounds + 1):
        groups = ", ".join(
            f'{{ code = {code}, label = {{ sv = "Grupp {code}", en = "Group {code}" }} }}'
            for code in range(1, GROUPS[(number - 1) % len(GROUPS)] + 1)
        )
        lines += [
            "[[background]]",
            f'id = "b{number}"',
            f'label = {{ sv = "Bakgrund {number}", en = "Background {number}" }}',
            f"groups = [{groups}]",
        ]
    for number in range(1, questions + 1):
        if number % 25 == 1:
            section = number // 25 + 1
            lines += [
                "[[section]]",
                f'id = "{section}"',
                f'title = {{ sv = "Avsnitt {section}", en = "Section {section}" }}',
            ]
        kind = "scale" if number % 3 == 0 else "single"
        lines += [
            "[[section.question]]",
            f'id = "q{number}"',
            f'kind = "{kind}"',
            f'text = {{ sv = "I vilken utsträckning stämmer påstående {number} för dig?", '
            f'en = "To what extent does statement {number} hold for you?" }}',
            f'label = {{ sv = "Påstående {number}", en = "Statement {number}" }}',
            'codes = "five"',
            'nets = [{ id = "4-5", of = [4, 5] }]',
        ]
    return "\n".join(lines) + "\n"
