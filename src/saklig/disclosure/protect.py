"""Protection from end to end: a study and its answers in, protected and rounded facts out.

What is guaranteed, where the audit was `full`: *for every respondent and confidential question there is another set of
answers, giving exactly the same edition, in which that respondent's answer differs, even for a reader who knows who
took part, their backgrounds, the weights and one answer of their own.*

What is not: it does not hide that an option was not chosen (unless the study marks it sensitive), does not bound how
probable a guess may be, and does not hold against respondents who pool their answers. The repair that follows a failed
audit depends on the answers; a witness is confirmed against all rules of the publication, but the audit is not run
again on each witness. Where the audit says `counts`, the weights and who took part are assumed secret.

What was published before is taken into account: *giving exactly the same edition* means this one and those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Answers
from saklig.design.model import Design
from saklig.disclosure.earlier import Chains, Earlier, EarlierWave, chains, earlier_waves, joined, meeting
from saklig.disclosure.evidence import Evidence, WaveView, evidence, wave_view
from saklig.disclosure.families import Family, Key
from saklig.disclosure.folding import fold
from saklig.disclosure.gate import Rule, Withheld
from saklig.disclosure.layers import Layer, first_layer
from saklig.disclosure.pattern import FamilyPattern, Pattern, joint_key, own_key, wave_key
from saklig.disclosure.policy import Policy, policy_of
from saklig.disclosure.publication import Block, block, correlations, facts
from saklig.disclosure.repair import audit_and_repair
from saklig.edition.facts import Facts
from saklig.edition.publication import Correlations, Protection
from saklig.study.model import Study
from saklig.tabulation.engines.choosing import COUNTERS
from saklig.tabulation.tabulate import tabulate_each

Progress = Callable[[int, int], None]
"""Called with (families done, families in all)."""


@dataclass(frozen=True, kw_only=True)
class Protected:
    """`study` is the study as published, and `waves` the answers behind it: backgrounds folded, pairs left out where
    the policy says so."""

    facts: Facts
    study: Study
    waves: tuple[tuple[Answers, Design], ...]
    policy: Policy
    protection: Protection
    pattern: Pattern
    correlations: tuple[Correlations, ...]

    def as_earlier(self, edition: str) -> Earlier:
        """What later editions are audited together with, once this one is published as `edition`."""
        return Earlier(
            edition=edition,
            audited_with=self.protection.audited_with,
            study=self.study,
            policy=self.policy,
            waves=self.waves,
            pattern=self.pattern,
        )


def protect(
    study: Study,
    waves: Sequence[tuple[Answers, Design]],
    *,
    progress: Progress | None = None,
    remembered: Pattern | None = None,
    earlier: Sequence[Earlier] = (),
    engine: str = "memory",
) -> Protected:
    """Folds, withholds, audits and rounds everything that the study publishes.

    `waves`: answers and design of each wave, in the study's order. `remembered`: an earlier result's pattern; what
    belongs to exactly these answers, policy and rules is used instead of a new audit, and the result does not depend on
    it. `earlier`: the editions that were published before, the first one first. `engine`: who counts the answers, of
    COUNTERS; the result does not depend on it. Raises StudyError where the study's `[disclosure]` cannot be understood.
    """
    policy = policy_of(study, max((answers.n for answers, _ in waves), default=0))
    earlier = earlier if policy.participation != "public" else ()
    few = any(answers.n < policy.pairs_from for answers, _ in waves)
    published, folded, folds = fold(replace(study, pairs=()) if few else study, [each for each, _ in waves], policy)
    waves = tuple((answers, design) for answers, (_, design) in zip(folded, waves, strict=True))
    audits = []
    for answers, design in waves:
        before = earlier_waves(earlier, published, answers)
        chained = chains(before)
        view = wave_view(published, answers, design)
        view = replace(view, families=joined(view.families, chained))
        audits.append(_WaveAudit(view, policy, before, chained, remembered, engine))
    total = sum(len(audit.view.families) for audit in audits)
    blocks: list[Block] = []
    patterns: list[FamilyPattern] = []
    for audit in audits:
        found: dict[Key, list[Block]] = {}
        for family, seen, pattern in audit.outcomes():
            patterns.append(pattern)
            found |= _blocks(family, seen, audit.withheld(pattern), audit.view, policy)
            if progress is not None:
                progress(len(patterns), total)
        blocks += [each for part in published.parts(audit.view.answers.wave) for each in found[part.key]]
    size = sum(len(audit.view.families) * audit.view.columns.size for audit in audits)
    result = Pattern(audit=_audit_made(policy), families=tuple(patterns))
    return Protected(
        facts=facts(blocks),
        study=published,
        waves=waves,
        policy=policy,
        protection=_protection(policy, result, size, folds, _audited_with(result, earlier)),
        pattern=result,
        correlations=tuple(correlations(blocks, policy)),
    )


@dataclass(frozen=True)
class _WaveAudit:
    """The families of one wave, and what was published or is known of them already."""

    view: WaveView
    policy: Policy
    earlier: Sequence[EarlierWave]
    chained: Chains
    remembered: Pattern | None
    engine: str

    def outcomes(self) -> Iterator[tuple[Family, Evidence, FamilyPattern]]:
        """The families in their order; no family's outcome depends on another's."""
        of_wave = wave_key(self.view, self.policy)
        columns = self.view.answers.columns
        parts = [part for family in self.view.families for part in family.parts]
        told = self.policy.tells_correlations(self.view.answers.n)
        made = tabulate_each(parts, COUNTERS[self.engine](columns, self.view.breakdown), correlations=told)
        for family in self.view.families:
            tables = {part.key: next(made) for part in family.parts}
            seen = evidence(family, columns, self.view, self.policy, tables)
            yield family, seen, self._pattern(family, seen, of_wave)

    def withheld(self, pattern: FamilyPattern) -> Withheld:
        return np.array([pattern.withheld.get(name, 0) for name in self.view.columns.names], np.int8)

    def _pattern(self, family: Family, seen: Evidence, of_wave: str) -> FamilyPattern:
        parts = tuple(part.key for part in family.parts)
        wave, own = self.view.answers.wave, own_key(family, self.view, of_wave)
        met = list(meeting(family, self.earlier, self.chained))
        for before, pattern in reversed(met):
            if pattern.own == own and pattern.parts == parts and before.same_persons:
                return pattern  # the very numbers that were published then of the same people, and so nothing new
        key = joint_key(own, [(pattern, before.people) for before, pattern in met])
        known = self.remembered.by_key.get(key) if self.remembered else None
        if known is not None and known.parts == parts and known.wave == wave:
            return known
        made = FamilyPattern(wave=wave, parts=parts, own=own, key=key, withheld={})
        return self._audited(made, family, seen, met) if family.confidential else made

    def _audited(
        self,
        made: FamilyPattern,
        family: Family,
        seen: Evidence,
        met: Sequence[tuple[EarlierWave, FamilyPattern]],
    ) -> FamilyPattern:
        names = self.view.columns.names
        layers: list[Layer] = []
        near = np.zeros(len(names), bool)
        for before, pattern in met:
            layers.append(before.layer(pattern))
            if {part.key for part in family.parts}.intersection(pattern.parts):
                near |= before.near(family, self.view, layers[-1], self.policy.threshold)
        outcome = audit_and_repair((first_layer(family, self.view, self.policy, seen, near), *layers))
        return replace(
            made,
            withheld={names[column]: int(outcome.withheld[column]) for column in np.flatnonzero(outcome.withheld)},
            near=frozenset(names[column] for column in np.flatnonzero(near)),
            audited=outcome.audited,
        )


def _blocks(
    family: Family, seen: Evidence, withheld: Withheld, view: WaveView, policy: Policy
) -> dict[Key, list[Block]]:
    def pieces(numbers: NDArray[np.int64] | Withheld) -> list[NDArray[np.int64]]:
        return np.split(numbers, view.columns.offsets[1:])

    return {
        part.key: [
            block(view.answers.wave, table, hidden.astype(np.int8), asked, policy)
            for table, hidden, asked in zip(
                seen.tables[part.key], pieces(withheld), pieces(seen.asked[part.key]), strict=True
            )
        ]
        for part in family.parts
    }


def _audited_with(pattern: Pattern, earlier: Sequence[Earlier]) -> tuple[str, ...]:
    """All earlier editions; those of the first edition of the same numbers, if they were published before."""
    same = next((each for each in earlier if each.pattern.says_the_same(pattern)), None)
    return tuple(each.edition for each in earlier) if same is None else same.audited_with


def _audit_made(policy: Policy) -> str:
    return {"known": "full", "secret": "counts", "public": "none"}[policy.participation]


def _protection(
    policy: Policy,
    pattern: Pattern,
    columns: int,
    folds: tuple[tuple[str, str], ...],
    audited_with: tuple[str, ...],
) -> Protection:
    by_rule = Counter(Rule(rule).name.lower() for family in pattern.families for rule in family.withheld.values())
    return Protection(
        policy=policy.name,
        values=policy.values,
        withheld={rule.name.lower(): by_rule[rule.name.lower()] for rule in Rule if rule},
        columns=columns,
        audit=pattern.audit,
        audited=pattern.audited,
        audited_with=audited_with,
        folded=folds,
    )
