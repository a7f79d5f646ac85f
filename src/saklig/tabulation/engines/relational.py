"""The engine over a relation: a database or a cluster counts, and only what it counted comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from saklig.design.facts import DesignFacts
from saklig.language.catalog import say
from saklig.study.model import Kind, Part
from saklig.tabulation.engines.counted import Blocks, Counted, frame_of, statistics_of, statistics_of_blocks
from saklig.tabulation.engines.statement import Columns, by_stratum, by_unit
from saklig.tabulation.layout import Layout, layout_of
from saklig.tabulation.statistics import EngineError, Frame, Integers, Products, Statistics
from saklig.tabulation.table import Grouping

if TYPE_CHECKING:
    import pyarrow as pa

Rows = Mapping[str, NDArray[Any]]
"""Column → its numbers, int64 (rows,); clusters may be named by texts."""


def whole(numbers: NDArray[Any]) -> NDArray[Any]:
    """Numbers as int64; what is text (a cluster's name) as it is."""
    return numbers if numbers.dtype.kind in "OUS" else numbers.astype(np.int64)


class Session(Protocol):
    """Whoever runs a statement."""

    def rows(self, statement: str) -> Rows: ...

    def table(self, statement: str) -> pa.Table: ...


MOST_ENTRIES = 1_000_000
"""Clusters × groups × answers of one question that are told apart; of more only products come back."""


@dataclass(frozen=True, kw_only=True)
class Relational:
    """`relation`: a SELECT as `statement` describes it. `columns`: the column of each part, by its key.

    `groupings`: their codes are not looked at, and may be empty. `facts`: of the design. `most`: see MOST_ENTRIES.
    """

    session: Session
    relation: str
    columns: Mapping[tuple[str, str], str]
    groupings: tuple[Grouping, ...]
    facts: DesignFacts
    most: int = MOST_ENTRIES

    @cached_property
    def frame(self) -> Frame:
        """From the facts of the design."""
        return frame_of(self.groupings, self.facts)

    def statistics(self, parts: Sequence[Part], *, errors: bool) -> Iterator[Statistics]:
        """A statement a part, run when its statistics are wanted. Raises EngineError before any for what is no code."""
        for part in parts:
            check_countable(part)
        for part in parts:
            layout = layout_of(part)
            clusters = int(self.facts.clusters_by_stratum.sum())
            if errors and self.facts.clustered and clusters * self.frame.size * layout.columns > self.most:
                yield statistics_of_blocks(self._blocks(part, layout), layout, self.facts, self.frame.size)
            else:
                yield statistics_of(self._counted(part), layout, self.facts, self.frame.size, errors=errors)

    def _counted(self, part: Part) -> Counted:
        statement = by_unit(self.relation, self.columns[part.key], len(self.groupings), clustered=self.facts.clustered)
        rows = self.session.rows(statement)
        return Counted(
            group=self._offsets[rows["k"]] + rows["g"],
            stratum=rows["h"],
            unit=_numbered(rows["h"], rows["u"]) if self.facts.clustered else None,
            column=layout_of(part).column_of[rows["q"] + 3],
            count=rows["n"],
            weight=rows["w"],
            square=rows["v"],
            present=rows["p"],
        )

    @cached_property
    def _offsets(self) -> Integers:
        return np.array([start for start, _ in self.frame.bounds], dtype=np.int64)

    def _blocks(self, part: Part, layout: Layout) -> Blocks:
        of = Columns(
            size=layout.columns,
            column_of={code - 3: int(at) for code, at in enumerate(layout.column_of)},
            bases=tuple(tuple(map(int, np.flatnonzero(base))) for base in layout.base.T),
        )
        found = self.session.table(by_stratum(self.relation, self.columns[part.key], len(self.groupings), of))

        def whole_numbers(names: Sequence[str]) -> Integers:
            return np.stack([found.column(name).to_numpy() for name in names], axis=1).astype(np.int64)

        pairs = np.zeros((found.num_rows, of.size, of.size), dtype=object)
        for i in of.counted:
            for j in (each for each in of.counted if i <= each):
                pairs[:, i, j] = pairs[:, j, i] = [int(each) for each in found.column(f"x{i}_{j}").to_pylist()]
        where = whole_numbers(["h", "k", "g"])
        sums = {name: whole_numbers([f"{name}{at}" for at in range(of.size)]) for name in "nwvp"}
        return Blocks(
            group=self._offsets[where[:, 1]] + where[:, 2],
            stratum=where[:, 0],
            count=sums["n"],
            weight=sums["w"],
            square=sums["v"],
            present=sums["p"],
            products=Products(pairs=pairs, units=whole_numbers([f"u{base}" for base in range(len(of.bases))])),
        )


def _numbered(stratum: Integers, cluster: NDArray[Any]) -> Integers:
    """Clusters numbered uniquely over strata: the same name in two strata is two clusters."""
    _, names = np.unique(cluster, return_inverse=True)
    _, number = np.unique(stratum * (int(names.max(initial=0)) + 1) + names, return_inverse=True)
    return np.asarray(number, dtype=np.int64)


def is_countable(part: Part) -> bool:
    """Whether a part is one code a respondent: neither several answers nor numbers."""
    return not part.overlapping and part.question.kind is not Kind.NUMERIC


def check_countable(part: Part) -> None:
    """Raises EngineError for a part that is not one code a respondent."""
    if not is_countable(part):
        raise EngineError(
            say(
                "question “{name}”: only questions with one answer are counted by a database; numbers, rankings and "
                "several answers are counted in memory (--engine memory)",
                name=".".join(filter(None, part.key)),
            )
        )
