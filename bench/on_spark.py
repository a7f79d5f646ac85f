"""The same tables from Spark itself, over Spark Connect, beside memory: whether they are equal, and what Spark takes.

`python -m bench.on_spark`. Spark comes from PyPI into an environment of its own and needs a Java on the machine; the
server runs here with as many threads as there are cores, so that the seconds are those of one machine and no cluster.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench.at_size import write_pieces, write_study
from bench.machine import described
from bench.speed.peers import CACHE
from saklig.answers.binding import bind
from saklig.answers.readers import read
from saklig.design.drawn import design_of
from saklig.study.file import read_study
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.engines.with_spark import connect, over_parquet
from saklig.tabulation.plan import groupings
from saklig.tabulation.table import Table
from saklig.tabulation.tabulate import tabulate_each

PINNED = Path(__file__).with_name("spark.txt")
ROWS = 1_000_000
QUESTIONS = 5
"""Of twenty: Spark reads the file anew for each."""
PATIENCE = 120
"""Seconds for the server to start."""

EQUAL = ("count", "base", "numerator", "denominator", "se", "lower", "upper", "deff", "df")


def section(rows: int = ROWS) -> tuple[str, bool]:
    """The section, and whether Spark gave the same; without Java it says that Spark was left out."""
    if shutil.which("java") is None:
        return "No Java was found here, and Spark was left out.", True
    with tempfile.TemporaryDirectory() as name, server() as address:
        folder = Path(name)
        write_study(folder, write_pieces(folder, 1, rows).replace("*", "0"))
        return _measured(folder, address, rows)


def _measured(folder: Path, address: str, rows: int) -> tuple[str, bool]:
    study, sources = read_study(folder / "study.toml")
    path = folder / "answers-0.parquet"
    start = time.perf_counter()
    session = connect(address)
    engine = over_parquet(session, str(path), study, sources, "1")
    prepared = time.perf_counter()
    parts = list(study.parts("1"))[:QUESTIONS]
    theirs = [table for tables in tabulate_each(parts, engine) for table in tables]
    done, version = time.perf_counter(), session.session.version
    session.session.stop()  # else it waits for its server at the end
    answers = bind(study, sources, "1", read(path))
    memory = Memory(columns=answers.columns, broken=breakdown(groupings(study, answers), design_of(study, answers)))
    ours = [table for tables in tabulate_each(parts, memory) for table in tables]
    same = len(ours) == len(theirs) and all(_same(one, other) for one, other in zip(ours, theirs, strict=True))
    text = (
        f"{described(('saklig', 'pyspark-client', 'numpy'), [f'Spark {version}'])}\n\n"
        f"{rows:,} respondents in Parquet, over Spark Connect, with a server on this machine: what the codes and the "
        f"design need in {prepared - start:.1f} s, then {len(theirs)} tables of {QUESTIONS} questions in "
        f"{done - prepared:.1f} s. "
        + ("All are those of memory, bit for bit." if same else "**They are not those of memory.**")
    )
    return text, same


def _same(one: Table, other: Table) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in EQUAL)


@contextmanager
def server() -> Iterator[str]:
    """A Spark Connect server while it is needed; its address."""
    home, log = _home(), CACHE / "spark.log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(home / "bin" / "spark-submit"), "--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    command += ["--master", "local[*]", "--driver-memory", "4g", "--conf", "spark.ui.enabled=false"]
    command += ["--conf", f"spark.connect.grpc.binding.port={port}", "spark-internal"]
    with log.open("w") as said:
        running = subprocess.Popen(
            command, stdout=said, stderr=said, env=os.environ | {"SPARK_HOME": str(home)}, start_new_session=True
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not re.search("Spark Connect server started", log.read_text(encoding="utf-8", errors="replace")):
            if running.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"Spark did not start; {log} says why")
            time.sleep(0.5)
        yield f"sc://127.0.0.1:{port}"
    finally:
        os.killpg(running.pid, 15)
        running.wait()


def _home() -> Path:
    """Where Spark is, installed anew where the pinned version changed."""
    folder = CACHE / "spark"
    stamp, wanted = folder / "installed.txt", PINNED.read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--target", str(folder), "-r", str(PINNED)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return folder / "pyspark"


if __name__ == "__main__":
    text, same = section()
    print(text)
    sys.exit(0 if same else 1)
