"""The questions of a large publication shared out among processes: each writes the pages of every n-th question.

A process is started as a program of its own that is handed what it needs, so that nothing of this one's state decides
what it writes. What it does not do, because it cannot be started or ends early, is done by whoever shared it out.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from saklig.edition.edition import Edition
from saklig.publish.site.writer import Result, Share, write_questions

WORTH = 100_000
"""Facts times languages from which a second process, which takes half a second to start, pays."""

MOST = 4
"""Processes at most: each holds the whole edition in memory."""

_PROGRAM = "import sys; sys.path[:] = {path!r}; from saklig.publish.site.sharing import serve; serve()"


@dataclass(frozen=True, kw_only=True)
class Task:
    edition: Edition
    folder: Path
    share: Share


def shares(edition: Edition) -> int:
    """Into how many shares the pages of an edition are best divided on this machine."""
    if len(edition.facts) * len(edition.study.languages) < WORTH:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return min(MOST, len(os.sched_getaffinity(0)))
    return min(MOST, os.cpu_count() or 1)


@contextmanager
def shared_out(edition: Edition, folder: Path, number: int) -> Iterator[Iterator[tuple[Share, Result | None]]]:
    """All shares but the first, each in a process of its own that writes to `folder`, with what came of it.

    None: nothing did, and somebody else has to write its pages. No process is left when the block ends.
    """
    with ExitStack() as running:
        started = [
            (share, running.enter_context(_process(Task(edition=replace(edition), folder=folder, share=share))))
            for place in range(1, number)
            for share in (Share(place=place, of=number),)
        ]
        yield ((share, _result(process)) for share, process in started)


@contextmanager
def _process(task: Task) -> Iterator[subprocess.Popen[bytes] | None]:
    program = [sys.executable, "-c", _PROGRAM.format(path=sys.path)]
    quiet = subprocess.DEVNULL  # what fails there fails here too, where it is told
    try:
        process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=quiet)
    except OSError:
        yield None
        return
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with suppress(OSError), process.stdin:  # it may have ended already
            pickle.dump(task, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        yield process
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _result(process: subprocess.Popen[bytes] | None) -> Result | None:
    if process is None or process.stdout is None:
        return None
    said = process.stdout.read()
    if process.wait():
        return None
    result: Result = pickle.loads(said)
    return result


def serve() -> None:
    """The program of such a process: a task comes in, what was written goes out."""
    task: Task = pickle.load(sys.stdin.buffer)
    sender = os.getppid()

    def go_on() -> None:
        if os.getppid() != sender:
            sys.exit(1)  # nobody waits for the pages any more

    result = write_questions(task.edition, task.folder, task.share, go_on)
    pickle.dump(result, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
