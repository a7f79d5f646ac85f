"""DuckDB as an engine: over answers in memory, or over Parquet and CSV files that memory need not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from saklig.answers.model import Coded, Column
from saklig.design.facts import facts_of
from saklig.design.model import Design
from saklig.tabulation.engines.relational import Relational, Rows
from saklig.tabulation.table import Grouping

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class DuckDB:
    """A session of DuckDB."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, statement: str) -> Rows:
        """What the statement counts; nothing of it is NULL."""
        found = self.connection.execute(statement).fetchnumpy()
        return {name: np.ma.getdata(numbers).astype(np.int64) for name, numbers in found.items()}


def over_answers(
    columns: Mapping[tuple[str, str], Column], groupings: Sequence[Grouping], design: Design
) -> Relational:
    """The engine over codes that are in memory already; DuckDB reads numpy's arrays where they lie.

    Parts that are not one code a respondent are left out. Raises ValueError for a sample in several stages.
    """
    import duckdb
    import pyarrow as pa

    facts = facts_of(design)
    arrays = {"w": design.weights, "v": design.squares.numbers.astype(np.int64), "h": design.stratum}
    if design.cluster is not None:
        arrays["u"] = design.cluster
    arrays |= {f"g{number}": grouping.codes for number, grouping in enumerate(groupings)}
    coded = {key: column.codes for key, column in columns.items() if isinstance(column, Coded)}
    names = {key: f"q{number}" for number, key in enumerate(coded)}
    arrays |= {names[key]: codes for key, codes in coded.items()}
    connection = duckdb.connect()
    connection.register("coded", pa.table(arrays))
    return Relational(
        session=DuckDB(connection),
        relation="SELECT * FROM coded",
        columns=names,
        groupings=tuple(groupings),
        facts=facts,
    )
