"""The values of a file in JSON, each with its place, for errors that name it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from saklig.edition.errors import EditionError
from saklig.language.catalog import N_, say

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
STUDY_FILE = "study.json"


class Place:
    """A value in the file and where it stands, for errors that name the place."""

    def __init__(self, value: object, name: str, kind: type = dict) -> None:
        if not isinstance(value, kind):
            raise EditionError(say("{file}: {name} is not {kind}", file=STUDY_FILE, name=name, kind=say(_KINDS[kind])))
        self._value: Any = value
        self._name = name

    def get(self, key: str | int) -> object:
        try:
            found: object = self._value[key]
        except (KeyError, IndexError):
            raise EditionError(say("{file}: {name} lacks “{key}”", file=STUDY_FILE, name=self._name, key=key)) from None
        return found

    def one_of(self, values: type[E], key: str) -> E:
        found = self.of(str, key)
        if found not in {value.value for value in values}:
            raise EditionError(
                say(
                    "{file}: {name} is “{value}”, which this version of the program does not know",
                    file=STUDY_FILE,
                    name=f"{self._name}.{key}",
                    value=found[:40],
                )
            )
        return values(found)

    def of(self, kind: type[T], key: str | int) -> T:
        found = self.get(key)
        # True is an int to Python, and is no number here.
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise EditionError(
                say(
                    "{file}: {name} is not {kind}",
                    file=STUDY_FILE,
                    name=f"{self._name}.{key}",
                    kind=say(_KINDS[kind]),
                )
            )
        return found

    def maybe(self, kind: type[T], key: str) -> T | None:
        """None where the value is null."""
        return None if self.get(key) is None else self.of(kind, key)

    def has(self, key: str) -> bool:
        return key in self._value

    def inside(self, key: str) -> Place:
        return Place(self.get(key), f"{self._name}.{key}")

    def each(self, key: str, kind: type = dict) -> list[Place]:
        return [Place(value, f"{self._name}.{key}[{n}]", kind) for n, value in enumerate(self.of(list, key))]

    def texts(self, key: str) -> tuple[str, ...]:
        items = Place(self.get(key), f"{self._name}.{key}", list)
        return tuple(items.of(str, n) for n in range(len(items._value)))

    def mapping(self, key: str, kinds: tuple[type, ...]) -> Mapping[str, Any]:
        found = self.of(dict, key)
        for name, value in found.items():
            if type(value) not in kinds:
                raise EditionError(
                    say(
                        "{file}: {name} is not {kind}",
                        file=STUDY_FILE,
                        name=f"{self._name}.{key}.{name}",
                        kind=say(_KINDS[kinds[0]]),
                    )
                )
        return found


_KINDS: Mapping[type, str] = {
    dict: N_("a table"),
    list: N_("a list"),
    str: N_("text"),
    int: N_("a whole number"),
    bool: N_("true or false"),
}
