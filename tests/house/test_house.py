"""The rules of the house that a machine can check: imports, types, style, commands, words."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON_FILES = sorted((ROOT / "src").rglob("*.py"))


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


def test_rooms_import_only_what_lies_below_them() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_types_are_strict_over_all_of_src() -> None:
    done = run("mypy")
    assert done.returncode == 0, done.stdout


def test_style() -> None:
    done = run("ruff", "check")
    assert done.returncode == 0, done.stdout


def test_formatting() -> None:
    done = run("ruff", "format", "--check")
    assert done.returncode == 0, done.stdout


def test_readme_names_the_two_commands_and_make_knows_them() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("demo", "test"):
        assert f"make {command}" in readme
        assert re.search(rf"^{command}:", makefile, re.M)


def test_every_dependency_is_pinned_with_hashes_and_without_addresses() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {"run": project["dependencies"], "test": project["optional-dependencies"]["test"]}
    for name, requirements in wanted.items():
        pinned = (ROOT / "constraints" / f"{name}.txt").read_text(encoding="utf-8")
        assert "://" not in pinned
        names = {line.split("==")[0].lower() for line in pinned.splitlines() if re.match(r"[a-z0-9]", line, re.I)}
        for requirement in requirements:
            assert re.split(r"[><=\[]", requirement)[0].lower() in names
        assert len(re.findall("--hash=sha256:", pinned)) > len(names)


FORBIDDEN_NAMES = ("utils", "util", "helpers", "helper", "common", "core", "base", "misc")


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_thing_lives_where_it_belongs(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES
    text = path.read_text(encoding="utf-8")
    if path.name != "__init__.py" or text.strip():
        assert text.lstrip().startswith('"""'), "a module says in its first line what it is for"
