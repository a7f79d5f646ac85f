"""The rows of a fieldwork report: everybody, the strata, and the groups of each background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.answers.cases import Cases
from saklig.disclosure.reader import Mask
from saklig.study.fieldwork import DISPOSITIONS
from saklig.study.model import Study

Place = tuple[str, str]
EVERYBODY: Place = ("", "")


@dataclass(frozen=True, eq=False)
class Rows:
    """`places`: everybody, strata, groups; ("del", "") are those in no group of `del`, of whom nothing is printed.

    `profiles`: int64 (profiles, dispositions); `members`: bool (rows, profiles).
    """

    places: tuple[Place, ...]
    profiles: NDArray[np.int64]
    members: Mask
    breakdowns: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, cases: Cases, study: Study) -> Rows:
        named: list[tuple[str, list[str], NDArray[np.int64]]] = []
        if cases.strata is not None:
            ids = [stratum.id for stratum in study.wave(cases.wave).strata]
            named.append(("", ids, cases.strata.astype(np.int64)))
        for background in study.backgrounds:
            if background.id in cases.backgrounds:
                groups = [group.id for group in background.groups]
                named.append((background.id, groups, cases.backgrounds[background.id].astype(np.int64)))
        codes = np.stack([each for _, _, each in named] or [np.zeros(cases.n, np.int64)])
        kinds, profile = np.unique(codes, axis=1, return_inverse=True)
        size = kinds.shape[1]
        profiles = np.zeros((size, len(DISPOSITIONS)), np.int64)
        np.add.at(profiles, (profile.reshape(-1), cases.dispositions), 1)
        places, members, breakdowns = [EVERYBODY], [np.ones(size, bool)], []
        for (by, ids, _), kind in zip(named, kinds, strict=False):
            at = [number for number in range(-1, len(ids)) if number >= 0 or (kind < 0).any()]
            breakdowns.append(tuple(range(len(places), len(places) + len(at))))
            places += [(by, ids[number] if number >= 0 else "") for number in at]
            members += [kind == number for number in at]
        return cls(tuple(places), profiles, np.array(members), tuple(breakdowns))

    @property
    def counts(self) -> NDArray[np.int64]:
        found: NDArray[np.int64] = self.members.astype(np.int64) @ self.profiles
        return found
