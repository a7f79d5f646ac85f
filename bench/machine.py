"""The machine, the versions, and whether anything else was running."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path


def described(packages: Sequence[str], also: Sequence[str] = ()) -> str:
    """One line for the report. `also`: what else has a version, and it."""
    names = ", ".join([*(f"{name} {version(name)}" for name in packages), *also])
    return (
        f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {names}. {_load()}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "processor unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def busy() -> bool:
    """Whether other programs keep a core occupied, so that seconds on the clock say too much."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] >= 0.5


def _load() -> str:
    if not busy():
        return "Nothing else was running."
    return (
        f"Other programs were running (load {os.getloadavg()[0]:.1f} before the start): "
        "the seconds are too many, and the column *processor* is the one to read."
    )
