"""Whether the answers fit in memory, told from the files' headers before any of them is read, and who counts them."""

from __future__ import annotations

import os
from pathlib import Path

from saklig.language.catalog import say
from saklig.study.model import Study
from saklig.study.sources import Sources
from saklig.tabulation import compiled
from saklig.tabulation.statistics import EngineError

SMALL = 50_000_000
"""Bytes of files that need no looking at."""

READ = 6
"""Bytes a cell: its position among the column's values, and its code."""

BY_NUMPY, BY_LOOPS, BY_DUCKDB = 48, 8, 5
"""Bytes a respondent and grouping while answers are counted."""


def chosen_engine(study: Study, sources: Sources, wanted: str) -> str:
    """Who counts, by `wanted` or, with "auto", by what memory allows.

    Raises EngineError where memory would not suffice, or for an engine that does not publish.
    """
    if wanted == "spark":
        raise EngineError(
            say(
                "--engine spark: protecting respondents takes their answers, and on a cluster they stay where they "
                "are; publish with --engine duckdb. How to count on a cluster from Python is told in "
                "docs/how-to/use-a-spark-cluster.md"
            )
        )
    files = sorted({source.answers for source in sources.waves if source.answers.is_file()})
    if sum(file.stat().st_size for file in files) < SMALL:
        return "memory" if wanted == "auto" else wanted
    free = available_memory()
    groupings = 1 + len(study.backgrounds) + len(study.pairs)
    need = {name: sum(_bytes(file, groupings, name) for file in files) for name in ("memory", "duckdb")}
    name = wanted if wanted != "auto" else "memory" if need["memory"] <= free else "duckdb"
    if need[name] > free:
        other = say(" (--engine duckdb would do with less)") if name == "memory" and need["duckdb"] <= free else ""
        raise EngineError(
            say(
                "the answers need some {need} GB of memory, and {free} GB are free; leave columns that are not "
                "published out of the file, use a larger machine, or close other programs",
                need=_gigabytes(need[name]),
                free=_gigabytes(free),
            )
            + other
        )
    return name


def available_memory() -> float:
    """Bytes that are free; endless where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024
        return float(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError, AttributeError):
        return float("inf")


def _bytes(file: Path, groupings: int, engine: str) -> float:
    by_numpy = BY_LOOPS if compiled.installed() else BY_NUMPY
    rows, columns = _shape(file)
    return rows * (columns * READ + groupings * (by_numpy if engine == "memory" else BY_DUCKDB))


def _shape(file: Path) -> tuple[int, int]:
    """Rows and columns; of formats that do not say, what a file of its size may hold at two bytes a cell."""
    match file.suffix.lower():
        case ".parquet":
            import pyarrow.parquet

            found = pyarrow.parquet.read_metadata(file)
            return found.num_rows, found.num_columns
        case ".sav" | ".zsav":
            import pyreadstat

            _, found = pyreadstat.read_sav(str(file), metadataonly=True, output_format="dict")
            if found.number_rows:
                return int(found.number_rows), int(found.number_columns or 1)
    return file.stat().st_size // 2, 1


def _gigabytes(size: float) -> str:
    return f"{size / 1e9:.1f}"
