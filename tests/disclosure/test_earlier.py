"""Editions that were published before: who is who in both, and what both together leave possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from saklig.answers.model import NOT_ASKED, Answers
from saklig.design.model import Design
from saklig.disclosure.earlier import Earlier, chains, comparable, earlier_waves, joined, meeting, same_people
from saklig.disclosure.evidence import evidence, wave_view
from saklig.disclosure.families import families
from saklig.disclosure.gate import Rule
from saklig.disclosure.layers import Layer
from saklig.disclosure.protect import Protected, protect
from saklig.disclosure.witness import differences_in_print, reprint
from saklig.study.model import Condition, Group, Study

from .conftest import background, coded, single, study_of, wave_of

Wave = tuple[Answers, Design]


def published(study: Study, wave: Wave, *before: Protected) -> Protected:
    return protect(study, [wave], earlier=earlier_of(*before))


def layer_of(protected: Protected, now: Answers) -> Layer:
    """The only family of a published edition, as it stands there."""
    (wave,) = earlier_waves([protected.as_earlier("0" * 16)], protected.study, now)
    return wave.layer(protected.pattern.families[0])


def answers(codes: list[int], groups: list[int], persons: list[int] | None = None, weights: object = None) -> Answers:
    study = study_of([single("q")], [background("b", 3)])
    made, _ = wave_of(study, {"q": coded(codes)}, {"b": groups}, weights=weights)  # type: ignore[arg-type]
    if persons is not None:
        object.__setattr__(made, "persons", np.array(persons, np.int64))
    return made


@pytest.mark.parametrize(
    ("now", "then", "people"),
    [
        # the same rows in another order; of equal rows the first goes with the first
        (([0, 1, 1, 2], [0, 0, 0, 1]), ([2, 1, 0, 1], [1, 0, 0, 0]), [3, 1, 0, 2]),
        # one answer corrected: the row that is left over, with the same background
        (([0, 1, 2, 2], [0, 0, 1, 1]), ([0, 1, 2, 0], [0, 0, 1, 1]), [0, 1, 2, 3]),
        # one background corrected: the row that is left over, with the same answer
        (([0, 1, 2], [0, 0, 2]), ([0, 1, 2], [0, 0, 1]), [0, 1, 2]),
        # one came, one left: numbers after those of everybody now
        (([0, 1, 2, 2], [0, 0, 1, 1]), ([0, 1, 2], [0, 0, 2]), [0, 1, 2]),
        (([0, 1], [0, 0]), ([0, 1, 2], [0, 0, 1]), [0, 1, 2]),
    ],
)
def test_who_is_who_by_what_they_said(now, then, people) -> None:  # type: ignore[no-untyped-def]
    assert same_people(answers(*now), answers(*then)).tolist() == people


def test_who_is_who_by_the_persons_id() -> None:
    now, then = answers([0, 1, 2], [0, 0, 0], [11, 22, 33]), answers([2, 0, 1], [0, 0, 0], [33, 44, 11])
    assert same_people(now, then).tolist() == [2, 3, 0]


def test_new_weights_are_no_new_respondents() -> None:
    now, then = answers([0, 1, 2], [0, 1, 2], weights=[1, 2, 3]), answers([0, 1, 2], [0, 1, 2], weights=[1, 1, 1])
    assert same_people(now, then).tolist() == [0, 1, 2]


def with_persons(wave: Wave, persons: Sequence[int]) -> Wave:
    return replace(wave[0], persons=np.array(persons, np.int64)), wave[1]


def earlier_of(*before: Protected) -> list[Earlier]:
    return [each.as_earlier(f"{n:016x}") for n, each in enumerate(before)]


def test_who_left_is_the_same_in_every_edition_that_had_them() -> None:
    """Numbered in each edition apart, those who left last would pass for those who left first."""
    study = study_of([single("q")])

    def wave(persons: Sequence[int]) -> Wave:
        return with_persons(wave_of(study, {"q": coded([each % 3 for each in persons])}), persons)

    first = published(study, wave([*range(100, 106), *range(200, 206), *range(30)]))
    second = published(study, wave([*range(200, 206), *range(30)]), first)
    one, two = earlier_waves(earlier_of(first, second), study, wave(range(30))[0])
    assert two.people.tolist() == [*range(30, 36), *range(30)]
    assert one.people.tolist() == [*range(36, 42), *range(30, 36), *range(30)]


def test_who_left_is_the_same_without_ids_too() -> None:
    study = study_of([single("q")], [background("b", 3)])
    codes, groups = [0, 1, 2, 3, 0, 1, 2], [0, 0, 1, 1, 2, 2, 2]
    waves = [wave_of(study, {"q": coded(codes[n:])}, {"b": groups[n:]}) for n in (0, 1, 2)]
    then = [published(study, each) for each in waves[:2]]
    one, two = earlier_waves(earlier_of(*then), study, waves[2][0])
    assert two.people.tolist() == [5, 0, 1, 2, 3, 4]
    assert one.people.tolist() == [6, 5, 0, 1, 2, 3, 4]


def test_who_is_who_where_groups_were_folded_or_a_code_list_grew() -> None:
    """Positions in a list of groups or categories mean something else then: equal numbers are not equal people."""
    fine, folded = (study_of([single("q", size)], [background("b", 3, folds)]) for size, folds in ((3, ()), (4, ())))
    coarse = replace(folded, backgrounds=(replace(folded.backgrounds[0], groups=_two_groups()),))
    then, _ = wave_of(fine, {"q": coded([0, 0, 4, 4])}, {"b": [1, 2, 1, 2]})
    now, _ = wave_of(coarse, {"q": coded([0, 0, 5, 5])}, {"b": [0, 1, 0, 1]})
    assert same_people(now, then).tolist() != [0, 1, 2, 3]
    assert same_people(*comparable(coarse, now, fine, then)).tolist() == [0, 1, 2, 3]


def _two_groups() -> tuple[Group, ...]:
    *first, last = background("b", 3).groups
    return (replace(first[0], id="b01", codes=(0, 1)), last)


def test_who_is_who_where_all_were_weighted_anew_and_one_was_corrected() -> None:
    now = answers([1, 0, 0], [0, 1, 2], weights=[2, 3, 4])
    then = answers([0, 0, 0], [0, 1, 2], weights=[1, 1, 1])
    assert same_people(now, then).tolist() == [0, 1, 2]


def test_the_same_numbers_of_other_people_are_news() -> None:
    """One left and another came in their place, with the same background. That no number changed tells the newcomer
    what the one who left had answered."""
    study = study_of([single("q")])
    wave = wave_of(study, {"q": coded([0, 1, 2] * 4)})
    first = published(study, with_persons(wave, range(12)))
    assert not first.pattern.withheld
    assert published(study, with_persons(wave, range(12)), first).pattern == first.pattern
    replaced = published(study, with_persons(wave, [100, *range(1, 12)]), first)
    assert replaced.pattern.withheld["1", "q", "", ""] == Rule.AUDIT


def test_how_many_were_corrected_is_known_of_any_two_editions() -> None:
    """From the first edition to the third two answers were corrected, one respondent left, two came, and two more gave
    the second answer. Who was corrected to the first knows the answers of all of those: −1 + 1 − 0 + 1 + 1. Of the
    second edition nothing is published; in it another answer is corrected, which in the third is as it was."""

    def edition(persons: list[int], codes: list[int], groups: dict[str, list[int]], *before: Protected) -> Protected:
        study = study_of(
            [single("q", 2)], [background(name, 2) for name in groups], threshold=2, dominance_below=0, fold_below=0
        )
        return published(study, with_persons(wave_of(study, {"q": coded(codes)}, groups), persons), *before)

    both = {"a": [1, 1, 0, 0, 1, 1, 0, 1], "b": [0, 1, 1, 1, 1, 0, 0, 1]}
    first = edition([*range(8)], [1, 0, 1, 0, 1, 0, 0, 1], both)
    second = edition([*range(9)], [1, 0, 0, 1, 1, 0, 0, 1, 1], {}, first)
    codes, groups = [1, 0, 1, 1, 1, 1, 0, 0, 1], {"b": [0, 1, 1, 1, 1, 1, 0, 1, 1]}
    third = edition([0, 1, 2, 3, 4, 11, 6, 7, 8], codes, groups, first, second)
    assert [each.pattern.withheld.get(("1", "q", "", "")) for each in (first, second, third)] == [
        None,
        Rule.DIFFERENCES,
        Rule.AUDIT,
    ]


def test_the_same_answers_again_are_the_same_edition_and_are_not_audited() -> None:
    study = study_of([single("q")], [background("b", 2)])
    wave = wave_of(study, {"q": coded([0, 0, 1, 1, 2, 0, 1, 0, 0, 1, 2, 3])}, {"b": [0] * 6 + [1] * 6})
    first = published(study, wave)
    again = published(study, wave, first)
    assert again.pattern == first.pattern
    assert again.protection == first.protection
    assert again.protection.audited_with == ()


def test_only_what_changed_is_audited_anew() -> None:
    study = study_of([single("q"), single("r")], [background("b", 2)])
    groups = {"b": [0] * 6 + [1] * 6}
    same = coded([0, 1, 2] * 4)
    first = published(study, wave_of(study, {"q": coded([0, 1] * 6), "r": same}, groups))
    second = published(study, wave_of(study, {"q": coded([1, 1] + [0, 1] * 5), "r": same}, groups), first)
    assert second.pattern.families[1] == first.pattern.families[1]
    assert second.pattern.families[0] != first.pattern.families[0]
    assert second.protection.audited_with == ("0" * 16,)
    back = published(study, wave_of(study, {"q": coded([0, 1] * 6), "r": same}, groups), first, second)
    assert back.pattern == first.pattern
    assert back.protection.audited_with == ()


def worlds(now: Layer, then: Layer, most_changed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Every pair of answers, before and after, that gives exactly both editions. Brute force over the publication."""
    before, after = _giving_the_same(then), _giving_the_same(now)
    pairs = [(np.array(one), np.array(two)) for one in before for two in after]
    return [(one, two) for one, two in pairs if (one != two).sum() == most_changed]


def _giving_the_same(layer: Layer) -> list[tuple[int, ...]]:
    given = layer.view.answers.columns[layer.family.key].codes
    # Whole percentages of eight tell the counts: sets with other counts need not be tried.
    assert not layer.withheld[0]
    assert len(given) == 8
    possible = set(permutations(given.tolist()))
    return [
        each for each in possible if differences_in_print(layer, reprint(layer, {layer.family.key: coded(each)})) == ()
    ]


Case = tuple[list[int], dict[int, int], dict[str, list[int]], dict[str, list[int]]]

CASES: list[Case] = [
    # answers before, who changes to what, backgrounds before and after
    ([0, 0, 1, 1, 2, 0, 1, 2], {0: 1}, {"a": [0, 0, 0, 0, 1, 1, 1, 1]}, {"a": [0, 0, 0, 0, 1, 1, 1, 1]}),
    ([0, 1, 1, 0, 1, 0, 1, 0], {}, {"a": [0, 0, 0, 0, 1, 1, 1, 1]}, {"b": [0, 1, 1, 1, 0, 0, 0, 1]}),
    ([2, 1, 1, 0, 1, 0, 1, 0], {}, {"a": [0, 0, 0, 1, 1, 1, 1, 1]}, {"b": [0, 1, 1, 1, 0, 0, 0, 1]}),
    ([0, 1, 1, 0, 1, 0, 1, 0], {3: 1, 4: 0}, {"a": [0, 1, 0, 1, 0, 1, 0, 1]}, {"a": [0, 1, 0, 1, 0, 1, 0, 1]}),
]


def pinned_down(case: Case, *, apart: bool) -> list[tuple[int, int]]:
    """(respondent, attacker): by both editions together, where the second was audited `apart` or together."""
    codes, changes, first, second = case
    one, two = (
        study_of([single("q")], [background(name, 2) for name in groups], threshold=2, dominance_below=0)
        for groups in (first, second)
    )
    corrected = [changes.get(place, code) for place, code in enumerate(codes)]
    then = published(one, wave_of(one, {"q": coded(codes)}, first))
    wave = wave_of(two, {"q": coded(corrected)}, second)
    now = published(two, wave) if apart else published(two, wave, then)
    possible = worlds(layer_of(now, wave[0]), layer_of(then, wave[0]), len(changes))
    truth = np.array([codes, corrected])
    found = []
    for respondent, attacker in permutations(range(8), 2):
        known = np.array([each for each in possible if (np.array(each)[:, attacker] == truth[:, attacker]).all()])
        if (known[:, :, respondent] == truth[:, respondent]).all(axis=0).any():
            found.append((respondent, attacker))
    return found


@pytest.mark.parametrize("case", CASES)
def test_nobody_is_pinned_down_by_two_editions(case: Case) -> None:
    assert pinned_down(case, apart=False) == []


def test_somebody_is_where_each_edition_is_audited_apart() -> None:
    """So the test above can fail. (For corrections `attack/test_editions.py` shows it, with more respondents.)"""
    assert any(pinned_down(case, apart=True) for case in CASES if not case[1])


def test_a_group_that_was_published_without_a_few_is_not_published_with_them() -> None:
    study = study_of([single("q")], [background("b", 2)])
    codes, groups = [0, 1, 2] * 10, [0] * 15 + [1] * 15
    then = published(study, wave_of(study, {"q": coded(codes)}, {"b": groups}))
    more = wave_of(study, {"q": coded([*codes, 0, 1])}, {"b": [*groups, 0, 1]})
    now = published(study, more, then)
    assert now.pattern.withheld["1", "q", "", ""] == Rule.DIFFERENCES
    assert now.pattern.families[0].near == {"", "b=b0", "b=b1"}
    many = wave_of(study, {"q": coded([*codes, *codes[:12]])}, {"b": [*groups, *[0, 1] * 6]})
    assert not published(study, many, then).pattern.families[0].near
    # and with what came first the second is not needed: the third time nobody is told of by subtraction either
    assert published(study, more, then, now).pattern == now.pattern


def test_participation_that_is_secret_does_not_hide_who_was_corrected() -> None:
    study = study_of([single("q")], [background("a", 2), background("b", 2)], policy="sample")
    n = 1200
    groups = {"a": [0] * 600 + [1] * 600, "b": [0, 1] * 600}
    codes = [0, 0, 1, 1] * 300
    then = published(study, wave_of(study, {"q": coded(codes)}, groups))
    assert not then.pattern.withheld
    only_one = published(study, wave_of(study, {"q": coded([2, *codes[1:]])}, groups), then)
    assert only_one.protection.audited == 1
    one_of_many = published(study, wave_of(study, {"q": coded([1, *codes[1:]])}, groups), then)
    assert (one_of_many.protection.audited, n) == (1, 1200)


def test_families_that_were_protected_as_one_stay_one() -> None:
    router = single("q")
    routed = single("r", asked_if=(Condition(question="q", categories=("1",)),))
    study, free = study_of([router, routed, single("s")]), study_of([single("q"), single("r"), single("s")])
    columns = {"q": coded([0, 1] * 10), "r": coded([2, NOT_ASKED] * 10), "s": coded([0, 1] * 10)}
    then = published(study, wave_of(study, columns))
    now, _ = wave_of(free, columns)
    earlier = chains(earlier_waves([then.as_earlier("0" * 16)], free, now))
    assert [len(family.parts) for family in families(free, "1")] == [1, 1, 1]
    assert [len(family.parts) for family in joined(families(free, "1"), earlier)] == [2, 1]


def test_what_was_protected_together_through_others_is_so_for_ever() -> None:
    """p and q led to r once, and so what was published of q since then tells of p."""
    columns = {name: coded([0, 1, 2] * 10) for name in "pqrst"}
    editions: list[Protected] = []
    for router, routed in ("pr", "qr", "qs"):
        led = single(routed, asked_if=(Condition(question=router, categories=("1", "2", "3")),))
        study = study_of([single(router), led])
        editions.append(published(study, wave_of(study, columns), *editions))
    study = study_of([single("p"), single("s"), single("t")])
    now, _ = wave_of(study, columns)
    earlier = earlier_waves(earlier_of(*editions), study, now)
    first, second = joined(families(study, "1"), chains(earlier))
    assert [part.key[0] for part in first.parts] == ["p", "s"]
    assert len(list(meeting(first, earlier, chains(earlier)))) == 3
    assert list(meeting(second, earlier, chains(earlier))) == []


def test_an_earlier_layer_says_what_was_published() -> None:
    study = study_of([single("q")], [background("b", 2)])
    wave = wave_of(study, {"q": coded([0, 0, 1, 1, 2, 0, 1, 0, 0, 1, 2, 3])}, {"b": [0] * 6 + [1] * 6})
    then = published(study, wave)
    layer = layer_of(then, wave[0])
    view = wave_view(study, *wave)
    assert layer.ruled.tolist() == layer.withheld.tolist()
    seen = evidence(view.families[0], wave[0].columns, view, layer.policy)
    assert (layer.seen.bases.counted == seen.bases.counted).all()
    assert isinstance(then.as_earlier("0" * 16), Earlier)
