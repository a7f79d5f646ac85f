"""From what was counted somewhere else, one row a unit, group and answer, to the statistics of a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from saklig.design.facts import DesignFacts
from saklig.estimation.variance import Parents
from saklig.tabulation.breakdown import stage_of
from saklig.tabulation.engines.memory import NOTHING
from saklig.tabulation.layout import Layout
from saklig.tabulation.statistics import Frame, Integers, Products, StageStatistics, Statistics
from saklig.tabulation.table import Grouping


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Sums over the respondents alike in group, stratum, cluster and column: all int64 (entries,).

    `group`: numbered over all groupings of the frame. `unit`: None in an element sample. `column`: of the layout;
    several entries may have the same. `count`, `weight`: as in Statistics. `square`, `present`: likewise, by column.
    """

    group: Integers
    stratum: Integers
    unit: Integers | None
    column: Integers
    count: Integers
    weight: Integers
    square: Integers
    present: Integers


def frame_of(groupings: Sequence[Grouping], facts: DesignFacts) -> Frame:
    """The frame of a sample of which only `facts` are known."""
    return Frame(
        groupings=tuple(groupings),
        scale=facts.scale,
        total=facts.total,
        square_unit=facts.square_unit,
        population=facts.population_size,
        finite=bool((facts.fraction > 0).any()),
        intervals=facts.intervals,
        interval=facts.interval,
    )


def statistics_of(found: Counted, layout: Layout, facts: DesignFacts, groups: int, *, errors: bool) -> Statistics:
    """Bit for bit what the engine in memory gives of the same respondents."""

    def by(slot: Integers, size: int, numbers: Integers) -> Integers:
        result = np.zeros((size, layout.columns), dtype=np.int64)
        np.add.at(result, (slot, found.column), numbers)
        return result

    stages: tuple[StageStatistics, ...] = ()
    if errors:
        drawn = facts.clusters_by_stratum.astype(np.float64)
        parents = Parents(drawn=drawn, fraction=facts.fraction, above=np.ones(len(drawn)), lonely=facts.lonely)
        unit = None if found.unit is None else found.unit.astype(np.int32)
        stage, slot, size = stage_of(found.group, found.stratum.astype(np.int32), unit, parents)
        stages = (
            StageStatistics(
                stage=stage,
                weight=by(slot, size, found.weight),
                square=by(slot, size, found.square) if unit is None else None,
            ),
        )
    return Statistics(
        count=by(found.group, groups, found.count),
        weight=by(found.group, groups, found.weight),
        square=by(found.group, groups, found.square) @ layout.base if errors else NOTHING,
        present=by(found.group, groups, found.present) @ layout.base if errors else NOTHING,
        stages=stages,
    )


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """What was counted of strata in groups, one row each: `group`, `stratum` int64 (b,); sums int64 (b, c)."""

    group: Integers
    stratum: Integers
    count: Integers
    weight: Integers
    square: Integers
    present: Integers
    products: Products


def statistics_of_blocks(found: Blocks, layout: Layout, facts: DesignFacts, groups: int) -> Statistics:
    """The same sums by group, and products in place of the sums of every cluster."""
    drawn = facts.clusters_by_stratum.astype(np.float64)
    parents = Parents(drawn=drawn, fraction=facts.fraction, above=np.ones(len(drawn)), lonely=facts.lonely)
    stage, slot, _ = stage_of(found.group, found.stratum.astype(np.int32), None, parents)
    order = np.argsort(slot)

    def by_group(numbers: Integers) -> Integers:
        result = np.zeros((groups, numbers.shape[1]), dtype=np.int64)
        np.add.at(result, found.group, numbers)
        return result

    return Statistics(
        count=by_group(found.count),
        weight=by_group(found.weight),
        square=by_group(found.square) @ layout.base,
        present=by_group(found.present) @ layout.base,
        stages=(
            StageStatistics(
                stage=stage,
                weight=found.weight[order],
                square=None,
                products=Products(pairs=found.products.pairs[order], units=found.products.units[order]),
            ),
        ),
    )
