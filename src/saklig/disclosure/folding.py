"""Folding: background groups that are too small are published as one, in the order that the study gives.

It looks at the number of respondents alone, once for the whole study: the groups are the same for every question and in
every wave. (Folding by question would let a reader subtract one question's groups from another's.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Answers
from saklig.disclosure.policy import Policy
from saklig.study.model import Background, Fold, Group, Study


def fold(
    study: Study, waves: Sequence[Answers], policy: Policy
) -> tuple[Study, tuple[Answers, ...], tuple[tuple[str, str], ...]]:
    """The study and the answers with small groups folded, and the (background id, fold id) that were made."""
    folded: list[tuple[str, str]] = []
    backgrounds = []
    for background in study.backgrounds:
        made = _needed(background, waves, policy.fold_below)
        published, position = _apply(background, made)
        backgrounds.append(published)
        folded += [(background.id, each.id) for each in made]
        if made:
            waves = [_recode(answers, background.id, position) for answers in waves]
    return replace(study, backgrounds=tuple(backgrounds)), tuple(waves), tuple(folded)


def positions(background: Background, folded: Sequence[tuple[str, str]]) -> list[int]:
    """For each group of a background as it stands in the study, its position in the one that is published.

    `folded`: what `fold` said was made.
    """
    by_id = {each.id: each for each in background.fold}
    return _apply(background, [by_id[name] for of, name in folded if of == background.id])[1]


def _needed(background: Background, waves: Sequence[Answers], fold_below: int) -> tuple[Fold, ...]:
    """The folds to make, in their order. A fold into which a small group would go brings those that it is made of."""
    smallest = dict.fromkeys((group.id for group in background.groups), 0)
    counted = [_counts(background, answers) for answers in waves if background.id in answers.backgrounds]
    for position, group in enumerate(background.groups):
        smallest[group.id] = min((int(counts[position]) for counts in counted), default=0)
    by_id = {each.id: each for each in background.fold}
    standing = dict(smallest)
    made: list[Fold] = []

    def make(each: Fold) -> None:
        for member in each.of:
            if member in by_id and member not in standing:
                make(by_id[member])
        standing[each.id] = sum(standing.pop(member) for member in each.of)
        made.append(each)

    for each in background.fold:
        possible = each.id not in standing and each not in made
        if possible and any(standing.get(member, fold_below) < fold_below for member in each.of):
            make(each)
    return tuple(made)


def _counts(background: Background, answers: Answers) -> NDArray[np.int64]:
    codes = answers.backgrounds[background.id]
    return np.bincount(codes[codes >= 0], minlength=len(background.groups)).astype(np.int64)


def _apply(background: Background, made: Sequence[Fold]) -> tuple[Background, list[int]]:
    """The background with the folds made, and for each old group its position among the new ones."""
    inside: dict[str, tuple[int, ...]] = {group.id: (position,) for position, group in enumerate(background.groups)}
    groups: dict[str, Group] = {group.id: group for group in background.groups}
    for each in made:
        parts = [groups.pop(member) for member in each.of]
        positions = tuple(sorted(place for member in each.of for place in inside.pop(member)))
        groups[each.id] = Group(
            id=each.id,
            label=each.label,
            codes=tuple(code for part in parts for code in part.codes),
            lower=min(known) if (known := _bounds([part.lower for part in parts])) else None,
            upper=max(known) if (known := _bounds([part.upper for part in parts])) else None,
        )
        inside[each.id] = positions
    ordered = sorted(groups, key=lambda group_id: inside[group_id])
    place = {old: new for new, group_id in enumerate(ordered) for old in inside[group_id]}
    published = replace(background, groups=tuple(groups[group_id] for group_id in ordered), fold=())
    return published, [place[old] for old in range(len(background.groups))]


def _bounds(bounds: list[float | None]) -> list[float]:
    """Empty, for an open end, if any of the bounds is open."""
    known = [bound for bound in bounds if bound is not None]
    return known if len(known) == len(bounds) else []


def _recode(answers: Answers, background_id: str, position: list[int]) -> Answers:
    if background_id not in answers.backgrounds:
        return answers
    table = np.array([*position, -1], np.int16)  # −1, unknown, reads the last
    return replace(
        answers, backgrounds={**answers.backgrounds, background_id: table[answers.backgrounds[background_id]]}
    )
