"""The commands that the pages show, run as they stand. `python docs/console.py` writes their output into the pages.

A fence marked `console` holds commands after `$ ` and what they print. Ids of editions follow from the program, and so
the n-th id in a page stands for the n-th that appears when it is run; the reader's home stands for the folder that it
is run in; a line `…` stands for any lines. Comments in a page, which readers do not see, say what else is done:

    <!-- $ command -->                 a command that is run and not shown
    <!-- write FILE -->                the next fence is the file
    <!-- append FILE -->               the next fence is added to the file
    <!-- replace in FILE: TEXT -->     the next fence stands for TEXT, which the file has once
    <!-- files of PAGE -->             the files that another page writes
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
HOME = "/home/anna"
ANY_LINES = "…"
_STEP = re.compile(r"^<!-- (?P<order>.*?) -->$|^```(?P<kind>[a-z]*)\n(?P<body>.*?)^```$", re.M | re.S)
_ID = re.compile(r"\b[0-9a-f]{16}(?:[0-9a-f]{48})?\b")
_ENDED = "ended with status "


class PageError(AssertionError):
    """A page that does not do what it says: the command, what the page shows and what comes."""


class Shell:
    """One shell, from a page's first command to its last, in a folder where the examples lie."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        (self.folder / "examples").symlink_to(ROOT / "examples")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "SAKLIG"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._bash = subprocess.Popen(
            ["bash"],
            cwd=self.folder,
            env=kept | {"LANG": "C.UTF-8", "PATH": path, "PROJECT": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def run(self, command: str) -> tuple[list[str], int]:
        """What a command prints, and its exit code."""
        given, printed = self._bash.stdin, self._bash.stdout
        assert given is not None
        assert printed is not None
        given.write(f"{command}\nstatus=$?; echo; echo {_ENDED}$status\n")
        given.flush()
        lines: list[str] = []
        for line in printed:
            if line.startswith(_ENDED):
                return [*_without_last_empty(lines)], int(line.removeprefix(_ENDED))
            lines.append(line.rstrip().replace(str(self.folder), HOME))
        raise PageError(f"the shell ended during {command!r}")

    def file(self, name: str) -> Path:
        """A file beside which the shell is."""
        lines, _ = self.run("pwd -P")
        return Path(lines[0].replace(HOME, str(self.folder))) / name

    def close(self) -> None:
        self._bash.communicate()


def run_page(page: Path, folder: Path, *, own_ids: bool = True) -> str:
    """The page as it would stand if what its commands print now were written into it.

    `own_ids`: the page keeps the ids that it shows; False: those of today stand in it. Raises PageError where a hidden
    command fails, and where something else comes than beside a line `…`.
    """
    shell = Shell(folder)
    try:
        run = _Run(page, shell)
        text = run.text()
        return text if own_ids else run.as_now(text)
    finally:
        shell.close()


class _Run:
    def __init__(self, page: Path, shell: Shell) -> None:
        self._page, self._shell = page, shell
        self._ids: dict[str, str] = {}  # in the page → now
        self._waiting: Callable[[str], None] | None = None

    def text(self) -> str:
        return _STEP.sub(self._step, self._page.read_text(encoding="utf-8"))

    def _step(self, step: re.Match[str]) -> str:
        if step["order"]:
            self._order(step["order"])
        elif step["kind"] == "console":
            return f"```console\n{''.join(self._commands(step['body']))}```"
        elif self._waiting:
            self._waiting(step["body"])
            self._waiting = None
        return step[0]

    def _order(self, order: str) -> None:
        if order.startswith("$ "):
            lines, status = self._shell.run(order[2:])
            if status:
                raise PageError(f"{self._page.name}: {order!r} failed: " + "\n".join(lines))
        elif order.startswith("write "):
            self._waiting = self._shell.file(order[6:]).write_text
        elif order.startswith("append "):
            target = self._shell.file(order[7:])
            self._waiting = lambda body: _append(target, body)
        elif found := re.match(r"replace in (\S+): (.*)", order, re.S):
            target, old = self._shell.file(found[1]), found[2]
            self._waiting = lambda body: _replace(target, old, body.rstrip("\n"))
        elif order.startswith("files of "):
            other = (self._page.parent / order[9:]).read_text(encoding="utf-8")
            for found in _STEP.finditer(other):
                if (found["order"] or "").startswith("write "):
                    self._order(found["order"])
                elif self._waiting and found["kind"]:
                    self._waiting(found["body"])
                    self._waiting = None

    def _commands(self, body: str) -> Iterator[str]:
        for each in re.split(r"^(?=\$ )", body, flags=re.M)[1:]:
            command, _, rest = each[2:].partition("\n")
            shown = rest.splitlines()
            lines, _ = self._shell.run(self.as_now(command))
            self._match_ids(shown, lines)
            if ANY_LINES in shown:
                self._compare(command, shown, lines)
                lines = shown
            yield "".join(f"{line}\n" for line in (f"$ {command}", *(self._as_shown(line) for line in lines)))

    def _match_ids(self, shown: list[str], lines: list[str]) -> None:
        theirs, ours = ([found for line in each for found in _ID.findall(line)] for each in (shown, lines))
        if len(theirs) == len(ours):
            for old, new in zip(theirs, ours, strict=True):
                self._ids.setdefault(old, new)
                self._ids.setdefault(old[:16], new[:16])

    def as_now(self, text: str) -> str:
        return _ID.sub(lambda found: self._ids.get(found[0], found[0]), text)

    def _as_shown(self, line: str) -> str:
        shown = {now: old for old, now in self._ids.items()}
        return _ID.sub(lambda found: shown.get(found[0], found[0]), line)

    def _compare(self, command: str, shown: list[str], lines: list[str]) -> None:
        pattern = "".join(".*" if line == ANY_LINES else re.escape(line) + "\n" for line in shown)
        come = "".join(f"{self._as_shown(line)}\n" for line in lines)
        if not re.fullmatch(pattern, come, re.S):
            raise PageError(f"{self._page.name}: $ {command}\nshown:\n" + "\n".join(shown) + f"\ncomes:\n{come}")


def _without_last_empty(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _append(target: Path, body: str) -> None:
    target.write_text(f"{target.read_text(encoding='utf-8')}\n{body}", encoding="utf-8")


def _replace(target: Path, old: str, new: str) -> None:
    text = target.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise PageError(f"{target.name} has {text.count(old)} times: {old}")
    target.write_text(text.replace(old, new), encoding="utf-8")


def pages_with_commands() -> list[Path]:
    """The README and every page that shows a command."""
    pages = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
    return [page for page in pages if "```console\n" in page.read_text(encoding="utf-8")]


def main() -> None:
    wanted = [Path(name).resolve() for name in sys.argv[1:]] or pages_with_commands()
    for page in wanted:
        with tempfile.TemporaryDirectory(prefix="saklig-docs-") as folder:
            text = run_page(page, Path(folder), own_ids=False)
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8")
            print(f"{page.relative_to(ROOT)}: written anew")


if __name__ == "__main__":
    main()
