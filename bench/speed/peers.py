"""The competitors: an own environment for those on PyPI, and R where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.speed.data import CATEGORIES
from bench.speed.result import SIZE, TABLES, places
from bench.watched import Run, run

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "bench"
PINNED = Path(__file__).with_name("peers.txt")
HERE = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}

PATIENCE = 300
"""Seconds: whoever needs more for all tables makes one question's, and the rest is extrapolated."""


@dataclass(frozen=True)
class Measured:
    """`seconds`, `processor`: for all tables, extrapolated where only `tables` of them were made. `run`: the whole
    process, the reading of the data included."""

    name: str
    seconds: float
    processor: float
    tables: int
    run: Run
    share: np.ndarray
    error: np.ndarray

    def apart(self, other: Measured) -> tuple[float, float]:
        """The largest relative difference of a share and of an error, over the tables that both made."""
        both = ~np.isnan(self.share) & ~np.isnan(other.share)
        shares, errors = (
            np.abs(ours[both] / theirs[both] - 1).max()
            for ours, theirs in ((self.share, other.share), (self.error, other.error))
        )
        return float(shares), float(errors)


def python() -> Path:
    """The interpreter of the competitors' environment, made anew where the pinned versions changed."""
    folder = CACHE / "peers"
    stamp = folder / "installed.txt"
    wanted = PINNED.read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", str(PINNED)]
        subprocess.run(pip, check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return folder / "bin" / "python"


def survey_version() -> str | None:
    """R's and its survey package's versions, None where they are not installed."""
    if shutil.which("Rscript") is None:
        return None
    asked = 'cat(paste0("R ", getRversion(), ", survey ", packageVersion("survey")))'
    found = subprocess.run(["Rscript", "-e", asked], capture_output=True, text=True, check=False)
    return found.stdout if found.returncode == 0 else None


def ours(name: str, data: Path, *more: str) -> Measured:
    out = _out("ours")
    return _measured(name, [sys.executable, "-m", "bench.speed.ours", str(data), str(out), str(PATIENCE), *more], out)


def peer(name: str, data: Path) -> Measured:
    """`name`: polars, duckdb or svy."""
    out = _out(name)
    return _measured(name, [str(python()), "-m", f"bench.speed.with_{name}", str(data), str(out), str(PATIENCE)], out)


def survey(data: Path) -> Measured:
    """R's survey package."""
    out = _out("survey")
    writing = "from bench.speed.data import as_csv; from pathlib import Path; import sys; as_csv(Path(sys.argv[1]))"
    run(str(python()), "-c", writing, str(data), more=HERE)
    script = str(Path(__file__).with_name("with_survey.R"))
    found = run("Rscript", script, str(data / "data.csv"), str(out), str(PATIENCE))
    rows = np.loadtxt(f"{out}.csv", delimiter=",")
    at = [places((int(q), int(b))).start + int(g) * CATEGORIES + int(a) for q, b, g, a in rows[:, :4]]
    share, error = np.full(SIZE, np.nan), np.full(SIZE, np.nan)
    share[at], error[at] = rows[:, 4], rows[:, 5]
    np.savez(out.with_suffix(".npz"), share=share, error=error)
    return _read("survey", found, out)


def _measured(name: str, command: Sequence[str], out: Path) -> Measured:
    return _read(name, run(*command, more=HERE), out)


def _read(name: str, found: Run, out: Path) -> Measured:
    said, numbers = json.loads(out.read_text()), np.load(out.with_suffix(".npz"))
    tables = int(said["tables"])
    times = len(TABLES) / tables if tables < len(TABLES) else 1.0
    return Measured(
        name, said["seconds"] * times, said["processor"] * times, tables, found, numbers["share"], numbers["error"]
    )


def _out(name: str) -> Path:
    (CACHE / "results").mkdir(parents=True, exist_ok=True)
    return CACHE / "results" / name
