"""saklig as a user runs it, in this process, so that a hundred faults take seconds."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # test files are imported by path, and so do not see each other

from faults_study import write_study
from swedish import english_words, places

from saklig.cli import main


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Saklig = Callable[..., Said]


@pytest.fixture
def saklig(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Saklig:
    """Runs a command in `tmp_path`, and gives its exit code and what it said. Never a traceback.

    What goes wrong is said once more in Swedish, with the same places and without an English word: a refused command
    changes nothing, and so can be given again.
    """
    monkeypatch.chdir(tmp_path)
    for name in ("SAKLIG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "SAKLIG_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")

    def once(*arguments: object) -> Said:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = Said(int(ended.value.code or 0), *capfd.readouterr())
        assert "Traceback" not in said.err
        assert "fault in the program" not in said.err, said.err
        return said

    def run(*arguments: object) -> Said:
        said = once(*arguments)
        if said.code and "--language" not in arguments:
            swedish = once(*arguments, "--language", "sv")
            assert (swedish.code, bool(swedish.err)) == (said.code, bool(said.err))
            assert places(swedish.err) == places(said.err)
            assert not english_words(swedish.err), swedish.err
        return said

    return run


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The study file of a study that is in order, with its answers beside it."""
    return write_study(tmp_path / "study")


@pytest.fixture
def tree() -> Callable[[Path], dict[str, str]]:
    return every_file


def every_file(folder: Path) -> dict[str, str]:
    """Every file and folder below `folder`, hidden ones too, with the hash of its content; the lock aside."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
        if path.name != ".saklig-lock"
    }


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    with redirect_stdout(StringIO()), pytest.raises(SystemExit) as ended:
        main(["publish", str(write_study(folder / "study")), "--out", str(folder / "out")])
    assert not ended.value.code
    return folder / "out"


@pytest.fixture
def published(published_once: Path, tmp_path: Path) -> Path:
    """A folder in which the study was published, edition and site."""
    shutil.copytree(published_once, tmp_path / "out")
    return tmp_path / "out"
