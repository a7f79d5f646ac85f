"""A disk that fills up in the middle of a file, and a run that is stopped at any moment, wherever it writes.

`tests/cli/test_crashes.py` stops at operations on the folder of output. Here a file is cut off by the system itself
while its bytes are written, and runs are stopped where they write beside the answers, or at no operation at all.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from faults_study import write_study

Tree = Callable[[Path], dict[str, str]]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits and signals of this kind are Unix's")

FULL = """
import resource, signal, sys
from saklig.cli.program import main
import saklig.compilation.publishing, saklig.publish.site.write, saklig.answers.draft, pyarrow.parquet
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that writing beyond the limit fails as it does on a full disk
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
main(sys.argv[2:])
"""


def run_full(bytes_left: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The program, to which the system gives so many bytes a file and refuses the next."""
    command = [sys.executable, "-c", FULL, str(bytes_left), *map(str, arguments)]
    environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def changed(study: Path) -> Path:
    """The study, with another title than when it was published."""
    study.write_text(study.read_text(encoding="utf-8").replace("Kommunen", "Kommunerna"), encoding="utf-8")
    return study


@pytest.mark.parametrize("bytes_left", [0, 100, 3_000, 5_000, 9_000, 20_000])
def test_a_file_cut_off_while_it_is_written(published: Path, changed: Path, tree: Tree, bytes_left: int) -> None:
    before = tree(published)
    done = run_full(bytes_left, "publish", changed, "--out", published)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    assert "Nothing is half-written" in done.stderr
    after = tree(published)
    # The new edition may stand whole and be listed, if it was the site that had no room; nothing else may differ.
    site = {name: content for name, content in before.items() if not name.startswith("editions/")}
    assert {name: content for name, content in after.items() if not name.startswith("editions/")} == site
    kept = {name: content for name, content in before.items() if name != "editions/editions.js"}
    assert kept.items() <= after.items()
    for folder in {name.split("/")[1] for name in after if name.startswith("editions/")} - {"editions.js"}:
        assert (
            subprocess.run(
                [sys.executable, "-m", "saklig", "verify", str(published / "editions" / folder)], check=False
            ).returncode
            == 0
        )
    # With room again, everything is published, and nothing is left over.
    assert run_full(10**9, "publish", changed, "--out", published).returncode == 0
    assert not [path for path in published.parent.rglob("*") if "partial" in path.name]


@pytest.mark.parametrize("bytes_left", [0, 10, 500])
def test_no_room_for_a_drafted_study(study: Path, tmp_path: Path, bytes_left: int) -> None:
    target = tmp_path / "new" / "study.toml"
    target.parent.mkdir()
    target.write_text("mine", encoding="utf-8")
    done = run_full(bytes_left, "init", study.with_name("answers.csv"), "--out", target, "--force")
    assert done.returncode == 1, done.stdout
    assert "Nothing is half-written" in done.stderr
    assert [path.name for path in target.parent.iterdir()] == ["study.toml"]
    assert target.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill", "interrupt"])
@pytest.mark.parametrize("moment", range(5))
def test_stopped_at_a_random_moment(tmp_path: Path, tree: Tree, how: signal.Signals, moment: int) -> None:
    """At whatever moment it comes, each edition that stands is whole, and the next run publishes."""
    study = write_study(tmp_path / "study")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "saklig", "publish", str(study), "--out", str(out)]
    environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not out.exists() and running.poll() is None:  # until there is something to harm
        time.sleep(0.002)
    time.sleep(random.Random(moment).random() * 0.5)
    running.send_signal(how)
    said = running.communicate()[1]
    assert running.returncode in (0, 1, -how)
    assert "Traceback" not in said
    for folder in (path for path in out.glob("editions/[0-9a-f]*") if path.is_dir()):
        assert subprocess.run([sys.executable, "-m", "saklig", "verify", str(folder)], check=False).returncode == 0
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert not [path for path in tmp_path.rglob("*") if "partial" in path.name]
    clean = tmp_path / "clean"
    subprocess.run([*command[:-1], str(clean)], env=environment, check=True, capture_output=True)
    assert tree(out) == tree(clean)


REMEMBERING = """
import os, signal, sys
at = int(sys.argv[1])
count = 0
def watch(event, args):
    global count
    if event in ("open", "os.rename", "os.chmod") and args and "saklig-" in str(args[0]) and "study" in str(args[0]):
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
from saklig.cli import main
main(sys.argv[2:])
"""


@pytest.mark.parametrize("at", range(1, 10))
def test_killed_while_it_writes_beside_the_answers(tmp_path: Path, at: int) -> None:
    study = write_study(tmp_path / "study")
    answers = (tmp_path / "study" / "answers.csv").read_bytes()
    given = ["publish", str(study), "--out", str(tmp_path / "out"), "--only", "edition"]
    done = subprocess.run([sys.executable, "-c", REMEMBERING, str(at), *given], capture_output=True, check=False)
    assert done.returncode in (-signal.SIGKILL, 0)
    assert at > 1 or done.returncode == -signal.SIGKILL  # a test that stops nothing tests nothing
    again = subprocess.run([sys.executable, "-m", "saklig", *given], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "study" / "answers.csv").read_bytes() == answers
    names = {path.name for path in (tmp_path / "study").iterdir()}
    assert names == {"study.toml", "answers.csv", ".saklig-audit-liten.json", ".saklig-published-liten"}
    (record,) = (tmp_path / "study" / ".saklig-published-liten").iterdir()
    assert record.suffix == ".npz"


def test_two_runs_at_once(tmp_path: Path) -> None:
    """One publishes and the other is told, or both do one after the other; what stands is whole."""
    study = write_study(tmp_path / "study")
    command = [sys.executable, "-m", "saklig", "publish", str(study), "--out", str(tmp_path / "out")]
    environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    runs = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [run.communicate()[1] for run in runs]
    assert 0 in [run.returncode for run in runs]
    for run, words in zip(runs, said, strict=True):
        assert run.returncode in (0, 1)
        if run.returncode:
            assert "another run is publishing here" in words
    (edition,) = (path for path in (tmp_path / "out/editions").iterdir() if path.is_dir())
    assert subprocess.run([sys.executable, "-m", "saklig", "verify", str(edition)], check=False).returncode == 0
