"""What the rules look at in one family of one wave, and the columns that they withhold.

The audit pushes every witness through these same functions: they are the publication's own code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import NOT_ASKED, Answers, Column
from saklig.design.model import Design
from saklig.disclosure.columns import Columns, columns_of
from saklig.disclosure.differences import nested, routed
from saklig.disclosure.dominance import dominated
from saklig.disclosure.families import Family, Key, families, routers
from saklig.disclosure.gate import Bases, Rule, Withheld, complete, gate
from saklig.disclosure.policy import Policy
from saklig.study.model import Study
from saklig.tabulation.breakdown import Breakdown, breakdown
from saklig.tabulation.plan import groupings
from saklig.tabulation.table import Table
from saklig.tabulation.tabulate import tabulate_all

Tables = Mapping[Key, tuple[Table, ...]]
"""Part → one table a grouping."""


@dataclass(frozen=True, kw_only=True)
class WaveView:
    """One wave, folded: its answers, its design, its group columns and its families."""

    answers: Answers
    design: Design
    columns: Columns
    families: tuple[Family, ...]
    breakdown: Breakdown


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """`asked`: part → unweighted asked, int64 (columns,).

    `dominated`, `routed`: bool (columns,). `shared`: as in `Columns.shared`, over those who were asked any part.
    """

    tables: Tables
    asked: Mapping[Key, NDArray[np.int64]]
    bases: Bases
    dominated: NDArray[np.bool_]
    routed: NDArray[np.bool_]
    shared: NDArray[np.int64]


def wave_view(study: Study, answers: Answers, design: Design) -> WaveView:
    """`answers` with the groups of `study`, folded."""
    columns = columns_of(groupings(study, answers))
    return WaveView(
        answers=answers,
        design=design,
        columns=columns,
        families=families(study, answers.wave),
        breakdown=breakdown(columns.groupings, design),
    )


def tabulated(family: Family, columns: Mapping[Key, Column], view: WaveView) -> Tables:
    """The tables of one family as `columns` answers it."""
    return {part.key: tabulate_all(part, columns[part.key], view.breakdown) for part in family.parts}


def evidence(
    family: Family, columns: Mapping[Key, Column], view: WaveView, policy: Policy, tables: Tables | None = None
) -> Evidence:
    """Gathers what the rules need of the family as `columns` answers it; `tables`: its tables, where they are made."""
    groups = view.columns
    masks = {part.key: columns[part.key].codes != NOT_ASKED for part in family.parts}
    tables = tables or tabulated(family, columns, view)
    asked = {key: groups.bases(mask) for key, mask in masks.items()}
    anyone = np.logical_or.reduce(list(masks.values()))
    answered = [np.concatenate([_answered(table) for table in tables[part.key]]) for part in family.parts]
    skipped = np.zeros(groups.size, bool)
    for part in family.parts:
        for router in routers(part, family.parts):
            skipped |= routed(asked[part.key], asked[router], policy.threshold)
    return Evidence(
        tables=tables,
        asked=asked,
        bases=Bases(asked=groups.bases(anyone), counted=np.stack([*asked.values(), *answered])),
        dominated=np.logical_or.reduce(
            [np.concatenate([dominated(table, policy) for table in tables[part.key]]) for part in family.parts]
        ),
        routed=skipped,
        shared=groups.shared(anyone),
    )


def by_rules(
    found: Evidence, columns: Columns, policy: Policy, repaired: NDArray[np.bool_], near: NDArray[np.bool_]
) -> Withheld:
    """What is withheld by the rules, given the columns that the audit's repair has `repaired`, bool (columns,), and
    those that are too `near`, bool (columns,), to what was published before.
    """
    somebody = found.bases.asked > 0
    withheld = np.where(repaired & somebody, Rule.AUDIT, gate(found.bases, policy.threshold)).astype(np.int8)
    for rule, where in ((Rule.DOMINANCE, found.dominated), (Rule.DIFFERENCES, found.routed | near)):
        withheld[(withheld == Rule.PUBLISHED) & where & somebody] = rule
    if withheld[0]:
        withheld[(withheld == Rule.PUBLISHED) & somebody] = Rule.PARENT
        return withheld
    while True:
        withheld = complete(withheld, columns, found.bases, policy.threshold)
        narrowed = nested(withheld, columns, found.shared, policy.threshold)
        if (narrowed == withheld).all():
            return withheld
        withheld = narrowed


def _answered(table: Table) -> NDArray[np.int64]:
    """Shape (groups,): the smallest base behind a share of the table."""
    shares = [place for place, row in enumerate(table.rows) if not row.stat]
    smallest: NDArray[np.int64] = table.base[:, shares or slice(None)].min(axis=1)
    return smallest
