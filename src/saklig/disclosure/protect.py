"""Protection from end to end: a study and its answers in, protected and rounded facts out.

What is guaranteed, where the audit was `full`: *for every respondent and confidential question there is another set of
answers, giving exactly the same edition, in which that respondent's answer differs, even for a reader who knows who
took part, their backgrounds, the weights and one answer of their own.*

What is not: it does not hide that an option was not chosen (unless the study marks it sensitive), does not bound how
probable a guess may be, and does not hold against respondents who pool their answers. The repair that follows a failed
audit depends on the answers; a witness is confirmed against all rules of the publication, but the audit is not run
again on each witness. Where the audit says `counts`, the weights and who took part are assumed secret.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Answers
from saklig.design.model import Design
from saklig.disclosure.columns import columns_of
from saklig.disclosure.evidence import Evidence, WaveView, evidence
from saklig.disclosure.families import Family, Key, families
from saklig.disclosure.folding import fold
from saklig.disclosure.gate import Rule, Withheld
from saklig.disclosure.pattern import Pattern, key_of
from saklig.disclosure.policy import Policy, policy_of
from saklig.disclosure.publication import Block, block, facts
from saklig.disclosure.repair import Outcome, audit_and_repair
from saklig.edition.facts import Facts
from saklig.edition.publication import Protection
from saklig.study.model import Study
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.plan import groupings

Progress = Callable[[int, int], None]
"""Called with (families done, families in all)."""


@dataclass(frozen=True, kw_only=True)
class Protected:
    """`study` is the study as published: backgrounds folded, pairs left out where the policy says so."""

    facts: Facts
    study: Study
    protection: Protection
    pattern: Pattern


def protect(
    study: Study,
    waves: Sequence[tuple[Answers, Design]],
    *,
    progress: Progress | None = None,
    remembered: Pattern | None = None,
) -> Protected:
    """Folds, withholds, audits and rounds everything that the study publishes.

    `waves`: answers and design of each wave, in the study's order. `remembered`: an earlier result's pattern; it is
    used instead of a new audit if it belongs to exactly these answers, policy and rules. The result does not depend on
    it. Raises StudyError where the study's `[disclosure]` cannot be understood.
    """
    policy = policy_of(study, max((answers.n for answers, _ in waves), default=0))
    few = any(answers.n < policy.pairs_from for answers, _ in waves)
    published, folded, folds = fold(replace(study, pairs=()) if few else study, [each for each, _ in waves], policy)
    waves = [(answers, design) for answers, (_, design) in zip(folded, waves, strict=True)]
    key = key_of(published, waves, policy)
    known = remembered if remembered is not None and remembered.key == key else None
    views = [_view(published, answers, design) for answers, design in waves]
    total = sum(len(view.families) for view in views)
    blocks: list[Block] = []
    pattern: dict[tuple[str, str, str, str], int] = {}
    audited, done = 0, 0
    for view in views:
        found: dict[Key, list[Block]] = {}
        for family, seen, outcome in _outcomes(view, policy, known):
            audited += outcome.audited
            pattern |= _entries(family, outcome.withheld, view)
            found |= _blocks(family, seen, outcome.withheld, view, policy)
            done += 1
            if progress is not None:
                progress(done, total)
        blocks += [each for part in published.parts(view.answers.wave) for each in found[part.key]]
    size = sum(len(view.families) * view.columns.size for view in views)
    result = known or Pattern(key=key, withheld=pattern, audit=_audit_made(policy), audited=audited)
    return Protected(
        facts=facts(blocks),
        study=published,
        protection=_protection(policy, result, size, folds),
        pattern=result,
    )


def _view(study: Study, answers: Answers, design: Design) -> WaveView:
    columns = columns_of(groupings(study, answers))
    return WaveView(
        answers=answers,
        design=design,
        columns=columns,
        families=families(study, answers.wave),
        breakdown=breakdown(columns.groupings, design),
    )


def _outcomes(view: WaveView, policy: Policy, known: Pattern | None) -> Iterator[tuple[Family, Evidence, Outcome]]:
    """The families in their order. They are audited side by side: the solver lets other threads run, and no family's
    outcome depends on another's."""

    def one(family: Family) -> tuple[Family, Evidence, Outcome]:
        seen = evidence(family, view.answers.columns, view, policy)
        return family, seen, _outcome(family, seen, view, policy, known)

    if known is not None or policy.participation != "known":
        yield from map(one, view.families)
        return
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        try:
            yield from pool.map(one, view.families)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _outcome(family: Family, seen: Evidence, view: WaveView, policy: Policy, known: Pattern | None) -> Outcome:
    if not family.confidential:
        return Outcome(np.zeros(view.columns.size, np.int8), 0)
    if known is None:
        return audit_and_repair(family, view, policy, seen)
    place = (view.answers.wave, *family.key)
    rules = [known.withheld.get((*place, name), 0) for name in view.columns.names]
    return Outcome(np.array(rules, np.int8), 0)


def _entries(family: Family, withheld: Withheld, view: WaveView) -> dict[tuple[str, str, str, str], int]:
    place = (view.answers.wave, *family.key)
    return {(*place, view.columns.names[column]): int(withheld[column]) for column in np.flatnonzero(withheld)}


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


def _audit_made(policy: Policy) -> str:
    return {"known": "full", "secret": "counts", "public": "none"}[policy.participation]


def _protection(policy: Policy, pattern: Pattern, columns: int, folds: tuple[tuple[str, str], ...]) -> Protection:
    by_rule = Counter(Rule(rule).name.lower() for rule in pattern.withheld.values())
    return Protection(
        policy=policy.name,
        values=policy.values,
        withheld={rule.name.lower(): by_rule[rule.name.lower()] for rule in Rule if rule},
        columns=columns,
        audit=pattern.audit,
        audited=pattern.audited,
        folded=folds,
    )
