"""Designs from studies and answers: weights as integers, fractions, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from saklig.answers.model import Answers
from saklig.design.drawn import design_of
from saklig.design.fixed_point import HEADROOM, LARGEST, fixed_point
from saklig.design.model import DesignError
from saklig.design.unused import remarks_on_design
from saklig.language.text import Text
from saklig.study.model import (
    Category,
    CodeList,
    Kind,
    Lonely,
    Question,
    ResponseModel,
    Sample,
    Section,
    Stratum,
    Study,
    Wave,
)
from saklig.study.replication import ReplicateMethod, Replication


def words(text: str) -> Text:
    return Text.of({"sv": text})


def study(**wave) -> Study:
    categories = (Category(id="1", label=words("ja"), code=1),)
    question = Question(
        id="q", kind=Kind.SINGLE, text=words("?"), label=words("?"), codes=CodeList(id="c", categories=categories)
    )
    return Study(
        id="s",
        title=words("s"),
        languages=("sv",),
        sections=(Section(id="1", title=words("1"), questions=(question,)),),
        waves=(Wave(id="2021", label=words("2021"), **wave),),
    )


def answers(weights, strata=None, clusters=None, within=(), fpc=(), weighted=True) -> Answers:
    n = len(weights)
    return Answers(
        wave="2021",
        n=n,
        columns={},
        backgrounds={},
        weights=np.array(weights, dtype=np.float64),
        weighted=weighted,
        strata=None if strata is None else np.array(strata, dtype=np.int32),
        stratum_ids=() if strata is None else ("small", "large", "other"),
        clusters=None if clusters is None else np.array(clusters, dtype=np.int32),
        within=tuple(np.array(each, dtype=np.int32) for each in within),
        fpc=tuple(np.array(each, dtype=np.float64) for each in fpc),
    )


STRATUM_OF_TWO = Stratum(id="small", population=2)
STRATA = (Stratum(id="small", population=10, invited=6), Stratum(id="large", population=3, invited=3))


@pytest.mark.parametrize("weights", [[1.0] * 76, [3.5, 0.25, 1e6, 0.0], [1e-3] * 5, [4e9]])
def test_the_scale_is_the_largest_power_of_ten_with_room_for_rounding(weights):
    design = design_of(replace(study(), sample=Sample.SELF_SELECTED), answers(weights))
    total = int(design.weights.sum())
    assert total * HEADROOM <= LARGEST < 10 * (total + len(weights)) * HEADROOM or design.scale == 10**18
    assert np.log10(design.scale).is_integer()
    assert design.weights / design.scale == pytest.approx(weights, rel=1e-6)


def test_sums_of_weights_and_of_squares_do_not_depend_on_the_order():
    random = np.random.default_rng(7)
    design = design_of(study(), answers(random.uniform(0.1, 40, 5000)))
    for numbers in (design.sums, design.squares.numbers):
        exact = sum(int(number) for number in numbers)
        assert exact < 2**53
        for _ in range(5):
            assert np.bincount(np.zeros(5000, dtype=int), weights=random.permutation(numbers))[0] == exact
    squares = design.squares.numbers * design.squares.unit
    assert squares.sum() == pytest.approx((design.sums**2).sum(), rel=1e-14)


def test_fixed_point_of_nothing_is_nothing():
    assert fixed_point(np.zeros(3)).numbers.tolist() == [0, 0, 0]


def test_respondents_are_a_random_sample_within_stratum():
    design = design_of(study(population=13, strata=STRATA), answers([1.0] * 5, strata=[0, 0, 1, 1, 1]))
    assert design.fraction.tolist() == [0.2, 1.0, 0.0]
    assert design.clusters_by_stratum.tolist() == [2, 3, 0]
    assert design.population.tolist() == [10, 3, -1]
    assert design.population_size == 13
    assert design.intervals


def test_without_strata_in_the_answers_the_population_is_that_of_all_strata():
    assert design_of(study(strata=STRATA), answers([1.0] * 4)).population.tolist() == [13]


def test_a_population_given_as_a_whole_is_shared_as_the_weights_share_it():
    design = design_of(study(population=40), answers([3.0, 3.0, 1.0, 1.0], strata=[0, 0, 1, 1]))
    assert design.population.tolist() == [30, 10, -1]
    assert design.fraction == pytest.approx([2 / 30, 2 / 10, 0])


def test_clusters_of_the_same_number_in_two_strata_are_two():
    given = answers([1.0] * 6, strata=[0, 0, 0, 1, 1, 1], clusters=[1, 1, 2, 1, 2, 2])
    design = design_of(study(strata=(STRATA[0], replace(STRATA[1], population=30))), given)
    assert design.clusters_by_stratum.tolist() == [2, 2, 0]
    assert len(set(design.cluster.tolist())) == 4
    assert design.fraction.tolist() == [0, 0, 0]


def test_clusters_of_one_respondent_each_are_an_element_sample():
    design = design_of(study(population=10), answers([1.0] * 4, clusters=[4, 2, 9, 7]))
    assert design.cluster is None
    assert design.fraction.tolist() == [0.4]


def test_a_self_selected_sample_has_no_intervals():
    assert not design_of(replace(study(), sample=Sample.SELF_SELECTED), answers([1.0])).intervals


def test_a_sample_that_chose_itself_has_modelled_intervals_where_the_study_asks_for_them():
    """As if drawn from an endless population: no fraction of it was."""
    asked = replace(study(population=4), sample=Sample.SELF_SELECTED, modelled=words("Slumpmässigt."))
    design = design_of(asked, answers([1.0, 1.0]))
    assert design.intervals
    assert design.fraction.tolist() == [0]


def test_a_census_says_what_it_takes_of_those_who_did_not_answer():
    for model, intervals in ((ResponseModel.RANDOM, True), (ResponseModel.NONE, False)):
        census = replace(study(population=3), sample=Sample.CENSUS, response_model=model)
        assert design_of(census, answers([1.0, 1.0])).intervals is intervals
        complete = design_of(census, answers([1.0] * 3))
        assert complete.intervals
        assert complete.fraction.tolist() == [1]


def test_a_census_has_no_intervals_where_a_stratum_is_silent():
    """Nobody in it answered, and those of other strata cannot speak for it: an error of zero would be none."""
    census = replace(study(population=5, strata=(STRATUM_OF_TWO, STRATA[1])), sample=Sample.CENSUS)
    assert not design_of(census, answers([1.0] * 2, strata=[0, 0])).intervals
    assert design_of(census, answers([1.0] * 5, strata=[0, 0, 1, 1, 1])).fraction.tolist() == [1, 1, 0]


def test_a_census_has_intervals_where_it_says_of_how_many():
    census = replace(study(), sample=Sample.CENSUS)
    assert not design_of(census, answers([1.0, 1.0])).intervals
    known = replace(study(population=3), sample=Sample.CENSUS)
    assert design_of(known, answers([1.0, 1.0])).intervals
    everyone = design_of(replace(study(population=1), sample=Sample.CENSUS), answers([1.0]))
    assert everyone.fraction.tolist() == [1.0]


@pytest.mark.parametrize(
    ("given", "wave", "said"),
    [
        (answers([]), {}, "no respondents"),
        (answers([1.0, -2.0]), {}, "1 respondents have a negative weight"),
        (answers([1.0, np.nan]), {}, "1 respondents have no weight"),
        (answers([0.0, 0.0]), {}, "all weights are zero"),
        (answers([1e12, 1e12]), {}, "divide them all"),
        (answers([1.0] * 3, strata=[0, 0, -1]), {}, "1 respondents have no stratum"),
        (answers([1.0] * 3, strata=[0, 0, 1]), {}, "stratum “large”: it has one respondent"),
        (answers([1.0] * 4, strata=[0, 0, 1, 1], clusters=[1, 2, 3, 3]), {}, "stratum “large”: it has one cluster"),
        (answers([1.0] * 4, strata=[0, 0, 1, 2]), {}, "stratum “large” and 1 more: they have one respondent each"),
        (answers([1.0] * 2, strata=[0, 1]), {}, "every stratum has one respondent"),
        (answers([1.0] * 2, strata=[0, 1]), {"lonely": Lonely.ADJUST}, "every stratum has one respondent"),
        (answers([1.0] * 4, fpc=([9, 9, 8, 9],)), {}, "stage 1: `fpc` is not one number in 1 of the strata or clus"),
        (answers([1.0] * 4, fpc=([3] * 4,)), {}, "stage 1: 4 units were drawn, but `fpc` says that there were 3"),
        (answers([1.0] * 4, clusters=[1, 1, 2, 2], fpc=([9] * 4, [5] * 2 + [1] * 2)), {}, "stage 2: 2 units were"),
        (answers([1.0] * 4, clusters=[1, 1, 2, 2], fpc=([9] * 4, [5, 5, 6, 7])), {}, "stage 2: `fpc` is not one"),
        (answers([1.0] * 4, fpc=([9] * 4, [9] * 4)), {}, "`fpc` names 2 columns, but the sample has at most 1 stage"),
        (answers([1.0] * 4, fpc=([9] * 4,)), {"population": 8}, "its population is 8, but `fpc` says 9"),
        (answers([1.0] * 4, weighted=False, strata=[0, 0, 1, 1], fpc=([9, 9, 8, 8],)), {}, "with `weight`"),
        (answers([1.0] * 3, clusters=[1, 1, 2], fpc=([9] * 3, [4] * 3)), {}, "stage 2: in 1 unit of the stage before"),
        (answers([1.0]), {}, "there is one respondent"),
        (answers([1.0]), {"lonely": Lonely.ADJUST}, "there is one respondent"),
        (answers([1.0] * 3), {"population": 2}, "3 respondents, but a population of 2"),
        (answers([1.0] * 6, strata=[0, 0] + [1] * 4), {"population": 13, "strata": STRATA}, "stratum “large”: 4 resp"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_design_is_refused_with_a_remedy(given, wave, said):
    with pytest.raises(DesignError) as caught:
        design_of(study(**wave), given)
    assert said in str(caught.value)
    assert "2021" in str(caught.value)


def test_a_stratum_of_one_is_let_through_where_the_study_says_what_it_tells():
    for lonely in Lonely:
        if lonely is not Lonely.FAIL:
            design = design_of(study(lonely=lonely), answers([1.0] * 3, strata=[0, 0, 1]))
            assert design.lonely is lonely
            assert design.clusters_by_stratum.tolist() == [2, 1, 0]


def test_the_choices_are_named_beside_the_stratum_of_one():
    with pytest.raises(DesignError) as caught:
        design_of(study(), answers([1.0] * 3, strata=[0, 0, 1]))
    assert all(f"“{lonely}”" in str(caught.value) for lonely in Lonely if lonely is not Lonely.FAIL)


def test_a_stratum_of_one_that_is_its_whole_population_is_no_fault():
    one = (STRATA[0], Stratum(id="large", population=1))
    design = design_of(study(population=11, strata=one), answers([1.0] * 3, strata=[0, 0, 1]))
    assert design.fraction.tolist() == [0.2, 1.0, 0.0]


def test_fractions_and_counts_say_the_same():
    counts, fractions = (
        design_of(study(), answers([1.0] * 5, strata=[0, 0, 1, 1, 1], fpc=(fpc,)))
        for fpc in ([8, 8, 4, 4, 4], [0.25, 0.25, 0.75, 0.75, 0.75])
    )
    assert counts.fraction.tolist() == fractions.fraction.tolist() == [0.25, 0.75, 0]
    assert counts.population.tolist() == [8, 4, -1]
    assert fractions.population.tolist() == [-1, -1, -1]


def test_units_within_clusters_are_told_apart_by_their_cluster():
    """The same number within two clusters is two units, as R's `interaction` of the ids."""
    given = answers(
        [1.0] * 8, clusters=[5, 5, 5, 5, 7, 7, 7, 7], within=([1, 1, 2, 2, 1, 1, 2, 2],), fpc=([4] * 8, [9] * 8)
    )
    design = design_of(study(), given)
    (later,) = design.later
    assert design.fraction.tolist() == [0.5]
    assert later.units is not None
    assert later.units.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert later.count.tolist() == [2, 2]
    assert later.fraction.tolist() == [2 / 9, 2 / 9]


def test_the_stage_before_one_of_unknown_fraction_is_drawn_with_replacement():
    """First-stage approximation: what varies between clusters holds what varies within them."""
    clusters, within = [5, 5, 5, 5, 7, 7, 7, 7], ([1, 1, 2, 2, 1, 1, 2, 2],)
    one = design_of(study(), answers([1.0] * 8, clusters=clusters, within=within, fpc=([4] * 8,)))
    assert one.fraction.tolist() == [0]
    assert one.later == ()
    alone = design_of(study(), answers([1.0] * 8, clusters=clusters, fpc=([4] * 8,)))
    assert alone.fraction.tolist() == [0.5]


def test_households_of_which_one_person_was_drawn_are_the_first_stage_alone():
    """Persons within households vary too, which households of one respondent each cannot tell."""
    design = design_of(study(), answers([1.0] * 4, clusters=[1, 2, 3, 4], fpc=([9] * 4, [2, 3, 1, 1])))
    assert design.cluster is None
    assert design.fraction.tolist() == [0]
    whole = design_of(study(), answers([1.0] * 4, clusters=[1, 2, 3, 4], fpc=([8] * 4, [1] * 4)))
    assert whole.fraction.tolist() == [0.5]


def test_clusters_that_did_not_answer_are_counted_among_those_drawn():
    design = design_of(study(clusters=6), answers([1.0] * 4, clusters=[1, 1, 2, 2], fpc=([12] * 4,)))
    assert design.clusters_by_stratum.tolist() == [6]
    assert design.fraction.tolist() == [0.5]
    strata = (Stratum(id="small", clusters=3), Stratum(id="large"))
    given = answers([1.0] * 4, strata=[0, 0, 1, 1], clusters=[1, 1, 2, 3])
    assert design_of(study(strata=strata), given).clusters_by_stratum.tolist() == [3, 2, 0]


# --- what changes no number


def remarks(of: Study, given: Answers) -> list[str]:
    return [each.removeprefix("wave “2021”: ") for each in remarks_on_design(of, given, design_of(of, given))]


def test_lonely_is_used_where_a_stratum_may_hold_one_unit():
    lonely = study(lonely=Lonely.ADJUST)
    assert remarks(lonely, answers([1.0] * 6)) == [
        "`lonely` is not used: it is about strata of one unit, and the sample has none; name the column that holds the "
        "strata with `strata`, or leave it out"
    ]
    assert remarks(lonely, answers([1.0] * 6, clusters=[0, 0, 1, 1, 2, 2]))
    assert not remarks(lonely, answers([1.0] * 6, strata=[0, 0, 0, 1, 1, 1]))
    schools = [0, 0, 0, 1, 1, 1]
    assert not remarks(lonely, answers([1.0] * 6, clusters=schools, fpc=([9] * 6, [20] * 6)))
    assert not remarks(study(), answers([1.0] * 6))


def test_what_only_intervals_use_is_remarked_on_where_there_are_none():
    chosen = replace(study(lonely=Lonely.ADJUST), sample=Sample.SELF_SELECTED)
    schools = answers([1.0] * 6, clusters=[0, 0, 1, 1, 2, 2])
    assert remarks(chosen, schools)[0].startswith("`cluster`, `lonely` are not used: a sample that chose itself has no")
    assert not remarks(replace(study(), sample=Sample.SELF_SELECTED), answers([1.0] * 6))
    assert not remarks(replace(study(), sample=Sample.SELF_SELECTED, modelled=words("random")), schools)
    census = replace(study(), sample=Sample.CENSUS, response_model=ResponseModel.NONE)
    assert remarks(census, schools) == ["`cluster` is not used: this census has no intervals; leave it out"]


@pytest.mark.parametrize(("number", "said"), [(20, "some 16 per cent"), (99, "some 7 per cent"), (100, "")])
def test_a_bootstrap_of_few_replicates_is_remarked_on(number, said):
    drawn = Replication(method=ReplicateMethod.BOOTSTRAP, made=True, number=number, seed=1)
    found = " ".join(remarks(study(replicates=drawn), answers([1.0] * 6)))
    assert said in found
    assert bool(found) is bool(said)
