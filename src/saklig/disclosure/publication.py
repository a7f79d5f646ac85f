"""Facts from tables: rounded, withheld and addressed, in the plan's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.gate import Withheld
from saklig.disclosure.policy import Policy
from saklig.disclosure.rounding import Printed, rounded
from saklig.edition.facts import ADDRESS_COLUMNS, NONE, Facts, Labels, Status
from saklig.edition.publication import Axis, Correlations, row_name
from saklig.tabulation.table import Table

STATUSES = tuple(status.value for status in Status)
CERTAIN = 9
"""Decimals of a correlation that are the same whoever counted."""

_NUMBERS = ("count", "base", "value", "se", "lower", "upper", "deff", "df")


@dataclass(frozen=True, kw_only=True)
class Block:
    """One table as published. `withheld`: the Rule, and `asked`: the unweighted respondents, of each of its groups."""

    wave: str
    table: Table
    printed: Printed
    withheld: Withheld
    asked: NDArray[np.int64]

    @property
    def status(self) -> NDArray[np.int8]:
        """Shape (groups, rows), positions in STATUSES. Whoever is withheld is so in every row."""
        status = np.full(self.printed.value.shape, STATUSES.index(Status.PUBLISHED))
        status[self.printed.too_few] = STATUSES.index(Status.WITHHELD)
        status[self.table.denominator <= 0] = STATUSES.index(Status.NO_ANSWERS)
        status[self.asked == 0] = STATUSES.index(Status.NOT_ASKED)
        status[self.withheld > 0] = STATUSES.index(Status.WITHHELD)
        return status.astype(np.int8)


def block(wave: str, table: Table, withheld: Withheld, asked: NDArray[np.int64], policy: Policy) -> Block:
    """The table rounded by the policy, beside what is withheld of it."""
    return Block(wave=wave, table=table, printed=rounded(table, policy), withheld=withheld, asked=asked)


def facts(blocks: Iterable[Block]) -> Facts:
    """All blocks, in the given order, as the columns of an edition. Withheld rows hold no number but their decimals."""
    blocks = list(blocks)
    status = _joined([each.status for each in blocks], np.int8)
    shown = status == STATUSES.index(Status.PUBLISHED)
    numbers = {
        name: np.where(shown, _joined([getattr(each.printed, name) for each in blocks], np.int64), NONE)
        for name in _NUMBERS
    }
    decimals = _joined([each.printed.decimals for each in blocks], np.int8)
    return Facts(
        address=_addresses(blocks),
        decimals=np.where(shown, decimals, 0).astype(np.int8),  # decimals would tell whether a base is large
        status=Labels(codes=status.astype(np.int32), values=STATUSES),
        **numbers,
    )


def correlations(blocks: Iterable[Block], policy: Policy) -> Iterator[Correlations]:
    """Of the tables of which they were asked for: between published numbers, and of groups too large for the audit to
    look at single members. In tenths, rounded down."""
    for each in blocks:
        if each.table.correlation is None:
            continue
        shown = (each.status == STATUSES.index(Status.PUBLISHED)) & (each.table.base >= policy.audit_below)
        told = shown[:, None] & shown[None] & ~np.isnan(each.table.correlation)
        told &= ~np.eye(len(told), dtype=np.bool_)[..., None]
        kept = np.flatnonzero(told.any(axis=(1, 2)))
        if not len(kept):
            continue
        found = np.where(told, each.table.correlation, np.nan)[np.ix_(kept, kept)]
        yield Correlations(
            axis=Axis.GROUPS,
            wave=each.wave,
            question=each.table.part.key[0],
            item=each.table.part.key[1],
            by=each.table.grouping.by,
            names=tuple(",".join(each.table.grouping.groups[group]) for group in kept),
            tenths={
                row_name(row.category, row.stat): triangle(found[..., place])
                for place, row in enumerate(each.table.rows)
                if told[..., place].any()
            },
        )


def triangle(correlation: NDArray[np.float64]) -> tuple[tuple[int | None, ...], ...]:
    """The tenths of each number with those before it, from correlations (m, m)."""
    size, found = len(correlation), tenths(correlation.ravel())
    return tuple(found[place * size : place * size + place] for place in range(size))


def tenths(correlation: NDArray[np.float64]) -> tuple[int | None, ...]:
    """The tenth that each of (m,) lies in, from −10 to 9: it is between that and one more. None where it is NaN."""
    found = np.clip(np.floor(10 * np.round(correlation, CERTAIN)), -10, 9)
    return tuple(None if isnan(each) else int(each) for each in found.tolist())


def _joined(arrays: Sequence[NDArray[Any]], kind: type[np.signedinteger[Any]]) -> NDArray[Any]:
    return np.concatenate([array.reshape(-1) for array in arrays]) if arrays else np.zeros(0, kind)


def _addresses(blocks: Sequence[Block]) -> dict[str, Labels]:
    values: dict[str, dict[str, int]] = {name: {"": 0} for name in ADDRESS_COLUMNS}
    codes: dict[str, list[NDArray[np.int32]]] = {name: [] for name in ADDRESS_COLUMNS}

    def code(name: str, text: str) -> int:
        return values[name].setdefault(text, len(values[name]))

    for each in blocks:
        groups, rows = each.printed.value.shape
        table, grouping = each.table, each.table.grouping
        fixed = {"wave": each.wave, "question": table.part.key[0], "item": table.part.key[1]}
        fixed |= {f"by{place + 1}": by for place, by in enumerate(grouping.by)}
        by_row = {"category": [row.category for row in table.rows], "stat": [row.stat for row in table.rows]}
        by_group = {f"group{place + 1}": [cell[place] for cell in grouping.groups] for place in range(len(grouping.by))}
        for name in ADDRESS_COLUMNS:
            if name in by_row:
                cells = np.tile(np.array([code(name, text) for text in by_row[name]], np.int32), groups)
            elif name in by_group:
                cells = np.repeat(np.array([code(name, text) for text in by_group[name]], np.int32), rows)
            else:
                cells = np.full(groups * rows, code(name, fixed.get(name, "")), np.int32)
            codes[name].append(cells)
    return {name: Labels(codes=_joined(codes[name], np.int32), values=tuple(values[name])) for name in ADDRESS_COLUMNS}
