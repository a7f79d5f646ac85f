"""The audit against brute force: every set of answers that gives the same edition is made, and nobody is pinned."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from saklig.answers.model import NOT_ASKED, Answers, Column, Marked
from saklig.design.factors.replicates import Replicates
from saklig.design.model import Design
from saklig.disclosure.audit import search, start
from saklig.disclosure.evidence import evidence, wave_view
from saklig.disclosure.layers import Layer, first_layer
from saklig.disclosure.pattern import Pattern, PatternError
from saklig.disclosure.policy import policy_of
from saklig.disclosure.possibilities import possibilities
from saklig.disclosure.protect import Protected, protect
from saklig.disclosure.witness import columns_of_witness, differences_in_print, reprint
from saklig.study.model import ReplicateMethod, Replication, Study

from .conftest import background, coded, marked, multiple, single, study_of, wave_of


def layer_of(study: Study, wave: tuple[Answers, Design], protected: Protected) -> Layer:
    """The one question as it was published."""
    policy, view = policy_of(study, wave[0].n), wave_view(protected.study, *wave)
    family, names = view.families[0], view.columns.names
    (pattern,) = protected.pattern.families
    layer = first_layer(family, view, policy, evidence(family, wave[0].columns, view, policy))
    layer = layer.repairing(np.array([name in pattern.repaired for name in names]))
    assert layer.withheld.tolist() == [pattern.withheld.get(name, 0) for name in names]
    return layer


def same_edition(
    study: Study, wave: tuple[Answers, Design], protected: Protected, possible: list[Column]
) -> list[Column]:
    """The `possible` answers to the one question that give exactly the edition that was published."""
    layer = layer_of(study, wave, protected)
    return [
        column for column in possible if differences_in_print(layer, reprint(layer, {layer.family.key: column})) == ()
    ]


def is_published(protected: Protected) -> bool:
    return any(rule != "withheld" for rule in np.array(protected.facts.status.values)[protected.facts.status.codes])


CASES = [
    # answers, backgrounds, weights, strata
    ([0, 0, 1, 1, 2, 0, 1, 0], {"b": [0, 0, 0, 0, 1, 1, 1, 1]}, None, None),
    ([0, 0, 0, 0, 0, 0, 0, 1], {"b": [0, 0, 0, 0, 1, 1, 1, 1]}, None, None),
    ([0, 1, 0, 1, 2, 2, 0, 1], {"b": [0, 0, 0, 0, 1, 1, 1, 1], "c": [0, 1, 0, 1, 0, 1, 0, 1]}, None, None),
    ([0, 1, 0, 1, 1, 2, 0, 1], {"b": [0, 0, 0, 0, 1, 1, 1, 1]}, [1, 1, 1, 1, 3, 3, 3, 3], [0, 0, 0, 0, 1, 1, 1, 1]),
    ([0, 1, 2, 1, 1, 0, 0, 1], {"b": [0, 1, 0, 1, 0, 1, 0, 1]}, [1, 2, 3, 4, 5, 6, 7, 8], None),
]


@pytest.mark.parametrize("threshold", [2, 3])
@pytest.mark.parametrize(("codes", "groups", "weights", "strata"), CASES)
def test_nobody_is_pinned_down_in_any_set_of_answers(codes, groups, weights, strata, threshold) -> None:  # type: ignore[no-untyped-def]
    study = study_of([single("q")], [background(name, 2) for name in groups], threshold=threshold)
    wave = wave_of(study, {"q": coded(codes)}, groups, weights=weights, strata=strata)
    protected = protect(study, [wave])
    if not is_published(protected):
        return
    possible: list[Column] = [coded(each) for each in product(range(max(codes) + 1), repeat=len(codes))]
    worlds = np.stack([column.codes for column in same_edition(study, wave, protected, possible)])
    truth = np.array(codes)
    for respondent in range(len(codes)):
        for attacker in range(len(codes)):
            known = worlds[worlds[:, attacker] == truth[attacker]] if attacker != respondent else worlds
            assert (known[:, respondent] != truth[respondent]).any(), (respondent, attacker)


def replicated(asked: Replication, codes: list[int]) -> tuple[Study, tuple[Answers, Design], Protected]:
    """Ten respondents in two groups, drawn one by one."""
    study = study_of([single("q")], [background("b", 2)], threshold=2)
    study = replace(study, waves=(replace(study.waves[0], replicates=asked),))
    wave = wave_of(study, {"q": coded(codes)}, {"b": [0] * 5 + [1] * 5})
    assert wave[1].replicates is not None
    return study, wave, protect(study, [wave])


TEN = [[0, 0, 1, 1, 1, 0, 1, 0, 0, 1], [0, 1, 0, 0, 1, 1, 0, 1, 1, 0]]


@pytest.mark.parametrize("codes", TEN)
def test_nobody_is_pinned_down_where_a_jackknife_tells_the_errors(codes: list[int]) -> None:
    """By whoever knows the replicate weights too: the intervals of every set of answers are made by them."""
    study, wave, protected = replicated(Replication(method=ReplicateMethod.JKN, made=True), codes)
    assert is_published(protected)
    possible: list[Column] = [coded(each) for each in product(range(2), repeat=len(codes))]
    worlds = np.stack([column.codes for column in same_edition(study, wave, protected, possible)])
    truth = np.array(codes)
    for respondent in range(len(codes)):
        for attacker in set(range(len(codes))) - {respondent}:
            known = worlds[worlds[:, attacker] == truth[attacker]]
            assert (known[:, respondent] != truth[respondent]).any(), (respondent, attacker)


@pytest.mark.parametrize("codes", TEN)
@pytest.mark.parametrize(
    "asked",
    [
        Replication(method=ReplicateMethod.BOOTSTRAP, made=True, number=12, seed=5),
        Replication(method=ReplicateMethod.SDR, made=True),
    ],
)
def test_replicates_that_tell_few_respondents_apart_withhold_all(asked: Replication, codes: list[int]) -> None:
    """Every other set of answers would print another interval, and so the audit finds no witness."""
    *_, protected = replicated(asked, codes)
    assert not is_published(protected)
    assert protected.protection.withheld["audit"] == 3


def test_respondents_whom_replicates_treat_alike_are_one_class() -> None:
    """Exchanging answers between others would change an error."""
    factors = np.array([[0.5, 1.5], [1.5, 0.5], [0.5, 1.5]])
    made = Replicates(
        method=ReplicateMethod.OTHER,
        factors=factors,
        unit=np.array([0, 1, 2, 2, 1], np.int32),
        scale=1.0,
        rscales=np.ones(2),
    )
    study = study_of([single("q")], [], threshold=2)
    answers, design = wave_of(study, {"q": coded([0, 1, 0, 1, 1])})
    view = wave_view(study, answers, replace(design, replicates=made))
    policy = policy_of(study, answers.n)
    family = view.families[0]
    layer = first_layer(family, view, policy, evidence(family, answers.columns, view, policy))
    classes = possibilities([layer]).class_of
    assert classes[0] == classes[2] == classes[3]
    assert classes[1] == classes[4] != classes[0]


def test_brute_force_finds_the_pinned_where_nothing_is_audited() -> None:
    """The oracle can fail: without repair, the only one of a category in a crossing of margins is pinned down."""
    groups = {"b": [0, 0, 0, 0, 1, 1, 1, 1], "c": [0, 1, 1, 1, 0, 0, 0, 1]}
    codes = [1, 0, 0, 0, 0, 0, 2, 2]
    study = study_of([single("q")], [background("b", 2), background("c", 2)], threshold=2, dominance_below=0)
    wave = wave_of(study, {"q": coded(codes)}, groups)
    policy = policy_of(study, 8)
    view = wave_view(study, *wave)
    layer = first_layer(view.families[0], view, policy, evidence(view.families[0], wave[0].columns, view, policy))
    audit = start([layer])
    search(audit)
    assert not layer.withheld.any()
    assert audit.failures()[0] > 0
    worlds = [
        each
        for each in product(range(3), repeat=8)
        if differences_in_print(layer, reprint(layer, {("q", ""): coded(each)})) == ()
    ]
    assert {world[0] for world in worlds} == {1}
    protected = protect(study, [wave])
    assert protected.protection.withheld["audit"] > 0


def test_every_chosen_option_could_have_been_left_unchosen() -> None:
    marks = [[1, 0], [1, 1], [0, 1], [1, 0], [0, 1], [1, 1]]
    groups = {"b": [0, 0, 0, 1, 1, 1]}
    study = study_of([multiple("m", 2)], [background("b", 2)], threshold=2, dominance_below=0)
    wave = wave_of(study, {"m": marked(marks, 4)}, groups)
    protected = protect(study, [wave])
    assert is_published(protected)
    sets = [(1, 0), (0, 1), (1, 1)]
    possible: list[Column] = [marked(each, 4) for each in product(sets, repeat=6)]
    worlds = np.stack([c.marks for c in same_edition(study, wave, protected, possible) if isinstance(c, Marked)])
    truth = marked(marks, 4).marks
    for respondent, option in np.argwhere(truth > 0):
        for attacker in set(range(6)) - {int(respondent)}:
            known = worlds[(worlds[:, attacker] == truth[attacker]).all(axis=1)]
            assert (known[:, respondent, option] == 0).any()


def test_everybody_giving_one_answer_withholds_the_question() -> None:
    study = study_of([single("q")])
    wave = wave_of(study, {"q": coded([0] * 20)})
    protected = protect(study, [wave])
    assert not is_published(protected)
    assert protected.protection.withheld["audit"] == 1


@pytest.mark.parametrize("policy", ["organisations", "sample"])
def test_a_group_in_which_nobody_was_asked_is_not_withheld_for_ever(policy: str) -> None:
    study = study_of([single("q")], [background("b", 2)], policy=policy)
    wave = wave_of(study, {"q": coded([0] * 12 + [NOT_ASKED] * 12)}, {"b": [0] * 12 + [1] * 12})
    protected = protect(study, [wave])
    assert set(protected.pattern.withheld) == {("1", "q", "", ""), ("1", "q", "", "b=b0")}


def test_exchanges_within_a_class_need_no_repair() -> None:
    study = study_of([single("q")], [background("b", 2)])
    wave = wave_of(study, {"q": coded([0, 0, 0, 1, 1, 1, 2, 2, 2] * 2)}, {"b": [0] * 9 + [1] * 9})
    protected = protect(study, [wave])
    assert sum(protected.protection.withheld.values()) == 0
    assert (protected.protection.audit, protected.protection.audited) == ("full", 18)


@given(some.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_properties_of_random_studies(seed: int) -> None:
    """No published column is below the threshold, none is left to subtraction, and witnesses give the same edition."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(12, 40))
    groups = {"a": rng.integers(0, 3, n), "b": rng.integers(-1, 2, n)}
    study = study_of([single("q")], [background("a", 3), background("b", 2)])
    codes = rng.choice(4, n, p=[0.5, 0.3, 0.15, 0.05])
    wave = wave_of(study, {"q": coded(codes)}, groups, strata=rng.permutation(np.arange(n) % 2))
    protected = protect(study, [wave])
    layer = layer_of(study, wave, protected)
    view, rules = layer.view, layer.withheld
    base = view.columns.bases(np.ones(n, bool))
    published = rules == 0
    assert (base[published & (base > 0)] >= 5).all()
    for line in view.columns.lines:
        if published[line.parent]:
            left = base[line.parent] - sum(base[cell] for cell in line.cells if published[cell])
            hidden = [cell for cell in line.cells if not published[cell] and base[cell]]
            unknown = base[line.parent] > sum(base[cell] for cell in line.cells)
            assert left == 0 or left >= 5
            assert not hidden or len(hidden) + unknown >= 2
    if rules[0]:
        return
    audit = start([layer])
    search(audit)
    for witness in audit.witnesses:
        (answered,) = columns_of_witness(audit.space, witness.counts, [layer])
        assert differences_in_print(layer, reprint(layer, answered)) == ()
    others = [columns_of_witness(audit.space, witness.counts, [layer])[0] for witness in audit.witnesses[1:]]
    assert all((other[layer.family.key].codes != codes).any() for other in others)


def test_a_kept_pattern_stands_for_the_audit_and_another_is_not_used() -> None:
    study = study_of([single("q")], [background("b", 2)])
    codes, groups = [0, 0, 1, 1, 2, 0, 1, 0, 0, 1, 2, 3], {"b": [0] * 6 + [1] * 6}
    wave = wave_of(study, {"q": coded(codes)}, groups)
    first = protect(study, [wave])
    kept = Pattern.from_json(first.pattern.to_json())
    assert kept == first.pattern
    again = protect(study, [wave], remembered=kept)
    assert again.pattern == first.pattern
    assert again.protection == first.protection
    for name in ("value", "lower", "upper", "base", "decimals"):
        assert (getattr(again.facts, name) == getattr(first.facts, name)).all()
    other = wave_of(study, {"q": coded(codes[::-1])}, groups)
    (before,), (after,) = kept.families, protect(study, [other], remembered=kept).pattern.families
    assert before.key != after.key


@pytest.mark.parametrize("value", [None, {}, {"audit": "full", "families": [{"wave": "1", "parts": [["q"]]}]}])
def test_a_kept_pattern_that_cannot_be_read_is_an_error(value: object) -> None:
    with pytest.raises(PatternError, match="delete it"):
        Pattern.from_json(value)
