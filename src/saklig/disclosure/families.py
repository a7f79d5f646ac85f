"""Families: questions whose published numbers hang together, and are withheld together.

A question with its nets, missing rows, means and ranks is one family; so is a multiple-answer question with its
members, and a router with everything that it routes to, since a routed base tells what was answered before it. The
items of a grid are families of their own, unless routing joins them. A public question stands outside all protection,
unless its base would tell of a confidential answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saklig.study.model import Condition, Part, Study

Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Family:
    """Parts in the questionnaire's order, at least one; `confidential` False: all are public, nothing is withheld."""

    parts: tuple[Part, ...]
    confidential: bool

    @property
    def key(self) -> Key:
        """The first part's; no two families of a wave share it."""
        return self.parts[0].key


def routers(part: Part, parts: Sequence[Part]) -> tuple[Key, ...]:
    """The parts whose answers decide whether `part` was asked."""
    return tuple(other.key for other in parts for condition in part.question.asked_if if _is_about(condition, other))


def families(study: Study, wave: str) -> tuple[Family, ...]:
    """The families of one wave, in the order of their first parts; every part of the wave is in exactly one."""
    parts = tuple(study.parts(wave))
    routed_by = {part.key: routers(part, parts) for part in parts}
    secret = _secret(parts, routed_by)
    leader = {part.key: part.key for part in parts}

    def find(key: Key) -> Key:
        while leader[key] != key:
            key = leader[key]
        return key

    order = {part.key: position for position, part in enumerate(parts)}
    for key, asked_by in routed_by.items():
        for router in asked_by:
            if key in secret and router in secret:
                first, second = sorted((find(key), find(router)), key=order.__getitem__)
                leader[second] = first
    members: dict[Key, list[Part]] = {}
    for part in parts:
        members.setdefault(find(part.key), []).append(part)
    return tuple(Family(parts=tuple(group), confidential=key in secret) for key, group in members.items())


def _secret(parts: Sequence[Part], routed_by: dict[Key, tuple[Key, ...]]) -> set[Key]:
    """Confidential parts and what they route to."""
    secret = {part.key for part in parts if part.question.confidential}
    while True:
        reached = {key for key, asked_by in routed_by.items() if secret.intersection(asked_by)}
        if reached <= secret:
            return secret
        secret |= reached


def _is_about(condition: Condition, part: Part) -> bool:
    return part.key == (condition.question, condition.item)
