"""Errors of adjusted weights, by sums over units and cells, are those of everybody's own residual.

`joint` takes the residual of each respondent and adds them up by sampling unit; tables never see a respondent. Random
designs: strata, clusters, two stages, lone units by every rule, zero weights, trimmed weights, any regression.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saklig.answers.model import ANSWERED, NO_ANSWER, Coded, Measured
from saklig.design.adjustment import Adjustment
from saklig.design.drawn import fixed_point_weights
from saklig.design.facts import facts_of
from saklig.design.model import Design, Stage
from saklig.design.weighting.basis import orthonormal
from saklig.study.model import Category, CodeList, Kind, Lonely, Question, question_parts
from saklig.tabulation.joint import joint, scores
from saklig.tabulation.layout import layout_of
from saklig.tabulation.table import Grouping
from saklig.tabulation.tabulate import tabulate

from .conftest import words

CODES = CodeList(id="c", categories=tuple(Category(id=f"k{n}", label=words(f"{n}"), code=n, score=n) for n in range(3)))
SCALE = next(iter(question_parts(Question(id="q", kind=Kind.SCALE, text=words("?"), label=words("?"), codes=CODES))))
NUMBER = next(iter(question_parts(Question(id="n", kind=Kind.NUMERIC, text=words("?"), label=words("?")))))


@st.composite
def designs(draw: st.DrawFn) -> Design:
    n = draw(st.integers(6, 24))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    strata = draw(st.integers(1, 3))
    stratum = np.sort(np.concatenate([np.arange(strata), random.integers(0, strata, n - strata)])).astype(np.int32)
    lonely = draw(st.sampled_from([Lonely.ADJUST, Lonely.AVERAGE, Lonely.REMOVE, Lonely.CERTAINTY]))
    cluster = None
    if draw(st.booleans()):
        cluster = np.unique(stratum * 9 + random.integers(0, 4, n), return_inverse=True)[1].astype(np.int32)
    units = np.arange(n) if cluster is None else cluster
    drawn = np.bincount(stratum[np.unique(units, return_index=True)[1]], minlength=strata).astype(np.int64)
    later: tuple[Stage, ...] = ()
    if cluster is not None and draw(st.booleans()):
        count = np.bincount(cluster).astype(np.int64)
        later = (Stage(units=None, count=count, fraction=random.choice([0.0, 0.5], len(count))),)
    weights, scale = fixed_point_weights(np.where(random.random(n) < 0.1, 0, random.random(n) + 0.1).clip(0), "here")
    weights[0] = max(int(weights[0]), scale)
    return Design(
        weights=weights,
        scale=scale,
        stratum=stratum,
        cluster=cluster,
        clusters_by_stratum=drawn,
        fraction=random.choice([0.0, 0.3], strata),
        population=np.full(strata, -1, dtype=np.int64),
        later=later,
        lonely=lonely,
        adjustment=adjusted(draw, random, weights / scale),
    )


def adjusted(draw: st.DrawFn, random: np.random.Generator, weights: np.ndarray) -> Adjustment:
    """Any regression on up to five cells; the weights that meet the targets differ from the design's where trimmed."""
    n, cells = len(weights), draw(st.integers(1, 5))
    index = np.where(weights > 0, random.integers(0, cells, n), -1)
    inner = np.where(weights > 0, random.random(n) + 0.1, 0.0)
    after = weights * np.where(random.random(n) < 0.3, 1.25, 1.0) if draw(st.booleans()) else weights
    by_cell = np.bincount(index[index >= 0], weights=inner[index >= 0], minlength=cells)
    if draw(st.booleans()) and (by_cell > 0).all():
        return Adjustment(index=index, cells=cells, basis=None, inner=inner, after=after)
    columns = random.integers(0, 3, (cells, draw(st.integers(1, 3)))).astype(float)
    basis = orthonormal(columns, by_cell + 1e-3).rows
    return Adjustment(index=index, cells=cells, basis=basis, inner=inner, after=after)


@settings(max_examples=150, deadline=None)
@given(designs(), st.integers(0, 10**6))
def test_errors_are_those_of_everybodys_residual(design: Design, seed: int) -> None:
    n = len(design.weights)
    random = np.random.default_rng(seed)
    groups = Grouping(by=("a",), groups=(("x",), ("y",)), codes=random.integers(-1, 2, n).astype(np.int32))
    coded = Coded(random.choice([0, 1, 2, NO_ANSWER], n).astype(np.int16))
    values = random.integers(0, 50, n)
    given_ = np.where(random.random(n) < 0.8, ANSWERED, NO_ANSWER).astype(np.int16)
    measured = Measured(codes=given_, values=np.where(given_ == ANSWERED, values, 0), decimals=1)
    for part, column in ((SCALE, coded), (NUMBER, measured)):
        table, layout = tabulate(part, column, groups, design), layout_of(part)
        rows = [row for row in range(len(table.rows)) if row not in layout.quantiles.values()]
        for group in range(2):
            inside = (groups.codes == group).astype(float)
            for row in rows:
                y, x = scores(part, column, row)
                found = joint(design, (y * inside)[:, None], (x * inside)[:, None])
                variance = float(found.covariance[0, 0])
                if not np.isnan(table.se[group, row]):
                    size = max(1.0, abs(float(found.ratio[0])))
                    assert table.se[group, row] ** 2 == pytest.approx(variance, rel=1e-9, abs=1e-12 * size**2)


def test_other_engines_refuse_what_only_memory_counts() -> None:
    design = Design(
        weights=np.array([1, 1], np.int64), scale=1, stratum=np.zeros(2, np.int32), cluster=None,
        clusters_by_stratum=np.array([2]), fraction=np.zeros(1), population=np.array([-1]),
    )  # fmt: skip
    assert facts_of(design).total == 2
    ones = np.ones(2)
    made = Adjustment(index=np.zeros(2, np.int64), cells=1, basis=None, inner=ones, after=ones)
    with pytest.raises(ValueError, match="meet targets"):
        facts_of(replace(design, adjustment=made))
