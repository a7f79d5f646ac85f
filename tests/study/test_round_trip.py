"""A study that is written and read again is the same study."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from random_studies import sources_of, studies

from saklig.language.text import Text
from saklig.study.file import read_study, study_from_dict, study_to_dict, study_to_toml, write_study
from saklig.study.model import Study

RUNS = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MADE = """
id = "s"
title = { en = "Title" }
[[wave]]
id = "1"
answers = "a.csv"
[[section]]
id = "a"
title = "A"
[[section.question]]
id = "q1"
kind = "single"
text = "How?"
categories = [{ code = 1, label = "Yes" }, { code = 2, label = "No" }]
"""
PLACES = ("", "languages", "method", "disclosure", "left_out")


def test_json_form_holds_the_whole_study() -> None:
    """And every field is drawn: one that the strategy does not know would be tested by nobody."""
    drawn: set[str] = set()

    @settings(RUNS, max_examples=150)
    @given(studies())
    def round_trip(study: Study) -> None:
        drawn.update(_set_fields(study))
        tables = study_to_dict(study)
        again = study_from_dict(json.loads(json.dumps(tables, ensure_ascii=False, sort_keys=True, allow_nan=False)))
        assert again == study
        assert json.dumps(study_to_dict(again)) == json.dumps(tables)

    every = {f"{name}.{each.name}" for name, kind in _models().items() for each in fields(kind)}
    for attempt in range(5):  # what is drawn depends on the modules that are loaded, and the rarest may be missing
        seed(attempt)(round_trip)()
        if every <= drawn:
            break
    assert every <= drawn


@RUNS
@given(st.data())
def test_study_file_holds_the_whole_study_and_its_sources(tmp_path_factory: object, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("study")  # type: ignore[attr-defined]
    path = folder / "study.toml"
    study = data.draw(studies())
    sources = data.draw(sources_of(study, folder))
    remarks = data.draw(
        st.dictionaries(st.sampled_from(_places(study)), st.text(st.characters(exclude_categories=["Cs"])))
    )
    write_study(study, sources, path, remarks)
    again_study, again_sources = read_study(path)
    assert again_study == study
    waves = tuple(replace(wave, answers=Path(os.path.normpath(wave.answers))) for wave in again_sources.waves)
    assert replace(again_sources, waves=waves) == sources
    assert [each.name for each in folder.iterdir()] == ["study.toml"]
    again = study_to_toml(study, sources)
    assert tomllib.loads(again)["id"] == study.id


def test_answers_are_named_from_the_study_files_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the program runs, so that a folder of study and answers may be moved."""
    for name in ("here", "data"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "made.toml"
    made.write_text(MADE)
    study, sources = read_study(made)
    for given_as, written in (
        (Path("here/x.sav"), "x.sav"),
        (tmp_path / "here" / "x.sav", "x.sav"),
        (Path("data/x.sav"), "../data/x.sav"),
        (tmp_path / "data" / "x.sav", "../data/x.sav"),
    ):
        moved = replace(sources, waves=(replace(sources.waves[0], answers=given_as),))
        write_study(study, moved, Path("here/study.toml"))
        assert tomllib.loads(Path("here/study.toml").read_text())["wave"][0]["answers"] == written


@settings(RUNS, max_examples=10)
@given(studies())
def test_json_form_holds_nothing_of_files_and_columns(study: Study) -> None:
    tables = study_to_dict(study) | {"disclosure": {}}  # its names are the author's
    assert not _keys(tables) & {"answers", "variable", "variables", "weight", "left_out"}


def _places(study: Study) -> list[str]:
    return [*PLACES, *(f"question {question.id}" for question in study.questions)]


def _models() -> Mapping[str, type]:
    import saklig.study.model as model

    kinds = {name: kind for name, kind in vars(model).items() if isinstance(kind, type) and is_dataclass(kind)}
    return {name: kind for name, kind in kinds.items() if name not in ("Part", "Text")}


def _set_fields(node: object) -> set[str]:
    """Model.field of everything that is not at its default."""
    if isinstance(node, tuple):
        return set().union(*map(_set_fields, node))
    if not is_dataclass(node):
        return set()
    found: set[str] = set()
    for each in fields(node):
        value = getattr(node, each.name)
        if value != each.default:
            found |= {f"{type(node).__name__}.{each.name}"} | _set_fields(value)
    return found


def _keys(node: object) -> set[str]:
    if isinstance(node, dict):
        return set(node).union(*map(_keys, node.values()))
    return set().union(*map(_keys, node)) if isinstance(node, list) else set()


def test_equal_studies_have_the_same_text(tmp_path: Path) -> None:
    """Whole numbers and the order of languages are written in one way, so that one study has one edition."""
    sections = """id = "s"
title = { sv = "T", en = "U" }
[[wave]]
answers = "a.csv"
[[section]]
id = "1"
title = { en = "One", sv = "Ett" }
[[section.question]]
id = "q1"
kind = "numeric"
text = "Hur?"
minimum = 0
"""
    path = tmp_path / "study.toml"
    path.write_text(sections, encoding="utf-8")
    one, _ = read_study(path)
    path.write_text(sections.replace("minimum = 0", "minimum = 0.0"), encoding="utf-8")
    two, _ = read_study(path)
    turned = Text((("en", "U"), ("sv", "T")))
    assert json.dumps(study_to_dict(one)) == json.dumps(study_to_dict(two))
    assert json.dumps(study_to_dict(one)) == json.dumps(study_to_dict(replace(two, title=turned)))


def test_written_file_reads_like_the_reference(tmp_path: Path) -> None:
    """What follows from something else is left out, and code lists that questions share stand once."""
    path = tmp_path / "study.toml"
    path.write_text(
        """
id = "s"
title = { sv = "T" }
[[wave]]
answers = "a.csv"
[codes.degree]
categories = [{ code = 1, label = "Inte alls" }, { code = 2 }, { code = 9, label = "Vet inte", role = "dont-know" }]
[[section]]
id = "1"
title = "Ett"
[[section.question]]
id = "q1"
kind = "scale"
text = "Hur?"
codes = "degree"
nets = [{ id = "1-2", of = [1, 2] }]
[[section.question]]
id = "q2"
kind = "scale"
text = "Hur då?"
codes = "degree"
asked_if = { q1 = [2] }
""",
        encoding="utf-8",
    )
    study, sources = read_study(path)
    assert [category.score for category in study.question("q1").codes.categories] == [1, 2, None]  # type: ignore[union-attr]
    text = study_to_toml(study, sources, {"": "Drafted.", "question q2": "Was it asked of all?"})
    assert text.startswith("# Drafted.\nid = ")
    assert "  # Was it asked of all?\n  [[section.question]]" in text
    assert text.count("Inte alls") == 1
    assert '  { code = 9, label = "Vet inte", role = "dont-know" },\n' in text
    assert "  asked_if = { q1 = [2] }\n" in text
    assert '    { id = "1-2", of = [1, 2] },\n' in text
    assert "score" not in text
    assert "variable" not in text
