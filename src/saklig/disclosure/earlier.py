"""Editions that were published before: what they were made of, and how it meets what is published now.

A reader has them all, so the new edition withholds what would pin somebody down together with them (point 10 of the
design's section on disclosure). An earlier edition of the same answers adds groups; one with other answers, before a
correction, tells what was corrected.

Waves need nothing of the kind among themselves: no published number depends on two of them, so that witnesses of each
put together are a witness of all, whoever stands in several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import NOT_ASKED, Answers, Column, Measured
from saklig.design.model import Design
from saklig.disclosure.evidence import WaveView, evidence, wave_view
from saklig.disclosure.families import Family, Key
from saklig.disclosure.layers import Layer
from saklig.disclosure.pattern import FamilyPattern, Pattern
from saklig.disclosure.policy import Policy
from saklig.disclosure.profiles import states_of
from saklig.edition.fieldwork import FieldworkReport
from saklig.study.model import Group, Part, Study

CHUNK = 100_000
"""Respondents that are counted at once."""


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """`edition`: the first 16 characters of its id. `audited_with`: those before it that it was audited together with.

    `study` as published, `waves` with the groups that were published; `pattern`: what was withheld; `fieldwork`: the
    reports that it has.
    """

    edition: str
    audited_with: tuple[str, ...]
    study: Study
    policy: Policy
    waves: tuple[tuple[Answers, Design], ...]
    pattern: Pattern
    fieldwork: tuple[FieldworkReport, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EarlierWave:
    """One wave of an earlier edition beside the same wave now. `patterns`: its families, in their order.

    `study`: the one now. `after`: the same wave in the editions between, the nearest first.
    """

    earlier: Earlier
    study: Study
    now: Answers
    then: Answers
    design: Design
    after: tuple[EarlierWave, ...]

    @cached_property
    def patterns(self) -> tuple[FamilyPattern, ...]:
        return tuple(each for each in self.earlier.pattern.families if each.wave == self.now.wave)

    @cached_property
    def view(self) -> WaveView:
        return wave_view(self.earlier.study, self.then, self.design)

    @cached_property
    def people(self) -> NDArray[np.int64]:
        """Int64 (n then,): the row of each respondent now; whoever is not there now comes after them, under the same
        number in every edition."""
        people = same_people(*comparable(self.study, self.now, self.earlier.study, self.then))
        gone = np.flatnonzero(people >= self.now.n)
        people[gone] = -1
        for each in self.after if len(gone) else ():
            there = same_people(*comparable(each.earlier.study, each.then, self.earlier.study, self.then))[gone]
            known = there < each.then.n
            numbers = np.where(known, each.people[np.where(known, there, 0)], -1)
            same = (people[gone] < 0) & (numbers >= self.now.n) & ~np.isin(numbers, people)
            people[gone[same]] = numbers[same]
        new = np.flatnonzero(people < 0)
        first = max([self.now.n, *(int(each.people.max(initial=-1)) + 1 for each in self.after)])
        people[new] = first + np.arange(len(new))
        return people

    @cached_property
    def same_persons(self) -> bool:
        """Whether row by row it is the same respondents, as far as their ids tell."""
        now, then = self.now.persons, self.then.persons
        return now is None or then is None or np.array_equal(now, then)

    @cached_property
    def _parts(self) -> dict[Key, Part]:
        return {part.key: part for part in self.earlier.study.parts(self.now.wave)}

    def layer(self, pattern: FamilyPattern) -> Layer:
        """The family of `pattern` as it was published."""
        family, policy = (
            Family(parts=tuple(self._parts[key] for key in pattern.parts), confidential=True),
            self.earlier.policy,
        )
        names = self.view.columns.names
        withheld = np.array([pattern.withheld.get(name, 0) for name in names], np.int8)
        return Layer(
            family=family,
            view=self.view,
            policy=policy,
            seen=evidence(family, self.then.columns, self.view, policy),
            people=self.people,
            near=np.array([name in pattern.near for name in names], bool),
            repaired=np.array([name in pattern.repaired for name in names], bool),
            withheld=withheld,
        )

    @cached_property
    def _shared(self) -> dict[bytes, NDArray[np.int64]]:
        return {}

    def near(self, family: Family, view: WaveView, layer: Layer, threshold: int) -> NDArray[np.bool_]:
        """Shape (columns of `view`,): between the column and one that was published then lie some respondents who were
        asked, but fewer than the threshold.

        One of the two lies inside the other: everybody now and everybody then, before two more had answered.
        """
        now, then = _asked(family, view), _asked(layer.family, layer.view)
        key = np.packbits(now).tobytes() + b"|" + np.packbits(then).tobytes()
        if key not in self._shared:
            self._shared[key] = _shared(view, now, layer, then)
        shared = self._shared[key]
        base_now, base_then = view.columns.bases(now), layer.view.columns.bases(then)
        published = (layer.withheld == 0) & (base_then > 0)
        between = np.abs(base_now[:, None] - base_then[None, :])
        inside = shared == np.minimum(base_now[:, None], base_then[None, :])
        few = inside & (between > 0) & (between < threshold) & published[None, :] & (base_now > 0)[:, None]
        found: NDArray[np.bool_] = few.any(axis=1)
        return found


def earlier_waves(earlier: Sequence[Earlier], study: Study, now: Answers) -> tuple[EarlierWave, ...]:
    """The wave of `now` in each earlier edition that had it; `study` and `now` with their groups folded."""
    found: list[EarlierWave] = []
    for each in reversed(earlier):
        for then, design in each.waves:
            if then.wave == now.wave:
                after = tuple(reversed(found))
                found.append(EarlierWave(earlier=each, study=study, now=now, then=then, design=design, after=after))
    return tuple(reversed(found))


Chains = Mapping[Key, frozenset[Key]]
"""Part → all parts that were protected as one with it, directly or through others, in whatever edition."""


def chains(earlier: Sequence[EarlierWave]) -> Chains:
    found: dict[Key, frozenset[Key]] = {}
    for wave in earlier:
        for pattern in wave.patterns:
            whole = frozenset(pattern.parts).union(*(found.get(part, ()) for part in pattern.parts))
            found |= dict.fromkeys(whole, whole)
    return found


def meeting(
    family: Family, earlier: Sequence[EarlierWave], chained: Chains
) -> Iterator[tuple[EarlierWave, FamilyPattern]]:
    """The families of earlier editions that tell of `family`: they share a part with it, or with one that does."""
    keys = _keys(family).union(*(chained.get(part.key, ()) for part in family.parts))
    for wave in earlier:
        for pattern in wave.patterns:
            if keys.intersection(pattern.parts):
                yield wave, pattern


def joined(families: Sequence[Family], chained: Chains) -> tuple[Family, ...]:
    """The families of a wave; those that were protected as one before, directly or through others, are so now."""
    merged = list(families)
    for whole in dict.fromkeys(chained.values()):
        touched = [family for family in merged if family.confidential and _keys(family) & whole]
        if len(touched) > 1:
            together = Family(parts=tuple(part for family in touched for part in family.parts), confidential=True)
            merged[merged.index(touched[0])] = together
            merged = [family for family in merged if family not in touched]
    return tuple(merged)


def _keys(family: Family) -> set[Key]:
    return {part.key for part in family.parts}


def comparable(study: Study, now: Answers, study_then: Study, then: Answers) -> tuple[Answers, Answers]:
    """Both with what means the same in both alone: groups that were made otherwise, by folding say, are one group, and
    questions with other categories are left out."""
    parts, parts_then = ({part.key: part for part in each.parts(now.wave)} for each in (study, study_then))
    alike = [
        key
        for key in parts.keys() & parts_then.keys()
        if _meaning(parts[key], now.columns[key]) == _meaning(parts_then[key], then.columns[key])
    ]
    named = sorted(now.backgrounds.keys() & then.backgrounds.keys())
    groups = {name: (study.background(name).groups, study_then.background(name).groups) for name in named}
    made = []
    for side, answers in enumerate((now, then)):
        backgrounds = {
            name: _numbers(groups[name][side], groups[name][1 - side])[answers.backgrounds[name]] for name in named
        }
        made.append(
            replace(
                answers,
                columns={key: answers.columns[key] for key in alike},
                backgrounds=backgrounds,
                strata=answers.strata if now.stratum_ids == then.stratum_ids else None,
            )
        )
    return made[0], made[1]


def _meaning(part: Part, column: Column) -> object:
    """What the states of a column (see `profiles`) stand for."""
    return [row.id for row in part.rows], type(column), column.decimals if isinstance(column, Measured) else 0


def _numbers(groups: Sequence[Group], others: Sequence[Group]) -> NDArray[np.int16]:
    """The number of each group, the same on both sides; 0 for those that the other side has not. The last: unknown."""
    names, there = ([(each.id, each.codes, each.lower, each.upper) for each in side] for side in (groups, others))
    common = {name: number for number, name in enumerate(sorted(set(names) & set(there), key=repr), start=1)}
    return np.array([*(common.get(name, 0) for name in names), -1], np.int16)


def same_people(now: Answers, then: Answers) -> NDArray[np.int64]:
    """Int64 (n then,): the row now of each respondent then; n, n + 1, … for those who are not there now.

    By the person's id where both have it. Otherwise rows that say the same are the same respondent, in their order;
    then rows with the same background, with new weights too, then rows with the same answers; and what is left, if it
    is as many now as then.
    """
    people = np.full(then.n, -1, np.int64)
    free = np.ones(now.n, bool)
    identified = now.persons is not None and then.persons is not None
    for key_now, key_then in _keys_of_people(now, then):
        _match(key_now, key_then, people, free)
    left, rest = np.flatnonzero(people < 0), np.flatnonzero(free)
    if not identified and len(left) == len(rest):
        people[left] = rest
    else:
        people[left] = now.n + np.arange(len(left))
    return people


def _keys_of_people(now: Answers, then: Answers) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    if now.persons is not None and then.persons is not None:
        yield now.persons, then.persons
        return
    known = [_known(each, sorted(now.backgrounds.keys() & then.backgrounds.keys())) for each in (now, then)]
    grouped = [each[:, 1:] for each in known]
    said = [_said(each, sorted(now.columns.keys() & then.columns.keys())) for each in (now, then)]
    for pair in (
        [np.concatenate(each, axis=1) for each in zip(known, said, strict=True)],
        [np.concatenate(each, axis=1) for each in zip(grouped, said, strict=True)],
        known,
        grouped,
        said,
    ):
        one, other = pair
        if one.shape[1] == other.shape[1]:
            numbers = np.unique(np.concatenate([one, other]), axis=0, return_inverse=True)[1].reshape(-1)
            yield numbers[: now.n].astype(np.int64), numbers[now.n :].astype(np.int64)


def _known(answers: Answers, backgrounds: Sequence[str]) -> NDArray[np.int64]:
    """Shape (n, width): what the attacker knows of each; first the weights, to the last bit."""
    strata = np.zeros(answers.n, np.int64) if answers.strata is None else answers.strata
    columns = [answers.weights.view(np.int64), strata, *(answers.backgrounds[name] for name in backgrounds)]
    return np.stack([np.asarray(column, np.int64) for column in columns], axis=1)


def _said(answers: Answers, keys: Sequence[Key]) -> NDArray[np.int64]:
    """Shape (n, width): the answers to the parts `keys`."""
    return np.concatenate(
        [np.zeros((answers.n, 1), np.int64), *(states_of(answers.columns[key]) for key in keys)], axis=1
    )


def _match(now: NDArray[np.int64], then: NDArray[np.int64], people: NDArray[np.int64], free: NDArray[np.bool_]) -> None:
    """Gives those then who have nobody yet the first who is free now, with the same key."""
    waiting: dict[int, list[int]] = {}
    for row in np.flatnonzero(free)[::-1].tolist():
        waiting.setdefault(int(now[row]), []).append(row)
    for row in np.flatnonzero(people < 0).tolist():
        if there := waiting.get(int(then[row])):
            people[row] = there.pop()
            free[people[row]] = False


def _asked(family: Family, view: WaveView) -> NDArray[np.bool_]:
    """Shape (n,): who was asked any part of the family."""
    asked: NDArray[np.bool_] = np.logical_or.reduce(
        [view.answers.columns[part.key].codes != NOT_ASKED for part in family.parts]
    )
    return asked


def _shared(view: WaveView, now: NDArray[np.bool_], layer: Layer, then: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Shape (columns now, columns then): how many respondents are in both and were asked both times."""
    there = np.flatnonzero(then & (layer.people < view.answers.n))
    there = there[now[layer.people[there]]]
    found = np.zeros((view.columns.size, layer.view.columns.size))
    (class_now, member_now), (class_then, member_then) = view.columns.classes, layer.view.columns.classes
    for start in range(0, len(there), CHUNK):
        rows = there[start : start + CHUNK]
        inside = member_now[class_now[layer.people[rows]]].astype(np.float64)
        found += inside.T @ member_then[class_then[rows]].astype(np.float64)
    return np.rint(found).astype(np.int64)
