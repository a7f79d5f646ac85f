"""Covariances against plain loops over random designs; Rao and Scott's test where it is Pearson's own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saklig.design.model import Design
from saklig.edition.mover import p_value
from saklig.estimation import difference, rao_scott
from saklig.estimation.difference import Limited, Pair
from saklig.estimation.rao_scott import CrossTable
from saklig.tabulation.joint import joint


@st.composite
def samples(draw):
    """Respondents in one to three strata, drawn one by one or by cluster, with weights, and two domains each."""
    clustered = draw(st.booleans())
    people, fraction = [], []
    for stratum in range(draw(st.integers(1, 3))):
        units = draw(st.integers(2, 4))
        fraction.append(draw(st.sampled_from([0.0, 0.25, 1.0])))
        for unit in range(units):
            size = draw(st.integers(1, 3)) if clustered else 1
            people += [(stratum, 4 * stratum + unit, draw(st.integers(1, 9))) for _ in range(size)]
    numbers = st.lists(st.integers(0, 5), min_size=len(people), max_size=len(people))
    flags = st.lists(st.integers(0, 1), min_size=len(people), max_size=len(people))
    y = np.array([draw(numbers), draw(numbers)], dtype=float).T
    x = np.array([draw(flags), draw(flags)], dtype=float).T
    return people, fraction, clustered, y * x, x


def by_loops(people, fraction, y, x):
    """The covariances of both ratios, respondent by respondent."""
    base = [sum(w * x[i, k] for i, (_, _, w) in enumerate(people)) for k in range(2)]
    ratio = [sum(w * y[i, k] for i, (_, _, w) in enumerate(people)) / base[k] for k in range(2)]
    found = [[0.0, 0.0], [0.0, 0.0]]
    for stratum, part in enumerate(fraction):
        units = sorted({unit for s, unit, _ in people if s == stratum})
        z = {unit: [0.0, 0.0] for unit in units}
        for i, (s, unit, w) in enumerate(people):
            if s == stratum:
                for k in range(2):
                    z[unit][k] += w * (y[i, k] - ratio[k] * x[i, k]) / base[k]
        mean = [sum(z[unit][k] for unit in units) / len(units) for k in range(2)]
        for j in range(2):
            for k in range(2):
                spread = sum((z[unit][j] - mean[j]) * (z[unit][k] - mean[k]) for unit in units)
                found[j][k] += (1 - part) * len(units) / (len(units) - 1) * spread
    return ratio, found


@given(samples())
def test_covariances_are_those_of_plain_loops(sample):
    people, fraction, clustered, y, x = sample
    if not (x.sum(axis=0) > 0).all():
        return
    strata = np.array([stratum for stratum, _, _ in people], dtype=np.int32)
    units = np.array([unit for _, unit, _ in people], dtype=np.int32)
    drawn = [len(set(units[strata == stratum])) for stratum in range(len(fraction))]
    design = Design(
        weights=np.array([w for _, _, w in people], dtype=np.int64),
        scale=1,
        stratum=strata,
        cluster=np.unique(units, return_inverse=True)[1].astype(np.int32) if clustered else None,
        clusters_by_stratum=np.array(drawn, dtype=np.int64),
        fraction=np.array(fraction),
        population=np.full(len(fraction), -1, dtype=np.int64),
    )
    found = joint(design, y, x)
    ratio, covariance = by_loops(people, fraction, y, x)
    assert found.ratio == pytest.approx(np.array(ratio), rel=1e-12, abs=1e-12)
    assert found.covariance == pytest.approx(np.array(covariance), rel=1e-9, abs=1e-12)
    inside = [i for i in range(len(people)) if x[i].any()]
    clusters = {units[i] for i in inside}
    assert found.df == len(clusters) - len({strata[i] for i in inside})
    assert found.respondents == len(inside)


def test_nobody_in_a_domain_has_no_ratio():
    design = Design(
        weights=np.ones(3, dtype=np.int64), scale=1, stratum=np.zeros(3, dtype=np.int32), cluster=None,
        clusters_by_stratum=np.array([3]), fraction=np.zeros(1), population=np.array([-1]),
    )  # fmt: skip
    found = joint(design, np.zeros((3, 1)), np.zeros((3, 1)))
    assert math.isnan(found.ratio[0])
    assert (found.covariance[0, 0], found.df) == (0, -1)


def limited(value: float, se: float) -> Limited:
    return Limited(value=value, se=se, lower=value - 2 * se, upper=value + 2 * se)


def test_the_difference_of_means_is_symmetric_and_its_p_that_of_t():
    told = difference.estimate(Pair(first=limited(5, 0.3), second=limited(4, 0.4), correlation=(0.5, 0.5), df=10))
    assert told.se == pytest.approx(math.sqrt(0.09 + 0.16 - 0.12))
    assert (told.lower, told.upper) == (pytest.approx(1 - 2 * told.se), pytest.approx(1 + 2 * told.se))
    assert told.p == pytest.approx(p_value(1 / (2 * told.se), 10))
    assert p_value(1.0, 10) == pytest.approx(0.05)


def test_an_unknown_correlation_is_taken_for_the_worst():
    told = difference.estimate(Pair(first=limited(5, 0.3), second=limited(4, 0.4), correlation=(-1, 1), df=10))
    assert (told.se, told.lower) == (pytest.approx(0.7), pytest.approx(1 - 1.4))


def test_a_share_without_an_error_has_limits():
    none = Limited(value=0.0, se=math.nan, lower=0.0, upper=0.2)
    told = difference.estimate(Pair(first=none, second=limited(0.5, 0.1), correlation=(0, 0), df=10))
    assert math.isnan(told.se)
    assert (told.lower, told.upper) == (pytest.approx(-0.5 - 0.2), pytest.approx(-0.5 + math.hypot(0.2, 0.2)))
    bare = Limited(value=1, se=1, lower=math.nan, upper=2)
    nothing = difference.estimate(Pair(first=none, second=bare, correlation=(0, 0), df=9))
    assert (math.isnan(nothing.lower), nothing.p) == (True, 1.0)


def test_a_correlation_that_cannot_be_is_refused():
    difference.validate(Pair(first=limited(5, 0.3), second=limited(4, 0.4), correlation=(-1, 1), df=10))
    for wrong in ((-1.1, 0.0), (0.0, 1.1), (0.5, 0.4)):
        with pytest.raises(ValueError, match="outside −1 … 1"):
            difference.validate(Pair(first=limited(5, 0.3), second=limited(4, 0.4), correlation=wrong, df=10))


@given(st.lists(st.integers(1, 50), min_size=6, max_size=6), st.integers(20, 500))
def test_in_a_simple_random_sample_both_orders_are_pearsons_own_test(counts, n):
    shares = np.array(counts).reshape(2, 3) / sum(counts)
    p = shares.ravel()
    simple = (np.diag(p) - np.outer(p, p)) / n
    told = rao_scott.estimate(CrossTable(shares=shares, covariance=simple, respondents=n, df=n - 1))
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    pearson = n * ((shares - expected) ** 2 / expected).sum()
    assert told.pearson == pytest.approx(pearson)
    for statistic, degrees, _ in (told.first_order, told.second_order):
        assert statistic == pytest.approx(pearson)
        assert degrees == pytest.approx(2)
    assert (told.f, told.numerator, told.denominator) == (
        pytest.approx(pearson / 2), pytest.approx(2), pytest.approx(2 * (n - 1)),
    )  # fmt: skip
