"""Who counts answers that are in memory: by name, as `saklig publish --engine` knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from saklig.answers.model import Column
from saklig.study.model import Part
from saklig.tabulation.breakdown import Breakdown
from saklig.tabulation.engines.fast import in_memory
from saklig.tabulation.engines.relational import Relational, is_countable
from saklig.tabulation.statistics import Engine, Frame, Statistics

Key = tuple[str, str]
Counter = Callable[[Mapping[Key, Column], Breakdown], Engine]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Questions with one answer are counted by `relational`, all others in memory."""

    relational: Relational
    memory: Engine

    @property
    def frame(self) -> Frame:
        """The same for both."""
        return self.memory.frame

    def statistics(self, parts: Sequence[Part], *, errors: bool) -> Iterator[Statistics]:
        """Part by part."""
        for part in parts:
            engine: Engine = self.relational if is_countable(part) else self.memory
            yield from engine.statistics((part,), errors=errors)


def in_duckdb(columns: Mapping[Key, Column], broken: Breakdown) -> Engine:
    """DuckDB counts, in as much memory as it is given; numpy counts a sample in several stages, with replicates, or
    with weights that meet targets."""
    from saklig.tabulation.engines.with_duckdb import over_answers

    memory, design = in_memory(columns, broken), broken.design
    if design.later or design.replicates is not None or design.adjustment is not None:
        return memory
    return Beside(relational=over_answers(columns, broken.groupings, broken.design), memory=memory)


COUNTERS: Mapping[str, Counter] = {"memory": in_memory, "duckdb": in_duckdb}
