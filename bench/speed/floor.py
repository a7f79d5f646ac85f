"""The memory-bandwidth floor: what reading every byte of the data once takes, with all cores."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from bench.speed.data import GROUPS, QUESTIONS

BYTES = QUESTIONS + len(GROUPS) + 8 + 2
"""Of a respondent: a byte a code, the weight, the cluster."""


def floor(n: int, repetitions: int = 15) -> float:
    """Seconds, the least of several."""
    numbers = np.ones(n * BYTES // 8, dtype=np.int64)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    pieces = np.array_split(numbers, cores)
    least = float("inf")
    with ThreadPoolExecutor(cores) as pool:
        for _ in range(repetitions):
            start = time.perf_counter()
            list(pool.map(np.add.reduce, pieces))
            least = min(least, time.perf_counter() - start)
    return least
