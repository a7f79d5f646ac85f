"""1000 bootstrap replicates, constant within clusters, of 6000 shares: how long, beside the matrix product in it.

`replicates()` makes the data (fixed seed), prepares the answers added up by cluster, and times what is particular to
replicates: from those sums to the variance of every share. The floor is the one product of clusters × cells and
clusters × replicates, by the same library in the same process; nothing that follows every replicate can do without it.
A few shares are computed again by weighting everybody anew.

    python -m bench.replicates
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from saklig.answers.model import Coded
from saklig.design.model import Design
from saklig.design.replicates.bootstrap import bootstrap
from saklig.language.text import Text
from saklig.study.model import Category, CodeList, Kind, Part, Question, question_parts
from saklig.tabulation.breakdown import Breakdown, breakdown
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.layout import layout_of
from saklig.tabulation.replication import replicated, row_moments
from saklig.tabulation.table import Grouping
from saklig.tabulation.tabulate import tabulate_each

RESPONDENTS, CLUSTERS, STRATA, REPLICATES = 10_000, 1000, 20, 1000
QUESTIONS, CATEGORIES, GROUPS = 20, 5, (2, 3, 4, 5, 6, 8, 10, 12)
GOAL = 0.3
REPEATS = 3
CHECKED = 25
"""Shares that are computed again."""


@dataclass(frozen=True)
class Figures:
    """Seconds, the best of some: `floor` the product alone, `variances` from sums by cluster to the variances of
    `cells` shares, `tables` from the answers to whole tables with intervals, `once` what is made once for a design.
    `apart`: the largest relative difference of a variance from one by weighting everybody anew."""

    cells: int
    floor: float
    variances: float
    tables: float
    once: float
    apart: float


def replicates() -> Figures:
    """Runs everything; a few seconds."""
    answers = np.random.PCG64(1)
    design = _design(answers)
    started = time.perf_counter()
    made = bootstrap(design, REPLICATES, 1)
    for kept in ("steps", "df"):
        getattr(made, kept)
    once = time.perf_counter() - started
    broken = breakdown(_groupings(answers), replace(design, replicates=made))
    parts = [_part(number) for number in range(QUESTIONS)]
    columns = {part.key: Coded(_drawn(answers, RESPONDENTS, CATEGORIES + 1).astype(np.int16)) for part in parts}
    for column in columns.values():
        column.codes[column.codes == CATEGORIES] = -2  # no answer
    engine = Memory(columns=columns, broken=broken)
    given = list(engine.statistics(parts, errors=True))
    frame = engine.frame

    def variances() -> list[np.ndarray]:
        found = []
        for part, each in zip(parts, given, strict=True):
            layout = layout_of(part)
            numerator, denominator = each.weight @ layout.share, (each.weight @ layout.base)[:, layout.base_of]
            found.append(row_moments(replicated(layout, each, frame), numerator, denominator).variance)
        return found

    cells = sum(each.size for each in variances())
    return Figures(
        cells=cells,
        floor=_product(cells),
        variances=_best(variances),
        tables=_best(lambda: list(tabulate_each(parts, engine))),
        once=once,
        apart=max(_apart(broken, parts[0], columns[parts[0].key], variances()[0], place) for place in range(CHECKED)),
    )


def _best(work) -> float:  # type: ignore[no-untyped-def]
    found = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return min(found)


def _product(cells: int) -> float:
    sums = np.ones((cells // QUESTIONS, CLUSTERS))
    factors = np.ones((CLUSTERS, REPLICATES))
    return _best(lambda: [sums @ factors for _ in range(QUESTIONS)])


def _drawn(source: np.random.PCG64, number: int, below: int) -> np.ndarray:
    return (source.random_raw(number) % np.uint64(below)).astype(np.int64)


def _design(source: np.random.PCG64) -> Design:
    cluster = _drawn(source, RESPONDENTS, CLUSTERS)
    cluster[:CLUSTERS] = np.arange(CLUSTERS)
    each = CLUSTERS // STRATA
    return Design(
        weights=10**6 + _drawn(source, RESPONDENTS, 10**6),
        scale=10**6,
        stratum=(cluster // each).astype(np.int32),
        cluster=cluster.astype(np.int32),
        clusters_by_stratum=np.full(STRATA, each, dtype=np.int64),
        fraction=np.zeros(STRATA),
        population=np.full(STRATA, -1, dtype=np.int64),
    )


def _groupings(source: np.random.PCG64) -> list[Grouping]:
    return [
        Grouping(
            by=(f"b{number}",),
            groups=tuple((f"g{group}",) for group in range(size)),
            codes=_drawn(source, RESPONDENTS, size).astype(np.int32),
        )
        for number, size in enumerate(GROUPS)
    ]


def _part(number: int) -> Part:
    words = Text.of({"en": "?"})
    categories = tuple(Category(id=f"c{each}", label=words, code=each) for each in range(CATEGORIES))
    codes = CodeList(id=f"k{number}", categories=categories)
    question = Question(id=f"q{number}", kind=Kind.SINGLE, text=words, label=words, codes=codes)
    return next(iter(question_parts(question)))


def _apart(broken: Breakdown, part: Part, column: Coded, variances: np.ndarray, place: int) -> float:
    """The variance of one share by weighting everybody anew, replicate by replicate, beside ours."""
    group, category = divmod(place, CATEGORIES)
    made = broken.design.replicates
    assert made is not None, "the replicates were made"
    row = next(i for i, each in enumerate(layout_of(part).rows) if each.category == f"c{category}")
    inside = (broken.cells == group).any(axis=0) & (column.codes >= 0)
    weights = broken.design.sums[inside, None] * made.factors[made.unit[inside]]
    shares = (weights * (column.codes[inside] == category)[:, None]).sum(axis=0) / weights.sum(axis=0)
    wanted = made.scale * ((shares - shares.mean()) ** 2).sum()
    return float(abs(variances[group, row] / wanted - 1))


if __name__ == "__main__":
    found = replicates()
    print(f"{REPLICATES} replicates × {found.cells} shares: {found.variances:.3f} s (goal {GOAL} s)")
    print(f"the matrix product alone: {found.floor:.3f} s; {found.variances / found.floor:.1f} × that")
    print(f"from answers to tables: {found.tables:.3f} s; made once for the design: {found.once:.3f} s")
    print(f"largest relative difference from weighting everybody anew: {found.apart:.1e}")
