"""Reading a table key by key: knows its place, converts, collects what is wrong and reports keys nobody asked for."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from saklig.language.catalog import N_, say
from saklig.language.text import Text, unprintable
from saklig.study.problems import MOST_SHOWN, Problem
from saklig.study.sources import Value

E = TypeVar("E", bound=StrEnum)

MISSING = Text((("und", "–"),))
"""Stands in for a text that could not be read, until all problems have been found; never in a Study."""


@dataclass
class Reading:
    """What all tables of one study share. `wired`: files and columns are named too (study.toml, not study.json)."""

    wired: bool
    languages: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def same(self, words: str) -> Text:
        """Words that are the same in every language: "2021", "4–5"."""
        return Text(tuple((language, words) for language in self.languages or ("und",)))


class Table:
    """One table of a study. Every method names a key once; what is absent gives None or the default given."""

    def __init__(self, data: Mapping[str, object], place: tuple[str, ...], reading: Reading) -> None:
        self.data = data
        self.place = place
        self.reading = reading
        self._asked: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def problem(self, message: str, key: str = "") -> None:
        self.reading.problems.append(Problem(self.place, message, key))

    def take(self, key: str) -> object:
        self._asked.append(key)
        return self.data.get(key)

    def ask(self, *keys: str) -> None:
        """Makes keys known that are read elsewhere."""
        self._asked.extend(keys)

    @property
    def asked(self) -> tuple[str, ...]:
        """The keys that there may be, as far as they have been read."""
        return tuple(dict.fromkeys(self._asked))

    def finish(self, elsewhere: Mapping[str, str] | None = None) -> None:
        """Reports the keys that nobody asked for, each with the nearest that there is. `elsewhere`: keys of other
        tables, and for each of them what to do."""
        for key in self.data:
            if key not in self._asked and len(self.reading.problems) >= MOST_SHOWN:
                self.problem(say("there is no such key"), key[:80])  # nobody will read it, and searching takes time
            elif elsewhere and key in elsewhere and key not in self._asked:
                self.problem(say("there is no such key; {remedy}", remedy=elsewhere[key]), key)
            elif key not in self._asked:
                near = get_close_matches(key, self._asked, 1, 0.6)
                known = ", ".join(sorted(set(self._asked)))
                remedy = (
                    say("did you mean “{name}”?", name=near[0]) if near else say("here there are {names}", names=known)
                )
                self.problem(say("there is no such key; {remedy}", remedy=remedy), key[:80])

    # one value

    def string(self, key: str, default: str = "") -> str:
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.problem(say("must be text in quotation marks, not {kind}", kind=_kind(value)), key)
            return default
        return self._printable(value, key)

    def required(self, key: str) -> str:
        if key not in self.data:
            self.problem(say('“{key}” is missing; write {key} = "…"', key=key))
        return self.string(key)

    def number(self, key: str) -> float | None:
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.problem(say("must be a number, not {kind}", kind=_kind(value)), key)
            return None
        return value

    def whole(self, key: str) -> int | None:
        value = self.number(key)
        if value is not None and not isinstance(value, int):
            self.problem(say("must be a whole number, not {value}", value=value), key)
            return None
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(say("must be true or false, without quotation marks, not {kind}", kind=_kind(value)), key)
            return default
        return value

    def choice(self, key: str, kind: type[E]) -> E | None:
        value = self.string(key)
        if key not in self.data:
            return None
        try:
            return kind(value)
        except ValueError:
            values = [str(member) for member in kind]
            near = get_close_matches(value.casefold(), values, 1, 0.6)
            remedy = (
                say("did you mean “{name}”?", name=near[0])
                if near
                else say("there are {names}", names=", ".join(values))
            )
            self.problem(say("“{value}” is not one of its values; {remedy}", value=value, remedy=remedy), key)
            return None

    def date(self, key: str) -> str:
        """An ISO date, written 2021-09-01 with or without quotation marks."""
        value = self.take(key)
        if value is None:
            return ""
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value.isoformat()
        if isinstance(value, str):
            return value
        self.problem(say("must be a date such as 2021-09-01, not {kind}", kind=_kind(value)), key)
        return ""

    def value(self, key: str) -> Value | None:
        value = self.take(key)
        return None if value is None else self._value(value, key)

    def _value(self, value: object, key: str) -> Value | None:
        if isinstance(value, str):
            return self._printable(value, key)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return value
        self.problem(say("must be a number or text, as it stands in the data, not {kind}", kind=_kind(value)), key)
        return None

    # several values

    def listed(self, key: str) -> list[object]:
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem(say("must be a list in brackets, not {kind}", kind=_kind(value)), key)
            return []
        return value

    def values(self, key: str) -> tuple[Value, ...]:
        found = (self._value(value, key) for value in self.listed(key))
        return tuple(value for value in found if value is not None)

    def strings(self, key: str) -> tuple[str, ...]:
        found: list[str] = []
        for value in self.listed(key):
            if isinstance(value, str):
                found.append(self._printable(value, key))
            else:
                self.problem(say("must be a list of texts in quotation marks; it holds {kind}", kind=_kind(value)), key)
        return tuple(found)

    def one_or_several(self, key: str) -> tuple[str, ...]:
        """A text, or a list of texts."""
        if isinstance(self.data.get(key), str):
            found = self.string(key)
            return (found,) if found else ()
        return self.strings(key)

    # texts

    def text(self, key: str) -> Text | None:
        """A string (the study's first language) or a table of languages; put in the order of the study's languages."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, str):
            value = {self.reading.languages[0]: value} if self.reading.languages else {"und": value}
        if not isinstance(value, Mapping):
            self.problem(
                say('must be a text or a table of languages such as {{ sv = "…" }}, not {kind}', kind=_kind(value)), key
            )
            return MISSING
        words: list[tuple[str, str]] = []
        for language, wording in value.items():
            if not isinstance(wording, str):
                self.problem(
                    say(
                        "must be text in the language “{language}”, not {kind}",
                        language=str(language)[:20],
                        kind=_kind(wording),
                    ),
                    key,
                )
            elif not wording.strip():
                self.problem(
                    say("is empty in the language “{language}”; write it or leave it out", language=str(language)[:20]),
                    key,
                )
            else:
                words.append((language, self._printable(wording, key)))
        if not words:
            if not value:
                self.problem(say("has no words in any language"), key)
            return MISSING
        order = {language: place for place, language in enumerate(self.reading.languages)}
        return Text(tuple(sorted(words, key=lambda pair: (order.get(pair[0], len(order)), pair[0]))))

    def required_text(self, key: str) -> Text:
        found = self.text(key)
        if found is None:
            self.problem(
                say(
                    '“{key}” is missing; write {key} = {{ {language} = "…" }}',
                    key=key,
                    language=(self.reading.languages or ("sv",))[0],
                )
            )
        return found or MISSING

    # tables in tables

    def table(self, key: str, name: str = "") -> Table | None:
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.problem(say("must be a table, not {kind}", kind=_kind(value)), key)
            return None
        return Table(value, (*self.place, name or key), self.reading)

    def tables(self, key: str, name: str = "") -> Iterator[Table]:
        """The tables of a list, each known by its id where it has one and by its number where it has not."""
        for number, value in enumerate(self.listed(key), start=1):
            if not isinstance(value, Mapping):
                self.problem(
                    say("must be a list of tables; its entry {number} is {kind}", number=number, kind=_kind(value)), key
                )
                continue
            own = value.get("id")
            known = f"{name or key} {own}" if isinstance(own, str) and len(own) <= 80 else f"{name or key} {number}"
            yield Table(value, (*self.place, known), self.reading)

    def _printable(self, words: str, key: str) -> str:
        if found := unprintable(words):
            self.problem(say("holds the control character U+{number}; take it out", number=f"{ord(found):04X}"), key)
            return "–"
        return words


_KINDS: Mapping[type, str] = {
    str: N_("text"),
    bool: N_("true or false"),
    int: N_("a number"),
    float: N_("a number"),
    list: N_("a list"),
    dict: N_("a table"),
    datetime.datetime: N_("a date with a time"),
    datetime.date: N_("a date"),
    datetime.time: N_("a time"),
}


def _kind(value: object) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value}"
    known = _KINDS.get(type(value))
    return say(known) if known else type(value).__name__
