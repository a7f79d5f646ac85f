"""Small random studies to attack: few respondents, known to everybody, and answers that lean one way."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class MadeStudy:
    """`path`: study.toml. `rows`: the answers file. `truth`: question (or question/option) → code per respondent."""

    path: Path
    rows: list[dict[str, str]]
    singles: dict[str, list[str]]  # question id → codes of its categories, missing ones among them
    options: dict[str, list[str]]  # question id → its options
    backgrounds: dict[str, list[str]]  # background id → codes of its groups
    routed: dict[str, tuple[str, str]]  # question id → (router's id, the code that leads to it)


def make(folder: Path, seed: int) -> MadeStudy:
    """Writes a study of 8–40 respondents, 1–3 strata, 1–2 backgrounds and 1–3 questions."""
    pick = random.Random(seed)
    n = pick.randint(8, 40)
    strata = [f"s{number}" for number in range(1, pick.randint(1, 3) + 1)]
    backgrounds = {f"b{number}": [str(code) for code in range(1, pick.randint(2, 3) + 1)] for number in (1, 2)}
    if pick.random() < 0.5:
        del backgrounds["b2"]
    stratum_of = [strata[i % len(strata)] if i < 2 * len(strata) else pick.choice(strata) for i in range(n)]
    sizes = {stratum: stratum_of.count(stratum) for stratum in strata}
    population = {stratum: sizes[stratum] + pick.randint(0, 2 * sizes[stratum]) for stratum in strata}
    rows: list[dict[str, str]] = []
    for stratum in stratum_of:
        row = {"stratum": stratum, "weight": repr(population[stratum] / sizes[stratum])}
        row |= {name: pick.choice(codes) for name, codes in backgrounds.items()}
        rows.append(row)
    singles, options, routed = {}, {}, {}
    for number in range(1, pick.randint(1, 2) + 1):
        codes = [str(code) for code in range(1, pick.randint(2, 4) + 1)] + ["8", "9"]
        lean = [pick.random() ** 2 + 0.02 for _ in codes[:-2]] + [0.04, 0.04]
        for row in rows:
            row[f"q{number}"] = pick.choices(codes, lean)[0]
        singles[f"q{number}"] = codes
    if pick.random() < 0.6:
        options["m"] = [f"o{number}" for number in range(1, pick.randint(2, 3) + 1)]
        if pick.random() < 0.5:
            routed["m"] = ("q1", "1")
        chance = {option: pick.random() for option in options["m"]}
        for row in rows:
            asked = "m" not in routed or row["q1"] == "1"
            for option in options["m"]:
                row[f"m_{option}"] = str(int(pick.random() < chance[option])) if asked else ""
    return write(folder, rows, population, singles, options, backgrounds, routed)


def write(
    folder: Path,
    rows: list[dict[str, str]],
    population: dict[str, int],
    singles: dict[str, list[str]],
    options: dict[str, list[str]],
    backgrounds: dict[str, list[str]],
    routed: dict[str, tuple[str, str]],
) -> MadeStudy:
    """`population`: stratum → its size."""
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    path = folder / "study.toml"
    path.write_text(_toml(population, backgrounds, singles, options, routed), encoding="utf-8")
    return MadeStudy(path, rows, singles, options, backgrounds, routed)


def _toml(
    population: dict[str, int],
    backgrounds: dict[str, list[str]],
    singles: dict[str, list[str]],
    options: dict[str, list[str]],
    routed: dict[str, tuple[str, str]],
) -> str:
    lines = ['id = "small"', 'title = "Small"', 'languages = ["en"]', "synthetic = true"]
    lines += ["[[wave]]", 'id = "1"', 'answers = "answers.csv"', 'weight = "weight"', 'strata = "stratum"']
    lines += ["population = { " + ", ".join(f"{stratum} = {size}" for stratum, size in population.items()) + " }"]
    lines += ["[disclosure]", 'policy = "organisations"']
    for name, codes in backgrounds.items():
        groups = ", ".join(f'{{ id = "g{code}", code = {code}, label = "Group {code}" }}' for code in codes)
        lines += ["[[background]]", f'id = "{name}"', f'label = "{name}"', f"groups = [{groups}]"]
    lines += ["[[section]]", 'id = "1"', 'title = "Questions"']
    roles = {"8": ', role = "dont-know"', "9": ', role = "refused"'}
    for name, codes in singles.items():
        categories = ", ".join(f'{{ code = {code}, label = "{code}"{roles.get(code, "")} }}' for code in codes)
        lines += ["[[section.question]]", f'id = "{name}"', 'kind = "single"', f'text = "{name}?"', f'label = "{name}"']
        lines += [f"categories = [{categories}]"]
        if len(codes) > 4:
            lines += ['nets = [{ id = "1-2", label = "1 or 2", of = [1, 2] }]']
    for name, names in options.items():
        categories = ", ".join(
            f'{{ code = "{option}", label = "{option}", variable = "m_{option}" }}' for option in names
        )
        lines += [
            "[[section.question]]",
            f'id = "{name}"',
            'kind = "multiple"',
            f'text = "{name}?"',
            f'label = "{name}"',
        ]
        lines += [f"categories = [{categories}]"]
        if name in routed:
            lines += [f"asked_if = {{ {routed[name][0]} = [{routed[name][1]}] }}"]
    return "\n".join(lines) + "\n"
