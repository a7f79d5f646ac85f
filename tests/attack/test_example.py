"""The attacker against the example study as it is published: every question, every wave, every respondent."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from attack.attacker import Known, Printed, Target, pinned_by_solver, read_folder
from saklig.compilation.compiling import compile_edition
from saklig.edition.writing import write_edition

EXAMPLE = Path(__file__).parents[2] / "examples" / "kommun"
COLUMN_OF = {"storlek": "size", "kommuntyp": "type", "del": "part"}
WAVES = ("2021", "2023")
Folder = tuple[dict[str, Any], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    published = write_edition(
        compile_edition(EXAMPLE / "study.toml", remembered=False), tmp_path_factory.mktemp("editions")
    )
    return read_folder(published)


def questions(study: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {question["id"]: question for section in study["study"]["section"] for question in section["question"]}


def categories(study: Mapping[str, Any], question: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    codes = question.get("codes")
    listed = study["study"]["codes"][codes]["categories"] if codes else question.get("categories", [])
    return list(listed)


def respondents(study: Mapping[str, Any], rows: Sequence[Mapping[str, str]]) -> list[Known]:
    groups = {
        background["id"]: {str(code): group["id"] for group in background["groups"] for code in group["codes"]}
        for background in study["study"]["background"]
    }
    return [
        Known(
            row["stratum"],
            float(row["weight"]),
            tuple((name, groups[name][row[COLUMN_OF[name]]]) for name in groups),
        )
        for row in rows
    ]


def printed(
    facts: Sequence[Mapping[str, Any]],
    place: tuple[str, str, str],
    rows_of: Mapping[tuple[str, str], frozenset[int]],
    base: frozenset[int],
    asked: frozenset[int],
    missing: frozenset[str],
) -> list[Printed]:
    """`rows_of`: (category, statistic) → answers; other rows are passed over."""
    found = []
    for fact in facts:
        if (fact["wave"], fact["question"], fact["item"] or "") != place or fact["status"] != "published":
            continue
        rows = rows_of.get((fact["category"], fact["stat"] or ""))
        if rows is None:
            continue
        groups = tuple((fact[by], fact[to]) for by, to in (("by1", "group1"), ("by2", "group2")) if fact[by])
        base_rows = asked if fact["category"] in missing else base
        found.append(Printed(rows, base_rows, groups, fact["base"], fact["value"], fact["decimals"]))
    return found


def code_target(
    study: Mapping[str, Any], facts: Sequence[Mapping[str, Any]], place: tuple[str, str, str], values: Sequence[str]
) -> Target:
    """A question with one answer; a number is known by its class."""
    question = questions(study)[place[1]]
    listed = categories(study, question)
    classes = question.get("classes", [])
    ids = [c["id"] for c in classes] + [c["id"] for c in listed]
    missing = frozenset(c["id"] for c in listed if c.get("role") in ("refused", "no-answer"))

    def answer(value: str) -> int:
        code = next((c["id"] for c in listed if str(c["code"]) == value), None)
        return ids.index(code or next(c["id"] for c in classes if c["from"] <= float(value) <= c["to"]))

    rows = {(name, ""): frozenset({number}) for number, name in enumerate(ids)}
    for net in question.get("nets", ()):
        rows[net["id"], ""] = frozenset(ids.index(part) for part in net["of"])
    everything = frozenset(range(len(ids)))
    base = frozenset(number for number, name in enumerate(ids) if name not in missing)
    return Target(
        ".".join(place),
        tuple(ids),
        printed(facts, place, rows, base, everything, missing),
        [answer(value) for value in values],
        {name: frozenset({number}) for number, name in enumerate(ids)},
    )


def option_targets(
    study: Mapping[str, Any], facts: Sequence[Mapping[str, Any]], wave: str, name: str, chosen: Sequence[list[str]]
) -> list[Target]:
    """A question with several answers asked of everybody, a target each option: not given, given, missing ones."""
    listed = categories(study, questions(study)[name])
    roles = {c["id"]: c.get("role", "answer") for c in listed}
    code_of = {c["id"]: str(c["code"]) for c in listed}
    alone = [option for option in roles if roles[option] in ("refused", "no-answer")]
    targets = []
    for option in roles:
        if option in alone:
            continue
        answers = ["not given", "given first", "given later", *alone]
        given = frozenset({1, 2})

        def answer(row: list[str], option: str = option, answers: list[str] = answers) -> int:
            for other in alone:
                if code_of[other] in row:
                    return answers.index(other)
            return 0 if code_of[option] not in row else 1 if row[0] == code_of[option] else 2

        rows = {(option, ""): given, (option, "top-3"): given, (option, "first"): frozenset({1})}
        rows |= {(other, ""): frozenset({answers.index(other)}) for other in alone}
        shown = printed(facts, (wave, name, ""), rows, frozenset({0, 1, 2}), frozenset(range(len(answers))), set(alone))
        truth = [answer(row) for row in chosen]
        secrets = {"given": given} | {other: frozenset({answers.index(other)}) for other in alone}
        targets.append(Target(f"{wave}.{name}/{option}", tuple(answers), shown, truth, secrets))
    return targets


def routed_targets(
    study: Mapping[str, Any],
    facts: Sequence[Mapping[str, Any]],
    wave: str,
    names: tuple[str, str],
    rows: Sequence[Mapping[str, str]],
) -> list[Target]:
    """A router and what it routes to, read together, a target each option."""
    router, name = names
    first = code_target(study, facts, (wave, router, ""), [row[router] for row in rows])
    question = questions(study)[name]
    (leads,) = [condition["categories"] for condition in question["asked_if"] if condition["question"] == router]
    targets = []
    for option in categories(study, question):
        if option.get("role") in ("refused", "no-answer"):
            continue
        world = [(code, mark) for code in first.answers for mark in ((0, 1, 2) if code in leads else (0,))]
        number_of = {pair: number for number, pair in enumerate(world)}
        missing = {str(c["code"]) for c in categories(study, question) if c.get("role") in ("refused", "no-answer")}

        def spread(
            wanted: frozenset[int], world: list[tuple[str, int]] = world, answers: tuple[str, ...] = first.answers
        ) -> frozenset[int]:
            return frozenset(n for n, (code, _) in enumerate(world) if answers.index(code) in wanted)

        shown = [
            Printed(spread(p.rows), spread(p.base_rows), p.group, p.base, p.value, p.decimals) for p in first.printed
        ]
        asked = frozenset(n for n, (code, _) in enumerate(world) if code in leads)
        base = frozenset(n for n in asked if world[n][1] != 2)
        given = frozenset(n for n in asked if world[n][1] == 1)
        shown += printed(facts, (wave, name, ""), {(option["id"], ""): given}, base, asked, frozenset())

        def mark(row: Mapping[str, str], code: str = str(option["code"]), missing: set[str] = missing) -> int:
            marks = [each.strip() for each in row[name].split(";") if each.strip()]
            return 2 if set(marks) & missing or not marks else int(code in marks)

        truth = []
        for row, place in zip(rows, first.truth, strict=True):
            code = first.answers[place]
            truth.append(number_of[code, mark(row) if code in leads else 0])
        secrets = {code: spread(frozenset({number})) for number, code in enumerate(first.answers)} | {"given": given}
        targets.append(
            Target(f"{wave}.{router} → {name}/{option['id']}", tuple(map(str, world)), shown, truth, secrets)
        )
    return targets


SINGLES = ("q2_1", "q2_2", "q2_3.a", "q2_3.b", "q2_3.c", "q2_3.d", "q3_1.a", "q3_1.b", "q3_1.c", "q3_1.d", "q3_1.e",
           "q4_1", "q4_2", "q4_3", "q5_1")  # fmt: skip


def answers_of(wave: str) -> list[dict[str, str]]:
    with (EXAMPLE / f"answers-{wave}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("name", SINGLES)
def test_no_answer_to_a_question_with_one_answer_is_pinned_down(folder: Folder, wave: str, name: str) -> None:
    study, facts = folder
    rows = answers_of(wave)
    question, _, item = name.partition(".")
    values = [row[f"{question}_{item}" if item else question] for row in rows]
    target = code_target(study, facts, (wave, question, item), values)
    assert target.printed
    assert pinned_by_solver(respondents(study, rows), target) == []


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("name", ["q3_2", "q6_1", "q6_2"])
def test_no_answer_to_a_question_with_several_answers_is_pinned_down(folder: Folder, wave: str, name: str) -> None:
    study, facts = folder
    rows = answers_of(wave)
    columns = {"q3_2": ("q3_2",), "q6_1": ("q6_1_1", "q6_1_2", "q6_1_3"), "q6_2": ("q6_2_1", "q6_2_2")}[name]
    chosen = [[each for column in columns for each in row[column].split(";") if each] for row in rows]
    known = respondents(study, rows)
    found = option_targets(study, facts, wave, name, chosen)
    assert any(target.printed for target in found)
    assert [pinned for target in found for pinned in pinned_by_solver(known, target)] == []


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("names", [("q2_4", "q2_5"), ("q5_2", "q5_3")], ids="→".join)
def test_no_answer_is_pinned_down_by_routing(folder: Folder, wave: str, names: tuple[str, str]) -> None:
    study, facts = folder
    rows = answers_of(wave)
    known = respondents(study, rows)
    found = routed_targets(study, facts, wave, names, rows)
    assert any(target.printed for target in found)
    assert [pinned for target in found for pinned in pinned_by_solver(known, target)] == []
