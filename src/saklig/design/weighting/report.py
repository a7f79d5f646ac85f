"""What the weighting did: how well the targets are met, and what it cost in unequal weights.

These are values for whoever made the weights. A group's count before and the smallest and largest weights say something
of few people, so whoever publishes them puts them through the protection first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.weighting.matching import Matched

Floats = NDArray[np.float64]

PROBABILITIES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One group, or with an empty `group` one quantity: its target, and what the weights give before and after."""

    variable: str
    group: str
    respondents: int
    target: float
    before: float
    after: float

    @property
    def off(self) -> float:
        """How far the weights are off afterwards, as a share of the target (as a number where the target is zero)."""
        return (self.after - self.target) / (abs(self.target) or 1.0)


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How unequal weights are, of those above zero.

    `deff`: Kish's design effect n Σw² / (Σw)² (Kish 1965, eq. 11.7.2). `effective`: (Σw)² / Σw². `quantiles`: the
    weights at PROBABILITIES, each the smallest weight that has at least that share of respondents at or below it.
    """

    respondents: int
    total: float
    deff: float
    effective: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """`rounds`: of iteration, one where there was none to do. `factors`: the smallest and the largest weight after over
    weight before."""

    lines: tuple[Line, ...]
    rounds: int
    factors: tuple[float, float]
    before: Spread
    after: Spread


def report_of(sample: Matched, after: Floats, rounds: int) -> Report:
    counting = sample.weights > 0
    factors = after[counting] / sample.weights[counting]
    return Report(
        lines=lines_of(sample, after),
        rounds=rounds,
        factors=(float(factors.min()), float(factors.max())),
        before=spread_of(sample.weights),
        after=spread_of(after),
    )


def lines_of(sample: Matched, after: Floats) -> tuple[Line, ...]:
    """Groups that are neither in the population nor among the respondents are left out."""
    lines = []
    for margin in sample.margins:
        for position, group in enumerate(margin.groups):
            member = (margin.codes == position) & (sample.weights > 0)
            if member.any():
                line = Line(
                    variable=margin.variable,
                    group=group,
                    respondents=int(member.sum()),
                    target=float(margin.counts[position]),
                    before=math.fsum(sample.weights[member]),
                    after=math.fsum(after[member]),
                )
                lines.append(line)
    for total in sample.totals:
        line = Line(
            variable=total.variable,
            group="",
            respondents=int((sample.weights > 0).sum()),
            target=total.total,
            before=math.fsum(sample.weights * total.values),
            after=math.fsum(after * total.values),
        )
        lines.append(line)
    return tuple(lines)


def spread_of(weights: Floats) -> Spread:
    counting = np.sort(weights[weights > 0])
    n, total, squares = len(counting), math.fsum(counting), math.fsum(counting * counting)
    places = [max(math.ceil(share * n) - 1, 0) for share in PROBABILITIES]
    return Spread(
        respondents=n,
        total=total,
        deff=n * squares / (total * total),
        effective=total * total / squares,
        quantiles=tuple(float(counting[place]) for place in places),
    )
