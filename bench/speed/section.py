"""The section "Tabulating": us and the others on the same survey, in one run, with a check that all say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.machine import busy, described
from bench.page import PAGE
from bench.speed import peers
from bench.speed.data import made
from bench.speed.floor import floor
from bench.speed.growth import Point, picture
from bench.speed.peers import Measured
from bench.speed.result import TABLES

AGREE = 1e-9
"""The largest relative difference between an estimate or an error of ours and of anybody else's."""

SMALL, LARGE, LARGEST = 10_000, 1_000_000, 10_000_000
ROWS = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
QUESTIONS = (5, 10, 20, 40, 80)

NAMES = {
    "survey": "R survey, `svyby`",
    "svy": "svy, `prop`",
    "polars": "polars, a lazy `group_by` a table, errors by hand",
    "duckdb": "DuckDB, a `GROUP BY` a table, errors by hand",
}

HEAD = ("who", "seconds", "processor", "times ours", "memory, MB", "tables timed", "share apart", "error apart")


@dataclass(frozen=True)
class Goal:
    """`reached`: whether; `measured`: what was found, in words."""

    work: str
    goal: str
    measured: str
    reached: bool


def tabulating() -> tuple[str, bool]:
    """The section, and whether everybody agreed."""
    folder = peers.CACHE / "data"
    survey = peers.survey_version()
    lines = [*_intro(survey)]
    small, large, largest = (made(folder, n, in_order=True) for n in (SMALL, LARGE, LARGEST))
    shuffled = made(folder, LARGEST, in_order=False)
    of_small = _everybody(small, ["numpy", "svy", "polars", "duckdb", *(["survey"] if survey else [])])
    lines.append(_table(f"{SMALL:,} respondents", of_small))
    of_large = _everybody(large, ["numpy", "svy", "polars", "duckdb", *(["survey"] if survey else [])])
    lines.append(_table(f"{LARGE:,} respondents", of_large))
    of_largest = _everybody(largest, ["svy", "polars", "duckdb"])
    of_largest.insert(1, peers.ours("saklig, respondents in any order", shuffled))
    lines.append(_table(f"{LARGEST:,} respondents", of_largest))
    floors = {n: floor(n) for n in (LARGE, LARGEST)}
    lines.append(
        f"The floor, reading every byte of the data once with all cores: {1000 * floors[LARGE]:.2f} ms for "
        f"{LARGE:,} respondents, {1000 * floors[LARGEST]:.1f} ms for {LARGEST:,}."
    )
    cold = min(_cold(small) for _ in range(5))
    lines.append(_goal_table(list(_goals(of_large, of_largest, floors, cold))))
    lines.append(_growth(folder))
    everyone = [of_small, of_large, of_largest]
    agreed = all(max(each.apart(group[0])) <= AGREE for group in everyone for each in group[1:] if _same_data(each))
    print("\n\n".join(lines), flush=True)
    return "\n\n".join(lines), agreed


def _intro(survey: str | None) -> Iterator[str]:
    yield (
        f"{len(TABLES)} cross-tabulations with linearised errors: 20 questions of 5 categories and missing answers by "
        "8 backgrounds of 2–12 groups, unequal weights, 20 strata of 50 clusters, from a fixed seed. Everybody starts "
        "with the data in memory in their own form and ends with every share and its standard error; saklig also makes "
        "intervals, design effects and the whole population. Each is a process of its own; *seconds* is the least of "
        "several repetitions, *processor* the same in seconds of all cores, *memory* the most at once, reading the "
        f"data included. Whoever needs more than {peers.PATIENCE // 60} minutes is timed on the tables of one "
        "question, or on two of them, and the rest is extrapolated. *Apart* is the largest relative difference from "
        f"saklig's numbers; above {AGREE:g} the benchmark fails."
    )
    also = [survey or "R survey is not installed and left out"]
    pinned = [line.replace("==", " ") for line in peers.PINNED.read_text(encoding="utf-8").split()]
    also += [line for line in pinned if line.split()[0] in ("svy", "polars", "duckdb")]
    yield described(("saklig", "numpy", "numba"), also)


def _everybody(data: Path, names: Sequence[str]) -> list[Measured]:
    found = [peers.ours("saklig", data)]
    for name in names:
        print(f"{data.name}: {name}", flush=True)
        match name:
            case "numpy":
                found.append(peers.ours("saklig without the compiled loops", data, "numpy"))
            case "survey":
                found.append(peers.survey(data))
            case _:
                found.append(peers.peer(name, data))
    return found


def _same_data(each: Measured) -> bool:
    return each.name != "saklig, respondents in any order"


def _table(title: str, found: Sequence[Measured]) -> str:
    lines = [f"### {title}", "", f"| {' | '.join(HEAD)} |", f"| --- |{' ---: |' * (len(HEAD) - 1)}"]
    first = found[0]
    for each in found:
        all_of_them = each.tables >= len(TABLES)
        share, error = each.apart(first) if each is not first and _same_data(each) else (0.0, 0.0)
        cells = (
            NAMES.get(each.name, each.name),
            _short(each.seconds),
            _short(each.processor),
            "" if each is first else f"{each.seconds / first.seconds:,.1f}",
            f"{each.run.megabytes:,.0f}",
            "all" if all_of_them else f"{each.tables}, extrapolated",
            f"{share:.0e}" if share else "",
            f"{error:.0e}" if error else "",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _short(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds < 1 else f"{seconds:,.1f}"


def _cold(data: Path) -> float:
    """Seconds from the start of the process to its end."""
    return peers.ours("cold", data, "fast", "20", "once").run.seconds


def _goals(
    large: Sequence[Measured], largest: Sequence[Measured], floors: dict[int, float], cold: float
) -> Iterator[Goal]:
    ours, of = large[0], {each.name: each for each in large}
    yield _at_most(f"{LARGE:,} respondents", ours.seconds, 0.2)
    for name, least in (("svy", 500), ("survey", 1500)):
        if name in of:
            ratio = of[name].seconds / ours.seconds
            yield Goal(f"the same, against {NAMES[name]}", f"{least} ×", f"{ratio:,.0f} ×", ratio >= least)
    above = ours.seconds / floors[LARGE]
    yield Goal("the same, against the floor", "at most 200 ×", f"{above:.0f} ×", above <= 200)
    ours, shuffled, of = largest[0], largest[1], {each.name: each for each in largest}
    yield _at_most(f"{LARGEST:,} respondents, in the order of clusters", ours.seconds, 0.6)
    yield _at_most("the same, in any order", shuffled.seconds, 2)
    for each, order in ((ours, "in order"), (shuffled, "in any order")):
        most = each.run.megabytes
        yield Goal(f"the same, memory, {order}", "under 1500 MB", f"{most:,.0f} MB", most < 1500)
    ratio = of["polars"].seconds / ours.seconds
    yield Goal("the same, against polars", "5 ×", f"{ratio:.1f} ×", ratio >= 5)
    yield _at_most(f"{SMALL:,} respondents, from the start of the process to its end", cold, 1)


def _at_most(work: str, seconds: float, most: float) -> Goal:
    return Goal(work, f"at most {most:g} s", f"{_short(seconds)} s", seconds <= most)


def _goal_table(goals: Sequence[Goal]) -> str:
    lines = ["### Goals", "", "| work | goal | measured | |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {each.work} | {each.goal} | {each.measured} | {'reached' if each.reached else '**missed**'} |"
        for each in goals
    ]
    if busy() and not all(each.reached for each in goals):
        lines += ["", "Other programs were running meanwhile: seconds on the clock are too many."]
    return "\n".join(lines)


def _growth(folder: Path) -> str:
    rows: list[Point] = [(n, peers.ours("", made(folder, n, in_order=True), "fast").processor) for n in ROWS]
    large = made(folder, LARGE, in_order=True)
    tables: list[Point] = [(8 * n, peers.ours("", large, "fast", str(n)).processor) for n in QUESTIONS]
    path = PAGE.parent / "pictures" / "growth.svg"
    path.write_text(picture(rows, tables), encoding="utf-8")
    by_rows = ", ".join(f"{_short(seconds)} s for {n:,}" for n, seconds in rows)
    by_tables = ", ".join(f"{_short(seconds)} s for {n}" for n, seconds in tables)
    return (
        "### Growth\n\n"
        "![Seconds by respondents and by tables, both in proportion once there is work to do](pictures/growth.svg)\n\n"
        f"Seconds of processor by respondents, {len(TABLES)} tables: {by_rows}. By tables, {LARGE:,} respondents: "
        f"{by_tables}."
    )
