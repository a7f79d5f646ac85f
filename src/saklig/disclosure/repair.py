"""Repair: what the audit could not clear is withheld, one group after the other.

The group with the most failures in the grouping of lowest priority (pairs before backgrounds, the last before the
first) is withheld with its smallest sibling, and the audit goes on. Where not even the whole population can be
published without pinning somebody down, because everybody gave the same answer, the family is withheld.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.audit import Audit, reconfirm, search, start
from saklig.disclosure.evidence import Evidence, WaveView, by_rules
from saklig.disclosure.exchange import pinned
from saklig.disclosure.families import Family
from saklig.disclosure.gate import Withheld
from saklig.disclosure.policy import Policy
from saklig.disclosure.possibilities import Possibilities, possibilities


@dataclass(frozen=True)
class Outcome:
    """`withheld`: the Rule of each column. `audited`: respondents of the family that were at risk and are cleared."""

    withheld: Withheld
    audited: int


def audit_and_repair(family: Family, view: WaveView, policy: Policy, seen: Evidence) -> Outcome:
    """Withholds what the rules and the audit require of one confidential family."""
    withheld = by_rules(seen, view.columns, policy, np.zeros(view.columns.size, bool))
    if policy.participation == "public" or withheld[0]:
        return Outcome(withheld, 0)
    return (_known if policy.participation == "known" else _secret)(family, view, policy, seen, withheld)


def _known(family: Family, view: WaveView, policy: Policy, seen: Evidence, withheld: Withheld) -> Outcome:
    repaired = np.zeros(view.columns.size, bool)
    audit = start(family, view, policy, seen)
    everybody = len(audit.space.respondents)
    search(audit, withheld, repaired)
    if audit.failures().any() and not _whole_can_be_published(audit):
        repaired[0] = True
        return Outcome(by_rules(seen, view.columns, policy, repaired), everybody)
    while not withheld[0] and (failures := audit.failures()).any():
        worst = _worst(failures, withheld, view, seen)
        if worst > 0 or repaired[1:].all():
            repaired[worst] = True
        else:  # before the whole goes, what other rules withheld: no witness need keep it true that they had to
            repaired[1:] = True
        withheld = by_rules(seen, view.columns, policy, repaired)
        reconfirm(audit, withheld, repaired)
        search(audit, withheld, repaired)
    return Outcome(withheld, everybody)


def _secret(family: Family, view: WaveView, policy: Policy, seen: Evidence, withheld: Withheld) -> Outcome:
    repaired = np.zeros(view.columns.size, bool)
    audited = np.zeros(view.answers.n, bool)
    space: Possibilities | None = None
    while (risk := _at_risk(view, policy, seen, withheld)).any():
        space = space or possibilities(family, view, weights_known=False)
        audited[space.respondents] |= risk[space.respondents]
        failing = pinned(space, view.columns, withheld, risk[space.respondents])
        if not failing.any():
            break
        per_class = np.bincount(space.class_of[failing], minlength=len(space.unit))
        repaired[_worst(per_class @ space.member.astype(np.int64), withheld, view, seen)] = True
        withheld = by_rules(seen, view.columns, policy, repaired)
    return Outcome(withheld, int(audited.sum()))


def _at_risk(view: WaveView, policy: Policy, seen: Evidence, withheld: Withheld) -> NDArray[np.bool_]:
    """Bool (n,): everybody in a small study, else those in a published group below `audit_below`."""
    if withheld[0]:
        return np.zeros(view.answers.n, bool)
    if view.answers.n <= policy.audit_to:
        return np.ones(view.answers.n, bool)
    small = (withheld == 0) & (seen.bases.asked > 0) & (seen.bases.asked < policy.audit_below)
    inverse, member = view.columns.classes
    risk: NDArray[np.bool_] = np.any(member[:, small], axis=1)[inverse]
    return risk


def _whole_can_be_published(audit: Audit) -> bool:
    """Whether, with every group withheld but the whole population, nobody is pinned down for everybody."""
    repaired = np.ones(audit.view.columns.size, bool)
    repaired[0] = False
    withheld = by_rules(audit.seen, audit.view.columns, audit.policy, repaired)
    alone = start(audit.family, audit.view, audit.policy, audit.seen)
    search(alone, withheld, repaired, only_nobody=True)
    return not alone.failures().any()


def _worst(failures: NDArray[np.int64], withheld: Withheld, view: WaveView, seen: Evidence) -> int:
    """The published column with most failures in the last grouping that has any; of equals the first.

    Where only withheld groups have failures, what is published beside them tells of them: then the last grouping of
    all.
    """
    grouping_of = view.columns.grouping_of
    published = (withheld == 0) & (grouping_of > 0) & (seen.bases.asked > 0)
    candidates = published & (failures > 0) if (published & (failures > 0)).any() else published
    if not candidates.any():
        return 0
    last = grouping_of[candidates].max()
    return int(np.argmax(np.where(candidates & (grouping_of == last), failures, -1)))
