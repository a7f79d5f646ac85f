"""`publish --engine`: the same edition whoever counts, and memory that would not suffice is said beforehand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from saklig.compilation import sizing
from saklig.compilation.compiling import compile_bound, read_and_bind
from saklig.compilation.sizing import chosen_engine
from saklig.study.file import read_study
from saklig.tabulation.engines import choosing
from saklig.tabulation.statistics import EngineError

EXAMPLE = Path(__file__).parents[2] / "examples" / "kommun"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "kommun", ignore=shutil.ignore_patterns(".saklig-*"))
    file = tmp_path / "kommun" / "study.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('policy = "organisations"', 'policy = "public"'), encoding="utf-8")
    return file


def test_the_edition_is_the_same_whoever_counts(study: Path, monkeypatch: pytest.MonkeyPatch):
    counted: list[str] = []
    statements = choosing.Relational.statistics

    def watched(self, parts, *, errors):
        counted.extend(part.question.id for part in parts)
        return statements(self, parts, errors=errors)

    monkeypatch.setattr(choosing.Relational, "statistics", watched)
    bound = read_and_bind(study)
    memory = compile_bound(bound, remembered=False)
    assert not counted
    duckdb = compile_bound(bound, remembered=False, engine="duckdb")
    assert len(counted) > 20
    assert memory.edition.id == duckdb.edition.id


def test_small_files_are_counted_in_memory_and_spark_does_not_publish(study: Path):
    read = read_study(study)
    assert chosen_engine(*read, "auto") == "memory"
    assert chosen_engine(*read, "duckdb") == "duckdb"
    with pytest.raises(EngineError, match="on a cluster they stay where they are"):
        chosen_engine(*read, "spark")


def test_memory_that_would_not_suffice_is_said_with_the_engine_that_would(study: Path, monkeypatch: pytest.MonkeyPatch):
    read = read_study(study)
    monkeypatch.setattr(sizing, "SMALL", 0)
    monkeypatch.setattr(sizing.compiled, "installed", lambda: False)
    rows = sum(file.stat().st_size // 2 for file in {source.answers for source in read[1].waves})
    groupings = 1 + len(read[0].backgrounds) + len(read[0].pairs)
    needed = {
        "memory": rows * (sizing.READ + groupings * sizing.BY_NUMPY),
        "duckdb": rows * (sizing.READ + groupings * sizing.BY_DUCKDB),
    }
    free = needed["memory"]
    monkeypatch.setattr(sizing, "available_memory", lambda: free)
    assert chosen_engine(*read, "auto") == "memory"
    free = needed["duckdb"]
    assert chosen_engine(*read, "auto") == "duckdb"
    with pytest.raises(EngineError, match=r"GB of memory, .* \(--engine duckdb would do with less\)"):
        chosen_engine(*read, "memory")
    free = needed["duckdb"] - 1
    for wanted in ("auto", "duckdb"):
        with pytest.raises(EngineError, match="use a larger machine"):
            chosen_engine(*read, wanted)


def test_nothing_is_read_where_memory_would_not_suffice(study: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sizing, "SMALL", 0)
    monkeypatch.setattr(sizing, "available_memory", lambda: 1.0)
    monkeypatch.setattr("saklig.compilation.compiling.read", lambda *_: pytest.fail("the answers were read"))
    with pytest.raises(EngineError):
        read_and_bind(study, before=lambda *read: chosen_engine(*read, "auto") and None)
