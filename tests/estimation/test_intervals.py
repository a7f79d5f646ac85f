"""Intervals at their ends, where R has none; and the arithmetic under them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from saklig.estimation import proportion
from saklig.estimation.intervals.beta import clopper_pearson
from saklig.estimation.intervals.exact import exact
from saklig.estimation.intervals.logit import logit
from saklig.estimation.intervals.student import student
from saklig.estimation.intervals.wilson import wilson
from saklig.estimation.model import Moments
from saklig.estimation.precision import exp, snap
from saklig.estimation.variance import stage_factor
from saklig.study.model import Interval


def ends(share: float, n: float, population: float = math.inf) -> tuple[float, float]:
    lower, upper = exact(np.array([share]), np.array([n]), np.array([population]))
    return float(lower[0]), float(upper[0])


def by_trying(found: int, n: int, population: int) -> tuple[float, float]:
    """All numbers of marked units that neither tail rejects at 2.5 %, one after the other."""
    kept = [
        marked
        for marked in range(found, population - (n - found) + 1)
        if stats.hypergeom.cdf(found, population, marked, n) > 0.025
        and stats.hypergeom.sf(found - 1, population, marked, n) > 0.025
    ]
    return min(kept) / population, max(kept) / population


@pytest.mark.parametrize(("found", "n", "population"), [(0, 76, 290), (76, 76, 290), (0, 5, 6), (3, 12, 40), (1, 2, 9)])
def test_a_finite_population_has_the_hypergeometric_interval(found, n, population):
    assert ends(found / n, n, population) == pytest.approx(by_trying(found, n, population), abs=1e-12)


@pytest.mark.parametrize(("found", "n"), [(0, 76), (76, 76), (0, 1), (7, 20)])
def test_an_endless_population_has_the_interval_of_clopper_and_pearson(found, n):
    theirs = stats.binomtest(found, n).proportion_ci(0.95, "exact")
    assert ends(found / n, n) == pytest.approx((theirs.low, theirs.high), rel=1e-9)


def test_everyone_asked_leaves_no_interval():
    assert ends(0.0, 29, 29) == (0, 0)


def test_nobody_has_no_interval():
    assert all(math.isnan(end) for end in ends(0.0, 0.0))


def test_a_huge_population_is_almost_endless():
    assert ends(0.0, 100, 10_000_000) == pytest.approx(ends(0.0, 100), abs=1e-6)


def test_logit_is_left_undefined_at_its_ends_and_without_degrees_of_freedom():
    share, se, df = np.array([0.0, 1.0, 0.5, 0.5]), np.array([0.0, 0.0, 0.1, 0.1]), np.array([9, 9, 0, 9])
    lower, upper = logit(share, se, df)
    assert np.isnan(lower).tolist() == np.isnan(upper).tolist() == [True, True, True, False]


def test_logit_of_an_enormous_error_is_everything():
    lower, upper = logit(np.array([1e-9]), np.array([0.1]), np.array([5]))
    assert lower[0] == pytest.approx(0, abs=1e-200)
    assert upper[0] == pytest.approx(1)


def test_student_is_that_of_the_library_and_undefined_without_degrees_of_freedom():
    df = np.array([[1, 2, 75], [1000, 0, -1]])
    found = student(df)
    assert found[0] == pytest.approx(stats.t.ppf(0.975, df[0]), rel=1e-12)
    assert np.isnan(found).tolist() == [[False, False, False], [False, True, True]]


def test_clopper_pearson_takes_numbers_that_are_not_whole():
    lower, upper = clopper_pearson(np.array([2.5]), np.array([2.5]), np.array([10.25]))
    assert lower[0] == pytest.approx(stats.beta.ppf(0.025, 2.5, 8.75), rel=1e-9)
    assert upper[0] == pytest.approx(stats.beta.ppf(0.975, 3.5, 7.75), rel=1e-9)


@given(st.floats(-690, 690))
def test_exp_is_exp(value):
    assert exp(np.array([value]))[0] == pytest.approx(math.exp(value), rel=2e-15)


@given(st.floats(allow_nan=True, allow_infinity=True))
@example(1e-13)
def test_snapping_is_rounding_to_twelve_digits(value):
    found = float(snap(np.array([value]))[0])
    if math.isfinite(value):
        assert found == pytest.approx(float(f"{value:.11e}"), rel=1.01e-12, abs=0)
        assert float(snap(np.array([found]))[0]) == found
    else:
        assert found == value or math.isnan(value)


@given(st.integers(-(10**12), 10**12), st.integers(-22, 22))
def test_twelve_digits_stay_as_they_are(digits, exponent):
    value = float(f"{digits}e{exponent}")
    assert float(snap(np.array([value]))[0]) == value


@pytest.mark.parametrize("text", ["0.285714285714", "1e-05", "123456.789012", "0.0350000000000", "99999999999900"])
def test_what_has_twelve_digits_stays_to_the_last_bit(text):
    value = float(text)
    for near in (value, np.nextafter(value, 0), np.nextafter(value, math.inf)):
        assert float(snap(np.array([near]))[0]) == value


def test_one_unit_that_stands_for_others_has_no_variance():
    with pytest.raises(ValueError, match="one unit was drawn"):
        stage_factor(np.array([4.0, 1.0]), np.array([0.0, 0.5]), np.ones(2))
    assert stage_factor(np.array([4.0, 1.0]), np.array([0.0, 1.0]), np.ones(2)).tolist() == [4 / 3, 0]


@pytest.mark.parametrize("interval", Interval)
@pytest.mark.parametrize(("share", "lower", "upper"), [(0.0, 0.0, 0.036216693), (1.0, 0.963783307, 1.0)])
def test_at_the_ends_every_interval_is_the_exact_one(interval, share, lower, upper):
    """1 − 0.025^(1/100) = 0.0362167, Clopper and Pearson 1934."""
    found = proportion.estimate(moments_of(share, 0.0), interval)
    assert float(found.lower[0, 0]) == pytest.approx(lower, abs=1e-9)
    assert float(found.upper[0, 0]) == pytest.approx(upper, abs=1e-9)
    assert math.isnan(found.se[0, 0])


@pytest.mark.parametrize("interval", Interval)
def test_where_an_interval_is_not_defined_the_exact_one_stands_in(interval):
    """Without degrees of freedom: Clopper and Pearson's interval of 30 of 100 (their table: 21.2–40.0 %)."""
    found = proportion.estimate(moments_of(0.3, 0.0021, df=0), interval)
    assert float(found.lower[0, 0]) == pytest.approx(0.21240642, abs=1e-8)
    assert float(found.upper[0, 0]) == pytest.approx(0.39981468, abs=1e-8)


@pytest.mark.parametrize("interval", Interval)
def test_everyone_asked_and_answered_has_no_error_by_any_interval(interval):
    found = proportion.estimate(replace(moments_of(0.3, 0.0), certain=np.array([[True]])), interval)
    assert (found.se[0, 0], found.lower[0, 0], found.upper[0, 0]) == (0, 0.3, 0.3)


@pytest.mark.parametrize("interval", Interval)
@given(
    p=st.floats(0.001, 0.999), se=st.just(0.0) | st.floats(1e-6, 0.5), n=st.integers(2, 5000), df=st.integers(1, 4000)
)
def test_intervals_hold_the_share_and_stay_between_nothing_and_all(interval, p, se, n, df):
    found = proportion.estimate(moments_of(p, se * se, n, df), interval)
    lower, upper = float(found.lower[0, 0]), float(found.upper[0, 0])
    assert 0 <= lower <= p + 1e-9
    assert p - 1e-9 <= upper <= 1


def test_wilson_of_a_simple_random_sample_is_the_published_one():
    """Newcombe (1998), table I: 81 of 263 is 0.2553–0.3662 by Wilson's interval."""
    n, p = 263, 81 / 263
    lower, upper = wilson(np.array([p]), np.array([p * (1 - p) / n]), np.array([n]), np.array([n - 1]))
    assert (round(float(lower[0]), 4), round(float(upper[0]), 4)) == (0.2553, 0.3662)


def moments_of(share: float, variance: float, n: int = 100, df: int = 99) -> Moments:
    def of(value: float) -> np.ndarray:
        return np.array([[value]])

    return Moments(
        ratio=of(share),
        variance=of(variance),
        spread=of(share * (1 - share)),
        respondents=np.array([[n]]),
        effective=of(float(n)),
        population=of(np.inf),
        finite=of(np.inf),
        df=np.array([[df]]),
        certain=np.array([[False]]),
    )
