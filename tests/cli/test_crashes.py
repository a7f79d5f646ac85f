"""publish stopped at any moment: what stands in the folder is the old state or the new one, each whole.

The moments are operations on the disk, counted through Python's audit hooks: at the n-th one under the output's folder
the process is killed, interrupted, or told that the disk is full.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import errno, os, signal, sys
out, how, at = sys.argv[1], sys.argv[2], int(sys.argv[3])
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that runs tests in the background has it ignored
count = 0
EVENTS = {"open", "os.rename", "os.mkdir", "os.link", "os.remove", "os.rmdir", "os.chmod"}
def writes(event, args):
    if event == "open":
        return bool((args[2] or 0) & (os.O_WRONLY | os.O_RDWR))
    return event in ("os.mkdir", "os.link", "os.rename")
def watch(event, args):
    global count
    if event not in EVENTS or not args or not str(args[0]).startswith(out):
        return
    if how == "full" and not writes(event, args):
        return
    count += 1
    if how == "count" or count < at:
        return
    if how == "full":  # and stays full
        raise OSError(errno.ENOSPC, "No space left on device")
    if count == at:
        os.kill(os.getpid(), signal.SIGKILL if how == "kill" else signal.SIGINT)
sys.addaudithook(watch)
from saklig.cli import main
try:
    main(sys.argv[4:])
finally:
    if how == "count":
        print(count, file=sys.stderr)
"""


def publish(out: Path, study: Path, how: str, at: int, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SCRIPT, str(out), how, str(at), "publish", str(study), "--out", str(out)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def tree(folder: Path) -> dict[str, str]:
    """Every file that is not hidden, with its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


class States:
    """The folder before and after, and how many operations lie between."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.environment = environment
        self.old, self.new = folder / "old", folder / "new"
        self.study = folder / "study" / "study.toml"
        text = self.study.read_text(encoding="utf-8")
        assert publish(self.old, self.study, "count", 0, environment).returncode == 0
        shutil.copytree(self.old, self.new)
        self.study.write_text(text.replace("Kommunen", "Kommunerna"), encoding="utf-8")
        done = publish(self.new, self.study, "count", 0, environment)
        assert done.returncode == 0, done.stderr
        self.operations = int(done.stderr.split()[-1])
        self.old_tree, self.new_tree = tree(self.old), tree(self.new)

    def whole(self, out: Path) -> bool:
        """Edition folders and the site are each the old or the new; the list names only what is there."""
        found = tree(out)
        for part in ("editions/", "site/"):
            here, before, after = (
                {name: content for name, content in each.items() if name.startswith(part)}
                for each in (found, self.old_tree, self.new_tree)
            )
            if part == "editions/":
                # The new edition may stand whole while the list does not name it yet.
                listed = here.pop("editions/editions.js")
                states = [
                    {name: content for name, content in state.items() if not name.endswith(".js")}
                    for state in (before, after)
                ]
                assert here in states
                assert listed == before["editions/editions.js"] or (
                    listed == after["editions/editions.js"] and here == states[1]
                )
            else:
                assert here in (before, after)
        return True


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> States:
    import os

    from cli_study import write_study

    folder = tmp_path_factory.mktemp("crashes")
    write_study(folder / "study")
    return States(folder, {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"})


MOMENTS = [(how, part) for how, parts in (("kill", 8), ("interrupt", 4), ("full", 5)) for part in range(parts)]


@pytest.mark.parametrize(("how", "part"), MOMENTS, ids=lambda value: str(value))
def test_a_publish_stopped_anywhere_leaves_the_old_or_the_new(
    states: States, tmp_path: Path, how: str, part: int
) -> None:
    out = tmp_path / "out"
    shutil.copytree(states.old, out)
    parts = sum(1 for other, _ in MOMENTS if other == how)
    # One moment in each part of the run; in the parts of the edition and of the site alike.
    share = states.operations if how != "full" else states.operations // 2
    at = 1 + int(share * (part + random.Random(f"{how} {part}").random()) / parts)
    done = publish(out, states.study, how, at, states.environment)
    if how == "kill":
        assert done.returncode == -9
    else:
        assert done.returncode == 1
        assert "Nothing is half-written" in done.stderr
        assert "Traceback" not in done.stderr
    assert states.whole(out)
    again = publish(out, states.study, "count", 0, states.environment)
    assert again.returncode == 0, again.stderr
    assert tree(out) == states.new_tree
    assert not list(out.rglob(".saklig-partial-*"))
