"""How the numbers of everybody hang together within a question: its rows, and the items of a grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from saklig.answers.model import Answers
from saklig.design.model import Design
from saklig.disclosure.protect import Protected
from saklig.disclosure.publication import in_tenths
from saklig.edition.publication import Axis, Correlations, row_name
from saklig.study.model import Part
from saklig.tabulation.joint import joint, scores
from saklig.tabulation.layout import layout_of

Number = tuple[str, str, str]
"""Question, item and row."""
Sample = tuple[Answers, Design]


def correlations(protected: Protected) -> Iterator[Correlations]:
    """Of published numbers that stand for so many that the audit does not look at single members. Nothing where the
    sample tells no errors, nor where weights meet targets and so are known to readers."""
    waves = [each for each in protected.waves if each[1].intervals and each[1].adjustment is None]
    waves = [each for each in waves if protected.policy.tells_correlations(each[0].n)]
    told = _may_be_told(protected) if waves else {}
    for answers, design in waves:
        parts = protected.study.parts(answers.wave)
        for _, own in groupby(parts, key=lambda part: part.question.id):
            yield from _of_question((answers, design), list(own), told[answers.wave])


def _may_be_told(protected: Protected) -> dict[str, set[Number]]:
    """By wave, of everybody."""
    found: dict[str, set[Number]] = {wave.id: set() for wave in protected.study.waves}
    facts = protected.facts
    everybody = [
        facts.address[name].codes == facts.address[name].values.index("") for name in ("by1", "wave2") if len(facts)
    ]
    for fact in facts.rows(np.flatnonzero(np.logical_and.reduce(everybody))) if everybody else ():
        if fact.lower is not None and fact.base is not None and fact.base >= protected.policy.audit_below:
            found[fact.wave].add((fact.question, fact.item, row_name(fact.category, fact.stat)))
    return found


def _of_question(sample: Sample, parts: Sequence[Part], told: set[Number]) -> Iterator[Correlations]:
    rows = {part.key: _rows(part, told) for part in parts}
    simple = _is_simple(sample[1])
    for part in parts:
        own = rows[part.key]
        if len(own) > 1 and (part.overlapping or not simple):  # else each follows from the two shares
            found = _told(sample, [(part, place) for place in own.values()])
            yield _correlations(Axis.ROWS, sample, part.key, tuple(own), {"": found})
    shared = [row for row in rows[parts[0].key] if sum(row in own for own in rows.values()) > 1]
    if len(parts) > 1 and shared:
        names = tuple(item for _, item in rows)
        lines = {row: _told(sample, [(part, rows[part.key].get(row)) for part in parts]) for row in shared}
        yield _correlations(Axis.ITEMS, sample, (parts[0].question.id, ""), names, lines)


def _rows(part: Part, told: set[Number]) -> dict[str, int]:
    """The rows that may be told of, and their places."""
    layout = layout_of(part)
    named = {row_name(row.category, row.stat): place for place, row in enumerate(layout.rows)}
    quantiles = layout.quantiles.values()
    return {row: place for row, place in named.items() if (*part.key, row) in told and place not in quantiles}


def _is_simple(design: Design) -> bool:
    """Drawn one by one from everybody, with one weight: what two shares say of their correlation is then exact."""
    one_by_one = design.cluster is None and design.replicates is None
    return one_by_one and design.equal and len(design.clusters_by_stratum) == 1


def _told(sample: Sample, numbers: Sequence[tuple[Part, int | None]]) -> tuple[tuple[int | None, ...], ...]:
    """The tenths of each number with those before it; a row of None is told of nothing."""
    answers, design = sample
    there = [place for place, (_, row) in enumerate(numbers) if row is not None]
    y, x = zip(*(scores(part, answers.columns[part.key], row) for part, row in numbers if row is not None), strict=True)
    covariance = joint(design, np.stack(y, axis=1), np.stack(x, axis=1)).covariance
    spread = np.sqrt(np.diagonal(covariance))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = np.where(np.outer(spread, spread) > 0, covariance / np.outer(spread, spread), np.nan)
    tenths, known = in_tenths(np.nan_to_num(np.clip(correlation, -1, 1))), ~np.isnan(correlation)
    at = {place: own for own, place in enumerate(there)}
    return tuple(
        tuple(
            int(tenths[at[place], at[before]])
            if place in at and before in at and known[at[place], at[before]]
            else None
            for before in range(place)
        )
        for place in range(len(numbers))
    )


def _correlations(
    axis: Axis,
    sample: Sample,
    key: tuple[str, str],
    names: tuple[str, ...],
    tenths: dict[str, tuple[tuple[int | None, ...], ...]],
) -> Correlations:
    return Correlations(axis=axis, wave=sample[0].wave, question=key[0], item=key[1], by=(), names=names, tenths=tenths)
