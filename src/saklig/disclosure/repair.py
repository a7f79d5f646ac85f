"""Repair: what the audit could not clear is withheld, one group after the other.

The group with the most failures in the grouping of lowest priority (pairs before backgrounds, the last before the
first) is withheld with its smallest sibling, and the audit goes on. Where not even the whole population can be
published without pinning somebody down, because everybody gave the same answer, the family is withheld.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.audit import Audit, against_outsiders, search, start, withhold
from saklig.disclosure.exchange import unhidden
from saklig.disclosure.gate import Withheld
from saklig.disclosure.layers import Layer
from saklig.disclosure.possibilities import Possibilities, possibilities


@dataclass(frozen=True)
class Outcome:
    """`withheld`: the Rule of each column. `audited`: respondents of the family that were at risk and are cleared."""

    withheld: Withheld
    audited: int


def audit_and_repair(layers: Sequence[Layer]) -> Outcome:
    """Withholds what the rules and the audit require of one confidential family, the first layer."""
    first = layers[0]
    if first.policy.participation == "public" or first.withheld[0]:
        return Outcome(first.withheld, 0)
    return (_known if first.policy.participation == "known" else _secret)(layers)


def _known(layers: Sequence[Layer]) -> Outcome:
    first = layers[0]
    repaired = np.zeros(first.view.columns.size, bool)
    audit = start(layers)
    everybody = int((audit.space.rows[0] >= 0).sum())
    search(audit)
    if audit.pins_somebody and not _whole_can_be_published(audit):
        repaired[0] = True
        return Outcome(first.repairing(repaired).withheld, everybody)
    while not audit.layers[0].withheld[0] and audit.pins_somebody:
        worst = _worst(audit.failures(), audit.layers[0])
        if worst > 0 or repaired[1:].all():
            repaired[worst] = True
        else:  # before the whole goes, what other rules withheld: no witness need keep it true that they had to
            repaired[1:] = True
        withhold(audit, first.repairing(repaired.copy()))
        search(audit)
    return Outcome(audit.layers[0].withheld, everybody)


def _secret(layers: Sequence[Layer]) -> Outcome:
    first, *earlier = layers
    repaired = np.zeros(first.view.columns.size, bool)
    audited = np.zeros(first.view.answers.n, bool)
    space: Possibilities | None = None
    audit: Audit | None = None
    while True:
        risk = _at_risk(first)
        if not (risk.any() or (earlier and not first.withheld[0])):
            break
        space = space or possibilities(layers, weights_known=False)
        at_risk = _among(space, risk)
        audited[space.rows[0][at_risk & (space.rows[0] >= 0)]] = True
        targets = unhidden(space, (first, *earlier), at_risk)
        if len(targets) and space.unit.any():  # weights are told: what exchanges with one's own do not hide, others may
            audit = against_outsiders((first, *earlier), space, targets, audit)
            targets = targets[~audit.cleared[:, 0]]
        if not len(targets):
            break
        failing = at_risk & _pinned(space, targets)
        per_class = np.bincount(space.class_of[failing], minlength=len(space.unit))
        member = space.member[:, : first.view.columns.size].astype(np.int64)
        repaired[_worst(per_class @ member, first)] = True
        first = first.repairing(repaired.copy())
    return Outcome(first.withheld, int(audited.sum()))


def _pinned(space: Possibilities, targets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Bool (asked,): who is of a target's class and has its feature."""
    pinned = np.zeros(space.allowed.shape, bool)
    for class_, feature in targets:
        pinned[class_] |= space.features[feature].has
    return np.asarray(pinned[space.class_of, space.profile_of])


def _at_risk(layer: Layer) -> NDArray[np.bool_]:
    """Bool (n,): everybody in a small study, else those in a group below `audit_below`, withheld or not: what is
    withheld of few can stand between the lines."""
    n, policy = layer.view.answers.n, layer.policy
    if layer.withheld[0]:
        return np.zeros(n, bool)
    if n <= policy.audit_to:
        return np.ones(n, bool)
    asked = layer.seen.bases.asked
    small = (asked > 0) & (asked < policy.audit_below)
    inverse, member = layer.view.columns.classes
    risk: NDArray[np.bool_] = np.any(member[:, small], axis=1)[inverse]
    return risk


def _among(space: Possibilities, risk: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bool (asked,): those of the first layer at `risk`, and whoever an earlier edition has not, or with other
    answers: what differs between two editions points at them."""
    mine = space.rows[0]
    found: NDArray[np.bool_] = np.where(mine >= 0, risk[mine], False)
    for rows in space.rows[1:]:
        found |= (rows < 0) != (mine < 0)
    return found | space.corrected[space.profile_of].any(axis=1)


def _whole_can_be_published(audit: Audit) -> bool:
    """Whether, with every group withheld but the whole population, nobody is pinned down for everybody."""
    repaired = np.ones(audit.layers[0].view.columns.size, bool)
    repaired[0] = False
    alone = start((audit.layers[0].repairing(repaired), *audit.layers[1:]))
    search(alone, only_nobody=True)
    return not alone.pins_somebody


def _worst(failures: NDArray[np.int64], layer: Layer) -> int:
    """The published column with most failures in the last grouping that has any; of equals the first.

    Where only withheld groups have failures, what is published beside them tells of them: then the last grouping of
    all.
    """
    grouping_of = layer.view.columns.grouping_of
    published = (layer.withheld == 0) & (grouping_of > 0) & (layer.seen.bases.asked > 0)
    candidates = published & (failures > 0) if (published & (failures > 0)).any() else published
    if not candidates.any():
        return 0
    last = grouping_of[candidates].max()
    return int(np.argmax(np.where(candidates & (grouping_of == last), failures, -1)))
