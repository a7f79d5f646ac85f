"""SPSS: .sav, .zsav and .por, with value labels, user-missing values and multiple-response sets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from saklig.answers.model import ResponseSet, Source, Value, Variable
from saklig.answers.readers.columns import as_value
from saklig.answers.readers.moments import spss_moment
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.spss_dictionary import encoding_to_force, weight_variable
from saklig.answers.readers.statistical import Habit, Opened, read_statistical
from saklig.language.catalog import say


def read_sav(path: Path, hints: Hints) -> Source:
    import pyreadstat

    habit = Habit(
        format="SPSS",
        read=pyreadstat.read_sav,
        moment=spss_moment,
        options={"user_missing": True},
        labels=lambda metadata, name: metadata.variable_value_labels.get(name, {}),
    )
    hints = replace(hints, encoding=encoding_to_force(path, hints.encoding))
    opened = read_statistical(path, habit, hints)
    weight = weight_variable(path, tuple(opened.metadata.column_names))
    return Source(
        path=path,
        format="SPSS",
        rows=opened.rows,
        variables=opened.variables,
        sets=_response_sets(opened.metadata, opened.variables),
        found=_remarks(opened, weight),
        title=(opened.metadata.file_label or "").strip(),
        weight=weight if hints.wants(weight) else "",
    )


def read_por(path: Path, hints: Hints) -> Source:
    import pyreadstat

    habit = Habit(
        format="SPSS portable",
        read=pyreadstat.read_por,
        moment=spss_moment,
        options={},
        labels=lambda metadata, name: metadata.variable_value_labels.get(name, {}),
    )
    opened = read_statistical(path, habit, hints)
    return Source(
        path=path,
        format="SPSS portable",
        rows=opened.rows,
        variables=opened.variables,
        found=(
            *_remarks(opened, ""),
            say("user-missing values of a .por file are read as blank; a .sav keeps them apart"),
        ),
        title=(opened.metadata.file_label or "").strip(),
    )


def _remarks(opened: Opened, weight: str) -> tuple[str, ...]:
    encoding = opened.encoding or opened.metadata.file_encoding
    return (
        *((say("encoding {name}", name=encoding),) if encoding else ()),
        *((say("the file itself is weighted by {column}", column=weight),) if weight else ()),
    )


def _response_sets(metadata: Any, found: tuple[Variable, ...]) -> tuple[ResponseSet, ...]:
    """The declared sets. The file names their variables in small letters, whatever the variables are called."""
    by_name = {variable.name.lower(): variable for variable in found}
    sets = []
    for name, said in metadata.mr_sets.items():
        members = [by_name[member.lower()] for member in said["variable_list"] if member.lower() in by_name]
        if members:
            sets.append(
                ResponseSet(
                    name=name.lstrip("$"),
                    label=(said["label"] or "").strip(),
                    variables=tuple(member.name for member in members),
                    counted=_counted(said["counted_value"], members[0]) if said["is_dichotomy"] else None,
                )
            )
    return tuple(sets)


def _counted(value: Any, member: Variable) -> Value:
    """The value that means "chosen", as text or number like the set's variables."""
    holds_text = any(isinstance(known, str) for known in (*member.values, *member.labels))
    return str(value).strip() if holds_text else as_value(str(value))
