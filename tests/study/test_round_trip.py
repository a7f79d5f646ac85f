"""A study that is written and read again is the same study."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_studies import sources_of, studies

from saklig.study.file import read_study, study_from_dict, study_to_dict, study_to_toml, write_study
from saklig.study.model import Study

RUNS = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
PLACES = ("", "languages", "method", "disclosure", "left_out")


@RUNS
@given(studies())
def test_json_form_holds_the_whole_study(study: Study) -> None:
    for sort in (False, True):
        text = json.dumps(study_to_dict(study), ensure_ascii=False, sort_keys=sort, allow_nan=False)
        again = study_from_dict(json.loads(text))
        assert again == study
        assert study_to_dict(again) == study_to_dict(study)


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
    assert read_study(path) == (study, sources)
    assert [each.name for each in folder.iterdir()] == ["study.toml"]
    again = study_to_toml(study, sources)
    assert tomllib.loads(again)["id"] == study.id


@settings(RUNS, max_examples=10)
@given(studies())
def test_json_form_holds_nothing_of_files_and_columns(study: Study) -> None:
    assert not _keys(study_to_dict(study)) & {"answers", "variable", "variables", "weight", "left_out"}


def test_every_field_of_a_study_is_drawn() -> None:
    """A new field that the strategy does not know would be tested by nobody."""
    drawn: set[str] = set()

    @settings(RUNS, max_examples=120)
    @given(studies())
    def collect(study: Study) -> None:
        drawn.update(_set_fields(study))

    collect()
    lacking = {f"{name}.{each.name}" for name, kind in _models().items() for each in fields(kind)} - drawn
    assert not lacking, "random_studies does not draw these"


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
