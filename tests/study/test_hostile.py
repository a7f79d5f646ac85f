"""Whatever stands in a study file or a study.json, the answer is a study or a StudyError in words."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saklig.language.text import unprintable
from saklig.study.file import read_study, study_from_dict, study_to_dict
from saklig.study.model import StudyError
from saklig.study.reading import study_of

TEXT = re.findall(
    r"```toml\n(.*?)```", (Path(__file__).parents[2] / "docs/reference/study-file.md").read_text("utf-8"), re.S
)[0]
TOML = tomllib.loads(TEXT)
JSON = study_to_dict(study_of(TOML, wired=True)[0])
RUNS = settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

strange = st.sampled_from(["1", "q4_1", "sv", "\ud800", "\x00", "\x1b[2J", "a\nb", "a" * 500])
keys = strange | st.sampled_from(["id", "sv", "code"]) | st.text(max_size=4)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | strange,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)


def places(node: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in nested tables and lists, from the outside in."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*place, key)
        yield from places(value, (*place, key))


def changed(tables: object, place: tuple[str | int, ...], value: object, remove: bool) -> dict[str, object]:
    found = copy.deepcopy(tables)
    node = found
    for key in place[:-1]:
        node = node[key]  # type: ignore[index]
    if remove:
        del node[place[-1]]  # type: ignore[attr-defined]
    else:
        node[place[-1]] = value  # type: ignore[index]
    return found  # type: ignore[return-value]


def refusal(read: Callable[[], object]) -> str:
    """What the reader is told; empty where there is nothing to tell."""
    told = ""
    try:
        read()
    except StudyError as error:
        told = str(error)
    assert unprintable(told) == ""
    return told


@RUNS
@given(st.sampled_from(list(places(TOML))), anything, st.booleans())
def test_any_value_in_any_place_of_a_study_file(place: tuple[str | int, ...], value: object, remove: bool) -> None:
    assert len(refusal(lambda: study_of(changed(TOML, place, value, remove), wired=True))) < 40_000


@RUNS
@given(st.sampled_from(list(places(JSON))), anything, st.booleans())
def test_any_value_in_any_place_of_a_study_json(place: tuple[str | int, ...], value: object, remove: bool) -> None:
    tables = changed(JSON, place, value, remove)
    told = refusal(lambda: json.dumps(study_to_dict(study_from_dict(tables)), ensure_ascii=False).encode())
    assert told.startswith("study.json: ") or not told


@settings(RUNS, max_examples=150)
@given(st.integers(0, len(TEXT)), st.integers(0, 30), st.text(st.characters(), max_size=4))
def test_any_slip_in_the_text(tmp_path_factory: pytest.TempPathFactory, start: int, length: int, inserted: str) -> None:
    path = tmp_path_factory.getbasetemp() / "slip.toml"
    path.write_bytes((TEXT[:start] + inserted + TEXT[start + length :]).encode("utf-8", "surrogatepass"))
    assert all(line.startswith(("slip.toml:", "…")) for line in refusal(lambda: read_study(path)).splitlines())


def test_ten_thousand_faults_are_told_as_fifty() -> None:
    """The nearest of ten thousand ids is not sought ten thousand times."""
    section = JSON["section"]
    assert isinstance(section, list)
    question = section[0]["question"][1]
    many = [question | {"id": f"x{n}", "asked_if": [{"question": f"y{n}", "categories": ["1"]}]} for n in range(10_000)]
    tables = JSON | {"section": [*section, {"id": "many", "title": {"sv": "M"}, "question": many}]}
    assert "and 9,950 more" in refusal(lambda: study_from_dict(tables))
    assert "and 9,950 more" in refusal(lambda: study_from_dict(JSON | {f"key{n}": 1 for n in range(10_000)}))


def test_what_is_told_cannot_steer_a_terminal() -> None:
    told = refusal(lambda: study_of(TOML | {"\x1b]0;title\x07\x1b[2J\nstudy.toml:1: all is well": 1}, wired=True))
    assert "\x1b" not in told
    assert len(told.splitlines()) == 1
