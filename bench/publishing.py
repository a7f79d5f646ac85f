"""Publishing: whole studies, as a user would, cold and again.

Each run is a process of its own, the start of Python included. The first publication of a study audits it; the second
finds the audit kept beside the answers. What the audit takes is the difference, and the table shows both.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.machine import described
from bench.made_study import make
from bench.watched import Run, run, saklig

ROOT = Path(__file__).parents[1]
SURVEYS = ROOT.parent / "shared" / "data" / "surveys"

HELP_GOAL, EDITION_GOAL = 0.15, 0.5
MEMORY_GOAL, SITE_GOAL, PAGE_GOAL = 1000, 300, 150
"""MB of memory, MB on the disk, kB of the largest page."""

IMPORTS = "import numpy, scipy.stats, pyarrow.parquet, pyarrow.compute, jinja2, babel.dates, click"

EDITION_IMPORTS = (
    "import numpy, scipy.special, pyarrow.parquet, pyarrow.compute, babel.dates, click, "
    "saklig.compilation.compiling, saklig.compilation.publishing"
)
"""What an edition is made with, all that starting takes included."""


@dataclass(frozen=True)
class Case:
    """`goal`: seconds for edition and site on two cores, the audit apart; None where none was set. `prepare` returns
    the study file, or None where its data are not here."""

    name: str
    goal: float | None
    prepare: Callable[[Path], Path | None]


def example(folder: Path) -> Path:
    """Without what an earlier run found and kept beside the answers."""
    kept = shutil.ignore_patterns(".saklig-*")
    shutil.copytree(ROOT / "examples" / "kommun", folder, dirs_exist_ok=True, ignore=kept)
    return folder / "study.toml"


def by_hand(survey: str, answers: str) -> Callable[[Path], Path | None]:
    """A study file of the tests, beside which its answers are put."""

    def prepare(folder: Path) -> Path | None:
        if not SURVEYS.exists():
            return None
        shutil.copytree(ROOT / "tests" / "surveys" / survey, folder, dirs_exist_ok=True)
        study = folder / "study.toml"
        lines = study.read_text(encoding="utf-8").splitlines()
        lines = [f'answers = "{Path(answers).name}"' if line.startswith("answers = ") else line for line in lines]
        study.write_text("\n".join(lines) + "\n", encoding="utf-8")
        shutil.copy(SURVEYS / answers, folder)
        return study

    return prepare


def drafted(answers: str) -> Callable[[Path], Path | None]:
    """What `saklig init` makes of a data file, untouched."""

    def prepare(folder: Path) -> Path | None:
        if not SURVEYS.exists():
            return None
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(SURVEYS / answers, folder)
        saklig(sys.executable, ["init", str(folder / Path(answers).name)])
        return folder / "study.toml"

    return prepare


CASES = (
    Case("the example study", 3, example),
    Case("masculinity, 6 backgrounds", 5, by_hand("masculinity", "masculinity/raw-responses.csv")),
    Case("star-wars", None, by_hand("star-wars", "star-wars/StarWars.csv")),
    Case("gss-2010 as drafted, 8 backgrounds", 30, drafted("gss-2010/2010.sav")),
    Case("made: 1000 questions × 10 backgrounds, two languages", 60, make),
)

HEAD = (
    "study", "seconds", "goal", "floor", "processor", "audit", "memory, MB", "facts", "pages", "site, MB",
    "largest page, kB",
)  # fmt: skip


@dataclass(frozen=True)
class Output:
    """`megabytes`: on the disk, a file under two names counted once. `largest`: kB of the largest page."""

    pages: int
    megabytes: float
    largest: float
    facts: int


def output(out: Path) -> Output:
    import pyarrow.parquet

    files = {path.stat().st_ino: path for path in (out / "site").rglob("*") if path.is_file()}
    pages = [path.stat().st_size for path in files.values() if path.suffix == ".html"]
    facts = next((out / "editions").rglob("facts.parquet"))
    return Output(
        pages=len(pages),
        megabytes=sum(path.stat().st_size for path in files.values()) / 1e6,
        largest=max(pages) / 1e3,
        facts=pyarrow.parquet.read_metadata(facts).num_rows,
    )


def floor(out: Path) -> float:
    """Seconds for what no program could leave out: starting Python with its libraries, and writing the same files."""
    copying = "import os, shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2], copy_function=shutil.copyfile)"
    copy = out.with_name("copy")
    seconds = []
    for _ in range(3):
        seconds.append(run(sys.executable, "-c", f"{IMPORTS}; {copying}", str(out / "site" / "e"), str(copy)).seconds)
        shutil.rmtree(copy)
    return min(seconds)


def measure(case: Case, folder: Path) -> str | None:
    """One line of the table, or None where the study's data are not here."""
    study = case.prepare(folder / "study")
    if study is None:
        return None
    out = folder / "out"
    runs: list[Run] = []
    for _ in range(2):
        shutil.rmtree(out, ignore_errors=True)
        runs.append(saklig(sys.executable, ["publish", str(study), "--out", str(out)]))
    cold, again = runs
    made = output(out)
    cells = (
        case.name,
        _against(again.seconds, case.goal, ".1f"),
        "" if case.goal is None else f"{case.goal:g}",
        f"{floor(out):.1f}",
        f"{again.processor:.1f}",
        f"{max(0, cold.seconds - again.seconds):.1f}",
        _against(max(cold.megabytes, again.megabytes), MEMORY_GOAL, ".0f"),
        f"{made.facts}",
        f"{made.pages}",
        _against(made.megabytes, SITE_GOAL, ".0f"),
        _against(made.largest, PAGE_GOAL, ".0f"),
    )
    return f"| {' | '.join(cells)} |"


def _against(value: float, goal: float | None, form: str) -> str:
    said = format(value, form)
    return said if goal is None or value <= goal else f"**{said}, missed**"


def _help() -> str:
    seconds = statistics.median(saklig(sys.executable, ["--help"]).seconds for _ in range(11))
    return (
        f"`saklig --help` answers within {_against(1000 * seconds, 1000 * HELP_GOAL, '.0f')} ms "
        f"(the median of eleven; the goal is {1000 * HELP_GOAL:.0f})."
    )


def _edition_only() -> str:
    """The example study where its audit is kept, without the site, and without what starting takes."""
    with tempfile.TemporaryDirectory() as made:
        study, out = example(Path(made) / "study"), Path(made) / "out"
        again = ["publish", str(study), "--only", "edition", "--out", str(out)]
        runs: list[Run] = []
        for _ in range(6):
            shutil.rmtree(out, ignore_errors=True)
            runs.append(saklig(sys.executable, again))
    starting = [run(sys.executable, "-c", EDITION_IMPORTS) for _ in range(5)]
    seconds = min(each.seconds for each in runs[1:]) - min(each.seconds for each in starting)
    processor = min(each.processor for each in runs[1:]) - min(each.processor for each in starting)
    return (
        f"The example study, the edition only, its audit kept: {_against(seconds, EDITION_GOAL, '.2f')} s after "
        f"starting Python with its libraries ({processor:.2f} of processor; the goal is {EDITION_GOAL})."
    )


def _head() -> Iterator[str]:
    yield (
        "Each line is a whole `saklig publish` in a process of its own, the start of Python included, with edition and "
        "site; *processor* is the same run in seconds of all cores together. The audit is made once for unchanged "
        "answers and is shown apart: the difference between the first publication and the second. *Floor* is what no "
        "program could leave out: starting Python with its libraries, and writing the site's files. *Memory* is the "
        "most at once, child processes included; *site* is what it takes on the disk, where the pages for ever and the "
        "current ones are the same files."
    )
    yield f"Goals for every line: {MEMORY_GOAL} MB of memory, {SITE_GOAL} MB of site, {PAGE_GOAL} kB a page."
    yield described(("saklig", "numpy", "scipy", "duckdb", "pyarrow", "jinja2"))


def publishing(only: str = "") -> str:
    """The section, of the studies whose names hold `only`."""
    lines = [*_head(), _help(), _edition_only(), f"| {' | '.join(HEAD)} |\n| --- |{' ---: |' * (len(HEAD) - 1)}"]
    print("\n\n".join(lines), flush=True)
    for case in CASES:
        if only not in case.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            line = measure(case, Path(folder))
        print(line or f"{case.name}: left out, its data are not here", flush=True)
        if line:
            lines[-1] += f"\n{line}"
    return "\n\n".join(lines)
