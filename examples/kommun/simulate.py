"""Simulates the example's answers: `answers-2021.csv` and `answers-2023.csv`, from the real frame and a fixed seed.

No answer is anybody's. What the simulation aims at, and all that it is tuned to, are the figures publicly known of the
2021 survey: see QUOTAS. Everything else follows from one latent variable, a municipality's readiness, that rises mildly
with its size.

Only `random()` of the standard library's generator is used, which gives the same numbers in every version of Python,
and sums of it in place of a logarithm or a cosine, which do not differ between machines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from random import Random
from typing import TypeVar

HERE = Path(__file__).parent
SEED = 20211027

STRATA = ("under-15000", "15000-49999", "50000-plus")
LOWER_BOUNDS = (0, 15_000, 50_000)
INVITED = (60, 50, 30)
RESPONDENTS = {"2021": (37, 26, 13), "2023": (38, 27, 16)}
IN_BOTH = (19, 13, 8)
ROTATED_OUT = (10, 8, 5)
"""How many of the 2021 sample made way for others in 2023, by stratum."""

SIZE_EFFECT = (-0.35, 0.1, 0.7)
PARTS = {
    "norrland": ("21", "22", "23", "24", "25"),
    "svealand": ("01", "03", "04", "17", "18", "19", "20"),
    "gotaland": ("05", "06", "07", "08", "09", "10", "12", "13", "14"),
}

QUOTAS = {"q4_1": (3, 4, 2), "q4_2": (9, 7, 3)}
"""2021: how many in each stratum answer 4–5 (weighted 12 per cent, 8 in the first stratum), and are satisfied (25)."""
BOUNDS = {"q4_1": ((4, 5), 4, 3), "q4_2": ((1, 2), 2, 3)}
"""What a quota counts, and the answers nearest to its bound, inside and outside."""

SCALE_CUTS = {  # above the n-th bound the answer is at least n + 2
    "q2_1": (-2.1, -1.1, 0.1, 1.3),
    "q2_2": (-1.6, -0.5, 0.7, 1.8),
    "q2_3_a": (-1.0, 0.1, 1.1, 2.1),
    "q2_3_b": (-1.3, -0.3, 0.8, 1.9),
    "q2_3_c": (-0.8, 0.2, 1.1, 2.0),
    "q2_3_d": (-1.7, -0.7, 0.4, 1.5),
    "q3_1_a": (-2.2, -1.4, -0.3, 1.0),
    "q3_1_b": (-2.4, -1.7, -0.7, 0.6),
    "q3_1_c": (-1.7, -0.8, 0.4, 1.5),
    "q3_1_d": (-1.8, -0.9, 0.5, 1.6),
    "q3_1_e": (-1.6, -0.7, 0.5, 1.6),
    "q4_1": (-1.5, -0.4, 1.1, 2.2),
    "q5_1": (-2.5, -1.8, -0.8, 0.4),
}
LOADINGS = {"q4_1": 0.6, "q4_2": 0.5, "q2_1": 0.5, "q2_2": 0.6, "q5_1": 0.3}
USUAL_LOADING = 0.4

REASONS = (0.5, 0.4, 0.35, 0.25, 0.3, 0.06, 0.1)
SERVICES = {1: 5, 2: 2, 3: 7, 4: 2, 5: 4, 6: 5, 7: 1, 8: 7, 9: 1}
SERVICES_2023 = SERVICES | {11: 3}
EFFECTS = (0.65, 0.6, 0.5, 0.45, 0.15, 0.08)
ISSUES = {1: 10, 2: 7, 3: 9, 4: 5, 5: 5, 6: 4, 7: 2, 8: 3, 9: 3, 10: 3, 11: 1}
OBSTACLES = {1: 8, 2: 6, 3: 4, 4: 3, 5: 2, 7: 2}
NO_OBSTACLE = 6

QUESTION_COLUMNS = (
    "q2_1", "q2_2", "q2_3_a", "q2_3_b", "q2_3_c", "q2_3_d", "q2_4", "q2_5",
    "q3_1_a", "q3_1_b", "q3_1_c", "q3_1_d", "q3_1_e", "q3_2",
    "q4_1", "q4_2", "q4_3", "q5_1", "q5_2", "q5_3", "q6_1_1", "q6_1_2", "q6_1_3", "q6_2_1", "q6_2_2",
)  # fmt: skip
COLUMNS = ("person", "stratum", "weight", "size", "type", "part", *QUESTION_COLUMNS)

T = TypeVar("T")
Draw = Callable[[], float]
Row = dict[str, int | str]


@dataclass(frozen=True)
class Municipality:
    person: int
    stratum: int
    type: int
    part: int
    readiness: float


def simulate(frame: str) -> dict[str, str]:
    """The frame's text in, the two files' texts out, by name."""
    draw = Random(SEED).random
    municipalities = _municipalities(frame, draw)
    first, second = _respondents(municipalities, draw)
    later = [replace(m, readiness=0.8 * m.readiness + 0.6 * _normal(draw) + 0.2) for m in second]
    answers = [_answers(m, "2021", draw) for m in first]
    _keep_to_quotas(first, answers)
    later_answers = [_answers(m, "2023", draw) for m in later]
    return {
        "answers-2021.csv": _file(municipalities, first, answers),
        "answers-2023.csv": _file(municipalities, later, later_answers),
    }


def _municipalities(frame: str, draw: Draw) -> list[Municipality]:
    rows = list(csv.DictReader(io.StringIO(frame)))
    persons = _shuffled(range(1, len(rows) + 1), draw)
    found = []
    for person, row in zip(persons, rows, strict=True):
        stratum = sum(int(row["population_2021"]) >= bound for bound in LOWER_BOUNDS) - 1
        part = next(n for n, counties in enumerate(PARTS.values(), start=1) if row["county_code"] in counties)
        kind = "ABC".index(row["skr_group"][0]) + 1
        found.append(Municipality(person, stratum, kind, part, SIZE_EFFECT[stratum] + _normal(draw)))
    return found


def _respondents(frame: list[Municipality], draw: Draw) -> tuple[list[Municipality], list[Municipality]]:
    """Both waves' respondents. Each wave is a simple random sample in each stratum, the second a rotated first.

    The stratum is put in a random order once; 2021 takes the first of it, 2023 as many from a little further down.
    """
    first: list[Municipality] = []
    second: list[Municipality] = []
    for stratum, invited in enumerate(INVITED):
        order = _shuffled([m for m in frame if m.stratum == stratum], draw)
        out = ROTATED_OUT[stratum]
        answered = _shuffled(order[:invited], draw)[: RESPONDENTS["2021"][stratum]]
        asked_again = [m for m in order[out : out + invited] if m in answered]
        others = [m for m in order[out : out + invited] if m not in answered]
        both = IN_BOTH[stratum]
        first += answered
        second += _shuffled(asked_again, draw)[:both]
        second += _shuffled(others, draw)[: RESPONDENTS["2023"][stratum] - both]
    return first, second


def _answers(m: Municipality, wave: str, draw: Draw) -> Row:
    latent = {q: _latent(m, LOADINGS.get(q, USUAL_LOADING), draw) for q in (*SCALE_CUTS, "q2_4", "q4_2", "q5_2")}
    row: Row = {q: _missing(draw) or 1 + _above(latent[q], cuts) for q, cuts in SCALE_CUTS.items()}
    row["q2_4"] = _missing(draw) or 4 - _above(latent["q2_4"], (-0.6, 0.2, 0.8))
    row["q2_5"] = _several(_chosen(REASONS, draw), (8, 9), draw) if row["q2_4"] in (3, 4) else ""
    services = SERVICES_2023 if wave == "2023" else SERVICES
    none = draw() < 0.03
    best = [10] if none else sorted(_lots(services, 2 + (draw() < 0.7), draw))
    row["q3_2"] = _several(best, (98, 99), draw)
    row["q4_2"] = _missing(draw) or 5 - _above(latent["q4_2"], (-1.6, -0.5, 0.7, 2.0))
    row["q4_3"] = _missing(draw, 998, 999, 2) or _share(latent["q4_1"], draw)
    row["q5_2"] = _missing(draw) or 3 - _above(latent["q5_2"], (-0.2, 1.1))
    row["q5_3"] = _several(_chosen(EFFECTS, draw), (8, 9), draw) if row["q5_2"] in (1, 2) else ""
    issues = _lots(ISSUES, 3, draw)
    missing = _missing(draw, 98, 99)
    places: list[int | str] = [missing, "", ""] if missing else [*issues]
    row |= {f"q6_1_{n}": code for n, code in enumerate(places, start=1)}
    obstacles = [6] if draw() < NO_OBSTACLE / 100 else _lots(OBSTACLES, 1 + (draw() < 0.35), draw)
    missing = _missing(draw) or 8 * bool(missing)
    codes: list[int | str] = [missing] if missing else [*obstacles]
    row |= {f"q6_2_{n}": code for n, code in enumerate([*codes, ""][:2], start=1)}
    return {column: row[column] for column in QUESTION_COLUMNS}


def _keep_to_quotas(respondents: Sequence[Municipality], answers: Sequence[Row]) -> None:
    """Moves as few answers as needed across the bound of what the public figures count, the readiest first."""
    for stratum in range(len(STRATA)):
        for question, (inside, nearest, outside) in BOUNDS.items():
            members = [(m, row) for m, row in zip(respondents, answers, strict=True) if m.stratum == stratum]
            said = [(m, row) for m, row in members if row[question] not in (8, 9)]
            said.sort(key=lambda pair: (pair[1][question] not in inside, -pair[0].readiness))
            quota = QUOTAS[question][stratum]
            for place, (_, row) in enumerate(said):
                if (row[question] in inside) != (place < quota):
                    row[question] = nearest if place < quota else outside


def _file(frame: list[Municipality], respondents: list[Municipality], answers: list[Row]) -> str:
    """The respondents in the order of their person numbers, which is by lot; weighted up to the frame by stratum."""
    weights = []
    for stratum in range(len(STRATA)):
        answered = sum(m.stratum == stratum for m in respondents)
        weights.append(f"{sum(m.stratum == stratum for m in frame) / answered:.8f}")
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for m, row in sorted(zip(respondents, answers, strict=True), key=lambda pair: pair[0].person):
        design = {"person": m.person, "stratum": STRATA[m.stratum], "weight": weights[m.stratum]}
        writer.writerow(design | {"size": m.stratum + 1, "type": m.type, "part": m.part} | row)
    return out.getvalue()


def _normal(draw: Draw) -> float:
    """Near enough a standard normal variable (Irwin and Hall: the sum of twelve uniform ones, less six)."""
    total = -6.0
    for _ in range(12):  # not sum(), whose rounding differs between versions of Python
        total += draw()
    return total


def _latent(m: Municipality, loading: float, draw: Draw) -> float:
    return loading * m.readiness + sqrt(1 - loading * loading) * _normal(draw)


def _above(value: float, cuts: Sequence[float]) -> int:
    return sum(value > cut for cut in cuts)


def _missing(draw: Draw, dont_know: int = 8, refused: int = 9, per_cent: int = 3) -> int:
    """The code of "don't know" (as many per cent) or "prefer not to answer" (one per cent), else 0."""
    place = draw() * 100
    return dont_know if place < per_cent else refused if place < per_cent + 1 else 0


def _share(readiness: float, draw: Draw) -> int:
    """A percentage, mostly given in tens or fives as people do."""
    exact = min(100.0, max(0.0, 38 + 14 * readiness + 9 * _normal(draw)))
    step = 10 if draw() < 0.6 else 5 if draw() < 0.8 else 1
    return int(exact / step + 0.5) * step


def _chosen(chances: Sequence[float], draw: Draw) -> list[int]:
    """The numbers of the options that are chosen, at least one."""
    while True:
        if found := [n for n, chance in enumerate(chances, start=1) if draw() < chance]:
            return found


def _several(codes: Sequence[int], missing: tuple[int, int], draw: Draw) -> str:
    return str(_missing(draw, *missing) or ";".join(map(str, codes)))


def _lots(weights: Mapping[int, int], k: int, draw: Draw) -> list[int]:
    """k different codes, drawn one after another with chances in proportion to their weights."""
    left = dict(weights)
    found = []
    for _ in range(k):
        place = draw() * sum(left.values())
        code = next(c for c in left if (place := place - left[c]) < 0)
        found.append(code)
        del left[code]
    return found


def _shuffled(things: Iterable[T], draw: Draw) -> list[T]:
    drawn = [(draw(), thing) for thing in things]
    return [thing for _, thing in sorted(drawn, key=lambda pair: pair[0])]


if __name__ == "__main__":
    for name, text in simulate((HERE / "municipalities.csv").read_text(encoding="utf-8")).items():
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {len(text.splitlines()) - 1} respondents")
