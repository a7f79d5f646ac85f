"""A witness: another set of answers that gives exactly the same editions, confirmed through the publication's own
code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Column
from saklig.disclosure.evidence import Evidence
from saklig.disclosure.families import Key
from saklig.disclosure.layers import Layer
from saklig.disclosure.policy import Policy
from saklig.disclosure.possibilities import Possibilities, with_profiles
from saklig.disclosure.rounding import Printed, rounded
from saklig.tabulation.table import Table

_PRINTED = ("count", "base", "value", "se", "lower", "upper", "deff", "df", "decimals")

Failed = tuple[tuple[int, Key, int], ...]


def columns_of_witness(
    space: Possibilities, counts: NDArray[np.int64], layers: Sequence[Layer]
) -> tuple[dict[Key, Column], ...]:
    """Each layer's columns under `counts` (classes × profiles): within a class, as few respondents change as can."""
    kept = np.minimum(space.given, counts)
    profile_of = space.profile_of.copy()
    for class_ in np.flatnonzero((space.given != counts).any(axis=1)):
        surplus = counts[class_] - kept[class_]
        free = []
        for profile in np.flatnonzero(space.given[class_] > kept[class_]):
            who = np.flatnonzero((space.class_of == class_) & (space.profile_of == profile))
            free.append(who[kept[class_, profile] :])
        profile_of[np.concatenate(free)] = np.repeat(np.arange(len(surplus)), surplus)
    return tuple(
        with_profiles(space, number, layer.view.answers.columns, profile_of) for number, layer in enumerate(layers)
    )


@dataclass(frozen=True, kw_only=True)
class Reprint:
    """A layer under other answers, whatever is withheld of it. `rules`: what the rules look at, without the tables.

    `differs`: for each table its first column, its part, and bool (groups, rows), what would print differently.
    """

    rules: Evidence
    differs: tuple[tuple[int, Key, NDArray[np.bool_]], ...]


def reprint(layer: Layer, answered: Mapping[Key, Column]) -> Reprint:
    """The layer as it would be printed if the family were `answered` so."""
    other = layer.answered(answered)
    return Reprint(
        rules=replace(other, tables={}),
        differs=tuple(
            (start, key, _differs(before, printed, after, layer.policy))
            for key, tables in layer.seen.tables.items()
            for start, before, printed, after in zip(
                layer.view.columns.offsets, tables, layer.printed[key], other.tables[key], strict=True
            )
        ),
    )


def differences_in_print(layer: Layer, found: Reprint) -> Failed | None:
    """Where a reader would see that a layer differs: (column, part, row); none: it is a witness's.

    None stands for a difference in what is withheld.
    """
    if (layer.by_rules(found.rules) != layer.ruled).any():
        return None
    failed: list[tuple[int, Key, int]] = []
    for start, key, differs in found.differs:
        shown = differs & (layer.withheld[start : start + len(differs)] == 0)[:, None]
        failed += [(start + int(group), key, int(row)) for group, row in np.argwhere(shown)]
    return tuple(failed)


def _differs(before: Table, one: Printed, after: Table, policy: Policy) -> NDArray[np.bool_]:
    two = rounded(after, policy)
    different = [getattr(one, name) != getattr(two, name) for name in _PRINTED]
    different += [one.too_few != two.too_few, (before.denominator > 0) != (after.denominator > 0)]
    found: NDArray[np.bool_] = np.logical_or.reduce(different)
    return found
