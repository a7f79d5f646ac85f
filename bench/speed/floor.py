"""The memory-bandwidth floor: what reading every byte of the data once from memory takes, with all cores."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from bench.speed.data import GROUPS, QUESTIONS

BYTES = QUESTIONS + len(GROUPS) + 8 + 2
"""Of a respondent: a byte a code, the weight, the cluster."""


BEYOND_CACHES = 2**28
"""Bytes: fewer may lie in a processor's own memory from one repetition to the next."""


def floor(n: int, repetitions: int = 15) -> float:
    """Seconds, the least of several; of little data as its part of what much takes."""
    size = max(n * BYTES, BEYOND_CACHES)
    numbers = np.ones(size // 8, dtype=np.int64)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    pieces = np.array_split(numbers, cores)
    least = float("inf")
    with ThreadPoolExecutor(cores) as pool:
        for _ in range(repetitions):
            start = time.perf_counter()
            list(pool.map(np.add.reduce, pieces))
            least = min(least, time.perf_counter() - start)
    return least * n * BYTES / size
