"""Which facts of two editions differ, and what differs in their studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from saklig.edition.edition import Edition
from saklig.edition.facts import ADDRESS_COLUMNS, Fact
from saklig.edition.lookup import address_of
from saklig.study.address import Address
from saklig.study.file import study_to_dict


@dataclass(frozen=True, kw_only=True)
class Change:
    """One address whose row is another than it was."""

    address: Address
    old: Fact
    new: Fact

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that differ."""
        return tuple(name for name in vars(self.new) if getattr(self.old, name) != getattr(self.new, name))


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Addresses are without an edition, in the plan's order. `study`: places that differ, with old and new, as JSON."""

    added: tuple[Address, ...]
    removed: tuple[Address, ...]
    changed: tuple[Change, ...]
    study: tuple[tuple[str, object, object], ...]

    @property
    def alike(self) -> bool:
        return not (self.added or self.removed or self.changed or self.study)


def compare(old: Edition, new: Edition) -> Comparison:
    """`new` against `old`, fact by fact and text by text."""
    before, after = _by_address(old), _by_address(new)
    kept = [key for key in after if key in before]
    return Comparison(
        added=tuple(address_of(new.study.id, fact) for key, fact in after.items() if key not in before),
        removed=tuple(address_of(old.study.id, fact) for key, fact in before.items() if key not in after),
        changed=tuple(
            Change(address=address_of(new.study.id, after[key]), old=before[key], new=after[key])
            for key in kept
            if before[key] != after[key]
        ),
        study=tuple(_differences("", study_to_dict(old.study), study_to_dict(new.study))),
    )


def _by_address(edition: Edition) -> dict[tuple[str, ...], Fact]:
    facts = edition.facts.rows(slice(None))
    return {tuple(getattr(fact, name) for name in ADDRESS_COLUMNS): fact for fact in facts}


def _differences(place: str, old: object, new: object) -> Iterator[tuple[str, object, object]]:
    """Leaves that differ; what has an id is matched by it, so that a question that moved is not every question."""
    old, new = _keyed(old), _keyed(new)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences(f"{place}.{key}" if place else str(key), old.get(key), new.get(key))
    elif old != new:
        yield place, old, new


def _keyed(value: object) -> object:
    if isinstance(value, list | tuple) and value and all(isinstance(each, Mapping) and "id" in each for each in value):
        return {str(each["id"]): each for each in value}
    return value
