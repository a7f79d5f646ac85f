"""The attacker against a hundred small studies, and against studies so small that every world can be listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from attack import random_study
from attack.attacker import Known, Printed, Target, pinned_by_listing, pinned_by_solver, read_folder
from attack.targets import known_respondents, option_target, routed_target, single_target
from saklig.compilation.compiling import compile_edition
from saklig.edition.writing import write_edition

STUDIES = 100


def targets(made: random_study.MadeStudy, folder: Path) -> tuple[list[Known], list[Target]]:
    study, facts = read_folder(folder)
    known = known_respondents(made.rows, list(made.backgrounds), study)
    found = [
        single_target(facts, name, codes, [row[name] for row in made.rows]) for name, codes in made.singles.items()
    ]
    for name, options in made.options.items():
        for option in options:
            chosen = [row[f"{name}_{option}"] for row in made.rows]
            if name in made.routed:
                router = made.routed[name]
                answers = [row[router[0]] for row in made.rows]
                codes = made.singles[router[0]]
                found.append(routed_target(facts, router, codes, answers, name, option, chosen))
            else:
                found.append(option_target(facts, name, option, chosen))
    return known, found


def attacked(folder: Path, seed: int) -> list[str]:
    made = random_study.make(folder, seed)
    published = write_edition(compile_edition(made.path, remembered=False), folder / "editions")
    known, found = targets(made, published)
    return [pinned for target in found for pinned in pinned_by_solver(known, target)]


@pytest.mark.parametrize("seed", range(STUDIES))
def test_no_answer_of_a_small_study_is_pinned_down(seed: int, tmp_path: Path) -> None:
    assert attacked(tmp_path, seed) == []


def lonely(weight: float, place: str) -> Known:
    return Known(stratum="s", weight=weight, backgrounds=(("b", place),))


def whole(rows: set[int], base: int, value: int, group: tuple[tuple[str, str], ...] = ()) -> Printed:
    return Printed(frozenset(rows), frozenset({0, 1}), group, base, value, 0)


def listing(known: list[Known], target: Target) -> list[str]:
    return pinned_by_listing(known, target, lambda _: True)


@pytest.mark.parametrize("attack", [pinned_by_solver, listing])
class TestTheAttackerCanWin:
    """An attacker that never finds anything would make every test above pass."""

    def test_everybody_answered_alike(self, attack: object) -> None:
        known = [lonely(1, "x")] * 6
        target = Target("q", ("yes", "no"), [whole({0}, 6, 100)], [0] * 6, {"yes": frozenset({0})})
        assert len(attack(known, target)) == 2  # an outsider, and one of the six

    def test_the_only_one_who_differs_knows_all_others(self, attack: object) -> None:
        known = [lonely(1, "x")] * 7
        target = Target("q", ("yes", "no"), [whole({0}, 7, 86)], [0] * 6 + [1], {"yes": frozenset({0})})
        assert len(attack(known, target)) == 1

    def test_a_group_that_was_left_out_is_subtracted(self, attack: object) -> None:
        known = [lonely(1, "x")] * 10 + [lonely(1, "y")] * 2
        rows = [whole({0}, 12, 50), whole({0}, 10, 40, (("b", "x"),))]
        target = Target("q", ("yes", "no"), rows, [0] * 4 + [1] * 6 + [0] * 2, {"yes": frozenset({0})})
        assert any("'y'" in pinned for pinned in attack(known, target))

    def test_different_weights_betray_who_is_behind_a_percentage(self, attack: object) -> None:
        known = [lonely(float(weight), "x") for weight in (1, 2, 4, 8, 16)]
        target = Target("q", ("yes", "no"), [whole({0}, 5, 42)], [0, 1, 0, 0, 1], {"yes": frozenset({0})})
        assert len(attack(known, target)) > 0

    def test_answers_that_are_spread_hold(self, attack: object) -> None:
        known = [lonely(1, "x")] * 8
        target = Target("q", ("yes", "no"), [whole({0}, 8, 50)], [0, 1] * 4, {"yes": frozenset({0})})
        assert attack(known, target) == []
