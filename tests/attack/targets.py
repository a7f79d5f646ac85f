"""What a published folder says of each question, put as targets for the attacker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attack.attacker import Known, Printed, Target

DONT_KNOW, REFUSED = "8", "9"


def known_respondents(
    rows: Sequence[Mapping[str, str]], backgrounds: Sequence[str], study: Mapping[str, Any]
) -> list[Known]:
    """Everybody as the policy lets the attacker see them, in the groups that were published."""
    published = {background["id"]: background["groups"] for background in study["study"].get("background", ())}

    def group(background: str, code: str) -> str:
        return next(g["id"] for g in published[background] if code in map(str, g["codes"]))

    return [
        Known(
            stratum=row["stratum"],
            weight=float(row["weight"]),
            backgrounds=tuple((name, group(name, row[name])) for name in backgrounds),
        )
        for row in rows
    ]


def printed_rows(
    facts: Sequence[Mapping[str, Any]],
    question: str,
    rows_of: Mapping[str, frozenset[int]],
    base: frozenset[int],
    asked: frozenset[int],
    missing: frozenset[str],
) -> list[Printed]:
    """The published shares. `rows_of`: category or net → answers; the rows in `missing` are shares of all asked."""
    found = []
    for fact in facts:
        if fact["question"] != question or fact["status"] != "published" or fact["stat"] or not fact["category"]:
            continue
        groups = tuple((fact[by], fact[to]) for by, to in (("by1", "group1"), ("by2", "group2")) if fact[by])
        found.append(
            Printed(
                rows=rows_of.get(fact["category"], frozenset()),
                base_rows=asked if fact["category"] in missing else base,
                group=groups,
                base=fact["base"],
                value=fact["value"],
                decimals=fact["decimals"],
            )
        )
    return found


MISSING = frozenset({REFUSED, "no-answer"})


def single_target(
    facts: Sequence[Mapping[str, Any]], question: str, codes: Sequence[str], truth: Sequence[str]
) -> Target:
    everything = frozenset(range(len(codes)))
    return Target(
        name=question,
        answers=tuple(codes),
        printed=printed_rows(
            facts,
            question,
            _rows(codes),
            everything - {codes.index(REFUSED)},
            everything,
            MISSING,
        ),
        truth=[codes.index(answer) for answer in truth],
        secrets={code: frozenset({number}) for number, code in enumerate(codes)},
    )


def _rows(codes: Sequence[str]) -> dict[str, frozenset[int]]:
    rows = {code: frozenset({number}) for number, code in enumerate(codes)}
    rows["1-2"] = frozenset({codes.index("1"), codes.index("2")})
    return rows


def option_target(facts: Sequence[Mapping[str, Any]], question: str, option: str, chosen: Sequence[str]) -> Target:
    """One option of a question with several answers, asked of everybody: chosen or not."""
    both = frozenset({0, 1})
    return Target(
        name=f"{question}/{option}",
        answers=("not chosen", "chosen"),
        printed=[
            row for row in printed_rows(facts, question, {option: frozenset({1})}, both, both, MISSING) if row.rows
        ],
        truth=[int(mark == "1") for mark in chosen],
        secrets={"chosen": frozenset({1})},
    )


def routed_target(
    facts: Sequence[Mapping[str, Any]],
    router: tuple[str, str],
    codes: Sequence[str],
    answers: Sequence[str],
    question: str,
    option: str,
    chosen: Sequence[str],
) -> Target:
    """A router and one option of what it routes to, read together: the base of one is a row of the other."""
    first, leads = router
    names = [code for code in codes if code != leads] + [f"{leads}, not chosen", f"{leads}, chosen"]
    not_chosen, is_chosen = len(names) - 2, len(names) - 1

    def spread(rows: frozenset[int]) -> frozenset[int]:
        found: set[int] = set()
        for number in rows:
            found |= {not_chosen, is_chosen} if codes[number] == leads else {names.index(codes[number])}
        return frozenset(found)

    everything = frozenset(range(len(names)))
    rows = {name: spread(row) for name, row in _rows(codes).items()}
    printed = printed_rows(facts, first, rows, everything - {names.index(REFUSED)}, everything, MISSING)
    asked = frozenset({not_chosen, is_chosen})
    printed += [
        row
        for row in printed_rows(facts, question, {option: frozenset({is_chosen})}, asked, asked, MISSING)
        if row.rows
    ]
    truth = [
        names.index(answer) if answer != leads else (is_chosen if mark == "1" else not_chosen)
        for answer, mark in zip(answers, chosen, strict=True)
    ]
    secrets = {code: spread(frozenset({number})) for number, code in enumerate(codes)}
    return Target(
        f"{first} → {question}/{option}", tuple(names), printed, truth, secrets | {"chosen": frozenset({is_chosen})}
    )
