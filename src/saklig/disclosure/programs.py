"""The integer programs of the audit: another matrix of counts under which every layer's edition stays the same.

Two sets of conditions, both linear in the counts X (classes × profiles):

- `exact`: every published row keeps its count in every stratum × weight × cluster of every published column. Every
  estimate is a function of those counts, so the edition is the same to the last decimal.
- `printed`: every published row keeps its unweighted base, and its weighted ratio stays where it rounds to the same
  number, with room for its interval to do so too. The interval is not linear, so a solution must be confirmed, and the
  conditions of the rows that failed are made exact (`cuts`).

Both keep how many answers were corrected between any two editions: the reason of a correction often tells, and it may
be of an edition long before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Measured
from saklig.disclosure.families import Key
from saklig.disclosure.gate import Rule, Withheld
from saklig.disclosure.layers import Layer
from saklig.disclosure.policy import Policy
from saklig.disclosure.possibilities import Possibilities
from saklig.disclosure.rounding import rounded
from saklig.disclosure.solver import Conditions
from saklig.edition.facts import IN_UNITS, NONE
from saklig.tabulation.table import Table

ROOM = 0.8
"""The part of the distance to the next printed interval that the `printed` conditions use; confirmation decides."""

QUANTILES = ("median", "q1", "q3")

Cut = tuple[int, int, Key, int]
"""(layer, its column, part, row) whose counts are kept exactly."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """What stays the same for one family, given what is withheld of it in each layer."""

    space: Possibilities
    layers: tuple[Layer, ...]

    @cached_property
    def cells(self) -> NDArray[np.int64]:
        """Positions in X.ravel() of the variables: the profiles that are possible in each class."""
        return np.flatnonzero(self.space.allowed.reshape(-1))

    @cached_property
    def size_of_class(self) -> NDArray[np.int64]:
        sizes: NDArray[np.int64] = self.space.given.sum(axis=1)
        return sizes

    @cached_property
    def withheld(self) -> Withheld:
        """The columns of all layers, one after the other."""
        return np.concatenate([layer.withheld for layer in self.layers])

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The first column of each layer among those of all."""
        return tuple(int(start) for start in np.cumsum([0, *(len(layer.withheld) for layer in self.layers)])[:-1])

    def exact(self, *, bases: bool = False) -> Conditions:
        """Nothing that a published estimate is made of changes. `bases`: nor does any base that is withheld."""
        rows: list[tuple[NDArray[np.bool_], NDArray[np.float64]]] = []
        for number, layer in enumerate(self.layers):
            tables, columns = self.space.tables[number], self.space.columns[number]
            kept = [_indicators(table, columns[key]) for key, table in tables.items()]
            every = np.unique(np.concatenate(kept, axis=1), axis=1)
            published = [self.starts[number] + int(column) for column in np.flatnonzero(layer.withheld == 0)]
            rows += [(classes, every) for classes in self._units(published)]
        return self._conditions([*rows, *self._always(all_of_them=bases)])

    def printed(self, cuts: Sequence[Cut], *, bases: bool = False) -> Conditions:
        """Nothing that is printed changes, as far as that is linear; the rows in `cuts` are kept exactly."""
        equal: list[tuple[NDArray[np.bool_], NDArray[np.float64]]] = self._always(all_of_them=bases)
        between: list[tuple[NDArray[np.float64], float, float]] = []
        for number, layer in enumerate(self.layers):
            for key, tables in layer.seen.tables.items():
                for start, table in zip(layer.view.columns.offsets, tables, strict=True):
                    for group in range(table.count.shape[0]):
                        column = self.starts[number] + start + group
                        if not layer.withheld[start + group] and self.space.member[:, column].any():
                            self._print_one(number, key, table, group, column, equal, between)
        for number, own, key, row in cuts:
            kept = _row_indicators(self.space.tables[number][key], self.space.columns[number][key], row)
            equal += [(classes, kept) for classes in self._units([self.starts[number] + own])]
        return self._conditions(equal, between)

    def _print_one(
        self,
        number: int,
        key: Key,
        table: Table,
        group: int,
        column: int,
        equal: list[tuple[NDArray[np.bool_], NDArray[np.float64]]],
        between: list[tuple[NDArray[np.float64], float, float]],
    ) -> None:
        """The conditions of one column of one part in one layer."""
        alone, policy = self.space.tables[number][key], self.layers[number].policy
        inside = self.space.member[:, column]
        ends = (table.count[group] == 0) | (table.count[group] == table.base[group])
        shares = np.array([not row.stat for row in table.rows])
        fixed = [np.unique(alone.base.astype(float), axis=1), alone.count[:, ends & shares].astype(float)]
        equal.append((inside, np.concatenate(fixed, axis=1)))
        windows = _windows(table, group, policy)
        weighted = (self.space.weight[number] * inside)[:, None]
        for row, (low, high) in windows.items():
            top, bottom = _ratio(alone, row)
            between.append(((weighted * (top - low * bottom)[None, :]).reshape(-1), 0.0, np.inf))
            between.append(((weighted * (top - high * bottom)[None, :]).reshape(-1), -np.inf, 0.0))
        column_given = self.space.columns[number][key]
        if isinstance(column_given, Measured):
            kept = _around_quantiles(table, group, column_given, policy)
            if kept.shape[1]:
                equal += [(classes, kept) for classes in self._units([column])]

    def _units(self, columns: Sequence[int]) -> list[NDArray[np.bool_]]:
        """The sets of classes, bool (classes,), in which counts are kept: units within columns, none twice."""
        found: dict[bytes, NDArray[np.bool_]] = {}
        units = self.space.unit[None, :] == np.unique(self.space.unit)[:, None]
        for column in columns:
            for classes in units & self.space.member[:, column]:
                if classes.any():
                    found.setdefault(classes.tobytes(), classes)
        return list(found.values())

    def _always(self, *, all_of_them: bool) -> list[tuple[NDArray[np.bool_], NDArray[np.float64]]]:
        """What both kinds of conditions keep: how many answers were corrected, and what decides what is withheld."""
        rows = [row for number in range(len(self.layers)) for row in self._bases_of_withheld(number, all_of_them)]
        if (corrected := self.space.corrected).any():
            at_all = corrected.any(axis=1, keepdims=True)
            kept = np.unique(np.concatenate([at_all, corrected], axis=1).astype(float), axis=1)
            rows.append((np.ones(len(self.space.unit), bool), kept))
        return rows

    def _bases_of_withheld(
        self, number: int, all_of_them: bool
    ) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.float64]]]:
        """What decides that a column is withheld stays: the bases under the gate, under dominance the counts too."""
        tables, withheld = self.space.tables[number].values(), self.layers[number].withheld
        asked = [(column.codes != -1)[:, None] for column in self.space.columns[number].values()]
        every = np.unique(np.concatenate([*[table.base for table in tables], *asked], axis=1).astype(float), axis=1)
        counts = np.concatenate([every, *[table.count for table in tables]], axis=1)
        deciding = (withheld == Rule.GATE) | (withheld == Rule.DOMINANCE)
        for column in np.flatnonzero(withheld if all_of_them else deciding):
            inside = self.space.member[:, self.starts[number] + column]
            if inside.any():
                yield inside, counts if withheld[column] == Rule.DOMINANCE else every

    def _conditions(
        self,
        equal: Sequence[tuple[NDArray[np.bool_], NDArray[np.float64]]],
        between: Sequence[tuple[NDArray[np.float64], float, float]] = (),
    ) -> Conditions:
        from scipy.sparse import csr_array, vstack

        given = self.space.given.reshape(-1)[self.cells].astype(float)
        classes, profiles = np.divmod(self.cells, self.space.allowed.shape[1])
        of_class = np.unique(classes, return_inverse=True)[1].reshape(-1)
        pieces = [csr_array((np.ones(len(classes)), (of_class, np.arange(len(classes)))))]
        for inside, kept in equal:
            # one row a kept indicator: inside[c] × kept[p], over the cells (c, p)
            dense = inside[classes][None, :] * kept.T[:, profiles]
            pieces.append(csr_array(dense[np.any(dense, axis=1)]))
        matrix = csr_array(vstack(pieces))
        value = matrix @ given
        lower, upper = [value], [value]
        if between:
            dense = np.stack([row for row, _, _ in between])[:, self.cells]
            matrix = csr_array(vstack([matrix, csr_array(dense)]))
            # what was given always satisfies its own conditions, rounding of doubles aside
            reached = dense @ given
            lower.append(np.minimum([low for _, low, _ in between], reached))
            upper.append(np.maximum([high for _, _, high in between], reached))
        return Conditions(matrix, np.concatenate(lower), np.concatenate(upper))


def _indicators(table: Table, column: object) -> NDArray[np.float64]:
    """Shape (profiles, features): everything linear that a table is made of."""
    parts = [
        table.count[:, [not row.stat or row.stat in ("first",) or row.stat.startswith("top-") for row in table.rows]]
    ]
    parts.append(table.base)
    parts.append(table.numerator[:, [row.stat not in QUANTILES for row in table.rows]])
    if isinstance(column, Measured):
        values = np.unique(column.values)
        parts.append((column.values[:, None] == values[None, :]) & (column.codes == -3)[:, None])
    return np.concatenate([np.asarray(part, float) for part in parts], axis=1)


def _row_indicators(table: Table, column: object, row: int) -> NDArray[np.float64]:
    if table.rows[row].stat in IN_UNITS and isinstance(column, Measured):
        return _indicators(table, column)
    return np.stack([table.count[:, row], table.base[:, row], table.numerator[:, row]], axis=1).astype(float)


def _ratio(alone: Table, row: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each profile adds to the numerator and the denominator of a row, in units of a weight of one."""
    return alone.numerator[:, row].astype(float), alone.denominator[:, row].astype(float)


def _windows(table: Table, group: int, policy: Policy) -> Mapping[int, tuple[float, float]]:
    """For every printed ratio of a column the values between which it prints the same, its interval too."""
    shown = rounded(table, policy)
    found = {}
    for row, name in enumerate(table.rows):
        if name.stat in QUANTILES or shown.value[group, row] == NONE:
            continue
        factor = (1.0 if name.stat in IN_UNITS else 100.0) * 10.0 ** int(shown.decimals[group, row])
        ratio = table.numerator[group, row] / table.denominator[group, row] * factor
        low, high = shown.value[group, row] - 0.5 - ratio, shown.value[group, row] + 0.5 - ratio
        for bound, printed, outward in ((table.lower, shown.lower, 0), (table.upper, shown.upper, -1)):
            if printed[group, row] != NONE:
                place = bound[group, row] * factor - (printed[group, row] + outward)
                low, high = max(low, -ROOM * place), min(high, ROOM * (1 - place))
        margin = 1e-6  # keeps ratios off the very ends, where the solver's tolerance would decide
        found[row] = ((ratio + min(0.0, low + margin)) / factor, (ratio + max(0.0, high - margin)) / factor)
    return found


def _around_quantiles(table: Table, group: int, column: Measured, policy: Policy) -> NDArray[np.float64]:
    """Shape (profiles, thresholds): on which side of each printed quantile, and its bounds, a profile lies."""
    shown = rounded(table, policy)
    sides = []
    for row, name in enumerate(table.rows):
        if name.stat not in QUANTILES or shown.value[group, row] == NONE:
            continue
        exact = table.numerator[group, row] / table.denominator[group, row]
        for point in (exact, table.lower[group, row], table.upper[group, row]):
            if np.isfinite(point):
                value = column.values / 10.0**column.decimals
                sides += [(value < point - 1e-9) & (column.codes == -3), (value <= point + 1e-9) & (column.codes == -3)]
    return np.stack(sides, axis=1).astype(float) if sides else np.zeros((len(column.values), 0))
