"""`make bench`: publishes four studies as a user would, cold and again, and writes docs/benchmarks.md.

Each run is a process of its own, the start of Python included. The first publication of a study audits it; the second
finds the audit kept beside the answers. What the audit takes is the difference, and the table shows both.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.made_study import make

ROOT = Path(__file__).parents[1]
SURVEYS = ROOT.parent / "shared" / "data" / "surveys"


@dataclass(frozen=True)
class Case:
    """`goal`: seconds for edition and site on two cores, the audit apart. `prepare` returns the study file."""

    name: str
    goal: float
    prepare: Callable[[Path], Path | None]


@dataclass(frozen=True)
class Run:
    seconds: float
    megabytes: float


def saklig(*arguments: str) -> Run:
    """Runs the command and returns its wall time and peak memory; raises CalledProcessError if it fails."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "saklig", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert child.stderr is not None
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), arguments, stderr=errors)
    return Run(seconds, usage.ru_maxrss / 1024)


def example(folder: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "kommun", folder, dirs_exist_ok=True)
    return folder / "study.toml"


def masculinity(folder: Path) -> Path | None:
    study = ROOT / "tests" / "surveys" / "masculinity" / "study.toml"
    if not SURVEYS.exists():
        return None
    shutil.copytree(study.parent, folder, dirs_exist_ok=True)
    answers = SURVEYS / "masculinity" / "raw-responses.csv"
    text = (folder / "study.toml").read_text(encoding="utf-8")
    lines = [f'answers = "{answers}"' if line.startswith("answers = ") else line for line in text.splitlines()]
    (folder / "study.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "study.toml"


def gss(folder: Path) -> Path | None:
    if not SURVEYS.exists():
        return None
    saklig("init", str(SURVEYS / "gss-2010" / "2010.sav"), "--out", str(folder / "study.toml"))
    return folder / "study.toml"


CASES = (
    Case("the example study", 3, example),
    Case("masculinity, 6 backgrounds", 5, masculinity),
    Case("gss-2010, 8 backgrounds", 30, gss),
    Case("made: 1000 questions × 10 backgrounds, two languages", 60, make),
)


def size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def measure(case: Case, folder: Path) -> str | None:
    """One line of the table."""
    study = case.prepare(folder / "study")
    if study is None:
        return None
    out = folder / "out"
    cold = saklig("publish", str(study), "--out", str(out))
    shutil.rmtree(out)
    again = saklig("publish", str(study), "--out", str(out))
    files = sum(1 for file in out.rglob("*.html"))
    return (
        f"| {case.name} | {again.seconds:.1f} | {case.goal:g} | {max(0, cold.seconds - again.seconds):.1f} "
        f"| {max(cold.megabytes, again.megabytes):.0f} | {files} | {size(out):.0f} |"
    )


def main() -> None:
    lines = [
        "# Benchmarks",
        "Made by `make bench`: each line is a whole `saklig publish` in a process of its own, the start of Python "
        "included, with edition and site. The audit is made once for unchanged answers and is shown apart.",
        "",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in ("saklig", "numpy", "scipy", "duckdb", "pyarrow", "jinja2"))
        + ".",
        "",
        "| study | seconds | goal | audit, seconds | peak memory, MB | pages | output, MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            line = measure(case, Path(folder))
        print(line or f"{case.name}: left out, its data are not here", flush=True)
        if line:
            lines.append(line)
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
