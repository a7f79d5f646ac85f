"""Thousands of small random studies, each attacked by the tests' attacker: `python -m bench.attack 5000`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
FIRST = 100
"""The seeds before it are those of `make test`."""


@dataclass(frozen=True)
class Attacked:
    """`pinned`: seed → the answers that were pinned down. `failed`: seed → why the study was not published."""

    studies: int
    seconds: float
    pinned: dict[int, list[str]]
    failed: dict[int, str]

    @property
    def held(self) -> bool:
        return not self.pinned and not self.failed

    def __str__(self) -> str:
        answers = sum(map(len, self.pinned.values()))
        said = (
            f"{self.studies} small random studies were published and attacked, by a program that knows who took part, "
            f"their backgrounds and weights, and the answers of any one of them: **{answers} answers pinned down** "
            f"({self.seconds:.0f} seconds)."
        )
        if self.pinned:
            said += f" Seeds: {', '.join(map(str, sorted(self.pinned)))}."
        for seed, why in sorted(self.failed.items()):
            said += f"\nSeed {seed} was not published: {why}"
        return said


def one(seed: int) -> list[str]:
    """What is pinned down in one study."""
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    attacked = import_module("attack.test_attack").attacked
    with tempfile.TemporaryDirectory() as folder:
        found: list[str] = attacked(Path(folder), seed)
    return found


def attack(studies: int, first: int = FIRST) -> Attacked:
    """Attacks `studies` of them, on all cores, and tells how far it has come."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    start = time.perf_counter()
    pinned: dict[int, list[str]] = {}
    failed: dict[int, str] = {}
    for done, (seed, found) in enumerate(_results(range(first, first + studies)), 1):
        if isinstance(found, Exception):
            failed[seed] = f"{type(found).__name__}: {found}"
        elif found:
            pinned[seed] = found
        _progress(done, studies, len(pinned), len(failed), time.perf_counter() - start)
    return Attacked(studies, time.perf_counter() - start, pinned, failed)


def _results(seeds: range) -> Iterator[tuple[int, list[str] | Exception]]:
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        waiting = {pool.submit(one, seed): seed for seed in seeds}
        for future in as_completed(waiting):
            error = future.exception()
            if error is not None and not isinstance(error, Exception):
                raise error
            yield waiting[future], error or future.result()


def _progress(done: int, studies: int, pinned: int, failed: int, seconds: float) -> None:
    """A line that is written over on a terminal; elsewhere a line every hundred studies."""
    left = seconds / done * (studies - done)
    said = f"{done} of {studies} studies attacked, {pinned} with an answer pinned down, {failed} not published"
    said += f"; about {left / 60:.0f} minutes left" if done < studies else ""
    if sys.stderr.isatty():
        print(f"\r{said}\033[K", end="" if done < studies else "\n", file=sys.stderr, flush=True)
    elif done % 100 == 0 or done == studies:
        print(said, file=sys.stderr, flush=True)


if __name__ == "__main__":
    result = attack(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
    print(result)
    sys.exit(0 if result.held else 1)
