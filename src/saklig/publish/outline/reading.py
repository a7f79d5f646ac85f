"""An edition's facts, found by the parts of their addresses, a question at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from saklig.edition.edition import Edition
from saklig.edition.facts import ADDRESS_COLUMNS, Facts, Status

Groups: TypeAlias = tuple[tuple[str, str], ...]
"""(background id, group id), none for everybody, at most two."""

Key: TypeAlias = tuple[str, str, str, Groups]
"""(item, category, statistic, groups)."""

KEPT = 8
_NUMBERS = ("count", "base", "value", "lower", "upper", "decimals")


@dataclass(frozen=True, kw_only=True)
class QuestionFacts:
    """The facts of one question in one wave. `rows` gives their places in the columns, in the edition's order."""

    wave: str
    question: str
    rows: Mapping[Key, int]
    count: list[int]
    base: list[int]
    value: list[int]
    lower: list[int]
    upper: list[int]
    decimals: list[int]
    status: list[Status]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def everybody(self) -> tuple[Key, ...]:
        """The keys of the facts of all respondents: a few among hundreds of groups."""
        return tuple(key for key in self.rows if not key[3])

    def groupings(self) -> Iterator[tuple[str, ...]]:
        """The background variables, alone or in pairs, that the facts are broken down by."""
        seen = dict.fromkeys(tuple(by for by, _ in groups) for _, _, _, groups in self.rows)
        return (by for by in seen if by)


class Reading:
    """An edition opened for reading by question; differences between groups or waves are kept apart."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        facts = edition.facts
        self._facts = facts
        self._kept: dict[tuple[str, str], QuestionFacts] = {}
        self._is_plain = _empty(facts, "wave2") & _empty(facts, "versus")
        wave, question = facts.address["wave"], facts.address["question"]
        key = wave.codes.astype(np.int64) * (len(question.values) + 1) + question.codes
        order = np.argsort(key, kind="stable")
        order = order[self._is_plain[order]]
        starts = np.flatnonzero(np.diff(key[order], prepend=-1))
        self._slices: dict[tuple[str, str], np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
        for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
            first = order[start]
            place = (wave.values[wave.codes[first]], question.values[question.codes[first]])
            self._slices[place] = order[start:end]

    def question(self, wave: str, question: str) -> QuestionFacts:
        """Empty where the question has no facts in the wave. The last few are kept for the other languages."""
        found = self._kept.get((wave, question))
        if found is None:
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            found = self._kept[wave, question] = self._read(wave, question)
        return found

    def _read(self, wave: str, question: str) -> QuestionFacts:
        rows = self._slices.get((wave, question), np.zeros(0, dtype=np.int64))
        columns = {name: _texts(self._facts, name, rows) for name in ADDRESS_COLUMNS[3:10]}
        statuses = [Status(value) if value else Status.PUBLISHED for value in self._facts.status.values]
        numbers = {name: getattr(self._facts, name)[rows].tolist() for name in _NUMBERS}
        return QuestionFacts(
            wave=wave,
            question=question,
            rows={key: place for place, key in enumerate(_keys(columns))},
            status=[statuses[code] for code in self._facts.status.codes[rows].tolist()],
            **numbers,
        )

    @cached_property
    def waves(self) -> tuple[str, ...]:
        """The ids of the waves that have facts, in the study's order."""
        found = {wave for wave, _ in self._slices}
        return tuple(wave.id for wave in self.edition.study.waves if wave.id in found)

    def asked(self, wave: str, question: str) -> bool:
        return (wave, question) in self._slices


def _empty(facts: Facts, column: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    labels = facts.address[column]
    return np.isin(labels.codes, [code for code, value in enumerate(labels.values) if not value])


def _texts(facts: Facts, column: str, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[str]:
    labels = facts.address[column]
    return [labels.values[code] for code in labels.codes[rows].tolist()]


def _keys(columns: Mapping[str, list[str]]) -> Iterator[Key]:
    for item, category, stat, by1, group1, by2, group2 in zip(*columns.values(), strict=True):
        groups: Groups = ()
        if by1:
            groups = ((by1, group1), (by2, group2)) if by2 else ((by1, group1),)
        yield (item, category, stat, groups)
