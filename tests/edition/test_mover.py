"""The limits of a difference: published examples, and what rounding may do to them."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saklig.edition.mover import Range, Rounded, boldest, surest, widest

Z = NormalDist().inv_cdf(0.975)
NEWCOMBE = (
    ((56, 70), (48, 80), (0.0524, 0.3339)),
    ((9, 10), (3, 10), (0.1705, 0.8090)),
    ((6, 7), (2, 7), (0.0582, 0.8062)),
    ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ((0, 10), (0, 20), (-0.1611, 0.2775)),
    ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ((10, 10), (0, 20), (0.6791, 1.0000)),
    ((10, 10), (0, 10), (0.6075, 1.0000)),
)
"""Newcombe (1998), Statistics in Medicine 17:873–890, Table II, method 10: from Wilson's limits."""


def wilson(found: int, n: int) -> tuple[float, float, float]:
    share = found / n
    middle, half = share + Z * Z / (2 * n), Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return share, (middle - half) / (1 + Z * Z / n), (middle + half) / (1 + Z * Z / n)


def certain(value: float, lower: float, upper: float) -> Rounded:
    return Rounded(value=(value, value), lower=(lower, lower), upper=(upper, upper))


@pytest.mark.parametrize(("one", "other", "published"), NEWCOMBE)
def test_published_intervals_of_differences_between_two_shares(
    one: tuple[int, int], other: tuple[int, int], published: tuple[float, float]
) -> None:
    lower, upper = widest(certain(*wilson(*one)), certain(*wilson(*other)), (0.0, 0.0))
    assert (round(lower, 4), round(upper, 4)) == published


def test_symmetric_limits_give_the_usual_interval_with_its_covariance() -> None:
    for rho in (-1.0, -0.3, 0.0, 0.8):
        lower, upper = widest(certain(40, 40 - 6, 40 + 6), certain(30, 30 - 8, 30 + 8), (rho, rho))
        half = math.sqrt(36 + 64 - 2 * rho * 48)
        assert (lower, upper) == (pytest.approx(10 - half, rel=1e-14), pytest.approx(10 + half, rel=1e-14))


def test_the_sum_of_both_errors_is_the_widest_that_any_correlation_gives() -> None:
    one, other = certain(40, 34, 46), certain(30, 22, 38)
    assert widest(one, other, (-1.0, 1.0)) == (10 - 14, 10 + 14)


def test_numbers_without_error_are_told_apart_with_certainty() -> None:
    assert surest(certain(40, 40, 40), certain(30, 30, 30), (0, 0)) == math.inf
    assert surest(certain(30, 30, 30), certain(40, 40, 40), (0, 0)) == 0


def test_a_range_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no range"):
        Rounded(value=(1, 0), lower=(0, 0), upper=(1, 1))


@st.composite
def a_number(draw: st.DrawFn) -> tuple[float, float, float]:
    share = st.floats(0, 100, allow_nan=False)
    lower, value, upper = sorted(draw(st.tuples(share, share, share)))
    return value, lower, upper


def rounded(number: tuple[float, float, float]) -> Rounded:
    value, lower, upper = number
    nearest = math.floor(value + 0.5)
    least, most = math.floor(lower), math.ceil(upper)
    return Rounded(
        value=(max(nearest - 0.5, least), min(nearest + 0.5, most)), lower=(least, least + 1), upper=(most - 1, most)
    )


RHO = st.floats(-1, 1, allow_nan=False)


@given(a_number(), a_number(), RHO, RHO, RHO)
def test_the_interval_of_the_unrounded_numbers_lies_within_that_of_the_rounded_ones(
    one: tuple[float, float, float], other: tuple[float, float, float], a: float, b: float, c: float
) -> None:
    least, rho, most = sorted((a, b, c))
    known: Range = (least, most)
    lower, upper = widest(certain(*one), certain(*other), (rho, rho))
    outer = widest(rounded(one), rounded(other), known)
    assert outer[0] <= lower + 1e-9
    assert upper <= outer[1] + 1e-9
    truth = surest(certain(*one), certain(*other), (rho, rho))
    assert surest(rounded(one), rounded(other), known) <= truth * (1 + 1e-9)
    if truth > 1:
        assert boldest(rounded(one), rounded(other), known) > 1 - 1e-9
