"""What each competitor leaves behind: how long it took, and every estimate and standard error that it made."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.speed.data import CATEGORIES, GROUPS, QUESTIONS

Table = tuple[int, int]
"""Question and background, from 0."""

TABLES: tuple[Table, ...] = tuple((q, b) for q in range(QUESTIONS) for b in range(len(GROUPS)))


def places(table: Table) -> slice:
    """Where the numbers of a table are among all: group by group, category by category."""
    sizes = [GROUPS[b] * CATEGORIES for _, b in TABLES]
    position = TABLES.index(table)
    start = sum(sizes[:position])
    return slice(start, start + sizes[position])


SIZE = sum(GROUPS[b] * CATEGORIES for _, b in TABLES)


@dataclass(frozen=True)
class Numbers:
    """Shares and their standard errors, (SIZE,), NaN where a table was not made."""

    share: np.ndarray
    error: np.ndarray

    @classmethod
    def none(cls) -> Numbers:
        return cls(np.full(SIZE, np.nan), np.full(SIZE, np.nan))

    def put(self, table: Table, share: np.ndarray, error: np.ndarray) -> None:
        """Both (groups, categories)."""
        self.share[places(table)], self.error[places(table)] = share.ravel(), error.ravel()


def report(seconds: Sequence[float], processor: Sequence[float], tables: int, numbers: Numbers, out: Path) -> None:
    """`seconds`, `processor`: of every repetition; the least of them is what the work takes."""
    np.savez(out.with_suffix(".npz"), share=numbers.share, error=numbers.error)
    out.write_text(json.dumps({"seconds": min(seconds), "processor": min(processor), "tables": tables}))


def repeated(work: Callable[[], Numbers], *, least: int, most_seconds: float = 20) -> tuple[list, list, Numbers]:
    """Runs `work` at least so often, and on until it took so long or ten times as often."""
    seconds: list[float] = []
    processor: list[float] = []
    while len(seconds) < least or (sum(seconds) < most_seconds and len(seconds) < 10 * least):
        start, used = time.perf_counter(), time.process_time()
        found = work()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return seconds, processor, found


def patience(made: Callable[[Table], object], most: float) -> tuple[Table, ...]:
    """All tables, or one question's where all of them would take more than `most` seconds, by the time of the first;
    or two of these, where they too would."""
    start = time.perf_counter()
    made(TABLES[0])
    first = time.perf_counter() - start
    if first * len(TABLES) <= most:
        return TABLES
    return TABLES[: len(GROUPS)] if first * len(GROUPS) <= most else TABLES[3:5]


def arguments() -> tuple[Path, Path, float]:
    """The folder of the data, the file to write, and the seconds after which a competitor is spared."""
    return Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
