"""Every text of a study, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from saklig.language.text import Text
from saklig.study.questionnaire import Category, Change, CodeList, Item, Net, NumberClass, Question, Section
from saklig.study.survey import Background, Box, Fold, Group, Method, Perspective, Stratum, Wave

if TYPE_CHECKING:
    from saklig.study.model import Study

_PLACES: Mapping[type, str] = {
    Wave: "wave",
    Stratum: "stratum",
    Background: "background",
    Group: "group",
    Fold: "fold",
    Section: "section",
    Question: "question",
    CodeList: "codes",
    Category: "category",
    Net: "net",
    NumberClass: "class",
    Item: "item",
    Perspective: "perspective",
    Box: "box",
}
_KEYS = {"population_name": "population", "unit_name": "unit"}
"""What a field is called in the study file, where the names differ."""

Place = tuple[str, ...]


def texts(study: Study) -> Iterator[tuple[Place, str, Text]]:
    """(place, key, text), in the study's order; a code list that several questions share comes once."""
    return _walk(study, (), set())


def untranslated(study: Study) -> Iterator[tuple[Place, str, tuple[str, ...]]]:
    """(place, key, the study's languages in which it has no words)."""
    for place, key, text in texts(study):
        if lacking := tuple(language for language in study.languages if language not in text.languages):
            yield place, key, lacking


def missing_translations(study: Study) -> tuple[str, ...]:
    """`untranslated` as an edition holds it, the same in every language: "question q4_1/label: en"."""
    return tuple(f"{'/'.join((*place, key))}: {', '.join(lacking)}" for place, key, lacking in untranslated(study))


def _walk(node: Any, place: Place, seen: set[str]) -> Iterator[tuple[Place, str, Text]]:
    if isinstance(node, Method):
        yield from (((*place, "method"), key, text) for key, text in node.texts)
        return
    if isinstance(node, CodeList):
        if node.id in seen:
            return
        seen.add(node.id)
        place = place if place and place[-1] == f"question {node.id}" else (f"codes {node.id}",)
    for name in (each.name for each in fields(node)):
        value = getattr(node, name)
        if isinstance(value, Text):
            yield place, _KEYS.get(name, name), value
        elif isinstance(value, tuple):
            for number, each in enumerate(value, start=1):
                if is_dataclass(each) and not isinstance(each, Text):
                    yield from _walk(each, (*place, _name(each, number)), seen)
        elif is_dataclass(value):
            yield from _walk(value, place, seen)


def _name(node: Any, number: int) -> str:
    if isinstance(node, Change):
        return f"change {node.wave}"
    kind = _PLACES.get(type(node))
    return f"{kind} {node.id}" if kind else f"{type(node).__name__.lower()} {number}"
