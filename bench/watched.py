"""A command run in a process of its own: wall and processor time, and the memory of it and all that it starts."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.02
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Run:
    """`seconds`: from start to end. `processor`: seconds of all cores. `megabytes`: the most that was in memory at
    once, children included; memory that they share is counted once for each (an upper bound)."""

    seconds: float
    processor: float
    megabytes: float


def run(*command: str, more: Mapping[str, str] | None = None) -> Run:
    """`more`: environment variables beside those that there are. Raises CalledProcessError, with what the command said,
    if it fails."""
    with tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=errors, env=_environment() | dict(more or {})
        )
        memory = _Memory(child.pid)
        memory.start()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        memory.join()
        if child.returncode:
            errors.seek(0)
            raise subprocess.CalledProcessError(child.returncode, command, stderr=errors.read())
    # What the system says of the child begins with what this process held when it parted from it.
    return Run(seconds, usage.ru_utime + usage.ru_stime, memory.most or usage.ru_maxrss / 1024)


def _environment() -> dict[str, str]:
    """Without what would change the number of threads that a user gets, or have every run compile Python anew."""
    changed = ("_NUM_THREADS", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.endswith(changed)}


class _Memory(threading.Thread):
    """Looks at a process and its descendants while they live. Where there is no /proc, it sees nothing."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.most = process, 0.0

    def run(self) -> None:
        while seen := _resident(self.process):
            self.most = max(self.most, seen / 1e6)
            time.sleep(EVERY)


def _resident(process: int) -> int:
    """The most bytes that a process and its living descendants held, each at its own time; 0 once it has ended."""
    found, waiting = 0, [process]
    while waiting:
        folder = Path("/proc") / str(waiting.pop())
        try:
            status = (folder / "status").read_text()
            found += 1024 * int(status.partition("\nVmHWM:")[2].split()[0])
            waiting += map(int, (folder / "task" / folder.name / "children").read_text().split())
        except (OSError, IndexError, ValueError):
            continue
    return found


def saklig(python: str, arguments: Sequence[str]) -> Run:
    return run(python, "-m", "saklig", *arguments)
