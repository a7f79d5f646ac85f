"""From an address to its fact, quickly, and to the nearest address where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.edition.facts import Fact, Facts, Labels
from saklig.language.catalog import say
from saklig.study.address import Address, GroupAddress, parse_address
from saklig.study.model import Study

Rows = NDArray[np.intp]
PartKey = tuple[str, str, str, str]
_PART = ("wave", "wave2", "question", "item")
_PLACE = ("category", "stat", "by1", "group1", "by2", "group2", "versus")


class NoSuchFact(LookupError):
    """An address without a fact. `part` names what does not exist, `nearest` is an address that does, or None."""

    def __init__(self, address: Address, part: str, nearest: Address | None) -> None:
        self.address, self.part, self.nearest = address, part, nearest
        words = say("there is no fact {address}: {part}", address=address, part=part)
        super().__init__(f"{words}; " + say("the nearest is {address}", address=nearest) if nearest else words)


class Index:
    """Where each question's rows lie. Built once from the codes: 900 000 rows take some 50 ms."""

    def __init__(self, facts: Facts, study: Study) -> None:
        self._facts = facts
        self._study = study
        self._codes = {
            name: {text: code for code, text in enumerate(labels.values)} for name, labels in facts.address.items()
        }
        self._parts = _rows_by_part(facts)

    @cached_property
    def parts(self) -> tuple[PartKey, ...]:
        """(wave, wave2, question, item) of everything that has rows, in the plan's order."""
        return tuple(self._parts)

    def rows_of(
        self, wave: str, question: str, item: str = "", by: tuple[str, ...] | None = None, *, wave2: str = ""
    ) -> Rows:
        """The positions in `Facts` of one question's or grid item's rows; `by` as in `Edition.facts_of`."""
        rows = self._parts.get((wave, wave2, question, item))
        if rows is None:
            return np.empty(0, dtype=np.intp)
        if by is None:
            return rows
        by1, by2 = (*self._ordered(by), "", "")[:2]
        return self._where(rows, {"by1": by1, "by2": by2})

    def facts_of(
        self, wave: str, question: str, item: str = "", by: tuple[str, ...] | None = (), *, wave2: str = ""
    ) -> tuple[Fact, ...]:
        return self._facts.rows(self.rows_of(wave, question, item, by, wave2=wave2))

    def fact(self, address: Address | str) -> Fact:
        """Raises AddressError for a text that is no address, NoSuchFact where the edition has no such fact."""
        if isinstance(address, str):
            address = parse_address(address)
        wanted = self._place(address)
        for wave in self._waves(address) if address.study == self._study.id else ():
            rows = self._parts.get((wave, address.wave2, address.question, address.item))
            if rows is not None and len(found := self._where(rows, wanted)):
                return self._facts.rows(found[:1])[0]
        raise NoSuchFact(address, *self._why(address, wanted))

    def _waves(self, address: Address) -> tuple[str, ...]:
        return (address.wave,) if address.wave else tuple(wave.id for wave in reversed(self._study.waves))

    def _study_waves(self) -> tuple[str, ...]:
        return tuple(wave.id for wave in self._study.waves)

    def _ordered(self, by: Iterable[str]) -> tuple[str, ...]:
        order = {background.id: position for position, background in enumerate(self._study.backgrounds)}
        return tuple(sorted(by, key=lambda name: order.get(name, len(order))))

    def _place(self, address: Address) -> dict[str, str]:
        """The address's last seven columns: pairs in the study's order, whichever way they were written."""
        order = self._ordered(group.background for group in address.groups)
        groups = sorted(address.groups, key=lambda group: order.index(group.background))
        first, second = (*groups, GroupAddress("", ""), GroupAddress("", ""))[:2]
        values = (
            address.category, address.stat, first.background, first.group, second.background, second.group,
            first.versus or second.versus,
        )  # fmt: skip
        return dict(zip(_PLACE, values, strict=True))

    def _where(self, rows: Rows, wanted: dict[str, str]) -> Rows:
        keep = np.ones(len(rows), dtype=np.bool_)
        for name, text in wanted.items():
            code = self._codes[name].get(text)
            if code is None:
                return rows[:0]
            keep &= self._facts.address[name].codes[rows] == code
        return rows[keep]

    def _why(self, address: Address, wanted: dict[str, str]) -> tuple[str, Address | None]:
        """What part of an address does not exist, and the nearest address that does."""
        if address.study != self._study.id:
            here = replace(address, study=self._study.id)
            return say("this edition is of the study “{study}”", study=self._study.id), here if self.has(here) else None
        waves = {wave: "" for wave, wave2, _, _ in self._parts if wave2 == address.wave2}
        known = [wave for wave in self._waves(address) if wave in waves]
        if not known:
            closest = replace(address, wave=_closest(address.wave, list(waves))) if waves else None
            unknown = next((wave for wave in (address.wave, address.wave2) if wave not in self._study_waves()), "")
            if address.wave2 and unknown:
                there = ", ".join(self._study_waves())
                part = say("there is no wave {wave}; there are {waves}", wave=unknown, waves=there)
            elif address.wave2:
                part = say("the waves {wave} and {wave2} are not compared", wave=address.wave, wave2=address.wave2)
            else:
                part = say("there is no wave “{wave}”", wave=address.wave)
            return part, closest if closest and self.has(closest) else None
        asked = f"{address.question}.{address.item}" if address.item else address.question
        texts = {
            f"{key[2]}.{key[3]}" if key[3] else key[2]: key
            for key in self._parts
            if key[0] in known and key[1] == address.wave2
        }
        if asked not in texts:
            part = say("there is no question “{question}”", question=asked)
            if any(text.startswith(f"{asked}.") for text in texts):
                part = say("“{question}” is a grid: name one of its items", question=asked)
            elif address.wave2 and any(each.id == address.question for each in self._study.questions):
                part = say(
                    "no change of “{question}” is published between these waves: its line is broken, or its numbers "
                    "are withheld or have no interval",
                    question=asked,
                )
                return part, None
            return part, self._nearest(texts[_closest(asked, list(texts))], address, wanted)
        nearest = self._nearest(texts[asked], address, wanted)
        if not address.category and not address.stat:
            return say("it names the question, not one of its facts"), nearest
        return say("the question has no such row or group"), nearest

    def has(self, address: Address) -> bool:
        """Whether the edition has this fact, the study's id left aside."""
        wanted = self._place(address)
        keys = ((wave, address.wave2, address.question, address.item) for wave in self._waves(address))
        return any(key in self._parts and len(self._where(self._parts[key], wanted)) for key in keys)

    def _nearest(self, key: PartKey, address: Address, wanted: dict[str, str]) -> Address:
        """Among one question's addresses the one that shares most parts with what was asked, then most letters."""
        rows = self._parts[key]
        agree = np.zeros(len(rows), dtype=np.int64)
        for name, text in wanted.items():
            code = self._codes[name].get(text)
            agree += 0 if code is None else self._facts.address[name].codes[rows] == code
        best = self._facts.rows(rows[agree == agree.max()][:500])
        found = {str(address_of(self._study.id, fact, address.edition)): fact for fact in best}
        return address_of(self._study.id, found[_closest(str(address), list(found))], address.edition)


def address_of(study: str, fact: Fact, edition: str = "") -> Address:
    """The address of a fact, its wave included; `edition`: 16 hex characters or none."""
    backgrounds = [(fact.by1, fact.group1), (fact.by2, fact.group2)]
    # A difference compares groups of the first background variable; the second, if any, is held fixed.
    groups = tuple(
        GroupAddress(by, group, fact.versus if position == 0 else "")
        for position, (by, group) in enumerate(backgrounds)
        if by
    )
    return Address(
        study=study, wave=fact.wave, wave2=fact.wave2, edition=edition[:16], question=fact.question, item=fact.item,
        category=fact.category, stat=fact.stat, groups=groups,
    )  # fmt: skip


def _closest(text: str, among: list[str]) -> str:
    """The most alike of them, the first of several; `among` is not empty."""
    matcher = SequenceMatcher(autojunk=False, b=text)

    def likeness(other: str) -> float:
        matcher.set_seq1(other)
        return matcher.ratio()

    return max(among, key=likeness)


def _rows_by_part(facts: Facts) -> dict[PartKey, Rows]:
    if not len(facts):
        return {}
    key = combined_codes([facts.address[name] for name in _PART])
    # Rows lie in the plan's order; sorting (stably) by the first appearance keeps it, also where a part is scattered.
    starts = np.flatnonzero(np.diff(key, prepend=key[0] - 1))
    if len(np.unique(key[starts])) != len(starts):
        order = np.argsort(key, kind="stable")
        starts = np.flatnonzero(np.diff(key[order], prepend=key[order[0]] - 1))
    else:
        order = np.arange(len(key))
    parts = np.split(order, starts[1:])
    parts.sort(key=lambda rows: int(rows[0]))
    labels = [facts.address[name] for name in _PART]
    named = ((tuple(column.values[column.codes[rows[0]]] for column in labels), rows) for rows in parts)
    return {(key[0], key[1], key[2], key[3]): rows for key, rows in named}


def combined_codes(columns: Iterable[Labels]) -> NDArray[np.int64]:
    """One whole number a row, the same for two rows exactly where all the columns' codes are."""
    total: NDArray[np.int64] | None = None
    size = 1
    for column in columns:
        width = max(len(column.values), 1)
        if total is not None and size > np.iinfo(np.int64).max // width:
            _, inverse = np.unique(total, return_inverse=True)
            total, size = inverse.astype(np.int64), int(inverse.max(initial=0)) + 1
        total = column.codes.astype(np.int64) if total is None else total * width + column.codes
        size *= width
    if total is None:
        raise ValueError("no columns were given")
    return total
