"""Replicates made from designs or supplied: factors by hand, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saklig.design.factors.rank import dependencies, rank
from saklig.design.factors.replicates import Replicates
from saklig.design.factors.steps import steps_of
from saklig.design.model import Design, DesignError, Stage
from saklig.design.replicates import units
from saklig.design.replicates.balanced import brr, fay
from saklig.design.replicates.bootstrap import bootstrap
from saklig.design.replicates.hadamard import hadamard
from saklig.design.replicates.jackknife import jk1, jkn
from saklig.design.replicates.successive import sdr
from saklig.design.replicates.supplied import Recipe, supplied
from saklig.estimation.replication import by_unit, swing
from saklig.study.replication import ReplicateMethod as Method


def design(strata, clusters=None, drawn=None, fraction=None, later=()) -> Design:
    """Of respondents' strata, and clusters numbered over all strata."""
    strata = np.array(strata, dtype=np.int32)
    cluster = None if clusters is None else np.array(clusters, dtype=np.int32)
    first = np.unique(cluster, return_index=True)[1] if clusters is not None else np.arange(len(strata))
    drawn = np.bincount(strata[first]) if drawn is None else np.array(drawn)
    return Design(
        weights=np.full(len(strata), 10**6, dtype=np.int64),
        scale=10**6,
        stratum=strata,
        cluster=cluster,
        clusters_by_stratum=drawn.astype(np.int64),
        fraction=np.zeros(len(drawn)) if fraction is None else np.array(fraction, dtype=np.float64),
        population=np.full(len(drawn), -1, dtype=np.int64),
        later=later,
    )


PAIRS = design([0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 0, 1, 2, 3, 3, 4, 5, 5])
WHOLE = design([0] * 6, [0, 0, 1, 2, 2, 3])
STRATA = design([0] * 4 + [1] * 3 + [2] * 2)


def total_variance(made: Replicates, numbers) -> float:
    """Of the sum of numbers, one a respondent, in the plain way."""
    totals = np.array(numbers) @ made.factors[made.unit]
    centre = sum(numbers) if made.mse else totals[made.rscales > 0].mean()
    return float(made.scale * (made.rscales * (totals - centre) ** 2).sum())


@pytest.mark.parametrize("least", [1, 2, 3, 4, 5, 8, 12, 13, 20, 24, 27, 36, 49, 52, 80, 93, 160, 300])
def test_hadamard_matrices(least):
    found = hadamard(least)
    assert np.array_equal(found @ found.T, len(found) * np.eye(len(found)))
    assert set(np.unique(found)) <= {-1, 1}
    assert (found[0] == 1).all()
    assert (found[:, 0] == 1).all()
    assert least <= len(found) <= least + 7


@pytest.mark.parametrize(
    ("matrix", "independent"),
    [
        ([[0, 0], [0, 0]], 0),
        ([[1, 2], [2, 4], [3, 6]], 1),
        ([[1, 1], [1, 1 + 1e-6]], 1),  # as R, which takes 1e-5 for nothing
        ([[1e-9, 0], [0, 1]], 2),
        ([[0, 1.5, 1.5], [1.5, 0, 1.5], [1.5, 1.5, 0]], 3),
    ],
)
def test_rank(matrix, independent):
    assert rank(np.array(matrix, dtype=np.float64)) == independent
    assert rank(np.array(matrix, dtype=np.float64).T) == independent


@given(st.data())
def test_the_rank_of_some_rows_is_that_which_counting_their_dependencies_gives(data):
    rows, columns = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 6))
    number = st.sampled_from([0.0, 0.5, 1.0, 1.0, 1 / 3, 1.7320508, 2.0])
    matrix = np.array([[data.draw(number) for _ in range(columns)] for _ in range(rows)])
    present = np.array([data.draw(st.booleans()) for _ in range(rows)])
    wanted = np.linalg.matrix_rank(matrix[present], tol=1e-6) if present.any() else 0
    assert dependencies(matrix).rank(present) == wanted


@pytest.mark.parametrize(
    ("made", "times"),
    [
        (lambda: jkn(design([0] * 5 + [1] * 3)), 4),
        (lambda: brr(design([0, 0, 1, 1])), 1),
        (lambda: fay(design([0, 0, 1, 1]), 0.3), 1),
        (lambda: bootstrap(design([0] * 5 + [1] * 3), 20, 1), 2**4),
        (lambda: sdr(design([0] * 5)), 1),
    ],
)
def test_what_is_made_is_few_whole_multiples_of_a_step(made, times):
    """And so the sums of a replicate are exact in any order."""
    replicates = made()
    steps = replicates.steps
    assert len(steps.wholes) == 1
    assert np.abs(steps.wholes[0]).max() <= times
    np.testing.assert_allclose(steps.wholes[0] * steps.size[:, None], replicates.shifts, rtol=0, atol=2**-50)


def test_factors_without_a_step_are_cut_in_whole_numbers():
    shifts = np.array([[0.1234567890123456, -0.3], [np.pi - 3, 1.9], [0.0, 0.0]])
    steps = steps_of(shifts)
    assert [np.abs(each).max() <= 2**steps.bits for each in steps.wholes] == [True, True]
    again = steps.size[:, None] * sum(whole * place for whole, place in zip(steps.wholes, steps.places, strict=True))
    np.testing.assert_allclose(again, shifts, rtol=0, atol=2**-40)


@pytest.mark.parametrize("maker", [lambda d: jkn(d), lambda d: bootstrap(d, 30, 1), lambda d: any_factors(d, 30)])
def test_sums_are_the_same_to_the_last_bit_in_whatever_order(maker):
    """Units in another order, of another file or another library's product, give the very same swing."""
    sample = design(np.repeat(np.arange(4), 25))
    made, source = maker(sample), np.random.PCG64(3)
    numbers = (source.random_raw(100) >> np.uint64(20)).astype(np.float64)
    people, cells = np.arange(100), np.arange(100) % 3
    one = swing(by_unit(numbers, cells, 3, people, made), made)
    turned = np.argsort(source.random_raw(100))
    other = replace(made, factors=made.factors[turned], unit=np.argsort(turned).astype(np.int32)[made.unit])
    np.testing.assert_array_equal(one, swing(by_unit(numbers[::-1], cells[::-1], 3, people[::-1], other), other))
    exact = [
        [
            float(
                sum(
                    Fraction(n) * Fraction(f)
                    for n, f, c in zip(numbers, made.shifts[:, r], cells, strict=True)
                    if c == cell
                )
            )
            for r in range(made.factors.shape[1])
        ]
        for cell in range(3)
    ]
    np.testing.assert_allclose(one, exact, rtol=0, atol=1e-11 * numbers.sum())


def any_factors(sample: Design, number: int) -> Replicates:
    raw = np.random.PCG64(5).random_raw(len(sample.weights) * number) >> np.uint64(11)
    factors = raw.astype(np.float64).reshape(-1, number) / 2**52
    unit = np.arange(len(factors), dtype=np.int32)
    return Replicates(method=Method.OTHER, factors=factors, unit=unit, scale=1.0, rscales=np.ones(number))


def test_the_jackknife_without_strata():
    made = jk1(WHOLE)
    third = 4 / 3
    assert made.factors.tolist() == [[0 if i == j else third for j in range(4)] for i in range(4)]
    assert made.unit.tolist() == [0, 0, 1, 2, 2, 3]
    assert (made.scale, made.rscales.tolist(), made.df) == (0.75, [1] * 4, 3)
    assert jk1(replace(WHOLE, fraction=np.array([0.2]))).scale == pytest.approx(0.6)


def test_the_jackknife_with_strata():
    made = jkn(replace(STRATA, fraction=np.array([0.5, 0.0, 1.0])))
    assert made.factors.shape == (9, 7), "a stratum of which everyone was surveyed has no replicates"
    assert made.factors[:, 0] == pytest.approx([0, 4 / 3, 4 / 3, 4 / 3, 1, 1, 1, 1, 1])
    assert made.rscales == pytest.approx([0.5 * 3 / 4] * 4 + [2 / 3] * 3)
    assert made.varying.tolist() == [True] * 7 + [False] * 2
    assert jkn(STRATA).df == 9 - 3


def test_balanced_replicates():
    made = brr(PAIRS)
    assert made.factors.shape == (6, 4)
    assert set(np.unique(made.factors)) == {0, 2}
    assert (made.factors[0::2] + made.factors[1::2] == 2).all()
    assert (made.scale, made.df) == (0.25, 3)
    numbers = [1, 4, 2, 8, 5, 7, 3, 6, 9]
    halves = [(5, 2), (8, 12), (3, 15)]
    assert total_variance(made, numbers) == pytest.approx(sum((one - other) ** 2 for one, other in halves))
    gentle = fay(PAIRS, 0.3)
    assert sorted(set(np.unique(gentle.factors.round(12)))) == [0.3, 1.7]
    assert total_variance(gentle, numbers) == pytest.approx(total_variance(made, numbers))


def test_the_bootstrap_is_the_same_everywhere():
    made = bootstrap(STRATA, 3, seed=7)
    times = made.factors * np.repeat([3 / 4, 2 / 3, 1 / 2], [4, 3, 2])[:, None]
    assert times.round(9).T.tolist() == [
        [0, 1, 1, 1, 0, 1, 1, 0, 1],
        [1, 1, 1, 0, 1, 0, 1, 0, 1],
        [1, 1, 1, 0, 2, 0, 0, 0, 1],
    ]
    assert (made.scale, made.rscales.tolist()) == (0.5, [1, 1, 1])


def test_a_large_bootstrap_comes_near_to_the_formula():
    made = bootstrap(replace(STRATA, fraction=np.array([0.0, 0.5, 1.0])), 4000, seed=1)
    numbers = np.array([1.0, 5, 2, 9, 4, 4, 1, 7, 3])
    parts = [numbers[:4], numbers[4:7]]
    wanted = [len(part) * part.var(ddof=1) * (1 - f) for part, f in zip(parts, (0, 0.5), strict=True)]
    assert total_variance(made, numbers) == pytest.approx(sum(wanted), rel=0.1)
    assert (made.factors[7:] == 1).all()


def test_successive_differences_go_round_each_stratum():
    numbers = [1, 5, 2, 9, 4, 4, 1, 7, 3]
    wanted = ((1 - 5) ** 2 + (5 - 2) ** 2 + (2 - 9) ** 2 + (9 - 1) ** 2) / 2
    wanted += (0 + 3**2 + 3**2) / 2 + 4**2
    made = sdr(STRATA)
    assert total_variance(made, numbers) == pytest.approx(wanted)
    assert made.factors.shape == (9, 12)
    assert made.scale == pytest.approx(4 / 12)
    assert np.abs(made.factors - 1).max() == pytest.approx(2**-0.5)


def test_successive_differences_follow_the_order_of_the_list():
    numbers, order = [1, 5, 2, 9], np.array([3, 1, 2, 0])
    made = sdr(design([0] * 4), order=order)
    assert total_variance(made, numbers) == pytest.approx(
        ((9 - 5) ** 2 + (5 - 2) ** 2 + (2 - 1) ** 2 + (1 - 9) ** 2) / 2
    )


@pytest.mark.parametrize("maker", [jkn, sdr, lambda each: bootstrap(each, 200, seed=3)])
def test_a_cluster_of_which_nobody_is_in_the_data_counts_as_drawn(maker):
    """n_h is the design's: three clusters were drawn in the second stratum, of which one is empty."""
    with_all = design([0, 0, 1, 1, 1], [0, 1, 2, 3, 4])
    without = design([0, 0, 1, 1], [0, 1, 2, 3], drawn=[2, 3])
    one, other = maker(with_all), maker(without)
    assert other.factors.tolist() == one.factors[:4].tolist()
    assert total_variance(other, [3, 5, 2, 9]) == pytest.approx(total_variance(one, [3, 5, 2, 9, 0]))


def test_later_stages_make_the_first_one_count_as_drawn_with_replacement():
    stage = Stage(units=None, count=np.array([2, 1, 2, 1]), fraction=np.full(4, 0.5))
    two = replace(WHOLE, fraction=np.array([0.4]), later=(stage,))
    assert jk1(two).scale == 0.75
    assert jk1(two, fraction=0.4).scale == pytest.approx(0.45)


def refused(said: str, *made, **named) -> None:
    maker, *arguments = made
    with pytest.raises(DesignError) as caught:
        maker(*arguments, **named)
    assert said in str(caught.value)


def test_a_stratum_of_one_cluster_is_named():
    single = design([0, 0, 1], [0, 1, 2])
    for maker in (jkn, sdr, lambda each, strata: bootstrap(each, 10, seed=1, strata=strata)):
        refused("stratum “north”", maker, single, strata=("south", "north"))


def test_balanced_replicates_name_the_stratum_that_has_not_two():
    refused("stratum “b”: it has 3 clusters, and brr", brr, design([0, 0, 1, 1, 1]), strata=("a", "b"))
    refused("stratum “2”: it has 1 clusters, and fay", fay, design([0, 0, 1]), 0.3)


def test_jk1_refuses_strata():
    refused("method = ", jk1, STRATA)


@pytest.mark.parametrize("rho", [0.0, 1.0, -0.3, np.nan])
def test_fays_rho_lies_between(rho):
    refused("Fay's ρ", fay, PAIRS, rho)


def test_a_bootstrap_of_one_is_refused():
    refused("at least two replicates", bootstrap, STRATA, 1, seed=1)


def test_a_whole_population_has_no_replicates():
    refused("whole population", jkn, replace(STRATA, fraction=np.ones(3)))


def test_memory_is_counted_before_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(units, "MOST_FACTORS", 20)
    for maker, sample in ((jkn, STRATA), (jk1, design([0] * 5)), (brr, PAIRS), (sdr, STRATA)):
        refused("GB of memory", maker, sample)
    refused("GB of memory", bootstrap, STRATA, 10, seed=1)


GOOD = Replicates(
    method=Method.OTHER,
    factors=np.ones((2, 3)),
    unit=np.array([0, 1, 1], dtype=np.int32),
    scale=1.0,
    rscales=np.ones(3),
)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"factors": np.ones((2, 1))}, "at least two"),
        ({"factors": np.ones(3)}, "at least two"),
        ({"factors": np.full((2, 3), np.nan)}, "numbers of zero and more"),
        ({"factors": np.full((2, 3), -1.0)}, "numbers of zero and more"),
        ({"rscales": np.ones(2)}, "one rscale"),
        ({"rscales": np.array([1, -1, 1.0])}, "rscales are"),
        ({"scale": -1.0}, "the scale"),
        ({"scale": np.inf}, "the scale"),
        ({"unit": np.array([0, 2], dtype=np.int32)}, "one unit"),
        ({"unit": np.array([0, -1], dtype=np.int32)}, "one unit"),
    ],
)
def test_replicates_check_themselves(fault, said):
    with pytest.raises(ValueError, match=said):
        replace(GOOD, **fault)


WEIGHTS = np.array([1.5, 2, 3, 1, 2.5, 1, 4, 2, 3])
MADE = {
    Method.JK1: jk1(design([0] * 9)),
    Method.JKN: jkn(STRATA),
    Method.BRR: brr(PAIRS),
    Method.FAY: fay(PAIRS, 0.3),
    Method.BOOTSTRAP: bootstrap(STRATA, 200, seed=5),
    Method.SDR: sdr(STRATA),
}


def columns(made: Replicates) -> np.ndarray:
    return made.factors[made.unit] * WEIGHTS[:, None]


def recipe(made: Replicates, **more) -> Recipe:
    """As a user would write it."""
    rscales = made.rscales if made.method is Method.JKN else None
    rho = 0.3 if made.method is Method.FAY else None
    return replace(Recipe(method=made.method, rscales=rscales, rho=rho), **more)


@pytest.mark.parametrize("method", MADE)
@pytest.mark.parametrize("combined", [True, False])
def test_what_was_made_can_be_supplied(method, combined):
    made = MADE[method]
    given = columns(made) if combined else made.factors[made.unit]
    cluster = PAIRS.cluster if method in (Method.BRR, Method.FAY) else None
    found = supplied(given, WEIGHTS, recipe(made, combined=combined), "wave 1", cluster)
    assert found.factors == pytest.approx(made.factors, rel=1e-12)
    assert found.unit.tolist() == made.unit.tolist()
    assert found.scale == pytest.approx(made.scale)
    assert found.rscales == pytest.approx(made.rscales)


def test_factors_that_differ_within_a_cluster_are_kept_by_respondent():
    made = MADE[Method.BRR]
    given = columns(made)
    given[1] *= 1.001
    found = supplied(given, WEIGHTS, recipe(made), "wave 1", PAIRS.cluster)
    assert found.factors.shape == (9, 4)


def test_who_has_no_weight_hinders_nothing():
    made = MADE[Method.BRR]
    none = WEIGHTS * [0, 1, 1, 1, 1, 1, 1, 1, 1]
    found = supplied(made.factors[made.unit] * none[:, None], none, recipe(made), "wave 1", PAIRS.cluster)
    assert found.factors == pytest.approx(made.factors)


def test_sampling_fractions_of_a_jackknife():
    made = MADE[Method.JK1]
    found = supplied(columns(made), WEIGHTS, recipe(made, fraction=np.full(9, 0.25)), "wave 1")
    assert found.rscales == pytest.approx([0.75] * 9)


@pytest.mark.parametrize(
    ("method", "of", "said"),
    [
        (Method.JK1, Method.BRR, "left out of none or several"),
        (Method.JK1, Method.SDR, "12 columns of jk1 replicates, but 9 clusters"),
        (Method.JK1, Method.FAY, "left out of none"),
        (Method.BRR, Method.JK1, "9 columns of brr replicates"),
        (Method.BRR, Method.FAY, 'say method = "fay" and fay = 0.3'),
        (Method.BRR, Method.SDR, "nearer to 1 than those of BRR"),
        (Method.FAY, Method.BRR, "do not fit fay: with its scale they give 2.04 times"),
        (
            Method.SDR,
            Method.BRR,
            "do not fit successive-difference: with its scale they give 4 times",
        ),
        (Method.BOOTSTRAP, Method.JK1, "do not fit bootstrap"),
        (Method.BOOTSTRAP, Method.SDR, "do not fit bootstrap"),
    ],
)
def test_columns_of_another_method_are_refused(method, of, said):
    made = MADE[of]
    asked = Recipe(method=method, rho=0.3)
    refused(said, supplied, columns(made), WEIGHTS, asked, "wave 1")


def changed(given: np.ndarray, place, value) -> np.ndarray:
    result = given.copy()
    result[place] = value
    return result


JK, JKN, BRR, SDR, BOOT = (
    MADE[each]
    for each in (
        Method.JK1,
        Method.JKN,
        Method.BRR,
        Method.SDR,
        Method.BOOTSTRAP,
    )
)


@pytest.mark.parametrize(
    ("given", "asked", "said"),
    [
        (columns(BRR)[:, :1], recipe(BRR), "at least two columns, not 1"),
        (changed(columns(BRR), 3, np.nan), recipe(BRR), "1 respondents lack a replicate weight"),
        (changed(columns(BRR), (3, 1), -1), recipe(BRR), "1 respondents have a negative replicate weight"),
        (columns(BRR) / WEIGHTS[:, None], recipe(BRR), "on average 0.45 times the weights"),
        (columns(BRR), recipe(BRR, combined=False), "factors are on average 2.6"),
        (columns(BRR)[:, :3], recipe(BRR), "3 columns of brr"),
        (columns(JK)[:, :8], recipe(JK), "1 of them are left out of none"),
        (columns(JKN), recipe(JKN, rscales=None), "need `rscales`"),
        (columns(JKN), recipe(JKN, rscales=np.ones(8)), "`rscales` has 8 numbers for 9"),
        (columns(JKN), recipe(JKN, rscales=np.full(9, -0.5)), "`rscales` has 9 numbers for 9"),
        (columns(JKN), recipe(JKN, rscales=np.full(9, 9.0)), "do not fit jkn"),
        (columns(JK), recipe(JK, scale=1 / 9), "do not fit jk1: with its scale they give 0.125 times"),
        (columns(JK), recipe(JK, scale=0.0), "`scale` is 0"),
        (columns(JK), recipe(JK, fraction=np.full(9, 2.0)), "one between 0 and 1 for each column"),
        (columns(JK), recipe(JK, fraction=np.zeros(3)), "one between 0 and 1 for each column"),
        (columns(BRR), recipe(BRR, fraction=np.zeros(4)), "are for a jackknife"),
        (columns(BRR), recipe(BRR, scale=0.5), "have the scale 0.25"),
        (columns(SDR), recipe(SDR, rscales=np.full(12, 2.0)), "have the scale 0.333333 and no rscales"),
        (columns(BRR), Recipe(method=Method.FAY), "need `fay`"),
        (columns(BRR), Recipe(method=Method.OTHER, rscales=np.ones(4)), "need `scale`"),
        (columns(BRR), Recipe(method=Method.OTHER, scale=1.0), "other replicates need `rscales`"),
        (columns(BOOT), recipe(BOOT, scale=1.0), "do not fit bootstrap"),
    ],
)  # fmt: skip
def test_what_cannot_be_replicate_weights_is_refused_with_a_remedy(given, asked, said):
    refused(said, supplied, given, WEIGHTS, asked, "wave 1")
    with pytest.raises(DesignError, match=r"^wave 1: "):
        supplied(given, WEIGHTS, asked, "wave 1")


def test_who_has_a_weight_in_a_replicate_has_one_in_the_sample():
    weights = changed(WEIGHTS, 4, 0)
    refused("1 respondents have the weight zero", supplied, columns(BRR), weights, recipe(BRR), "wave 1")
