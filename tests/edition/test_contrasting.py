"""What an edition alone says of the difference between two of its numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from edition_by_hand import PUBLICATION, study, text
from hypothesis import given
from hypothesis import strategies as st

from saklig.disclosure.rounding import TIE, half_up
from saklig.edition.comparable import NotComparable
from saklig.edition.contrasting import Contrast, Verdict, Why, contrast, holm, several
from saklig.edition.edition import Edition
from saklig.edition.facts import Fact
from saklig.edition.mover import Rounded, surest, widest
from saklig.edition.publication import Axis, Correlations, Publication, Response, Samples, WavePair
from saklig.edition.relating import Rule
from saklig.estimation.intervals.logit import logit
from saklig.study.model import Balance, Change, Kind, Question, Sample, Study, Weighting, WeightingMethod

PLAIN = replace(
    PUBLICATION, responses=tuple(Response(wave=wave, respondents=76, by_stratum={"s": 76}) for wave in ("2021", "2023"))
)


def compared(
    first: Fact, second: Fact, asked: Study | None = None, said: Publication = PLAIN, *, panel: bool = False
) -> Contrast:
    return contrast(first, second, asked or study(), said, panel=panel)


def with_response(**changed: object) -> Publication:
    return replace(PLAIN, responses=tuple(replace(each, **changed) for each in PLAIN.responses))  # type: ignore[arg-type]


def fact(category: str, value: int, half: int = 9, **place: object) -> Fact:
    given = {"wave": "2021", "question": "q1", "base": 76} | place
    return Fact(category=category, value=value, lower=max(value - half, 0), upper=min(value + half, 100), **given)  # type: ignore[arg-type]


SMALL = {"by1": "storlek", "group1": "liten"}
LARGE = {"by1": "storlek", "group1": "stor"}


def test_two_groups_are_independent(edition: Edition) -> None:
    found = compared(edition.fact("liten.2021/q1/1@storlek=liten"), edition.fact("liten.2021/q1/1@storlek=stor"))
    assert (found.rule, found.value) == (Rule.GROUPS, 36 - 22)
    assert found.lower == math.floor(13 - math.hypot(8.5, 9.5))
    assert found.why is Why.ROUNDING
    closer = compared(fact("1", 30, **SMALL), fact("1", 25, **LARGE))
    assert closer.verdict is Verdict.NO


def test_what_is_far_apart_is_told_apart() -> None:
    found = compared(fact("1", 20, **SMALL), fact("1", 60, **LARGE))
    assert (found.verdict, found.value) == (Verdict.SECOND_LARGER, -40)
    turned = compared(fact("1", 60, **LARGE), fact("1", 20, **SMALL))
    assert (turned.verdict, turned.lower, turned.upper) == (Verdict.FIRST_LARGER, -found.upper, -found.lower)  # type: ignore[operator]


def test_strata_and_clusters_say_what_they_take_for_granted() -> None:
    one, other = fact("1", 20, **SMALL), fact("1", 46, **LARGE)
    strata = compared(one, other, said=with_response(by_stratum={"a": 40, "b": 36}))
    assert (strata.rule, strata.verdict) == (Rule.GROUPS_IN_STRATA, Verdict.SECOND_LARGER)
    made = tuple(replace(wave, weighting=Weighting(method=WeightingMethod.RAKE)) for wave in study().waves)
    weighted = compared(one, other, replace(study(), waves=made))
    assert (weighted.rule, weighted.verdict) == (Rule.GROUPS_WEIGHTED, Verdict.SECOND_LARGER)
    for said in (with_response(clustered=True), with_response(replicates=80)):
        clusters = compared(one, replace(other, value=36, lower=27, upper=45), said=said)
        assert (clusters.rule, clusters.verdict) == (Rule.BOUND, Verdict.CANNOT_TELL)
        assert clusters.why is Why.UNKNOWN_CORRELATION
    assert compared(one, other, said=with_response(clustered=True)).verdict is Verdict.SECOND_LARGER


def test_the_groups_of_a_cluster_sample_hang_together_as_the_edition_says() -> None:
    told = Correlations(
        axis=Axis.GROUPS,
        wave="2021",
        question="q1",
        item="",
        by=("storlek",),
        names=("liten", "mellan", "stor"),
        tenths={"1": ((), (None,), (3, -10))},
    )
    said = replace(with_response(clustered=True), correlations=(told,))
    one, other = fact("1", 20, **SMALL), fact("1", 36, **LARGE)
    found = compared(one, other, said=said)
    assert (found.rule, found.verdict) == (Rule.GROUPS_IN_CLUSTERS, Verdict.SECOND_LARGER)
    half = math.sqrt(81 + 81 - 2 * 0.3 * 81)
    assert -16 - half - 2.5 < found.lower <= -16 - half  # type: ignore[operator]
    assert compared(other, one, said=said).upper == -found.lower
    middle = fact("1", 36, by1="storlek", group1="mellan")
    for untold in ((one, middle), (fact("2", 20, **SMALL), fact("2", 36, **LARGE))):
        assert compared(*untold, said=said).rule is Rule.BOUND


def test_two_answers_to_one_question_hang_together_as_in_a_multinomial_sample() -> None:
    found = compared(fact("1", 50, 10), fact("2", 30, 10))
    rho = -math.sqrt(0.5 * 0.3 / (0.5 * 0.7))
    half = math.sqrt(200 - 200 * rho)
    assert found.rule is Rule.CATEGORIES
    assert 20 - half - 2.5 < found.lower <= 20 - half  # type: ignore[operator]
    assert compared(fact("1", 50, 10), fact("2", 30, 10), said=with_response(replicates=80)).rule is Rule.BOUND
    weighted = compared(fact("1", 50, 10), fact("2", 30, 10), said=with_response(weighted=True))
    assert (weighted.rule, weighted.lower) == (Rule.BOUND, 40 - 40)


def test_answers_that_leave_no_other_lose_what_the_other_gains() -> None:
    found = compared(fact("1", 30), fact("2-3", 70), said=with_response(weighted=True, clustered=True))
    assert (found.rule, found.verdict) == (Rule.COMPLEMENT, Verdict.SECOND_LARGER)


def test_an_answer_beside_the_base_is_no_answer_of_the_same_distribution() -> None:
    assert compared(fact("1", 30), fact("9", 5)).rule is Rule.BOUND


def test_options_that_can_be_chosen_together_hang_together_in_a_way_not_published() -> None:
    asked = study()
    several_options = replace(asked.question("q1"), kind=Kind.MULTIPLE, mean=False, nets=())
    section = replace(asked.sections[0], questions=(several_options, asked.question("q2")))
    assert compared(fact("1", 30), fact("2", 40), replace(asked, sections=(section,))).rule is Rule.BOUND


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (fact("1", 30, question="q2", item="a"), fact("1", 30, question="q2", item="b")),
        (fact("1", 30), fact("1", 30, question="q2", item="b")),
        (fact("1", 30, **SMALL), fact("1", 30, by1="del", group1="norr")),
    ],
)
def test_anything_else_has_the_sum_of_both_errors(one: Fact, other: Fact) -> None:
    found = compared(one, other)
    assert (found.rule, found.lower, found.upper) == (Rule.BOUND, -18, 18)
    assert found.why is Why.UNKNOWN_CORRELATION


def test_two_waves_are_independent_unless_the_same_answered() -> None:
    one, other = fact("1", 20), fact("1", 46, wave="2023")
    assert compared(one, other).rule is Rule.WAVES
    assert compared(one, other).verdict is Verdict.SECOND_LARGER
    assert compared(one, other, panel=True).rule is Rule.BOUND
    for sample in (Sample.CENSUS, Sample.RECRUITED_PANEL):
        assert compared(one, other, replace(study(), sample=sample)).rule is Rule.BOUND


@pytest.mark.parametrize("sample", [Sample.PROBABILITY, Sample.CENSUS, Sample.RECRUITED_PANEL])
@pytest.mark.parametrize("samples", list(Samples))
def test_what_an_edition_says_of_its_waves_comes_before_the_kind_of_its_sample(
    sample: Sample, samples: Samples
) -> None:
    said = replace(PLAIN, pairs=(WavePair(wave="2021", wave2="2023", samples=samples),))
    one, other, asked = fact("1", 20), fact("1", 46, wave="2023"), replace(study(), sample=sample)
    wanted = Rule.WAVES if samples is Samples.INDEPENDENT else Rule.BOUND
    assert compared(one, other, asked, said).rule is wanted
    assert compared(one, other, asked, said, panel=True).rule is Rule.BOUND


def test_a_question_that_was_changed_tells_no_change() -> None:
    asked = study()
    change = Change(wave="2023", note=text("Nytt svarsalternativ"))
    for breaks, why in ((True, Why.CHANGED), (False, None)):
        changed = replace(asked.question("q1"), changes=(replace(change, breaks=breaks),))
        section = replace(asked.sections[0], questions=(changed, asked.question("q2")))
        found = compared(fact("1", 20), fact("1", 46, wave="2023"), replace(asked, sections=(section,)))
        assert found.why is why
        assert several((found, found))[0].why is why


def test_a_self_selected_sample_never_tells() -> None:
    found = compared(fact("1", 1), fact("1", 99, wave="2023"), replace(study(), sample=Sample.SELF_SELECTED))
    assert (found.why, found.value, found.lower, found.upper) == (Why.SELF_SELECTED, -98, None, None)


def test_what_is_withheld_says_nothing(edition: Edition) -> None:
    found = compared(edition.fact("liten.2021/q1/1@del=norr"), edition.fact("liten.2021/q1/1@del=syd"))
    assert (found.why, found.value, found.lower, found.p) == (Why.NOT_PUBLISHED, None, None, (0.0, 1.0))


def test_a_number_without_an_interval_is_not_told_apart() -> None:
    bare = replace(fact("1", 90, **LARGE), lower=None, upper=None)
    assert compared(fact("1", 10, **SMALL), bare).why is Why.NO_INTERVAL


REFUSED = [
    (fact("1", 30, **SMALL), fact("1", 40), "storlek=liten is part of.*with storlek=stor"),
    (fact("1", 30), fact("2", 40, wave="2023", **LARGE), "storlek=stor is part of.*with storlek=liten"),
    (fact("1", 30, by2="del", group2="norr", **SMALL), fact("1", 40, **SMALL), "del=norr is part of"),
    (fact("1", 30), fact("1", 30), "one number, named twice"),
    (fact("2", 30), fact("2-3", 60), "counts the answers of the other too"),
    (fact("2", 30), fact("", 2, stat="mean"), "two different statistics"),
    (fact("", 2, stat="mean"), fact("", 2, question="q3", stat="mean"), "different units"),
    (fact("1", 2, wave2="2023", stat="difference"), fact("1", 2), "a comparison already"),
]


@pytest.mark.parametrize(("one", "other", "words"), REFUSED)
def test_what_says_nothing_is_refused_with_what_to_do(one: Fact, other: Fact, words: str) -> None:
    asked = study()
    amount = Question(id="q3", kind=Kind.NUMERIC, text=text("Hur många?"), label=text("Antal"), unit=text("tim"))
    wide = replace(asked, sections=(replace(asked.sections[0], questions=(*asked.questions, amount)),))
    for pair in ((one, other), (other, one)):
        with pytest.raises(NotComparable, match=words):
            compared(*pair, wide)


def test_means_of_one_scale_and_balances_are_compared() -> None:
    mean = replace(fact("", 20, 3, stat="mean", **SMALL), decimals=1)
    found = compared(mean, replace(mean, group1="stor", value=30, lower=27, upper=33))
    assert (found.value, found.decimals, found.verdict) == (-10, 1, Verdict.SECOND_LARGER)
    asked = study()
    balanced = replace(asked.question("q1"), balance=Balance(positive="3", negative="1"))
    section = replace(asked.sections[0], questions=(balanced, asked.question("q2")))
    one = replace(fact("", 90, stat="balance", **SMALL), lower=70, upper=100)
    other = replace(fact("", -90, stat="balance", **LARGE), lower=-100, upper=-70)
    found = compared(one, other, replace(asked, sections=(section,)))
    assert (found.value, found.verdict) == (180, Verdict.FIRST_LARGER)
    assert found.upper < 200  # type: ignore[operator]


def test_numbers_with_and_without_a_decimal_are_compared_in_the_coarser() -> None:
    fine = replace(fact("1", 0, **SMALL), value=401, lower=380, upper=422, decimals=1)
    found = compared(fine, fact("1", 20, 5, **LARGE))
    assert (found.value, found.decimals, found.verdict) == (20, 0, Verdict.FIRST_LARGER)
    # (40.05 − 20.5) − √((40.05 − 38)² + (25 − 20.5)²) = 19.55 − 4.94 = 14.61
    # (40.15 − 19.5) + √((42.2 − 40.15)² + (19.5 − 15)²) = 20.65 + 4.94 = 25.59
    assert (found.lower, found.upper) == (14, 26)
    half = compared(replace(fine, value=405), fact("1", 20, 5, **LARGE))
    assert (half.value, compared(half.second, half.first).value) == (21, -20), "half up"


def test_holm_multiplies_the_least_by_most_and_never_falls() -> None:
    # Worked by hand: 3 · 0.01, then 2 · 0.04, and 0.03 · … of what is between.
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_several_comparisons_at_once_need_more() -> None:
    one = compared(fact("1", 20, **SMALL), fact("1", 36, **LARGE))
    assert one.verdict is Verdict.SECOND_LARGER
    assert one.p[1] < 0.05
    same = compared(fact("1", 30, **SMALL), fact("1", 30, **LARGE))
    first, *_rest = several((one, *[same] * 9))
    assert (first.verdict, first.lower, first.upper) == (Verdict.NO, one.lower, one.upper)
    assert first.p[1] == pytest.approx(10 * one.p[1])


def printed(count: int, n: int, place: dict[str, str], decimals: int = 0) -> tuple[Fact, tuple[float, float, float]]:
    """A share of a simple random sample as the program prints it, and as it was before, in per cent."""
    unit = 100 * 10**decimals
    share = np.array([count / n])
    se = np.sqrt(share * (1 - share) / (n - 1))
    lower, upper = logit(share, se, np.array([n - 1]))
    truth = (float(share[0]) * 100, float(lower[0]) * 100, float(upper[0]) * 100)
    value, low, high = half_up(share * unit), np.floor(lower * unit + TIE), np.ceil(upper * unit - TIE)
    made = Fact(
        wave="2021", question="q1", category="1", base=n, decimals=decimals,
        value=int(value[0]), lower=int(low[0]), upper=int(high[0]), **place,
    )  # fmt: skip
    return made, truth


@st.composite
def a_sample(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(5, 900))
    return draw(st.integers(1, n - 1)), n


@given(a_sample(), a_sample(), st.tuples(*[st.integers(0, 2)] * 2))
def test_the_printed_numbers_never_say_more_than_the_unrounded_ones(
    one: tuple[int, int], other: tuple[int, int], decimals: tuple[int, int]
) -> None:
    first, truth = printed(*one, SMALL, decimals[0])
    second, beside = printed(*other, LARGE, decimals[1])
    found = compared(first, second)
    made = 10**found.decimals
    exact, against = (
        Rounded(value=(value, value), lower=(low, low), upper=(high, high)) for value, low, high in (truth, beside)
    )
    lower, upper = widest(exact, against, (0.0, 0.0))
    assert found.decimals == min(decimals)
    assert found.lower <= found.value <= found.upper  # type: ignore[operator]
    assert found.lower <= lower * made + 2 * TIE  # type: ignore[operator]
    assert upper * made <= found.upper + 2 * TIE  # type: ignore[operator]
    apart = max(surest(exact, against, (0, 0)), surest(against, exact, (0, 0))) > 1
    match found.verdict:
        case Verdict.FIRST_LARGER:
            assert apart
            assert truth[0] > beside[0]
        case Verdict.SECOND_LARGER:
            assert apart
            assert truth[0] < beside[0]
        case Verdict.NO:
            assert not apart
        case Verdict.CANNOT_TELL:
            assert found.why is Why.ROUNDING
