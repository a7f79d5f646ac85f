"""Of which published numbers it may be told how they hang together with others."""

from __future__ import annotations

from collections.abc import Mapping

from saklig.disclosure.protect import Protected
from saklig.edition.facts import NONE
from saklig.edition.publication import row_name

Number = tuple[str, str, str, str, str]
"""Question, item, row, background and group; of everybody the last two are empty."""


def tellable(protected: Protected, *, groups: bool) -> Mapping[str, set[Number]]:
    """By wave, those with an interval that stand for so many that the audit does not look at single members: of
    everybody, and with `groups` of those of single backgrounds too."""
    facts, found = protected.facts, {wave.id: set[Number]() for wave in protected.study.waves}
    kept = (facts.lower != NONE) & (facts.base >= protected.policy.audit_below)
    labels = facts.address["by2" if groups else "by1"]
    kept &= labels.codes == labels.values.index("")
    for fact in facts.rows(kept.nonzero()[0]):
        row = row_name(fact.category, fact.stat)
        found[fact.wave].add((fact.question, fact.item, row, fact.by1, fact.group1))
    return found
