"""How the numbers of everybody hang together within a question: its rows, and the items of a grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from saklig.answers.model import Answers
from saklig.compilation.tellable import Number, tellable
from saklig.design.model import Design
from saklig.disclosure.protect import Protected
from saklig.disclosure.publication import triangle
from saklig.edition.publication import Axis, Correlations, row_name
from saklig.study.model import Part
from saklig.tabulation.joint import joint, scores
from saklig.tabulation.layout import layout_of

Sample = tuple[Answers, Design]


def correlations(protected: Protected) -> Iterator[Correlations]:
    """Of published numbers that stand for so many that the audit does not look at single members. Nothing where the
    sample tells no errors, nor where weights meet targets and so are known to readers."""
    waves = [each for each in protected.waves if each[1].intervals and each[1].adjustment is None]
    waves = [each for each in waves if protected.policy.tells_correlations(each[0].n)]
    told = tellable(protected, groups=False) if waves else {}
    for answers, design in waves:
        parts = protected.study.parts(answers.wave)
        for _, own in groupby(parts, key=lambda part: part.question.id):
            yield from _of_question((answers, design), list(own), told[answers.wave])


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
    return {row: place for row, place in named.items() if (*part.key, row, "", "") in told and place not in quantiles}


def _is_simple(design: Design) -> bool:
    """Drawn one by one from everybody, with one weight: what two shares say of their correlation is then exact."""
    one_by_one = design.cluster is None and design.replicates is None
    return one_by_one and design.equal and len(design.clusters_by_stratum) == 1


def _told(sample: Sample, numbers: Sequence[tuple[Part, int | None]]) -> tuple[tuple[int | None, ...], ...]:
    """The tenths of each number with those before it; nothing of a row of None and of what has no error."""
    answers, design = sample
    nothing = np.zeros((2, answers.n))
    given = [nothing if row is None else scores(part, answers.columns[part.key], row) for part, row in numbers]
    y, x = (np.stack(each, axis=1) for each in zip(*given, strict=True))
    covariance = joint(design, y, x).covariance
    spread = np.sqrt(np.diagonal(covariance))
    both = np.outer(spread, spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        return triangle(np.clip(np.where(both > 0, covariance / both, np.nan), -1.0, 1.0))


def _correlations(
    axis: Axis,
    sample: Sample,
    key: tuple[str, str],
    names: tuple[str, ...],
    tenths: dict[str, tuple[tuple[int | None, ...], ...]],
) -> Correlations:
    return Correlations(axis=axis, wave=sample[0].wave, question=key[0], item=key[1], by=(), names=names, tenths=tenths)
