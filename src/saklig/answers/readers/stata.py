"""Stata: .dta, with value labels and the extended missing values .a to .z."""

from __future__ import annotations

from pathlib import Path

from saklig.answers.model import Source
from saklig.answers.readers.moments import stata_moment
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.statistical import Habit, read_statistical
from saklig.language.catalog import say


def read_dta(path: Path, hints: Hints) -> Source:
    import pyreadstat

    habit = Habit(
        format="Stata",
        read=pyreadstat.read_dta,
        moment=stata_moment,
        options={"user_missing": True},
        labels=lambda metadata, name: metadata.variable_value_labels.get(name, {}),
    )
    opened = read_statistical(path, habit, hints)
    encoding = opened.encoding or opened.metadata.file_encoding
    return Source(
        path=path,
        format="Stata",
        rows=opened.rows,
        variables=opened.variables,
        found=(say("encoding {name}", name=encoding),) if encoding else (),
        title=(opened.metadata.file_label or "").strip(),
    )
