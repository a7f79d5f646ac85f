"""What a data file becomes once it is bound to its study, and what is said where it does not fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saklig.answers.binding import bind
from saklig.answers.matching import as_number, canonical
from saklig.answers.model import ANSWERED, NO_ANSWER, NOT_ASKED, AnswersError, Coded, Marked, Measured
from saklig.language.text import Text
from saklig.study.model import (
    Background,
    Category,
    Condition,
    Group,
    Item,
    Kind,
    Net,
    NumberClass,
    Role,
    Stratum,
    Wave,
)
from saklig.study.sources import QuestionSource


def label(words: str) -> Text:
    return Text.of({"en": words})


def one(question, categories, *codes, **more):
    return question("q", Kind.SINGLE, codes=categories(*codes), **more)


# --- values and codes


@pytest.mark.parametrize(
    ("value", "same"), [(1, 1.0), (1, "1"), ("1.0", 1), (" Yes ", "Yes"), ("−9", -9), ("e\u0301", "é"), (1.5, "1.5")]
)
def test_a_value_matches_however_the_file_writes_it(value, same):
    assert canonical(value) == canonical(same)


@pytest.mark.parametrize(("value", "other"), [("yes", "Yes"), ("01", 1), (1, "1a"), ("1,5", 1.5)])
def test_other_values_stay_apart(value, other):
    assert canonical(value) != canonical(other)


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_match_their_text(number):
    assert canonical(str(number)) == canonical(float(number)) == canonical(number)


@pytest.mark.parametrize(
    ("value", "number"),
    [("3,5", "3.5"), ("1 234,5", "1234.5"), ("12\u00a0000", "12000"), (0.1, "0.1"), ("x", None), ("nan", None)],
)
def test_numbers_are_read_as_people_write_them(value, number):
    assert (None if (found := as_number(value)) is None else str(found)) == number


def test_codes_become_positions_and_blank_is_no_answer(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1, 2, 9)])
    answers = bind(study, sources, "1", source_of({"q": [2, 1, None, "9", 2.0]}))
    column = answers.columns["q", ""]
    assert isinstance(column, Coded)
    assert column.codes.dtype == np.int16
    assert column.codes.tolist() == [1, 0, NO_ANSWER, 2, 1]
    assert not answers.remarks


def test_a_value_that_means_not_asked(question, categories, bound, source_of):
    where = {"q": QuestionSource(variable="x", not_asked=("NA", ""))}
    study, sources = bound([one(question, categories, "Yes", "No")], where)
    answers = bind(study, sources, "1", source_of({"x": ["Yes", "NA", "No", None]}))
    assert answers.columns["q", ""].codes.tolist() == [0, NOT_ASKED, 1, NOT_ASKED]


def test_a_code_declared_missing_that_the_study_does_not_list_is_no_answer(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1, 2)])
    answers = bind(study, sources, "1", source_of({"q": [1, 9, 9]}, q={"missing": frozenset({9})}))
    assert answers.columns["q", ""].codes.tolist() == [0, NO_ANSWER, NO_ANSWER]
    assert len(answers.remarks) == 1
    assert "a few answers" in answers.remarks[0]


def test_a_code_that_the_study_lacks_is_named(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1, 2)])
    with pytest.raises(AnswersError, match=r"question “q”.*column “q” has the code 7 \(“Neither”\)"):
        bind(study, sources, "1", source_of({"q": [1, 7]}, q={"labels": {7: "Neither"}}))


def test_nobodys_words_stand_in_an_error(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, "Yes", "No")])
    own_words = ["I would rather tell you about my neighbour", "He is ill", "19800101-1234", 198001011234]
    with pytest.raises(AnswersError) as caught:
        bind(study, sources, "1", source_of({"q": ["Yes", *own_words]}))
    assert "4 different values" in str(caught.value)
    assert not any(str(words) in str(caught.value) for words in own_words)


def test_all_that_does_not_fit_is_told_at_once(question, categories, bound, source_of):
    questions = [
        question("q1", Kind.SINGLE, codes=categories(1, 2)),
        question("q2", Kind.SINGLE, codes=categories(1, 2)),
        question("q3", Kind.NUMERIC, minimum=0, maximum=10),
    ]
    study, sources = bound(questions)
    with pytest.raises(AnswersError) as caught:
        bind(study, sources, "1", source_of({"q1": [1, 5], "qq2": [1, 2], "q3": [11, -1]}))
    message = str(caught.value)
    assert "answers.csv" in message
    assert "no column “q2”; did you mean “qq2”?" in message
    assert "“q1” has the code 5" in message
    assert "2 answers outside 0–10" in message


def test_codes_that_nobody_gave_are_no_fault(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1, 2, 3, 4)])
    assert bind(study, sources, "1", source_of({"q": [1, 1]})).columns["q", ""].codes.tolist() == [0, 0]


def test_a_file_without_rows(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)])
    with pytest.raises(AnswersError, match="no answers"):
        bind(study, sources, "1", source_of({"q": []}))


def test_every_item_of_a_grid_has_its_column(question, categories, bound, source_of):
    items = tuple(Item(id=name, text=label(name), label=label(name)) for name in "ab")
    study, sources = bound([question("q", Kind.GRID, codes=categories(1, 2), items=items)])
    answers = bind(study, sources, "1", source_of({"q_a": [1, 2], "q_b": [2, None]}))
    assert answers.columns["q", "a"].codes.tolist() == [0, 1]
    assert answers.columns["q", "b"].codes.tolist() == [1, NO_ANSWER]


# --- routing


def routing_study(question, categories, bound, **more):
    return bound(
        [
            question(
                "q1", Kind.SINGLE, codes=categories(1, 2, 3), nets=(Net(id="n", label=label("n"), of=("c1", "c2")),)
            ),
            question(
                "q2", Kind.SINGLE, codes=categories(1, 2), asked_if=(Condition(question="q1", categories=("c1",)),)
            ),
            question(
                "q3", Kind.SINGLE, codes=categories(1, 2), asked_if=(Condition(question="q2", categories=("c1",)),)
            ),
        ],
        **more,
    )


def test_who_was_not_routed_is_not_asked_even_where_the_cell_is_blank(question, categories, bound, source_of):
    study, sources = routing_study(question, categories, bound)
    answers = bind(
        study,
        sources,
        "1",
        source_of({"q1": [1, 1, 2, None], "q2": [1, None, None, None], "q3": [2, None, None, None]}),
    )
    assert answers.columns["q2", ""].codes.tolist() == [0, NO_ANSWER, NOT_ASKED, NOT_ASKED]
    assert answers.columns["q3", ""].codes.tolist() == [1, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert not answers.remarks


def test_an_answer_off_the_route_is_dropped_and_counted(question, categories, bound, source_of):
    study, sources = routing_study(question, categories, bound)
    answers = bind(study, sources, "1", source_of({"q1": [2, 3, 1], "q2": [1, 2, 1], "q3": [1, None, 1]}))
    assert answers.columns["q2", ""].codes.tolist() == [NOT_ASKED, NOT_ASKED, 0]
    assert [remark.split(":")[0] for remark in answers.remarks] == ["question “q2”", "question “q3”"]
    assert "a few respondents" in answers.remarks[0]


@pytest.mark.parametrize(("wanted", "asked"), [(("n",), [0, 0, NOT_ASKED]), (("c2", "c3"), [NOT_ASKED, 0, 0])])
def test_routing_by_nets_and_several_codes(question, categories, bound, source_of, wanted, asked):
    net = Net(id="n", label=label("n"), of=("c1", "c2"))
    study, sources = bound(
        [
            question("q1", Kind.SINGLE, codes=categories(1, 2, 3), nets=(net,)),
            question("q2", Kind.SINGLE, codes=categories(1), asked_if=(Condition(question="q1", categories=wanted),)),
        ]
    )
    answers = bind(study, sources, "1", source_of({"q1": [1, 2, 3], "q2": [1, 1, 1]}))
    assert answers.columns["q2", ""].codes.tolist() == asked


def test_routing_from_a_set_and_from_a_number(question, categories, bound, source_of):
    small = NumberClass(id="small", label=label("small"), lower=None, upper=2.5)
    study, sources = bound(
        [
            question("q1", Kind.MULTIPLE, codes=categories(1, 2)),
            question("q2", Kind.NUMERIC, classes=(small,)),
            question(
                "q3",
                Kind.SINGLE,
                codes=categories(1),
                asked_if=(
                    Condition(question="q1", categories=("c2",)),
                    Condition(question="q2", categories=("small",)),
                ),
            ),
        ],
        {"q1": QuestionSource(variable="q1", delimiter=";")},
    )
    source = source_of({"q1": ["1;2", "1", "2", "2"], "q2": [2.5, 1, 3, 0], "q3": [1, None, None, 1]})
    assert bind(study, sources, "1", source).columns["q3", ""].codes.tolist() == [0, NOT_ASKED, NOT_ASKED, 0]


# --- several answers


def test_a_column_per_category(question, categories, bound, source_of):
    where = {"q": QuestionSource(by_category={"c1": "a", "c2": "b"}, not_asked=("NA",))}
    study, sources = bound([question("q", Kind.MULTIPLE, codes=categories("A", "B"))], where)
    columns = {
        "a": ["A", "Not selected", "NA", None, "Not selected"],
        "b": ["B", "B", "NA", None, "Not selected"],
    }
    column = bind(study, sources, "1", source_of(columns)).columns["q", ""]
    assert isinstance(column, Marked)
    assert column.codes.tolist() == [ANSWERED, ANSWERED, NOT_ASKED, NO_ANSWER, ANSWERED]
    assert column.marks.tolist() == [[1, 1], [0, 1], [0, 0], [0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("cells", "labels", "chosen", "marks"),
    [
        ([1, 0, None], {}, (), [1, 0, 0]),
        ([1, 2, None], {1: "Yes", 2: "No"}, (), [1, 0, 0]),
        ([1, 2, None], {}, (2,), [0, 1, 0]),
        (["x", None, None], {}, (), [1, 0, 0]),
        (["Yes", "No", " "], {}, (), [1, 0, 0]),
    ],
)
def test_what_means_chosen(question, categories, bound, source_of, cells, labels, chosen, marks):
    where = {"q": QuestionSource(by_category={"c1": "a"}, chosen=chosen)}
    study, sources = bound([question("q", Kind.MULTIPLE, codes=categories("A"))], where)
    source = source_of({"a": cells}, a={"labels": labels})
    assert bind(study, sources, "1", source).columns["q", ""].marks[:, 0].tolist() == marks


def test_codes_parted_by_a_delimiter(question, categories, bound, source_of):
    where = {"q": QuestionSource(variable="q", delimiter=";")}
    study, sources = bound([question("q", Kind.MULTIPLE, codes=categories(1, 3, 7))], where)
    column = bind(study, sources, "1", source_of({"q": ["1;3;7;", "3", None, "; ", 7]})).columns["q", ""]
    assert column.marks.tolist() == [[1, 1, 1], [0, 1, 0], [0, 0, 0], [0, 0, 0], [0, 0, 1]]
    assert column.codes.tolist() == [ANSWERED, ANSWERED, NO_ANSWER, NO_ANSWER, ANSWERED]


def test_a_code_in_a_set_that_the_study_lacks(question, categories, bound, source_of):
    where = {"q": QuestionSource(variable="q", delimiter=";")}
    study, sources = bound([question("q", Kind.MULTIPLE, codes=categories(1, 3))], where)
    with pytest.raises(AnswersError, match="2 answers with a code that the study lacks"):
        bind(study, sources, "1", source_of({"q": ["1;8", "1;3", "8"]}))


def test_codes_in_columns_of_first_second_third(question, categories, bound, source_of):
    where = {"q": QuestionSource(by_place=("o1", "o2"))}
    study, sources = bound([question("q", Kind.OPEN, codes=categories(1, 2, 3))], where)
    column = bind(study, sources, "1", source_of({"o1": [1, 2, None], "o2": [3, None, None]})).columns["q", ""]
    assert column.marks.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert column.codes.tolist() == [ANSWERED, ANSWERED, NO_ANSWER]


def test_dont_know_in_a_set_gives_way_to_an_answer(question, categories, bound, source_of):
    unsure = Category(id="dk", label=label("Don't know"), code=8, role=Role.DONT_KNOW)
    where = {"q": QuestionSource(variable="q", delimiter=";")}
    study, sources = bound([question("q", Kind.MULTIPLE, codes=categories(1, unsure))], where)
    answers = bind(study, sources, "1", source_of({"q": ["1", "8", "1;8"]}))
    column = answers.columns["q", ""]
    assert column.codes.tolist() == [ANSWERED, 1, ANSWERED]
    assert column.marks.tolist() == [[1, 0], [0, 0], [1, 0]]
    assert "a few respondents gave an answer and “don’t know”" in answers.remarks[0]


def test_contradictions_in_a_set_are_counted(question, categories, bound, source_of):
    none = Category(id="none", label=label("None"), code=0, exclusive=True)
    where = {"q": QuestionSource(variable="q", delimiter=";")}
    study, sources = bound([question("q", Kind.MULTIPLE, codes=categories(1, 2, none), at_most=1)], where)
    answers = bind(study, sources, "1", source_of({"q": ["1;2", "0", "0;1"]}))
    assert answers.columns["q", ""].marks.tolist() == [[1, 1, 0], [0, 0, 1], [1, 0, 1]]
    assert any("a few respondents chose an alternative that excludes" in remark for remark in answers.remarks)
    assert any("a few respondents chose more than the 1" in remark for remark in answers.remarks)


def ranking(question, categories, bound, where, top=3):
    return bound([question("q", Kind.RANKING, codes=categories("x", "y", "z"), top=top)], {"q": where})


def test_a_ranking_by_place_and_by_category(question, categories, bound, source_of):
    study, sources = ranking(question, categories, bound, QuestionSource(by_place=("p1", "p2")), top=2)
    column = bind(study, sources, "1", source_of({"p1": ["z", None], "p2": ["x", None]})).columns["q", ""]
    assert column.marks.tolist() == [[2, 0, 1], [0, 0, 0]]
    assert column.codes.tolist() == [ANSWERED, NO_ANSWER]
    study, sources = ranking(question, categories, bound, QuestionSource(by_category={"c1": "x", "c2": "y", "c3": "z"}))
    column = bind(study, sources, "1", source_of({"x": [2, None], "y": [3, 1], "z": ["1", None]})).columns["q", ""]
    assert column.marks.tolist() == [[2, 3, 1], [0, 1, 0]]


@pytest.mark.parametrize(
    ("where", "columns", "message"),
    [
        (QuestionSource(by_place=("a", "b")), {"a": ["x"], "b": ["x"]}, "placed the same alternative twice"),
        (QuestionSource(by_category={"c1": "a", "c2": "b"}), {"a": [1], "b": [1]}, "the same place to several"),
        (QuestionSource(by_category={"c1": "a"}), {"a": [4]}, "after the 3"),
        (QuestionSource(by_category={"c1": "a"}), {"a": ["first"]}, "place in a ranking was expected"),
        (QuestionSource(variable="a", delimiter=">"), {"a": ["y>x>y"]}, "placed the same alternative twice"),
    ],
)
def test_rankings_that_contradict_themselves_are_refused(
    question, categories, bound, source_of, where, columns, message
):
    study, sources = ranking(question, categories, bound, where)
    with pytest.raises(AnswersError, match=message):
        bind(study, sources, "1", source_of(columns))


# --- numbers


def test_numbers_become_fixed_point(question, categories, bound, source_of):
    unsure = Category(id="dk", label=label("Don't know"), code=998, role=Role.DONT_KNOW)
    study, sources = bound([question("q", Kind.NUMERIC, codes=categories(unsure), maximum=100)])
    column = bind(study, sources, "1", source_of({"q": ["3,5", "12", None, "998", "0,25"]})).columns["q", ""]
    assert isinstance(column, Measured)
    assert column.decimals == 2
    assert column.values.tolist() == [350, 1200, 0, 0, 25]
    assert column.codes.tolist() == [ANSWERED, ANSWERED, NO_ANSWER, 0, ANSWERED]


@pytest.mark.parametrize("numbers", [[1, 10**15 + 1], [0.5, 10**15], ["1", "-9e99999999999"]])
def test_numbers_too_large_to_add_up_are_refused(question, bound, source_of, numbers):
    study, sources = bound([question("q", Kind.NUMERIC)])
    with pytest.raises(AnswersError, match="too large to add up; correct the data, or list the values"):
        bind(study, sources, "1", source_of({"q": numbers}))


def test_text_in_a_numeric_column_is_not_told(question, bound, source_of):
    study, sources = bound([question("q", Kind.NUMERIC)])
    with pytest.raises(AnswersError, match="2 answers not written as a number") as caught:
        bind(study, sources, "1", source_of({"q": [1, "my aunt", "secret"]}))
    assert "aunt" not in str(caught.value)


def test_a_missing_category_of_a_number_keeps_its_place_after_the_classes(question, categories, bound, source_of):
    unsure = Category(id="dk", label=label("Don't know"), code=-1, role=Role.DONT_KNOW)
    low = NumberClass(id="low", label=label("low"), lower=0, upper=9)
    study, sources = bound([question("q", Kind.NUMERIC, codes=categories(unsure), classes=(low,))])
    answers = bind(study, sources, "1", source_of({"q": [-1, 9, 10]}))
    assert answers.columns["q", ""].codes.tolist() == [1, ANSWERED, ANSWERED]
    assert "a few answers in none of the classes" in answers.remarks[0]


# --- backgrounds


def test_background_groups_by_codes_and_ranges(question, categories, bound, source_of):
    groups = (
        Group(id="a", label=label("A"), codes=("x", "y")),
        Group(id="low", label=label("low"), lower=0, upper=9.5),
        Group(id="high", label=label("high"), lower=10),
    )
    background = Background(id="b", label=label("B"), groups=groups)
    study, sources = bound([one(question, categories, 1)], backgrounds=[background])
    answers = bind(study, sources, "1", source_of({"q": [1] * 6, "b": ["y", "9,5", 10, 1e6, None, "z"]}))
    assert answers.backgrounds["b"].tolist() == [0, 1, 2, 2, -1, -1]
    assert "a few respondents in no group (some with a value that no group has, some with" in answers.remarks[0]


def test_a_background_of_which_nobody_is_part(question, categories, bound, source_of):
    background = Background(id="b", label=label("B"), groups=(Group(id="a", label=label("A"), codes=(1,)),))
    study, sources = bound([one(question, categories, 1)], backgrounds=[background])
    with pytest.raises(AnswersError, match="nobody belongs to any group"):
        bind(study, sources, "1", source_of({"q": [1], "b": [2]}))


# --- the design's columns


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.5, -2.25, 1], r"negative for the answer number 2\b"),
        ([1.5, None, "NA"], "missing or no number for the answers number 2 and 3"),
        ([0, 0, 0], "0 for everyone"),
        (["inf", 1, 1], "missing or no number for the answer number 1"),
    ],
)
def test_weights_that_cannot_be_weights(question, categories, bound, source_of, weights, message):
    study, sources = bound([one(question, categories, 1)], weight="w")
    with pytest.raises(AnswersError, match=message) as caught:
        bind(study, sources, "1", source_of({"q": [1, 1, 1], "w": weights}))
    assert "2.25" not in str(caught.value)


def test_weights_and_clusters(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], weight="w", cluster=("c",))
    answers = bind(study, sources, "1", source_of({"q": [1, 1, 1], "w": ["0,5", 2, 0], "c": [7, 9, 7]}))
    assert answers.weighted
    assert answers.weights.tolist() == [0.5, 2.0, 0.0]
    assert answers.clusters is not None
    assert answers.clusters.tolist() == [0, 1, 0]


def test_stages_and_what_there_was_to_draw_from(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], cluster=("c", "d"), fpc=("m", "n"))
    answers = bind(
        study,
        sources,
        "1",
        source_of({"q": [1, 1, 1], "c": [7, 9, 7], "d": ["x", "x", "y"], "m": [4] * 3, "n": ["2,0"] * 3}),
    )
    assert answers.clusters is not None
    assert answers.clusters.tolist() == [0, 1, 0]
    assert [each.tolist() for each in answers.within] == [[0, 0, 1]]
    assert [each.tolist() for each in answers.fpc] == [[4, 4, 4], [2, 2, 2]]


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        (
            {"m": [4, 4, 0.5], "n": [1, 1, 1]},
            "column “m”\\) is below 1 for the answer number 3, while others are above 1",
        ),
        ({"m": [0.5, 0.5, 0.5], "n": [2, 2, 2]}, "column “m”\\) is below 1 for .*, while others are above 1"),
        (
            {"m": [4, None, 4], "n": [1, 1, 1]},
            "column “m”\\) is missing, negative or no number for the answer number 2",
        ),
        ({"m": [4, 4, 4], "n": [1, -1, 1]}, "column “n”\\) is missing, negative or no number for the answer number 2"),
        (
            {"m": [4, "many", 4], "n": [1, 1, 1]},
            "column “m”\\) is missing, negative or no number for the answer number 2",
        ),
        ({"m": [4, 4, 4]}, "the file has no column “n”"),
    ],
)
def test_sizes_that_cannot_be(question, categories, bound, source_of, sizes, message):
    study, sources = bound([one(question, categories, 1)], cluster=("c",), fpc=("m", "n"))
    with pytest.raises(AnswersError, match=message):
        bind(study, sources, "1", source_of({"q": [1, 1, 1], "c": [7, 9, 7], **sizes}))


def test_clusters_of_several_strata_are_said(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], cluster=("c",), strata="s")
    found = {"q": [1] * 5, "c": [7, 7, 8, 8, 9], "s": ["a", "b", "a", "b", "b"]}
    assert bind(study, sources, "1", source_of(found)).remarks == (
        "wave “1”: 2 clusters stand in more than one stratum, and are counted as different clusters in each; if they "
        "are not, correct the columns",
    )
    nested = found | {"s": ["a", "a", "b", "b", "b"]}
    assert bind(study, sources, "1", source_of(nested)).remarks == ()


def test_clusters_that_did_not_answer_are_said(question, categories, bound, source_of):
    wave = Wave(id="1", label=label("1"), clusters=4)
    study, sources = bound([one(question, categories, 1)], wave=wave, cluster=("c",))
    answers = bind(study, sources, "1", source_of({"q": [1, 1, 1], "c": [7, 9, 7]}))
    assert "wave “1”: 2 of 4 clusters that were drawn have no answers" in answers.remarks[0]
    strata = (Stratum(id="a", clusters=1), Stratum(id="b", clusters=2))
    wave = Wave(id="1", label=label("1"), strata=strata)
    study, sources = bound([one(question, categories, 1)], wave=wave, cluster=("c",), strata="s")
    answers = bind(study, sources, "1", source_of({"q": [1, 1, 1], "c": [7, 9, 7], "s": ["a", "b", "a"]}))
    assert answers.remarks == (
        "wave “1”, stratum “b”: 1 of 2 clusters that were drawn has no answers; in the intervals it counts as one that "
        "does not differ from the others",
    )


@pytest.mark.parametrize(
    ("wave", "source", "message"),
    [
        ({"clusters": 1}, {"cluster": ("c",)}, "there are answers from 2 clusters, but 1 were drawn"),
        ({"clusters": 2}, {}, "no column holds them; name it with `cluster`"),
        ({"clusters": 2}, {"cluster": ("c",), "strata": "s"}, "the sample has strata; give it by stratum"),
        (
            {"strata": (Stratum(id="a", clusters=1), Stratum(id="b", clusters=1))},
            {"cluster": ("c",), "strata": "s"},
            "stratum “a”: there are answers from 2 clusters, but 1 were drawn",
        ),
    ],
)
def test_clusters_that_cannot_be(question, categories, bound, source_of, wave, source, message):
    study, sources = bound([one(question, categories, 1)], wave=Wave(id="1", label=label("1"), **wave), **source)
    with pytest.raises(AnswersError, match=message):
        bind(study, sources, "1", source_of({"q": [1, 1, 1], "c": [7, 9, 7], "s": ["a", "a", "b"]}))


def strata_wave(**population):
    strata = tuple(Stratum(id=name, population=count) for name, count in population.items())
    return Wave(id="1", label=label("1"), strata=strata)


def test_strata_are_positions_in_the_waves_list(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], wave=strata_wave(south=10, north=10, west=3), strata="s")
    answers = bind(
        study, sources, "1", source_of({"q": [1, 1, 1], "s": ["North", 1, "north"]}, s={"labels": {1: "South"}})
    )
    assert answers.strata is not None
    assert answers.strata.tolist() == [1, 0, 1]
    assert answers.stratum_ids == ("south", "north", "west")
    assert any("nobody in the stratum “west”" in remark for remark in answers.remarks)


def test_strata_without_counts_come_from_the_data(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], strata="s")
    answers = bind(study, sources, "1", source_of({"q": [1, 1], "s": [20, 10]}))
    assert answers.stratum_ids == ("10", "20")
    assert answers.strata.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        (["north", "east", "east", "east"], "has the code “east” that the wave does not list among its strata"),
        (["north", None, "north", "north"], "missing for the answer number 2"),
        (["south", "south", "north", "north"], "“south” has 2 respondents but a population of 1"),
    ],
)
def test_strata_that_do_not_fit(question, categories, bound, source_of, strata, message):
    study, sources = bound([one(question, categories, 1)], wave=strata_wave(south=1, north=5), strata="s")
    with pytest.raises(AnswersError, match=message):
        bind(study, sources, "1", source_of({"q": [1, 1, 1, 1], "s": strata}))


def test_a_population_smaller_than_the_sample(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], wave=Wave(id="1", label=label("1"), population=2))
    with pytest.raises(AnswersError, match="3 respondents but a population of 2"):
        bind(study, sources, "1", source_of({"q": [1, 1, 1]}))


def test_fewer_invited_than_answered(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], wave=Wave(id="1", label=label("1"), invited=2))
    with pytest.raises(AnswersError, match="wave “1”: 3 respondents, but only 2 were invited; correct `invited`"):
        bind(study, sources, "1", source_of({"q": [1, 1, 1]}))
    study, sources = bound([one(question, categories, 1)], wave=Wave(id="1", label=label("1"), invited=3))
    assert bind(study, sources, "1", source_of({"q": [1, 1, 1]})).n == 3


# --- waves


def test_a_wave_keeps_its_rows_and_names_them_as_the_file_does(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], wave_variable="w", wave_value="2021", weight="v")
    source = source_of({"q": [5, 1, 5, 1], "w": [2019, 2021, 2019, 2021], "v": [1, 1, 1, -1]})
    with pytest.raises(AnswersError, match=r"negative for the answer number 4\b") as caught:
        bind(study, sources, "1", source)
    assert "code 5" not in str(caught.value)


def test_a_wave_that_the_file_does_not_hold(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], wave_variable="w", wave_value=2023)
    with pytest.raises(AnswersError, match="no row of the file"):
        bind(study, sources, "1", source_of({"q": [1], "w": [2021]}))


def test_the_same_person_has_the_same_number_in_every_file(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], person="p")
    first = bind(study, sources, "1", source_of({"q": [1, 1], "p": ["kalle", "17"]}))
    other = replace(source_of({"q": [1, 1, 1], "p": [17, None, 18]}), path=Path("other.csv"))
    second = bind(study, sources, "1", other)
    assert first.persons is not None
    assert second.persons is not None
    assert first.persons[1] == second.persons[0]
    assert second.persons[1] == -1
    assert len({*first.persons.tolist(), *second.persons.tolist()}) == 4


def test_a_person_who_answered_twice(question, categories, bound, source_of):
    study, sources = bound([one(question, categories, 1)], person="p")
    with pytest.raises(AnswersError, match="more than once: the answers number 1 and 3"):
        bind(study, sources, "1", source_of({"q": [1, 1, 1], "p": ["x", "y", "x"]}))


@pytest.mark.parametrize(
    ("blank", "unknown", "words"),
    [
        (4, 0, "a few respondents in no group (without a value)"),
        (5, 0, "5 respondents in no group (without a value)"),
        (5, 2, "7 respondents in no group (some with a value that no group has, some without a value)"),
        (5, 6, "11 respondents in no group (6 with a value that no group has, 5 without a value)"),
    ],
)
def test_small_numbers_are_not_told_in_remarks(question, categories, bound, source_of, blank, unknown, words):
    background = Background(id="b", label=label("B"), groups=(Group(id="a", label=label("A"), codes=(1,)),))
    study, sources = bound([one(question, categories, 1)], backgrounds=[background])
    values = [1] * 9 + [None] * blank + [2] * unknown
    answers = bind(study, sources, "1", source_of({"q": [1] * len(values), "b": values}))
    assert answers.remarks == (f"background “b”: {words}; counted in the whole only",)
