"""Files larger than memory through the compiled loops: DuckDB reads them chunk by chunk, and the sums are added up.

All questions are counted in one pass over the file, where a statement for each would read it once a question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import NOT_ASKED
from saklig.design.model import Design
from saklig.study.model import Part
from saklig.tabulation import compiled
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.engines.memory import NOTHING
from saklig.tabulation.engines.relational import Relational, check_countable
from saklig.tabulation.engines.with_duckdb import DuckDB
from saklig.tabulation.layout import layout_of
from saklig.tabulation.statistics import Engine, Frame, StageStatistics, Statistics
from saklig.tabulation.table import Grouping

ROWS = 2_000_000
"""Respondents in memory at once."""

MOST_BYTES = 2**30
"""Of the sums of all parts by unit, group and column; of more each part is counted by DuckDB itself."""

Chunk = dict[str, NDArray[Any]]


def streamed(relational: Relational, session: DuckDB, rows: int = ROWS) -> Engine:
    """The engine that counts a file soonest: in chunks where compiled loops are installed, else by its statements."""
    return Streamed(relational=relational, session=session, rows=rows) if compiled.available() else relational


@dataclass(frozen=True, kw_only=True)
class _Part(Design):
    """A chunk's respondents, in the units of the whole: squares in its unit, and nobody in every sampling unit."""

    unit: float

    @property
    def square_unit(self) -> float:
        """That of the whole sample."""
        return self.unit


@dataclass(frozen=True, kw_only=True)
class Streamed:
    """`relational`: over a file, by the same `session`. `rows`: respondents in a chunk."""

    relational: Relational
    session: DuckDB
    rows: int = ROWS

    @property
    def columns(self) -> Mapping[tuple[str, str], str]:
        """The column of each part that is counted, by its key."""
        return self.relational.columns

    @property
    def frame(self) -> Frame:
        """As `relational` has it."""
        return self.relational.frame

    def statistics(self, parts: Sequence[Part], *, errors: bool) -> Iterator[Statistics]:
        """One pass for all parts. Raises EngineError for what is no code."""
        for part in parts:
            check_countable(part)
        layouts = [layout_of(part) for part in parts]
        slots = self.frame.size * self._units
        if not parts or 16 * slots * sum(layout.columns for layout in layouts) > MOST_BYTES:
            yield from self.relational.statistics(parts, errors=errors)
            return
        from saklig.tabulation.compiled.counting import Counted, Counter
        from saklig.tabulation.compiled.units import stage_of, units_of

        total: list[Counted] = []
        stage = None
        for chunk in self._chunks(parts):
            design = self._design(chunk)
            units = units_of(design)
            broken = breakdown(self._groupings(chunk), design)
            counter = Counter(broken=broken, units=units, columns=max(layout.columns for layout in layouts))
            given = [(layout, chunk[f"p{number}"]) for number, layout in enumerate(layouts)]
            found = counter.count(given)
            total = [_added(one, other) for one, other in zip(total, found, strict=True)] if total else list(found)
            if errors and stage is None:
                stage = stage_of(design, units, self.frame.size)
        for each in total:
            groups, units_there, columns = each.weights.shape
            shape = groups * units_there, columns
            stages: tuple[StageStatistics, ...] = ()
            if stage is not None:
                squares = None if each.squares is None else each.squares.reshape(shape)
                stages = (StageStatistics(stage=stage, weight=each.weights.reshape(shape), square=squares),)
            yield Statistics(
                count=each.count,
                weight=each.weight,
                square=each.square if errors else NOTHING,
                present=each.present if errors else NOTHING,
                stages=stages,
            )

    @cached_property
    def _units(self) -> int:
        """How many sampling units there are; the clusters, numbered as they rise, become a table of the session."""
        if not self.relational.facts.clustered:
            return len(self.relational.facts.clusters_by_stratum)
        self.session.connection.execute(
            "CREATE OR REPLACE TEMP TABLE units AS SELECT h, u, CAST(row_number() OVER (ORDER BY h, u) - 1 AS INTEGER) "
            f"AS unit FROM (SELECT DISTINCT h, u FROM ({self.relational.relation}) AS answers) AS units"
        )
        return int(self.session.rows("SELECT CAST(count(*) AS BIGINT) AS n FROM units")["n"][0])

    @cached_property
    def _strata(self) -> NDArray[np.int32]:
        """The stratum of each sampling unit."""
        if not self.relational.facts.clustered:
            return np.arange(self._units, dtype=np.int32)
        return self.session.rows("SELECT h FROM units ORDER BY unit")["h"].astype(np.int32)

    def _chunks(self, parts: Sequence[Part]) -> Iterator[Chunk]:
        """Columns of up to `rows` respondents, and at the end of each nobody once in every sampling unit."""
        groups = range(len(self.frame.groupings))
        columns = {"w": "w", "h": "CAST(h AS INTEGER)"} | {f"g{n}": f"CAST(g{n} AS SMALLINT)" for n in groups}
        asked = {f"p{n}": self.relational.columns[part.key] for n, part in enumerate(parts)}
        columns |= {name: f"CAST({column} AS SMALLINT)" for name, column in asked.items()}
        nobody: Chunk = {"w": np.zeros(self._units, np.int64), "h": self._strata}
        nobody |= {f"g{n}": np.full(self._units, -1, np.int16) for n in groups}
        nobody |= {name: np.full(self._units, NOT_ASKED, np.int16) for name in asked}
        source = f"({self.relational.relation}) AS answers"
        if self.relational.facts.clustered:
            columns["unit"] = "unit"
            nobody |= {"unit": np.arange(self._units, dtype=np.int32)}
            source += " JOIN units USING (h, u)"
        listed = ", ".join(f"{text} AS {name}" for name, text in columns.items())
        self.session.connection.execute("SET preserve_insertion_order = false")
        for batch in self.session.connection.sql(f"SELECT {listed} FROM {source}").to_arrow_reader(self.rows):
            read = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in columns}
            yield {name: np.append(column, nobody[name]) for name, column in read.items()}

    def _design(self, chunk: Chunk) -> _Part:
        facts = self.relational.facts
        return _Part(
            weights=chunk["w"],
            scale=facts.scale,
            stratum=chunk["h"],
            cluster=chunk.get("unit"),
            clusters_by_stratum=facts.clusters_by_stratum,
            fraction=facts.fraction,
            population=np.full(len(facts.clusters_by_stratum), -1, np.int64),
            lonely=facts.lonely,
            unit=facts.square_unit,
        )

    def _groupings(self, chunk: Chunk) -> list[Grouping]:
        return [replace(each, codes=chunk[f"g{number}"]) for number, each in enumerate(self.frame.groupings)]


def _added(one: Any, other: Any) -> Any:
    """The sums of two chunks."""
    squares = None if one.squares is None else one.squares + other.squares
    return replace(
        one,
        count=one.count + other.count,
        weight=one.weight + other.weight,
        present=one.present + other.present,
        square=one.square + other.square,
        weights=one.weights + other.weights,
        squares=squares,
    )
