from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from saklig.answers.model import Source, Value, Variable


def make_source(columns: Mapping[str, Sequence[Value | None]], described: Mapping[str, dict], **facts) -> Source:
    """A file of these columns; `described`: what it says of a column, as fields of Variable."""
    variables = []
    for name, cells in columns.items():
        values: list[Value] = list(dict.fromkeys(cell for cell in cells if cell is not None))
        if not any(isinstance(value, str) for value in values):
            values.sort()
        codes = np.array([-1 if cell is None else values.index(cell) for cell in cells], dtype=np.int32)
        variables.append(Variable(name=name, codes=codes, values=tuple(values), **described.get(name, {})))
    rows = len(variables[0].codes) if variables else 0
    return Source(path=Path("survey.csv"), format="csv", rows=rows, variables=tuple(variables), **facts)


@pytest.fixture
def file_of() -> Callable[..., Source]:
    """`columns`: name → cells, repeated to `rows` rows; keyword arguments by column: what the file says of it."""

    def make(columns, rows: int = 60, described=None, **facts) -> Source:
        whole = {name: [cells[at % len(cells)] for at in range(rows)] for name, cells in columns.items()}
        return make_source(whole, described or {}, **facts)

    return make
