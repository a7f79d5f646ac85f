"""Layers: one family as each edition publishes it, the one at hand first, then those that were published before.

A reader who has two editions has both. So what the new edition may print of a family is audited together with what
earlier ones printed of it: a witness gives the same numbers in every layer. Only the first layer can withhold more; the
others stand as they were published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Column
from saklig.disclosure.evidence import Evidence, WaveView, by_rules, evidence
from saklig.disclosure.families import Family, Key
from saklig.disclosure.gate import Withheld
from saklig.disclosure.policy import Policy
from saklig.disclosure.rounding import Printed, rounded


@dataclass(frozen=True, kw_only=True)
class Layer:
    """`people`: int64 (n,), who the wave's respondents are among all that any layer has.

    `near`: bool (columns,), differs from a column of an earlier edition by too few respondents.
    `repaired`: bool (columns,), withheld for the audit. `withheld`: the Rule of each column as published.
    """

    family: Family
    view: WaveView
    policy: Policy
    seen: Evidence
    people: NDArray[np.int64]
    near: NDArray[np.bool_]
    repaired: NDArray[np.bool_]
    withheld: Withheld

    @cached_property
    def printed(self) -> Mapping[Key, tuple[Printed, ...]]:
        """What the policy prints of the answers as given, before any column is withheld."""
        return {key: tuple(rounded(table, self.policy) for table in tables) for key, tables in self.seen.tables.items()}

    @cached_property
    def ruled(self) -> Withheld:
        """What the rules of this program withhold. An earlier edition may have been protected by those of another."""
        return self.by_rules(self.seen)

    def by_rules(self, found: Evidence) -> Withheld:
        """What would be withheld if the answers were those behind `found`."""
        return by_rules(found, self.view.columns, self.policy, self.repaired, self.near)

    def answered(self, columns: Mapping[Key, Column]) -> Evidence:
        """What the rules would look at if the family were answered by `columns`."""
        return evidence(self.family, columns, self.view, self.policy)

    def repairing(self, repaired: NDArray[np.bool_]) -> Layer:
        """The layer with the columns `repaired` withheld, and what the rules withhold beside them."""
        changed = replace(self, repaired=repaired)
        return replace(changed, withheld=changed.ruled)


def first_layer(
    family: Family, view: WaveView, policy: Policy, seen: Evidence, near: NDArray[np.bool_] | None = None
) -> Layer:
    """The layer of the edition at hand, with what the rules alone withhold."""
    nothing = np.zeros(view.columns.size, bool)
    layer = Layer(
        family=family,
        view=view,
        policy=policy,
        seen=seen,
        people=np.arange(view.answers.n, dtype=np.int64),
        near=nothing if near is None else near,
        repaired=nothing,
        withheld=nothing.astype(np.int8),
    )
    return layer.repairing(nothing)
