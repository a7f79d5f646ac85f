"""Each rule on a small case whose answer is known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from saklig.disclosure.columns import Columns, columns_of
from saklig.disclosure.differences import nested, routed
from saklig.disclosure.dominance import dominated
from saklig.disclosure.families import families
from saklig.disclosure.folding import fold
from saklig.disclosure.gate import Bases, Rule, complete, gate
from saklig.disclosure.policy import POLICIES, policy_of
from saklig.study.model import Condition, StudyError
from saklig.tabulation.plan import groupings
from saklig.tabulation.tabulate import tabulate

from .conftest import background, coded, marked, multiple, single, study_of, wave_of

ORGANISATIONS = POLICIES["organisations"]


def columns_for(sizes: list[int], unknown: int = 0) -> tuple[Columns, np.ndarray]:
    """One background whose groups have the given sizes, and the bases of its columns."""
    codes = np.repeat([*range(len(sizes)), -1], [*sizes, unknown])
    study = study_of([single("q")], [background("b", len(sizes))])
    answers, _ = wave_of(study, {"q": coded([0] * len(codes))}, {"b": codes})
    columns = columns_of(groupings(study, answers))
    return columns, columns.bases(np.ones(len(codes), bool))


def withheld_for(sizes: list[int], unknown: int = 0) -> list[int]:
    columns, base = columns_for(sizes, unknown)
    bases = Bases(asked=base, counted=base[None, :])
    return complete(gate(bases, 5), columns, bases, 5).tolist()


def test_a_base_of_the_threshold_is_published_and_one_below_is_not() -> None:
    assert withheld_for([5, 5, 5]) == [0, 0, 0, 0]
    assert withheld_for([4, 4, 20]) == [0, Rule.GATE, Rule.GATE, 0]


def test_a_withheld_group_takes_its_smallest_sibling_with_it() -> None:
    assert withheld_for([4, 9, 7]) == [0, Rule.GATE, 0, Rule.SIBLINGS]


def test_two_withheld_groups_whose_union_is_too_small_take_a_third() -> None:
    assert withheld_for([2, 2, 9, 8]) == [0, Rule.GATE, Rule.GATE, 0, Rule.SIBLINGS]


def test_a_few_respondents_of_unknown_group_cannot_be_had_by_subtraction() -> None:
    assert withheld_for([9, 8], unknown=2) == [0, 0, Rule.SIBLINGS]
    assert withheld_for([9, 8], unknown=6) == [0, 0, 0]


def test_an_empty_group_withholds_nothing() -> None:
    assert withheld_for([9, 0, 8]) == [0, 0, 0, 0]


def test_cells_of_a_withheld_parent_are_withheld() -> None:
    study = study_of([single("q")], [background("a", 2), background("b", 3)], pairs=[("a", "b")])
    a = [0] * 30 + [1] * 24
    b = [0] * 10 + [1] * 10 + [2] * 10 + [0] * 8 + [1] * 8 + [2] * 8
    answers, _ = wave_of(study, {"q": coded([0] * 54)}, {"a": a, "b": b})
    columns = columns_of(groupings(study, answers))
    base = columns.bases(np.ones(54, bool))
    first = np.zeros(columns.size, np.int8)
    first[columns.names.index("b=b0")] = Rule.AUDIT
    withheld = complete(first, columns, Bases(asked=base, counted=base[None, :]), 5)
    hidden = {name for name, rule in zip(columns.names, withheld, strict=True) if rule}
    assert {"b=b0", "a=a0,b=b0", "a=a1,b=b0"} <= hidden
    assert "b=b1" in hidden  # the sibling, of equals the first
    for group in ("a=a0", "a=a1"):
        assert sum(name.startswith(f"{group},") for name in hidden) >= 2


def test_a_category_with_all_but_one_of_a_small_base_dominates() -> None:
    study = study_of([single("q")], [background("b", 3)])
    answers, design = wave_of(
        study, {"q": coded([0] * 5 + [1] + [0] * 4 + [1] * 2 + [0] * 11)}, {"b": [0] * 6 + [1] * 6 + [2] * 11}
    )
    part = next(study.parts("1"))
    table = tabulate(part, answers.columns[part.key], groupings(study, answers)[1], design)
    assert dominated(table, ORGANISATIONS).tolist() == [True, False, False]  # 5 of 6; 4 of 6; 11 is not a small base


def test_chosen_by_all_but_one_dominates_and_chosen_by_nobody_does_not() -> None:
    study = study_of([multiple("m", 2)], [background("b", 2)])
    marks = [[1, 0]] * 5 + [[0, 1]] + [[1, 0], [0, 1]] * 3
    answers, design = wave_of(study, {"m": marked(marks, 4)}, {"b": [0] * 6 + [1] * 6})
    part = next(study.parts("1"))
    table = tabulate(part, answers.columns[part.key], groupings(study, answers)[1], design)
    assert dominated(table, ORGANISATIONS).tolist() == [True, False]


def test_of_nested_groups_with_few_between_them_the_later_is_withheld() -> None:
    study = study_of([single("q")], [background("a", 2), background("b", 2)])
    a, b = [0] * 12 + [1] * 20, [0] * 10 + [1] * 22
    answers, _ = wave_of(study, {"q": coded([0] * 32)}, {"a": a, "b": b})
    columns = columns_of(groupings(study, answers))
    shared = columns.shared(np.ones(32, bool))
    withheld = nested(np.zeros(columns.size, np.int8), columns, shared, 5)
    hidden = {name for name, rule in zip(columns.names, withheld, strict=True) if rule}
    assert hidden == {"b=b0", "b=b1"}  # b0 lies in a0 with 2 left over, a1 in b1 with 2 left over


@pytest.mark.parametrize(("asked", "router", "found"), [(20, 20, False), (17, 20, True), (15, 20, False)])
def test_a_routed_base_differs_from_its_router_by_nobody_or_enough(asked: int, router: int, found: bool) -> None:
    assert routed(np.array([asked]), np.array([router]), 5).tolist() == [found]


def test_a_router_and_what_it_routes_to_are_one_family() -> None:
    study = study_of(
        [
            single("a"),
            single("b", asked_if=(Condition(question="a", categories=("1",)),)),
            single("c"),
            single("p", confidential=False),
            single("d", confidential=False, asked_if=(Condition(question="c", categories=("1",)),)),
            single("e", asked_if=(Condition(question="p", categories=("1",)),)),
        ]
    )
    found = {tuple(part.key[0] for part in family.parts): family.confidential for family in families(study, "1")}
    assert found == {("a", "b"): True, ("c", "d"): True, ("p",): False, ("e",): True}


def test_folding_is_by_bases_in_the_order_of_the_study_and_only_where_needed() -> None:
    folds = [("cd", ["b2", "b3"]), ("bcd", ["b1", "cd"]), ("ab", ["b0", "b1"])]
    study = study_of([single("q")], [background("b", 4, folds[:2])])
    codes = [0] * 9 + [1] * 8 + [2] * 7 + [3] * 2
    answers, _ = wave_of(study, {"q": coded([0] * 26)}, {"b": codes})
    published, (folded,), made = fold(study, [answers], ORGANISATIONS)
    assert made == (("b", "cd"),)
    assert [group.id for group in published.backgrounds[0].groups] == ["b0", "b1", "cd"]
    assert published.backgrounds[0].groups[2].codes == (2, 3)
    assert np.bincount(folded.backgrounds["b"]).tolist() == [9, 8, 9]


def test_groups_fold_alike_in_every_wave() -> None:
    study = study_of([single("q")], [background("b", 3, [("bc", ["b1", "b2"])])], waves=("1", "2"))
    many, _ = wave_of(study, {"q": coded([0] * 30)}, {"b": [0] * 10 + [1] * 10 + [2] * 10}, wave="1")
    few, _ = wave_of(study, {"q": coded([0] * 22)}, {"b": [0] * 10 + [1] * 10 + [2] * 2}, wave="2")
    _, (one, two), made = fold(study, [many, few], ORGANISATIONS)
    assert made == (("b", "bc"),)
    assert one.backgrounds["b"].max() == two.backgrounds["b"].max() == 1


def test_policies_are_chosen_by_size_and_changed_by_name() -> None:
    assert policy_of(study_of([single("q")], policy=""), 500).name == "organisations"
    assert policy_of(study_of([single("q")], policy=""), 501).name == "sample"
    assert policy_of(study_of([single("q")], threshold=7), 20).threshold == 7


@pytest.mark.parametrize(
    ("policy", "changed", "words"),
    [
        ("organisation", {}, "did you mean “organisations”"),
        ("sample", {"treshold": 5}, "did you mean “threshold”"),
        ("sample", {"threshold": "five"}, "whole number"),
        ("sample", {"threshold": -1}, "below zero"),
        ("sample", {"participation": "unknown"}, "none of known, secret, public"),
    ],
)
def test_what_a_policy_is_not_is_an_error_with_the_nearest(policy: str, changed: dict[str, int], words: str) -> None:
    with pytest.raises(StudyError, match=words):
        policy_of(study_of([single("q")], policy=policy, **changed), 20)
