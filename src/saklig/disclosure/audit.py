"""The audit: for every respondent at risk, another set of answers that gives exactly the same edition.

An attacker may be any one other respondent, who knows their own answers. So for every pair (a respondent with something
to protect, an attacker) there must be a witness in which the one's answer differs and the other's does not. Within a
class respondents are alike, so pairs of (class, feature) and (class, profile) stand for all of them, and one witness,
a matrix of counts, clears many pairs: those where somebody of the class lacks the feature while the attacker's own
answer is still there. The answers as given are the first witness: they clear whoever could have exchanged answers
within their class. Where editions were published before, a witness gives exactly the same as they do, too.

What is infeasible, what the solver does not prove within its limits, and what fails its confirmation all count as
failed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.layers import Layer
from saklig.disclosure.moves import Exchanges
from saklig.disclosure.policy import Policy
from saklig.disclosure.possibilities import Possibilities, possibilities
from saklig.disclosure.programs import Cut, Program
from saklig.disclosure.solver import Conditions, solve
from saklig.disclosure.witness import Reprint, columns_of_witness, differences_in_print, reprint

Matrix = NDArray[np.int64]

NOBODY = -1
"""The attacker who has no answer of their own."""

MOST_EXACT, MOST_PRINTED, MOST_CELLS = 2500, 400, 8000
"""Counts above which no integer program under exact, or under printed, conditions is tried, and no exchange: what is
not cleared then is not proven."""

STAYING = 0.004
"""What it is worth, in cleared targets, that a respondent's answer stays."""

TURNS, BUNDLES = 8, 8
"""Rounds of exchanges, and witnesses in each, before integer programs take over."""

ROOMS = (0.6, 0.2)
"""Parts of the distance to the next printed number that exchanges use; less where more fails its confirmation."""

FEW_UNITS, MANY_UNITS = 10, 2
"""Respondents to a unit (stratum × weight × cluster): from FEW_UNITS exact conditions clear almost all that can be
cleared, below MANY_UNITS they clear nothing; printed ones cost more, and are tried below FEW_UNITS."""

SWAPS = 20
"""Partners that are tried for one target whose weight is told."""

ENOUGH = 4
"""Failing attackers after which a search stops; the group to withhold is chosen by what they pin down."""


@dataclass(frozen=True)
class Witness:
    """`counts`: classes × profiles. `reprints`: what each layer is under them; none for the answers as given."""

    counts: Matrix
    reprints: tuple[Reprint, ...] = ()


@dataclass
class Audit:
    """The search for one family. It may go on after more was withheld: witnesses that were found stay witnesses.

    `layers`: the edition at hand, as it is withheld at present, and those that were published before.
    `targets`: int64 (targets, 2), class and feature. `attackers`: int64 (attackers, 2), class and profile; the first
    row is NOBODY. `cleared`: bool (targets, attackers). `witnesses`: those that were found, the given answers first.
    """

    layers: tuple[Layer, ...]
    space: Possibilities
    targets: Matrix
    attackers: Matrix
    cleared: NDArray[np.bool_]
    witnesses: list[Witness] = field(default_factory=list)
    programs: int = 0
    reached: int = 0  # attackers that were looked at under the present pattern

    @property
    def policy(self) -> Policy:
        return self.layers[0].policy

    @cached_property
    def attacker_of(self) -> NDArray[np.int64]:
        """Shape (asked,): the row of each respondent among the attackers."""
        place = np.zeros(self.space.allowed.shape, np.int64)
        place[self.attackers[1:, 0], self.attackers[1:, 1]] = np.arange(1, len(self.attackers))
        return place[self.space.class_of, self.space.profile_of]

    def failures(self) -> NDArray[np.int64]:
        """Shape (columns of the first layer,): how many respondents of each are pinned down, as far as is known."""
        given = self.space.given
        pinned = np.zeros(given.shape, bool)
        for (class_, feature), clear in zip(self.targets, self.cleared[:, : self.reached], strict=True):
            if not clear.all():
                pinned[class_] |= self.space.features[feature].has
        per_class = np.where(pinned, given, 0).sum(axis=1)
        member = self.space.member[:, : self.layers[0].view.columns.size]
        failing: NDArray[np.int64] = per_class @ member.astype(np.int64)
        return failing

    @property
    def pins_somebody(self) -> bool:
        return not self.cleared[:, : self.reached].all()


def start(layers: Sequence[Layer]) -> Audit:
    """An audit with the answers as given for its first witness."""
    space = possibilities(layers)
    given = space.given
    targets = [
        (class_, place)
        for place, feature in enumerate(space.features)
        for class_ in np.flatnonzero(given[:, feature.has].sum(axis=1) > 0)
    ]
    attackers = [(NOBODY, NOBODY), *map(tuple, np.argwhere(given > 0))]
    audit = Audit(
        layers=tuple(layers),
        space=space,
        targets=np.array(targets, np.int64).reshape(-1, 2),
        attackers=np.array(attackers, np.int64).reshape(-1, 2),
        cleared=np.zeros((len(targets), len(attackers)), bool),
    )
    audit.cleared |= _not_pairs(audit)
    _add(audit, Witness(given))
    return audit


def against_outsiders(
    layers: Sequence[Layer], space: Possibilities, targets: Matrix, before: Audit | None = None
) -> Audit:
    """The audit of some `targets` alone, against a reader who gave no answer, by exchanges. `before`: the same of what
    was shown before; its witnesses that are still witnesses are used again."""
    audit = Audit(
        layers=tuple(layers),
        space=space,
        targets=targets,
        attackers=np.array([(NOBODY, NOBODY)], np.int64),
        cleared=np.zeros((len(targets), 1), bool),
    )
    _add(audit, Witness(space.given))
    for witness in before.witnesses[1:] if before else ():
        if _differences(audit, witness) == ():
            _add(audit, witness)
    program = Program(space=space, layers=audit.layers)
    if program.cells.size <= MOST_CELLS and not audit.cleared.all():
        _search_exchanges(audit, _Model(program, []), only_nobody=True)
    for target in np.flatnonzero(~audit.cleared[:, 0]):
        _swap(audit, int(target))
    return audit


def _swap(audit: Audit, target: int) -> None:
    """Clears a target where one of its class may have exchanged answers with somebody of another class in the same
    published columns, the nearest weight first: no count changes, and a weighted number moves by little."""
    space, (class_, place) = audit.space, audit.targets[target]
    has, given, allowed = space.features[place].has, space.given, space.allowed
    published = np.concatenate([layer.withheld for layer in audit.layers]) == 0
    alike = (space.member[:, published] == space.member[class_, published]).all(axis=1)
    apart = np.abs(space.weight - space.weight[:, [class_]]).sum(axis=0)
    own = int(np.flatnonzero(has & (given[class_] > 0))[0])
    tried = 0
    for partner in np.argsort(apart, kind="stable"):
        theirs = np.flatnonzero(~has & (given[partner] > 0) & allowed[class_])
        if partner == class_ or not alike[partner] or not allowed[partner, own] or not len(theirs):
            continue
        if audit.programs >= audit.policy.audit_programs or (tried := tried + 1) > SWAPS:
            return
        audit.programs += 1
        counts = given.copy()
        counts[[class_, class_, partner, partner], [own, theirs[0], theirs[0], own]] += [-1, 1, -1, 1]
        witness = _under(audit, counts)
        if _differences(audit, witness) == ():
            _add(audit, witness)
            return


def search(audit: Audit, *, only_nobody: bool = False) -> None:
    """Looks for a witness for every pair that has none, under the present pattern; `only_nobody`: without attackers.

    It stops when it knows of ENOUGH attackers who pin somebody down, or when somebody is pinned down for everybody:
    then more has to be withheld in any case, and what is left is looked for under the next pattern.
    """
    program = Program(space=audit.space, layers=audit.layers)
    models = _models(audit, program)
    for model in models:
        _search_exchanges(audit, model, only_nobody=only_nobody)
    failing = 0
    for attacker in range(1 if only_nobody else len(audit.attackers)):
        audit.reached = attacker + 1
        if audit.cleared[:, attacker].all():
            continue
        for model in (each for each in models if len(program.cells) <= each.most_variables):
            _search_with(audit, model, attacker)
        if not audit.cleared[:, attacker].all():
            failing += 1
            if audit.attackers[attacker, 0] == NOBODY or failing == ENOUGH:
                return


def _search_exchanges(audit: Audit, model: _Model, *, only_nobody: bool) -> None:
    """Clears what exchanges of two or four answers clear, until a turn clears nothing or more has to be withheld."""
    exchanges = Exchanges(model.program, model.conditions)
    who = slice(0, 1) if only_nobody else slice(None)
    for turn in range(TURNS):
        wanted = np.flatnonzero(~audit.cleared[:, who].all(axis=1))
        before = audit.cleared[:, who].sum()
        # one witness for all first, then smaller ones, in which few attackers have moved
        for some in np.array_split(wanted, 1 if turn == 0 else min(len(wanted), BUNDLES)) if len(wanted) else ():
            _exchange(audit, exchanges, some, turn, ROOMS)
        hopeless = turn >= 1 and not audit.cleared[:, 0].all()
        if hopeless or audit.cleared[:, who].sum() == before:
            return


def _exchange(
    audit: Audit,
    exchanges: Exchanges,
    wanted: NDArray[np.int64],
    turn: int,
    rooms: tuple[float, ...],
) -> None:
    """One witness for all of `wanted`; where it fails its confirmation, one that moves less, then one for each half."""
    avoided = ~audit.cleared[wanted][:, audit.attacker_of]
    for room in rooms:
        counts = exchanges.witness(audit.targets[wanted], avoided, turn, room)
        if (counts == audit.space.given).all():
            return
        witness = _under(audit, counts)
        if _differences(audit, witness) == ():
            _add(audit, witness)
            return
    if len(wanted) > 1:
        for half in np.array_split(wanted, 2):
            _exchange(audit, exchanges, half, turn, rooms[-1:])


@dataclass
class _Model:
    """Conditions under which to look. `cuts`: what is kept exactly after failed confirmations, None: everything is.

    `bases`: the bases of withheld columns are kept too, since a solution changed what is withheld."""

    program: Program
    cuts: list[Cut] | None
    bases: bool = False
    rounds: int = 0

    def __post_init__(self) -> None:
        self.conditions = self._make()

    @property
    def most_variables(self) -> int:
        return MOST_EXACT if self.cuts is None else MOST_PRINTED

    def tighten(self, failed: tuple[Cut, ...] | None) -> bool:
        """Cuts off solutions that failed their confirmation so; False where there is nothing more to try."""
        if self.rounds >= self.program.layers[0].policy.audit_cuts or (failed is None and self.bases):
            return False
        if failed is not None and self.cuts is None:
            return False
        self.rounds += 1
        self.bases |= failed is None
        self.cuts = None if self.cuts is None else [*self.cuts, *(failed or ())]
        self.conditions = self._make()
        return True

    def _make(self) -> Conditions:
        if self.cuts is None:
            return self.program.exact(bases=self.bases)
        return self.program.printed(self.cuts, bases=self.bases)


def _models(audit: Audit, program: Program) -> list[_Model]:
    """Exact conditions, printed ones, or both in this order, by how many respondents there are to a unit."""
    if program.cells.size > MOST_CELLS:
        return []
    a_unit = len(audit.space.respondents) / max(1, int(audit.space.unit.max(initial=-1)) + 1)
    exact = [_Model(program, None)] if a_unit >= MANY_UNITS else []
    return [*exact, *([_Model(program, [])] if a_unit < FEW_UNITS else [])]


def _search_with(audit: Audit, model: _Model, attacker: int) -> None:
    """Clears what can be cleared from one attacker under one model."""
    while len(wanted := np.flatnonzero(~audit.cleared[:, attacker])):
        counts = _other_counts(audit, model.program, model.conditions, attacker, wanted)
        if counts is None:
            return
        witness = _under(audit, counts)
        failed = _differences(audit, witness)
        if failed == ():
            _add(audit, witness)
            if not audit.cleared[wanted, attacker].any():
                return
        elif not model.tighten(failed):
            return


def _other_counts(
    audit: Audit, program: Program, conditions: Conditions, attacker: int, chosen: NDArray[np.int64]
) -> Matrix | None:
    """Counts that clear as many of the `chosen` targets from one attacker as the solver finds; None: it finds none."""
    from scipy.sparse import csr_array

    if audit.programs >= audit.policy.audit_programs:
        return None
    audit.programs += 1
    space, given = audit.space, audit.space.given
    profiles = given.shape[1]
    places = np.full(given.size, -1, np.int64)
    places[program.cells] = np.arange(len(program.cells))
    own_class, own_profile = audit.attackers[attacker]
    rows, columns, values, upper = [], [], [], []
    for extra, target in enumerate(chosen):
        class_, feature = audit.targets[target]
        has = space.features[feature].has
        where = places[class_ * profiles + np.flatnonzero(has)]
        where = where[where >= 0]
        free = program.size_of_class[class_] - int(class_ == own_class and not has[own_profile])
        rows += [extra] * (len(where) + 1)
        columns += [*where, len(program.cells) + extra]
        values += [1.0] * (len(where) + 1)
        upper.append(float(free))
    size = len(program.cells) + len(chosen)
    matrix = csr_array((values, (rows, columns)), shape=(len(chosen), size))
    highest = np.concatenate([np.repeat(program.size_of_class, profiles)[program.cells], np.ones(len(chosen))]).astype(
        float
    )
    lowest = np.zeros(size)
    if own_class >= 0:
        lowest[places[own_class * profiles + own_profile]] = 1.0
    cost = np.concatenate([_staying(audit, program), -np.ones(len(chosen))])
    extra_conditions = Conditions(matrix, np.full(len(chosen), -np.inf), np.array(upper))
    found = solve(conditions, extra_conditions, cost, lowest, highest, audit.policy.audit_nodes)
    if found is None or not found[len(program.cells) :].any():
        return None
    counts = given.reshape(-1).copy()
    counts[program.cells] = found[: len(program.cells)].astype(np.int64)
    return counts.reshape(given.shape)


def _staying(audit: Audit, program: Program) -> NDArray[np.float64]:
    """Costs under which few respondents change, others than in earlier witnesses: so one witness serves most attackers.

    What an attacker answered must stay; the fewer have moved, the more attackers a witness clears its targets from.
    """
    given, first = audit.space.given, audit.layers[0]
    moved = sum((given - np.minimum(given, each.counts) for each in audit.witnesses), np.zeros_like(given))
    worth = np.where(given > 0, STAYING * (1 + np.minimum(moved, 3)), 0.0)
    seed = hashlib.sha256(repr((first.family.key, first.view.answers.wave, audit.programs)).encode()).digest()
    bits = np.frombuffer(hashlib.shake_128(seed).digest(2 * given.size), np.dtype("<u2"))
    scattered = worth.reshape(-1) + (bits / 65536 - 0.5) * STAYING
    return -scattered[program.cells]


def _under(audit: Audit, counts: Matrix) -> Witness:
    """Counts pushed through the publication's own code; a witness if nothing differs."""
    answered = columns_of_witness(audit.space, counts, audit.layers)
    return Witness(counts, tuple(reprint(*each) for each in zip(audit.layers, answered, strict=True)))


def _differences(audit: Audit, witness: Witness) -> tuple[Cut, ...] | None:
    """Where some layer would print something else; none: a witness. None: something else would be withheld."""
    failed: list[Cut] = []
    for number, (layer, again) in enumerate(zip(audit.layers, witness.reprints, strict=True)):
        found = differences_in_print(layer, again)
        if found is None:
            return None
        failed += [(number, *place) for place in found]
    return tuple(failed)


def withhold(audit: Audit, layer: Layer) -> None:
    """Goes on with more withheld: keeps the witnesses that are still witnesses, and clears what they clear."""
    audit.layers = (layer, *audit.layers[1:])
    kept = [witness for witness in audit.witnesses[1:] if _differences(audit, witness) == ()]
    audit.cleared = _not_pairs(audit)
    given, audit.witnesses = audit.witnesses[0], []
    for witness in (given, *kept):
        _add(audit, witness)


def _add(audit: Audit, witness: Witness) -> None:
    audit.witnesses.append(witness)
    audit.cleared |= clears(audit.space, witness.counts, audit.targets, audit.attackers)


def clears(space: Possibilities, counts: Matrix, targets: Matrix, attackers: Matrix) -> NDArray[np.bool_]:
    """Shape (targets, attackers): the pairs that a witness with `counts` clears.

    Somebody of the target's class, the attacker not among them, lacks the feature; the attacker's profile is still
    given.
    """
    if not len(targets):
        return np.zeros((0, len(attackers)), bool)
    has = np.stack([feature.has for feature in space.features])
    lacking = counts @ (~has).T.astype(np.int64)  # classes × features
    free = lacking[targets[:, 0], targets[:, 1]]
    own_class, own_profile = attackers[:, 0], attackers[:, 1]
    nobody = own_class == NOBODY
    stays = nobody | (counts[own_class, own_profile] >= 1)
    same = (targets[:, :1] == own_class[None, :]) & ~nobody[None, :]
    theirs = same & ~has[targets[:, 1]][:, own_profile]
    found: NDArray[np.bool_] = (free[:, None] - theirs >= 1) & stays[None, :]
    return found


def _not_pairs(audit: Audit) -> NDArray[np.bool_]:
    """Shape (targets, attackers): only the attacker could be the target, and there is nothing to clear."""
    if not len(audit.targets):
        return np.zeros((0, len(audit.attackers)), bool)
    has = np.stack([feature.has for feature in audit.space.features])
    holders = audit.space.given @ has.T.astype(np.int64)
    own_class, own_profile = audit.attackers[:, 0], audit.attackers[:, 1]
    same = (audit.targets[:, :1] == own_class[None, :]) & (own_class != NOBODY)[None, :]
    alone = holders[audit.targets[:, 0], audit.targets[:, 1]] == 1
    theirs = has[audit.targets[:, 1]][:, own_profile]
    found: NDArray[np.bool_] = same & theirs & alone[:, None]
    return found
