"""Weights as a table for other programs: one row a respondent. It is as confidential as the answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from saklig.answers.binding import rows_of
from saklig.answers.model import Value
from saklig.answers.readers import read
from saklig.compilation.compiling import Bound
from saklig.compilation.weighing import Weighed
from saklig.edition.whole import write_file
from saklig.study.sources import WaveSource

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is taken for a formula by spreadsheets."""


def write_weights(bound: Bound, path: Path) -> None:
    """Columns: wave, row (the answer's number in its file, from 1), the person's id where the study names a column of
    it, the weight before and after. Replaces the file in one step; its owner alone may read it. Raises OSError."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    persons = any(each.person for each in bound.sources.waves)
    writer.writerow(["wave", "row", *(["person"] if persons else []), "before", "weight"])
    for source in bound.sources.waves:
        if (made := bound.weighed.get(source.wave)) is not None:
            writer.writerows(_rows(source, made, persons))
    write_file(path, text.getvalue().encode(), private=True)


def _rows(source: WaveSource, weighed: Weighed, persons: bool) -> Iterator[list[object]]:
    kept, rows = rows_of(source, read(source.answers))
    ids: list[Value] = [""] * len(rows)
    if source.person:
        variable = kept.variable(source.person)
        ids = [variable.values[code] if code >= 0 else "" for code in variable.codes]
    before, after = weighed.made.sample.weights, weighed.made.weights
    for row, identity, first, last in zip(rows, ids, before, after, strict=True):
        yield [source.wave, int(row), *([harmless(identity)] if persons else []), _plain(first), _plain(last)]


def harmless(value: Value) -> Value:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it; numbers stay."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _plain(number: float) -> str:
    return repr(float(number))
