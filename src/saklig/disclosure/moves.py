"""Small exchanges of answers, put together into witnesses without an integer program.

Two respondents in the same published columns (of every layer) exchange their answers; or two who answered alike
exchange with two others who answered alike, where the first two together are in the same columns as the others
together. Either keeps every base and every unweighted count. Weights that differ move the weighted shares a little, and
the conditions of the program say whether they still print the same. In a study of hundreds of respondents such
exchanges clear most of what integer programs would, in a fraction of the time, and they are all there is where weights
are different for everybody.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.programs import Program
from saklig.disclosure.solver import Conditions

Move = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Respondents (positions in the space) who change to the other answer, and those who change back."""

TRIES = 12
"""Exchanges that are tried for one target in one witness."""

MOST_FOURS, MOST_ALIKE = 24, 3
"""Respondents who are considered to change with one, for one other answer, and pairs to change with them."""

NOBODY = -1

SLACK = 1e-7
"""How far a sum of doubles may stray from an equality."""


class Exchanges:
    """All exchanges under one program's conditions."""

    def __init__(self, program: Program, conditions: Conditions) -> None:
        space = program.space
        self.space, self.conditions = space, conditions
        self.columns = conditions.matrix.toarray()
        self.place = np.full(space.allowed.size, -1, np.int64)
        self.place[program.cells] = np.arange(len(program.cells))
        published = space.member[:, program.withheld == 0]
        # additive: two sums of keys are equal where the sums of memberships are (and else with a chance of 2**-64)
        weights = np.random.default_rng(290).integers(1, 2**63, published.shape[1], dtype=np.uint64)
        self.key = (published @ weights)[space.class_of]
        self.weight = space.weight.sum(axis=0)[space.class_of]
        self.with_profile = [np.flatnonzero(space.profile_of == profile) for profile in range(space.allowed.shape[1])]
        self._pairs: dict[int, tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]] = {}

    def witness(
        self, wanted: NDArray[np.int64], avoided: NDArray[np.bool_], turn: int, room: float
    ) -> NDArray[np.int64]:
        """Counts (classes × profiles) after disjoint exchanges for as many `wanted` targets as can be.

        `wanted`: int64 (targets, 2), class and feature. `avoided`: bool (targets, asked), who should rather not take
        part in a target's exchange, since they are attackers that it is not cleared from. `turn`: another number gives
        other exchanges. `room`: the part of the distance to every condition that may be used.
        """
        space = self.space
        counts = space.given.copy()
        value = self.columns @ counts.reshape(-1)[self.place >= 0].astype(float)
        lower, upper = (value + room * (bound - value) for bound in (self.conditions.lower, self.conditions.upper))
        used = np.zeros(len(space.respondents), bool)
        for (class_, feature), not_these in zip(wanted, avoided, strict=True):
            has = space.features[feature].has
            if (~has) @ counts[class_] > (~has) @ space.given[class_]:
                continue
            mine = np.flatnonzero((space.class_of == class_) & has[space.profile_of] & ~used)
            if not len(mine):
                continue
            for there, back in self._candidates(int(mine[turn % len(mine)]), ~has, used, not_these):
                shift = self._shift(there, back)
                if shift is not None and _is_between(lower, value + shift, upper):
                    value = value + shift
                    self._apply(counts, there, back)
                    used[there], used[back] = True, True
                    break
        return counts

    def _candidates(
        self, respondent: int, lacking: NDArray[np.bool_], used: NDArray[np.bool_], avoided: NDArray[np.bool_]
    ) -> list[Move]:
        """Exchanges by which `respondent` gets an answer that lacks the feature, the best first.

        Those are the ones with fewest to be avoided, of two rather than four, and of like weights.
        """
        own = int(self.space.profile_of[respondent])
        alike = self.with_profile[own][self.with_profile[own] != respondent]
        found = [
            self._with(respondent, alike, int(other))
            for other in np.flatnonzero(lacking)
            if len(self.with_profile[other]) and other != own
        ]
        if not found:
            return []
        moves = np.concatenate(found)
        moves = moves[~np.append(used, False)[moves].any(axis=1)]  # the last stands for NOBODY
        worse = np.append(avoided, False)[moves].sum(axis=1)
        weight = np.append(self.weight, 0.0)[moves]
        imbalance = np.abs((self.weight[respondent] + weight[:, 0]) - (weight[:, 1] + weight[:, 2]))
        best = np.lexsort((imbalance, moves[:, 2] != NOBODY, worse))[:TRIES]
        return [
            (np.array([respondent, alike]), np.array([first, second]))
            if second != NOBODY
            else (np.array([respondent]), np.array([first]))
            for alike, first, second in moves[best].tolist()
        ]

    def _with(self, respondent: int, alike: NDArray[np.int64], other: int) -> NDArray[np.int64]:
        """Shape (exchanges, 3): who of those `alike` changes with the respondent, or NOBODY, and the one or two who
        change back."""
        partners = self.with_profile[other]
        partners = partners[self.key[partners] == self.key[respondent]]
        twos = np.full((len(partners), 3), NOBODY)
        twos[:, 1] = partners
        sums, first, second = self._pair_sums(other)
        wanted = self.key[respondent] + self.key[alike]
        low, high = sums.searchsorted(wanted, "left"), sums.searchsorted(wanted, "right")
        places = (high > low).nonzero()[0][:MOST_FOURS]
        if not len(places):
            return twos
        pairs = low[places][:, None] + np.arange(MOST_ALIKE)
        there = pairs < high[places][:, None]
        who = np.broadcast_to(alike[places][:, None], pairs.shape)[there]
        return np.concatenate([twos, np.stack([who, first[pairs[there]], second[pairs[there]]], axis=1)])

    def _pair_sums(self, profile: int) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
        if profile not in self._pairs:
            who = self.with_profile[profile]
            one, two = np.triu_indices(len(who), 1)
            sums = self.key[who[one]] + self.key[who[two]]
            order = np.argsort(sums, kind="stable")
            self._pairs[profile] = (sums[order], who[one][order], who[two][order])
        return self._pairs[profile]

    def _shift(self, there: NDArray[np.int64], back: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """What the exchange adds to every condition; None where somebody's new answer is not possible."""
        profiles = self.space.allowed.shape[1]
        total = np.zeros(len(self.columns))
        for who, other in ((there, back[0]), (back, there[0])):
            rows = self.space.class_of[who] * profiles
            after, before = (
                self.place[rows + self.space.profile_of[other]],
                self.place[rows + self.space.profile_of[who]],
            )
            if (after < 0).any():
                return None
            total += self.columns[:, after].sum(axis=1) - self.columns[:, before].sum(axis=1)
        return total

    def _apply(self, counts: NDArray[np.int64], there: NDArray[np.int64], back: NDArray[np.int64]) -> None:
        for who, other in ((there, back[0]), (back, there[0])):
            for each in who:
                counts[self.space.class_of[each], self.space.profile_of[each]] -= 1
                counts[self.space.class_of[each], self.space.profile_of[other]] += 1


def _is_between(lower: NDArray[np.float64], value: NDArray[np.float64], upper: NDArray[np.float64]) -> bool:
    return bool((value >= lower - SLACK).all() and (value <= upper + SLACK).all())
