"""A reader of a published folder who wants to know what one respondent answered.

Written apart from the program's own audit: it reads the folder itself (no import of saklig), knows what the policy says
that an attacker may know, and has its own model of what the folder reveals.

What it knows of each respondent: stratum, weight and every background (`Known`); of one of them, the attacker's own
answer. Respondents with the same known attributes form a *class*, and the attacker cannot tell them apart; a possible
world is therefore a table of counts, class × answer. Every published share restricts the worlds:

    value − ½ ≤ 100 · Σ w·y[row] / Σ w·y[base] < value + ½        (in the last printed place; linear in y)
    Σ y[base] = base

A secret is a set of answers ("chose a", whatever else they chose). A respondent of class c who gave one of them is
*pinned* if in every world all members of c (the attacker apart) give one of them. `Solver` finds that by integer
programming; `enumerate_worlds` by listing every world of a tiny study, and then it asks the program itself whether a
world would have given the same edition, intervals and all.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy import optimize, sparse

Own = tuple[int, int] | None
"""The attacker's own class and answer; None: an outsider, who has none."""


@dataclass(frozen=True)
class Known:
    """One respondent as the attacker sees them: everything but the answers."""

    stratum: str
    weight: float
    backgrounds: tuple[tuple[str, str], ...]  # (background id, group id as published, after folding)


@dataclass(frozen=True)
class Printed:
    """One published number of one question: the answers that count in its row and in its base, and whose it is."""

    rows: frozenset[int]
    base_rows: frozenset[int]
    group: tuple[tuple[str, str], ...]
    base: int
    value: int
    decimals: int


@dataclass(frozen=True)
class Counted:
    """Known from elsewhere: in a group, so many respondents gave one of these answers."""

    rows: frozenset[int]
    group: tuple[tuple[str, str], ...]
    number: int


@dataclass
class Target:
    """One question to attack: its possible answers and what is printed of it. `truth[i]`: respondent i's answer."""

    name: str
    answers: tuple[str, ...]
    printed: list[Printed]
    truth: list[int]
    secrets: dict[str, frozenset[int]]  # what must not be known of anybody: its name → the answers that it stands for
    counted: tuple[Counted, ...] = ()


def read_folder(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """study.json and the rows of facts.parquet, as any reader gets them."""
    study = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    return study, pq.read_table(folder / "facts.parquet").to_pylist()


class Worlds:
    """Classes of respondents who look alike, and the restrictions that the printed numbers put on their counts."""

    def __init__(self, known: Sequence[Known], target: Target) -> None:
        self.known, self.target = known, target
        self.classes = sorted(set(known), key=repr)
        position = {person: number for number, person in enumerate(self.classes)}
        self.class_of = [position[person] for person in known]
        self.sizes = np.bincount(self.class_of, minlength=len(self.classes))
        self.k = len(target.answers)
        self.truth = np.zeros((len(self.classes), self.k), dtype=int)
        for person, answer in zip(self.class_of, target.truth, strict=True):
            self.truth[person, answer] += 1
        self.weights = np.array([person.weight for person in self.classes])

    def inside(self, printed: Printed | Counted) -> np.ndarray:
        return np.array([set(printed.group) <= set(person.backgrounds) for person in self.classes])

    def allows(self, world: np.ndarray) -> bool:
        """Whether a world gives every printed share and base (intervals apart), and what else is known."""
        for counted in self.target.counted:
            if world[self.inside(counted)][:, sorted(counted.rows)].sum() != counted.number:
                return False
        for printed in self.target.printed:
            inside = self.inside(printed)
            counts = world[inside]
            if counts[:, sorted(printed.base_rows)].sum() != printed.base:
                return False
            weights = self.weights[inside]
            whole = float(weights @ counts[:, sorted(printed.base_rows)].sum(axis=1))
            part = float(weights @ counts[:, sorted(printed.rows)].sum(axis=1))
            if whole == 0 or round_half_up(100 * part / whole, printed.decimals) != printed.value:
                return False
        return True


def round_half_up(value: float, decimals: int) -> int:
    return math.floor(value * 10**decimals + 0.5 + 1e-9)


class Solver:
    """Integer programs over the worlds; every variable is a count of one class giving one answer."""

    SLACK = 1e-7

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        classes, k = len(worlds.classes), worlds.k
        rows: list[np.ndarray] = []
        lower: list[float] = []
        upper: list[float] = []
        for number in range(classes):
            row = np.zeros((classes, k))
            row[number] = 1
            rows.append(row)
            lower.append(worlds.sizes[number])
            upper.append(worlds.sizes[number])
        for counted in worlds.target.counted:
            row = np.zeros((classes, k))
            row[np.ix_(worlds.inside(counted), sorted(counted.rows))] = 1
            rows.append(row)
            lower.append(counted.number)
            upper.append(counted.number)
        for printed in worlds.target.printed:
            inside = worlds.inside(printed)
            base_rows, part_rows = sorted(printed.base_rows), sorted(printed.rows)
            row = np.zeros((classes, k))
            row[np.ix_(inside, base_rows)] = 1
            rows.append(row)
            lower.append(printed.base)
            upper.append(printed.base)
            unit = 10.0**-printed.decimals
            for bound, sign in ((printed.value * unit - unit / 2, 1), (printed.value * unit + unit / 2, -1)):
                row = np.zeros((classes, k))
                row[np.ix_(inside, part_rows)] += 100 * worlds.weights[inside, None]
                row[np.ix_(inside, base_rows)] -= bound * worlds.weights[inside, None]
                rows.append(sign * row)
                # a share on the upper bound itself would have been rounded up
                lower.append(-self.SLACK if sign > 0 else self.SLACK)
                upper.append(np.inf)
        self.matrix = sparse.csr_array(np.array([row.ravel() for row in rows]))
        self.lower, self.upper = np.array(lower), np.array(upper)

    def fewest(self, class_number: int, secret: frozenset[int], own: Own) -> np.ndarray | None:
        """The world in which fewest of a class gave a secret's answers, given the attacker's own (class, answer).

        None: the solver gave up. Raises AssertionError where no world fits: the truth does, so the model is wrong.
        """
        worlds = self.worlds
        cost = np.zeros((len(worlds.classes), worlds.k))
        cost[class_number, sorted(secret)] = 1
        lowest = np.zeros_like(cost)
        if own:
            lowest[own] = 1
        highest = np.repeat(worlds.sizes[:, None], worlds.k, axis=1).astype(float)
        found = optimize.milp(
            cost.ravel(),
            constraints=optimize.LinearConstraint(self.matrix, self.lower, self.upper),
            integrality=np.ones(cost.size),
            bounds=optimize.Bounds(lowest.ravel(), highest.ravel()),
            options={"mip_rel_gap": 0, "node_limit": 20000},
        )
        if found.status == 2:
            raise AssertionError(f"no world fits {worlds.target.name}: mend the attacker")
        if found.x is None:
            return None
        return np.round(found.x).astype(int).reshape(cost.shape)


def others_alike(worlds: Worlds, world: np.ndarray, class_number: int, secret: frozenset[int], own: Own) -> bool:
    """Whether in this world everybody of the class but the attacker gives one of the secret's answers."""
    unknown = worlds.sizes[class_number] - (own is not None and own[0] == class_number)
    giving = world[class_number, sorted(secret)].sum()
    giving -= own is not None and own[0] == class_number and own[1] in secret
    return bool(unknown == giving)


def questions_to_ask(worlds: Worlds) -> Iterator[tuple[int, str, frozenset[int], Own]]:
    """A class, the name and answers of a secret that somebody there has, and the attacker's own answer, if any."""
    owns = [(int(c), int(a)) for c, a in zip(*np.nonzero(worlds.truth), strict=True)]
    for name, secret in worlds.target.secrets.items():
        for class_number in range(len(worlds.classes)):
            holders = worlds.truth[class_number, sorted(secret)].sum()
            if holders:
                yield class_number, name, secret, None
            for own in owns:
                if holders > (own[0] == class_number and own[1] in secret):  # somebody but the attacker
                    yield class_number, name, secret, own


def described(worlds: Worlds, class_number: int, name: str, own: Own) -> str:
    return f"{worlds.target.name}: {worlds.classes[class_number]} gave {name!r} (attacker's own: {own})"


def pinned_by_solver(known: Sequence[Known], target: Target) -> list[str]:
    """The answers that the attacker knows for certain, in words; the empty list is what the publication promises."""
    worlds = Worlds(known, target)
    if not worlds.allows(worlds.truth):
        raise AssertionError(f"the attacker's reading of {target.name} does not fit the truth: mend the attacker")
    solver = Solver(worlds)
    found = []
    seen: list[np.ndarray] = [worlds.truth]
    for class_number, name, secret, own in questions_to_ask(worlds):
        fits = (world for world in seen if own is None or world[own] >= 1)
        if not all(others_alike(worlds, world, class_number, secret, own) for world in fits):
            continue
        world = solver.fewest(class_number, secret, own)
        if world is None:
            continue  # the solver gave up: this attacker has learnt nothing
        if others_alike(worlds, world, class_number, secret, own):
            found.append(described(worlds, class_number, name, own))
        else:
            seen.append(world)
    return found


# Tiny studies: every world, intervals included.


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    for bars in itertools.combinations(range(total + parts - 1), parts - 1):
        edges = (-1, *bars, total + parts - 1)
        yield tuple(b - a - 1 for a, b in itertools.pairwise(edges))


def number_of_worlds(worlds: Worlds) -> int:
    return math.prod(math.comb(int(size) + worlds.k - 1, worlds.k - 1) for size in worlds.sizes)


def enumerate_worlds(worlds: Worlds) -> Iterator[np.ndarray]:
    for rows in itertools.product(*(list(compositions(int(size), worlds.k)) for size in worlds.sizes)):
        world = np.array(rows)
        if worlds.allows(world):
            yield world


def pinned_by_listing(
    known: Sequence[Known], target: Target, gives_same_edition: Callable[[np.ndarray], bool]
) -> list[str]:
    """As `pinned_by_solver`, for worlds that the program itself, run by the attacker, publishes as the same edition.

    `gives_same_edition` takes a world (class × answer) that fits every printed share; the attacker has the program and
    can publish what they imagine. That is how intervals, means and the choice of what is withheld come in.
    """
    worlds = Worlds(known, target)
    if not worlds.allows(worlds.truth):
        raise AssertionError(f"the attacker's reading of {target.name} does not fit the truth: mend the attacker")
    possible = [world for world in enumerate_worlds(worlds) if gives_same_edition(world)]
    return [
        described(worlds, class_number, name, own)
        for class_number, name, secret, own in questions_to_ask(worlds)
        if all(
            others_alike(worlds, world, class_number, secret, own)
            for world in possible
            if own is None or world[own] >= 1
        )
    ]
