"""What the checks of a study find, collected so that all of it can be said at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import pairwise

from saklig.language.catalog import say
from saklig.study.address import AddressError, check_id
from saklig.study.problems import MOST_SHOWN, Problem, noun

Place = tuple[str, ...]
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""The form of an IETF language tag."""


class Findings:
    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, place: Place, message: str, key: str = "") -> None:
        self.problems.append(Problem(place, message, key))

    def ids(self, place: Place, what: str, ids: Iterable[str]) -> None:
        """Each obeys the grammar of addresses, and none stands twice."""
        seen: set[str] = set()
        for identity in ids:
            try:
                check_id(identity, what)
            except AddressError as error:
                self.add((*place, f"{what} {identity[:80]}"), str(error))
            if identity in seen:
                self.add((*place, f"{what} {identity[:80]}"), say("this id stands twice; give one of them another id"))
            seen.add(identity)

    @property
    def _will_be_read(self) -> bool:
        return len(self.problems) < MOST_SHOWN

    def known(self, place: Place, what: str, named: Iterable[str], there: Iterable[str], key: str) -> None:
        """Everything named is there; otherwise says what is nearest."""
        there = dict.fromkeys(there)
        for name in named:
            if name not in there:
                words = say("there is no {what} “{name}”", what=noun(what), name=name[:80])
                self.add(place, f"{words}; {nearest_words(name, there)}" if self._will_be_read else words, key)


def nearest_words(name: str, there: Iterable[str]) -> str:
    there = list(there)
    near = get_close_matches(name, there, 1, 0.6)
    if near:
        return say("did you mean “{name}”?", name=near[0])
    if not there:
        return say("there are none")
    return say("there are {names}", names=", ".join(there[:12]) + " …" * (len(there) > 12))


def check_ranges(
    place: Place, what: str, ranges: Iterable[tuple[str, float | None, float | None]], findings: Findings
) -> None:
    """Ranges with both ends included, None open: each has its ends in order, and no two overlap."""
    bounded = []
    for identity, lower, upper in ranges:
        if lower is None and upper is None:
            continue
        low = float("-inf") if lower is None else lower
        high = float("inf") if upper is None else upper
        if low > high:
            findings.add(
                (*place, f"{what} {identity}"),
                say("goes from {low} to {high}; the smaller number comes first", low=f"{low:g}", high=f"{high:g}"),
            )
        bounded.append((low, high, identity))
    bounded.sort()
    for (_, high, first), (low, _, second) in pairwise(bounded):
        if low <= high:
            findings.add(
                (*place, f"{what} {second}"),
                say(
                    "overlaps with “{first}”; both ends are included, so begin above {high}",
                    first=first,
                    high=f"{high:g}",
                ),
            )
