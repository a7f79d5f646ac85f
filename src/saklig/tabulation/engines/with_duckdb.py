"""DuckDB as an engine: over answers in memory, or over Parquet and CSV files that memory need not hold."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from saklig.answers.model import Coded, Column
from saklig.design.facts import facts_of
from saklig.design.model import Design
from saklig.study.model import Study
from saklig.study.sources import Sources
from saklig.tabulation.engines.raw_relation import by_cases, over_raw
from saklig.tabulation.engines.relational import Relational, Rows, whole
from saklig.tabulation.table import Grouping

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LONGEST_LIST = 1000
"""Codes of a column whose small whole numbers are looked up in a list."""


@dataclass(frozen=True)
class DuckDB:
    """A session of DuckDB."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, statement: str) -> Rows:
        """What the statement counts; nothing of it is NULL."""
        found = self.connection.execute(statement).fetchnumpy()
        return {name: whole(np.ma.getdata(numbers)) for name, numbers in found.items()}

    def table(self, statement: str) -> pa.Table:
        """A small table of any types."""
        return self.connection.sql(statement).to_arrow_table()

    def name(self, column: str) -> str:
        """A column's name, quoted."""
        return '"' + column.replace('"', '""') + '"'

    def text(self, value: str) -> str:
        """A text, quoted."""
        return "'" + value.replace("'", "''") + "'"

    def coded(self, column: str, codes: Mapping[Any, int], blank: int) -> str:
        """Small whole numbers are places in a list, which takes a fifth of the time of cases compared in turn.

        DuckDB counts places from 1, and from −1 at the end; at 0 and at NULL there is nothing. A column in which both 0
        and NULL have codes is left to cases.
        """
        if not all(isinstance(value, (int, float)) and float(value).is_integer() for value in codes):
            return by_cases(self, column, codes, blank)
        size = int(max(0, *codes) - min(0, *codes))
        if size > LONGEST_LIST or codes.get(0, blank) != blank:
            return by_cases(self, column, codes, blank)
        listed = [blank] * size
        for value, code in codes.items():
            if value != 0:
                listed[int(value) - (value > 0)] = code
        return f"coalesce([{', '.join(map(str, listed))}][CAST({column} AS BIGINT)], {blank})"


def connect(*, threads: int = 0, memory: str = "") -> DuckDB:
    """A session in memory. `threads`: 0 for all. `memory`: the most that it may hold; more is an error of DuckDB's."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET temp_directory = ''")  # answers are not written anywhere; what does not fit fails
    connection.execute("SET enable_progress_bar = false")  # it writes to whatever terminal there is
    if threads:
        connection.execute(f"SET threads = {threads}")
    if memory:
        connection.execute(f"SET memory_limit = '{memory}'")
    return DuckDB(connection)


def over_parquet(path: Path, study: Study, sources: Sources, wave: str, session: DuckDB | None = None) -> Relational:
    """The engine over a Parquet file (or, by a pattern with `*`, several), which is read anew for each question.

    Raises as `over_raw`.
    """
    session = session or connect()
    table = f"read_parquet({session.text(str(path))})"
    return over_raw(session, table, study, sources, wave, called=path.name)


def over_answers(
    columns: Mapping[tuple[str, str], Column], groupings: Sequence[Grouping], design: Design
) -> Relational:
    """The engine over codes that are in memory already; DuckDB reads numpy's arrays where they lie.

    Every cluster's sums come back, however many: products of them agree to eleven digits only, and an edition is the
    same to the last bit whoever counted. Parts that are not one code a respondent are left out. Raises ValueError for
    a sample in several stages.
    """
    import pyarrow as pa

    facts = facts_of(design)
    arrays = {"w": design.weights, "v": design.squares.numbers.astype(np.int64), "h": design.stratum}
    if design.cluster is not None:
        arrays["u"] = design.cluster
    arrays |= {f"g{number}": grouping.codes for number, grouping in enumerate(groupings)}
    coded = {key: column.codes for key, column in columns.items() if isinstance(column, Coded)}
    names = {key: f"q{number}" for number, key in enumerate(coded)}
    arrays |= {names[key]: codes for key, codes in coded.items()}
    session = connect()
    session.connection.register("coded", pa.table(arrays))
    return Relational(
        session=session,
        relation="SELECT * FROM coded",
        columns=names,
        groupings=tuple(groupings),
        facts=facts,
        most=sys.maxsize,
    )
