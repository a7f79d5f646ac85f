"""What a table holds that the oracle's random studies do not show: decimals, large numbers, groupings, independence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from saklig.answers.model import ANSWERED, NO_ANSWER, NOT_ASKED, Answers, Coded, Marked, Measured
from saklig.design.drawn import fixed_point_weights
from saklig.design.model import Design
from saklig.language.text import Text
from saklig.study.model import (
    Background,
    Base,
    Category,
    CodeList,
    Group,
    Kind,
    Net,
    NumberClass,
    Question,
    Role,
    Section,
    Study,
    Wave,
    question_parts,
)
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.plan import grouping_of, groupings, rows_of
from saklig.tabulation.table import Grouping
from saklig.tabulation.tabulate import tabulate, tabulate_all


def words(text: str) -> Text:
    return Text.of({"sv": text})


def design(weights, intervals=True) -> Design:
    whole, scale = fixed_point_weights(np.array(weights, dtype=np.float64), "here")
    n = len(weights)
    return Design(
        weights=whole,
        scale=scale,
        stratum=np.zeros(n, dtype=np.int32),
        cluster=None,
        clusters_by_stratum=np.array([n]),
        fraction=np.zeros(1),
        population=np.array([-1]),
        intervals=intervals,
    )


def whole(n: int) -> Grouping:
    return Grouping(by=(), groups=((),), codes=np.zeros(n, dtype=np.int32))


def question(kind=Kind.SINGLE, roles=(Role.ANSWER, Role.ANSWER), **more) -> Question:
    categories = tuple(Category(id=f"c{i}", label=words("c"), code=i, role=role) for i, role in enumerate(roles))
    codes = CodeList(id="c", categories=categories) if categories else None
    return Question(id="q", kind=kind, text=words("?"), label=words("?"), codes=codes, **more)


def part_of(asked: Question):
    return next(iter(question_parts(asked)))


def value(table, category="", stat="", group=0):
    place = next(i for i, row in enumerate(table.rows) if (row.category, row.stat) == (category, stat))
    return table.numerator[group, place] / table.denominator[group, place]


def test_not_asked_is_in_no_base_and_no_answer_only_in_that_of_the_asked():
    part = part_of(question(roles=(Role.ANSWER, Role.DONT_KNOW, Role.REFUSED)))
    column = Coded(np.array([0, 0, 1, 2, NO_ANSWER, NOT_ASKED], dtype=np.int16))
    table = tabulate(part, column, whole(6), design([1.0] * 6))
    assert [row.category for row in table.rows] == ["c0", "c1", "c2", "no-answer"]
    assert table.base[0].tolist() == [3, 3, 5, 5]
    assert table.count[0].tolist() == [2, 1, 1, 1]


@pytest.mark.parametrize(("base", "bases"), [(Base.VALID, [3, 3]), (Base.OPINION, [2, 5]), (Base.ASKED, [5, 5])])
def test_each_base(base, bases):
    part = part_of(question(roles=(Role.ANSWER, Role.DONT_KNOW, Role.REFUSED), base=base))
    column = Coded(np.array([0, 0, 1, 2, NO_ANSWER, NOT_ASKED], dtype=np.int16))
    assert tabulate(part, column, whole(6), design([1.0] * 6)).base[0, :2].tolist() == bases


def test_a_net_of_several_answers_counts_respondents_once():
    part = part_of(question(Kind.MULTIPLE, nets=(Net(id="both", label=words("n"), of=("c0", "c1")),)))
    marks = np.array([[1, 1], [1, 0], [0, 0], [0, 1]], dtype=np.uint8)
    table = tabulate(part, Marked(np.full(4, ANSWERED, dtype=np.int16), marks), whole(4), design([1.0] * 4))
    assert [row.category for row in table.rows] == ["c0", "c1", "both", "no-answer"]
    assert table.count[0].tolist() == [2, 2, 3, 0]
    assert table.base[0].tolist() == [4, 4, 4, 4]


def test_a_ranking_has_first_and_top_for_each_option():
    part = part_of(question(Kind.RANKING, roles=(Role.ANSWER,) * 3, top=2))
    marks = np.array([[1, 2, 0], [2, 0, 1], [0, 1, 2]], dtype=np.uint8)
    table = tabulate(part, Marked(np.full(3, ANSWERED, dtype=np.int16), marks), whole(3), design([1.0] * 3))
    assert [(row.category, row.stat) for row in rows_of(part)[:4]] == [
        ("c0", "first"), ("c0", "top-2"), ("c1", "first"), ("c1", "top-2"),
    ]  # fmt: skip
    assert table.count[0, :4].tolist() == [1, 2, 1, 2]


def test_numbers_with_decimals_are_in_the_unit_of_the_question():
    part = part_of(question(Kind.NUMERIC, (), classes=(NumberClass(id="low", label=words("n"), lower=0, upper=0.3),)))
    column = Measured(np.full(4, ANSWERED, dtype=np.int16), np.array([10, 30, 31, 250]), decimals=2)
    table = tabulate(part, column, whole(4), design([1.0] * 4))
    assert value(table, stat="mean") == pytest.approx(0.8025)
    assert (value(table, stat="q1"), value(table, stat="median"), value(table, stat="q3")) == (0.1, 0.3, 0.31)
    assert value(table, "low") == 0.5


def test_large_numbers_and_weights_keep_their_mean():
    part = part_of(question(Kind.NUMERIC, ()))
    values = np.array([4_000_000_000_000, 4_000_000_000_001, 4_000_000_000_003])
    column = Measured(np.full(3, ANSWERED, dtype=np.int16), values, decimals=0)
    table = tabulate(part, column, whole(3), design([3000.5, 1000.25, 2.0]))
    exact = (3000.5 * 0 + 1000.25 * 1 + 2 * 3) / 4002.75
    assert value(table, stat="mean") - 4e12 == pytest.approx(exact, abs=2e-3)
    assert abs(table.numerator).max() < 2**63 // 2000


def test_numbers_far_from_those_of_another_group_keep_their_error():
    part = part_of(question(Kind.NUMERIC, ()))
    values = np.array([10**9, 0, 5 * 10**8, 0, 1, 0])
    column = Measured(np.full(6, ANSWERED, dtype=np.int16), values, decimals=0)
    grouping = Grouping(by=("b",), groups=(("x",), ("y",)), codes=np.array([0, 0, 0, 1, 1, 1], dtype=np.int32))
    table = tabulate(part, column, grouping, design([1.0] * 6))
    place = next(i for i, row in enumerate(table.rows) if row.stat == "mean")
    assert table.se[1, place] == pytest.approx(np.sqrt(6 / 5 * (2 / 3) / 9), rel=1e-11)


def test_the_order_of_the_respondents_changes_nothing():
    random = np.random.default_rng(3)
    n = 300
    part = part_of(question(Kind.NUMERIC, ()))
    values, weights = random.integers(0, 10**6, n), random.uniform(0.2, 9, n)
    codes = random.integers(-1, 3, n).astype(np.int32)
    grouping = Grouping(by=("b",), groups=(("x",), ("y",), ("z",)), codes=codes)
    one = tabulate(part, Measured(np.full(n, ANSWERED, dtype=np.int16), values, 0), grouping, design(weights))
    order = random.permutation(n)
    other = tabulate(
        part,
        Measured(np.full(n, ANSWERED, dtype=np.int16), values[order], 0),
        replace(grouping, codes=codes[order]),
        design(weights[order]),
    )
    for name in ("count", "base", "numerator", "denominator", "se", "lower", "upper", "deff", "df"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_all_groupings_at_once_are_the_same_as_one_at_a_time():
    random = np.random.default_rng(5)
    n = 120
    part = part_of(question(Kind.MULTIPLE, (Role.ANSWER,) * 4))
    column = Marked(np.full(n, ANSWERED, dtype=np.int16), (random.random((n, 4)) < 0.4).astype(np.uint8))
    drawn = design(random.uniform(0.2, 9, n))
    several = tuple(
        Grouping(
            by=(f"b{k}",), groups=tuple((f"g{i}",) for i in range(k)), codes=random.integers(-1, k, n).astype("i4")
        )
        for k in (1, 3, 7)
    )
    for table, grouping in zip(tabulate_all(part, column, breakdown(several, drawn)), several, strict=True):
        alone = tabulate(part, column, grouping, drawn)
        for name in ("count", "base", "numerator", "denominator", "se", "lower", "upper", "deff", "df"):
            np.testing.assert_array_equal(getattr(table, name), getattr(alone, name), err_msg=name)


def test_without_errors_or_intervals_there_are_counts_and_ratios_only():
    part = part_of(question())
    column = Coded(np.array([0, 1, 1], dtype=np.int16))
    for table in (
        tabulate(part, column, whole(3), design([1.0] * 3), errors=False),
        tabulate(part, column, whole(3), design([1.0] * 3, intervals=False)),
    ):
        assert table.count[0].tolist() == [1, 2, 0]
        assert np.isnan(table.se).all()
        assert np.isnan(table.lower).all()
        assert (table.df == -1).all()


def test_a_group_without_respondents_has_a_denominator_of_zero():
    part = part_of(question())
    grouping = Grouping(by=("b",), groups=(("x",), ("y",)), codes=np.zeros(3, dtype=np.int32))
    table = tabulate(part, Coded(np.array([0, 1, 1], dtype=np.int16)), grouping, design([1.0] * 3))
    assert (table.denominator[1] == 0).all()
    assert np.isnan(table.upper[1]).all()
    assert (table.df[1] == -1).all()


def test_answers_of_the_wrong_kind_are_refused():
    marks = Marked(np.full(2, ANSWERED, dtype=np.int16), np.zeros((2, 2), dtype=np.uint8))
    with pytest.raises(TypeError, match="one answer a respondent"):
        tabulate(part_of(question()), marks, whole(2), design([1.0] * 2))
    numbers = Measured(np.full(2, ANSWERED, dtype=np.int16), np.zeros(2, dtype=np.int64), 0)
    with pytest.raises(TypeError, match="numbers were given"):
        tabulate(part_of(question(Kind.MULTIPLE)), numbers, whole(2), design([1.0] * 2))


def test_the_plan_is_the_whole_each_background_and_each_named_pair():
    groups = {name: tuple(Group(id=f"{name}{i}", label=words("g")) for i in range(2)) for name in "abc"}
    backgrounds = tuple(Background(id=name, label=words(name), groups=each) for name, each in groups.items())
    study = Study(
        id="s",
        title=words("s"),
        languages=("sv",),
        sections=(Section(id="1", title=words("1"), questions=(question(),)),),
        waves=(Wave(id="1", label=words("1")), Wave(id="2", label=words("2"))),
        backgrounds=(*backgrounds[:2], replace(backgrounds[2], waves=("2",))),
        pairs=(("a", "b"),),
    )
    codes = {
        name: np.array(values, dtype=np.int16)
        for name, values in zip("abc", ([0, 1, -1], [1, 1, 0], [0, 0, 0]), strict=True)
    }
    answers = Answers(wave="1", n=3, columns={}, backgrounds=codes, weights=np.ones(3), weighted=False)
    plan = groupings(study, answers)
    assert [each.by for each in plan] == [(), ("a",), ("b",), ("a", "b")]
    assert plan[-1].groups == (("a0", "b0"), ("a0", "b1"), ("a1", "b0"), ("a1", "b1"))
    assert plan[-1].codes.tolist() == [1, 3, -1]
    assert grouping_of(backgrounds[:1], (codes["a"],)).codes.tolist() == [0, 1, -1]
