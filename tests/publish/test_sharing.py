"""Pages written by several processes are those that one writes, whatever becomes of the others."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from saklig.edition.edition import Edition
from saklig.publish.site import sharing
from saklig.publish.site.write import write_site
from saklig.publish.site.writer import Result


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def alone(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, bytes]]:
    out = tmp_path_factory.mktemp("alone")
    return write_site(edition, out).pages, contents(out)


@pytest.mark.parametrize("processes", [2, 3])
def test_several_processes_write_what_one_does(
    edition: Edition,
    alone: tuple[int, dict[str, bytes]],
    processes: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = []
    result = sharing._result

    def seen(process: object) -> Result | None:
        done.append(result(process))  # type: ignore[arg-type]
        return done[-1]

    monkeypatch.setattr(sharing, "_result", seen)
    monkeypatch.setattr("saklig.publish.site.write.shares", lambda _: processes)
    assert write_site(edition, tmp_path).pages == alone[0]
    assert contents(tmp_path) == alone[1]
    assert len(done) == processes - 1
    assert all(done), "the processes did their shares"


@pytest.mark.parametrize(
    "program",
    ["/no/such/program", "import sys; sys.exit(1)", "import os; os.kill(os.getpid(), 9)"],
    ids=["not started", "failed", "killed"],
)
def test_what_a_process_does_not_write_is_written_all_the_same(
    edition: Edition,
    alone: tuple[int, dict[str, bytes]],
    program: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("saklig.publish.site.write.shares", lambda _: 2)
    if program.startswith("/"):
        monkeypatch.setattr(sys, "executable", program)
    else:
        monkeypatch.setattr(sharing, "_PROGRAM", program)
    assert write_site(edition, tmp_path).pages == alone[0]
    assert contents(tmp_path) == alone[1]


def test_a_fault_ends_the_others(edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    popen = sharing.subprocess.Popen

    def start(*arguments: object, **more: object) -> object:
        started.append(popen(*arguments, **more))  # type: ignore[call-overload]
        return started[-1]

    def full(*_: object) -> Result:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sharing.subprocess, "Popen", start)
    monkeypatch.setattr("saklig.publish.site.write.shares", lambda _: 2)
    monkeypatch.setattr("saklig.publish.site.write.write_share", full)
    with pytest.raises(OSError, match="No space left"):
        write_site(edition, tmp_path)
    assert [process.poll() is not None for process in started] == [True]
    assert not list(tmp_path.rglob("*.html"))


def test_a_small_publication_is_not_shared_out(edition: Edition) -> None:
    assert sharing.shares(edition) == 1
