"""The audit where it is secret who took part: exchanges between records.

The attacker has the frame with its backgrounds, but neither the list of those who took part nor weights that say more
than groups do. Then two records that gave the same answers may exchange their groups in one background (or in
backgrounds that are published as a pair, together): no published count changes, since every table has at most those.
So a respondent is not pinned down if somebody else's answer, one without the feature in question, was also given in
each of the respondent's published columns: by such exchanges one record gets all the respondent's groups, and the two
exchange their answers.

Where weights follow from groups (of strata, or made to meet targets), published numbers give them away. Then records
exchange with those of their own weight alone, so that no weighted number changes either; what is left is for the audit
to look for, by witnesses as where it is known who took part.

That every combination of groups is one that somebody in the population has is assumed; it holds in large populations,
which are those of the policy `sample`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saklig.disclosure.layers import Layer
from saklig.disclosure.possibilities import Possibilities


def unhidden(space: Possibilities, layers: Sequence[Layer], at_risk: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Int64 (targets, 2): the classes of `space` with respondents at risk, bool (asked,), and the features of theirs,
    for which there is no exchange."""
    found: list[tuple[int, int]] = []
    if at_risk.any():
        given_in = _given_in_each(space, layers, at_risk)
        classes = np.flatnonzero(np.bincount(space.class_of[at_risk], minlength=len(space.unit)))
        risk = np.zeros(space.allowed.shape, bool)
        risk[space.class_of[at_risk], space.profile_of[at_risk]] = True
        for place, feature in enumerate(space.features):
            lacking = (given_in[~feature.has] & space.allowed[classes][:, ~feature.has].T).any(axis=0)
            found += [(int(each), place) for each in classes[~lacking] if risk[each, feature.has].any()]
    return np.array(found, np.int64).reshape(-1, 2)


def _given_in_each(space: Possibilities, layers: Sequence[Layer], at_risk: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Shape (profiles, classes at risk): the profile was given in every block of published columns of the class."""
    classes = np.flatnonzero(np.bincount(space.class_of[at_risk], minlength=len(space.unit)))
    given = space.given
    result = np.ones((given.shape[1], len(classes)), bool)
    withheld = np.concatenate([layer.withheld for layer in layers])
    for block in [[], *_blocks(layers)]:  # without columns: those of the same weight, wherever they are
        published = np.array([column for column in block if not withheld[column]], np.int64)
        if block and not len(published):
            continue
        alike = np.column_stack([space.unit, space.member[:, published]])
        kinds, kind_of = np.unique(alike, axis=0, return_inverse=True)
        in_kind = np.zeros((len(kinds), given.shape[1]), np.int64)
        np.add.at(in_kind, kind_of.reshape(-1), given)
        result &= in_kind[kind_of.reshape(-1)[classes]].T > 0
    return result


def _blocks(layers: Sequence[Layer]) -> list[list[int]]:
    """Columns of backgrounds that are published together in some pair, directly or through others, in any layer.

    The groups of one background change hands together in all layers.
    """
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    groupings = [grouping for layer in layers for grouping in layer.view.columns.groupings]
    for grouping in groupings:
        for by in grouping.by[1:]:
            leader[find(by)] = find(grouping.by[0])
    blocks: dict[str, list[int]] = {}
    start = 0
    for grouping in groupings:
        if grouping.by:
            blocks.setdefault(find(grouping.by[0]), []).extend(range(start, start + len(grouping.groups)))
        start += len(grouping.groups)
    return list(blocks.values())
