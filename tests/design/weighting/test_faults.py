"""What targets and weights can get wrong: each says where, what is wrong and what to do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from saklig.design.weighting.calibration import calibrate
from saklig.design.weighting.distances import Bounds, Exponential, Linear, Logit
from saklig.design.weighting.faults import WeightingError, plain
from saklig.design.weighting.matching import matched, scaled
from saklig.design.weighting.membership import Factor, Quantity
from saklig.design.weighting.naming import Names
from saklig.design.weighting.poststratification import post_stratify
from saklig.design.weighting.raking import rake
from saklig.design.weighting.target_rows import read_targets
from saklig.design.weighting.targets import Margin, Targets, Total
from saklig.design.weighting.trimming import trimmed
from saklig.language.catalog import speaking

SEX = Factor(variable="sex", groups=("man", "woman"), codes=np.array([0, 0, 1, 1, 1, 0]))
AGE = Factor(variable="age", groups=("young", "old", "oldest"), codes=np.array([0, 1, 0, 1, 1, 0]))
INCOME = Quantity(variable="income", values=np.array([1.0, 2, 3, 4, 5, 6]))
ONES = np.ones(6)


def margin(variable, **counts):
    return Margin(variable=variable, groups=tuple(counts), counts=tuple(map(float, counts.values())))


def of(*margins, totals=(), weights=ONES, factors=(SEX, AGE), quantities=(INCOME,)):
    totals = tuple(Total(variable=name, total=total) for name, total in totals)
    return matched(Targets(margins=margins, totals=totals), weights, factors, quantities)


SEXES = margin("sex", man=30, woman=30)
AGES = margin("age", young=20, old=40)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: margin("sex", man=-1, woman=3), "group “man”: its target is −1; a number of units cannot be negative"),
        (lambda: margin("sex", man=math.nan, woman=3), "group “man”: its target is missing"),
        (lambda: margin("sex", man=0, woman=0), "“sex”: no group has a target above zero"),
        (lambda: Margin(variable="sex", groups=("a", "a"), counts=(1, 2)), "the group “a” has 2 targets"),
        (lambda: Total(variable="income", total=math.nan), "“income”: its total is missing"),
        (lambda: Targets(margins=()), "there are no targets"),
        (lambda: Targets(margins=(SEXES, SEXES)), "“sex”: it stands 2 times"),
        (lambda: of(SEXES, margin("age", young=20, old=41)), "“age” add up to 61, but those of “sex” to 60"),
        (lambda: of(margin("sexx", man=1, woman=2)), "targets for “sexx”, which the answers do not have; did you mean"),
        (lambda: of(margin("sex*region", man=1)), "targets for “sex*region”"),
        (lambda: of(SEXES, totals=[("incom", 3)]), "targets for “incom”, which the answers do not have; did you mean"),
        (lambda: of(margin("sex", man=1, women=2)), "a target for “women”, a group that it does not have; did"),
        (lambda: of(margin("sex", man=1)), "“sex”, group “woman”: it has respondents, but no target"),
        (lambda: of(margin("sex", man=1, woman=0)), "“sex”, group “woman”: it has respondents, but the target zero"),
        (lambda: of(margin("age", young=1, old=2, oldest=3)), "group “oldest”: its target is 3, but nobody in it has"),
        (lambda: of(SEXES, factors=[Factor(variable="sex", groups=SEX.groups, codes=SEX.codes - 1)]),
         "3 respondents have no value, and whoever is in no group cannot be weighted. Fill it in"),
        (lambda: of(SEXES, totals=[("income", 3)], quantities=[Quantity(variable="income", values=ONES * math.nan)]),
         "“income”: 6 respondents have no value"),
        (lambda: of(SEXES, weights=np.array([1, 1, 1, 1, 1, -1.0])), "1 respondent has no weight, or a negative one"),
        (lambda: of(SEXES, weights=np.array([1, 1, 1, 1, np.nan, -1.0])), "2 respondents have no weight"),
        (lambda: of(SEXES, weights=np.zeros(6)), "no respondent has a weight above zero"),
        (lambda: post_stratify(of(SEXES, AGES)), "post-stratification takes the counts of one variable"),
        (lambda: rake(of(SEXES, totals=[("income", 3)])), "“income” is a quantity; choose calibration"),
        (lambda: Bounds(lower=1.5, upper=2), "the bounds 1.5 and 2 are not below and above 1"),
        (lambda: Bounds(lower=-1, upper=2), "the bounds −1 and 2"),
        (lambda: Logit(Bounds(lower=0.5)), "logit calibration needs an upper bound"),
        (lambda: trimmed(ONES * 2, upper=1), "mean weight is 2, so that weights cannot all lie between 0 and 1"),
        (lambda: trimmed(np.array([1.0, 3.0]), lower=1.5, upper=2.5), "every weight is beyond a limit"),
        (lambda: trimmed(np.array([0.01] * 8 + [1.1, 9.5]), lower=1), "leaves others with no weight"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_remedy(made, said):
    with pytest.raises(WeightingError) as caught:
        made()
    assert said in str(caught.value)
    with speaking("sv"), pytest.raises(WeightingError) as swedish:
        made()
    assert said not in str(swedish.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((("man", "50"), ("woman", "50.4")), ""),
        ((("man", "0.5"), ("woman", "0.5")), "“sex”: the percentages add up to 1: they are shares; write them as"),
        ((("man", "50"),), "m.csv, line 2: “sex”: the percentages add up to 50; there is no target for “woman”"),
        ((("man", "5000"), ("woman", "5200")), "up to 10,200, not to 100; if they are numbers of the population, call"),
        ((("man", "50"), ("woman", "40")), "“sex”: the percentages add up to 90, not to 100; correct them"),
        ((("man", "110"), ("woman", "-10")), "m.csv, line 3: “sex”, group “woman”: its share is −10 per cent"),
        ((("man", "50"), ("woman", "50"), ("man", "9")), "m.csv, line 2; m.csv, line 4: “sex”: the group “man” has 2"),
        ((("man", ""), ("woman", "50")), "m.csv, line 2: “sex”, group “man”: its target is missing"),
    ],
)
def test_percentages_that_cannot_be_say_what_they_seem_to_be(given, said):
    names = Names(variables={"sex": "sex"}, groups={"sex": {"man": "man", "m": "man", "woman": "woman"}})
    lines = rows(*(["sex", *each] for each in given), head=["variable", "group", "percent"])
    if not said:
        read_targets(lines, "m.csv", names=names, units=10, respondents=200)
        return
    with pytest.raises(WeightingError) as caught:
        read_targets(lines, "m.csv", names=names, units=10, respondents=200)
    (only,) = caught.value.problems
    assert said in only
    assert ("column count" in only) == ("10,200" in only)


def test_numbers_are_written_as_the_language_writes_them():
    assert plain(31.25) == "31.25"
    assert plain(123456.7, 4) == "123,500"
    assert plain(math.inf) == "∞"
    with speaking("sv"):
        assert plain(31.25) == "31,25"
        assert plain(-1234567.5) == "−1\u00a0234\u00a0567,5"


def test_who_has_no_value_may_be_a_group_with_the_share_among_the_respondents():
    nobody = Factor(variable="sex", groups=SEX.groups, codes=np.array([0, 0, 1, 1, 1, -1]))
    with speaking("sv"), pytest.raises(WeightingError) as caught:
        of(SEXES, factors=[nobody])
    assert "(16,7 procent); minska de övriga i samma mån." in str(caught.value)
    with speaking("en"), pytest.raises(WeightingError) as caught:
        of(SEXES, factors=[nobody])
    assert "(16.7 per cent), lowering the others to match." in str(caught.value)


def test_everything_that_does_not_fit_is_told_at_once():
    with pytest.raises(WeightingError) as caught:
        of(margin("sex", man=1), margin("age", young=0.5, old=0, older=0.5))
    assert len(caught.value.problems) == 3


# all men are old and all women young, so that the two margins ask the same people for different numbers
TIED = Factor(variable="age", groups=("young", "old"), codes=1 - SEX.codes)


def test_raking_that_cannot_converge_says_which_margin_is_how_far_off():
    with pytest.raises(WeightingError) as caught:
        rake(of(SEXES, AGES, factors=(SEX, TIED)))
    first, second = caught.value.problems
    assert "after 1000 rounds. Usually some combination of groups has no respondents" in first
    assert first.endswith("Furthest off are:")
    assert second == "“sex”, group “man”: 40 where the target is 30, 33.3 % off"


def test_calibration_says_which_target_contradicts_the_others():
    with pytest.raises(WeightingError) as caught:
        calibrate(of(SEXES, AGES, factors=(SEX, TIED)))
    assert (
        "“age”, group “young”: its target is 20, but it follows from the other targets and would have to be 30"
        in str(caught.value)
    )


def test_a_single_target_beyond_the_bounds_is_named():
    with pytest.raises(WeightingError) as caught:
        calibrate(of(SEXES), Linear(Bounds(lower=0.5, upper=2)))
    assert "“sex”, group “man”: its target is 30" in str(caught.value)
    assert "at least 1.5 and at most 6; widen `bounds`, or merge groups" in str(caught.value)


@pytest.mark.parametrize("distance", [Linear, Exponential, Logit])
def test_bounds_that_cannot_be_met_together_are_proven_so_and_better_ones_offered(distance):
    """Each margin alone is met by factors between 0.86 and 1.4, but the one young man cannot count for both."""
    sex = Factor(variable="sex", groups=("man", "woman"), codes=np.repeat([0, 0, 1, 1], [1, 4, 4, 11]))
    age = Factor(variable="age", groups=("young", "old"), codes=np.repeat([0, 1, 0, 1], [1, 4, 4, 11]))
    wanted = (margin("sex", man=7, woman=13), margin("age", young=7, old=13))
    sample = of(*wanted, weights=np.ones(20), factors=(sex, age))
    free = calibrate(sample).report.factors
    with pytest.raises(WeightingError) as caught:
        calibrate(sample, distance(Bounds(lower=0.8, upper=1.41)))
    first, *off = caught.value.problems
    assert "no weights that change by factors between 0.8 and 1.41 meet all targets; between" in first
    assert f"{free[1]:.4g}" in first
    assert off
    assert calibrate(sample, distance(Bounds(lower=0.5, upper=2.5))).report.after.total == pytest.approx(20)


def test_bounds_that_cannot_be_met_where_no_positive_weights_are_known():
    """Men at 1, 2 and 6 and women at 3, 4 and 5 come to 16.5 at the least, when each three are to count as three."""
    sample = of(margin("sex", man=3, woman=3), totals=[("income", 12)])
    with pytest.raises(WeightingError) as caught:
        calibrate(sample, Linear(Bounds(lower=0.5, upper=2)))
    assert "between 0.5 and 2 meet all targets; widen `bounds`, merge groups" in str(caught.value)


def test_strict_trimming_that_does_not_end_is_said(monkeypatch):
    weights = np.array([5.0, 1.0, 4.5, 2.0])
    assert trimmed(weights, upper=4, strict=True).max() <= 4
    monkeypatch.setattr("saklig.design.weighting.trimming.PASSES", 1)
    with pytest.raises(WeightingError, match="weights cannot be kept between 0 and 4; choose wider limits"):
        trimmed(weights, upper=4, strict=True)


def test_rounds_that_do_not_suffice_are_no_proof():
    with pytest.raises(WeightingError, match="has not met its targets after 1 rounds"):
        calibrate(of(scaled_margin(), totals=[("income", 18.0)]), Exponential(), rounds=1)


def scaled_margin():
    return margin("sex", man=2, woman=4)


def test_negative_weights_are_refused_and_bounds_offered():
    with pytest.raises(WeightingError) as caught:
        calibrate(of(margin("sex", man=3, woman=3), totals=[("income", 9.5)]))
    assert "1 respondent would get a weight that is not above zero" in str(caught.value)
    assert "write bounds = [0.1, " in str(caught.value)
    bounded = calibrate(of(margin("sex", man=3, woman=3), totals=[("income", 13.0)]), Linear(Bounds(lower=0.1)))
    assert bounded.weights.min() >= 0.1


def test_scaled_weights_add_up_to_the_population():
    assert scaled(np.array([1.0, 3.0]), 60) == pytest.approx([15, 45])


HEAD = ["variable", "group", "count"]


def rows(*lines, head=HEAD):
    return list(enumerate([head, *lines], 1))


def test_targets_are_read_from_rows():
    given = rows(["sex", "man", "1 234"], ["sex", "woman", "2\u00a0000"], [], ["income", "", "1e6"], ["", "", ""])
    assert read_targets(given, "targets.csv") == Targets(
        margins=(margin("sex", man=1234, woman=2000),), totals=(Total(variable="income", total=1e6),)
    )
    swedish = rows(["3,5", "kön", "man"], head=["\ufeffAntal", "Variabel", "Grupp"])
    assert read_targets(swedish, "m.csv", decimal_comma=True).margins == (margin("kön", man=3.5),)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "m.csv: the first line lacks variable, group, count"),
        (rows(head=["variable", "count"]), "m.csv: the first line lacks group"),
        (rows(["sex", "man"]), "m.csv, line 2: it has too few cells"),
        (rows(["", "man", "3"]), "m.csv, line 2: it names no variable"),
        (rows(["sex", "man", "many"]), "m.csv, line 2: “many” is not a number"),
        (rows(["sex", "man", "1,234"]), "m.csv, line 2: “1,234” is not a number"),
        (rows(["sex", "man", "nan"]), "m.csv, line 2: “nan” is not a number"),
        (rows(["sex", "man", ""]), "“sex”, group “man”: its target is missing"),
        (rows(["income", "", ""]), "“income”: its total is missing"),
        (
            rows(["sex", "man", "1"], ["sex", "man", "2"]),
            "m.csv, line 2; m.csv, line 3: “sex”: the group “man” has 2 targets",
        ),
        (rows(["income", "", "1"], ["income", "", "2"]), "“income”: it stands 2 times"),
        (rows(), "there are no targets"),
    ],
)
def test_rows_that_are_no_targets_are_named(given, said):
    with pytest.raises(WeightingError) as caught:
        read_targets(given, "m.csv")
    assert said in str(caught.value)
