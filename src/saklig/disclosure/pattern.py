"""The pattern of what is withheld: what the rules and the audit found, small enough to be kept beside the answers.

It holds no answer, but it says which rule withheld a group, and so it stays with whoever holds the answers. Each family
has a key, a hash of everything that its outcome follows from: the answers, the design, the parts of the study that
matter, the policy, the version of these rules, and the editions that it was audited together with. Publishing
unchanged answers again reads the pattern instead of repeating the audit, and where one question's answers changed, that
question is audited.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Coded, Column, Marked, Measured
from saklig.disclosure.evidence import WaveView
from saklig.disclosure.families import Family, Key
from saklig.disclosure.gate import Rule
from saklig.disclosure.policy import Policy
from saklig.study.model import Interval, Lonely

RULES_VERSION = 7
"""Raised whenever a rule, the audit or the repair may decide otherwise than before."""


class PatternError(ValueError):
    """A kept pattern that cannot be read; the remedy is to delete it, and the audit is made again."""


@dataclass(frozen=True, kw_only=True)
class FamilyPattern:
    """One family of one wave. `own`: the hash of what its outcome follows from, earlier editions apart; `key`: with
    them. `withheld`: column → rule number. `near`: columns that the rules withhold for an earlier edition's sake.
    `audited`: respondents who were at risk and are cleared."""

    wave: str
    parts: tuple[Key, ...]
    own: str
    key: str
    withheld: Mapping[str, int]
    near: frozenset[str] = frozenset()
    audited: int = 0

    @property
    def repaired(self) -> frozenset[str]:
        return frozenset(column for column, rule in self.withheld.items() if rule == Rule.AUDIT)


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """`audit`: as in Protection. `families` in the order of the waves and of the questionnaire."""

    audit: str
    families: tuple[FamilyPattern, ...]

    @cached_property
    def by_key(self) -> Mapping[str, FamilyPattern]:
        return {family.key: family for family in self.families}

    @property
    def audited(self) -> int:
        return sum(family.audited for family in self.families)

    def says_the_same(self, other: Pattern) -> bool:
        """Whether the same numbers are published under both."""
        mine, theirs = (
            [(family.own, family.parts, family.withheld) for family in each.families] for each in (self, other)
        )
        return mine == theirs

    @property
    def withheld(self) -> Mapping[tuple[str, str, str, str], int]:
        """(wave, question, item, column) → rule number, the family named by its first part."""
        return {
            (family.wave, *family.parts[0], column): rule
            for family in self.families
            for column, rule in family.withheld.items()
        }

    def to_json(self) -> dict[str, object]:
        """Lists, texts and numbers only, in a fixed order."""
        rows = [
            {
                "wave": family.wave,
                "parts": [list(part) for part in family.parts],
                "own": family.own,
                "key": family.key,
                "withheld": dict(sorted(family.withheld.items())),
                "near": sorted(family.near),
                "audited": family.audited,
            }
            for family in self.families
        ]
        return {"audit": self.audit, "families": rows}

    @classmethod
    def from_json(cls, value: object) -> Pattern:
        """Raises PatternError where `value` is not what `to_json` makes."""
        try:
            assert isinstance(value, dict)
            return cls(audit=str(value["audit"]), families=tuple(_family(row) for row in value["families"]))
        except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise PatternError(
                "the kept result of the audit cannot be read; delete it, and it is made again"
            ) from error


def _family(row: Mapping[str, Any]) -> FamilyPattern:
    return FamilyPattern(
        wave=str(row["wave"]),
        parts=tuple((str(question), str(item)) for question, item in row["parts"]),
        own=str(row["own"]),
        key=str(row["key"]),
        withheld={str(column): int(Rule(rule)) for column, rule in row["withheld"].items()},
        near=frozenset(map(str, row["near"])),
        audited=int(row["audited"]),
    )


def wave_key(view: WaveView, policy: Policy) -> str:
    """64 hex characters: the same for the same groups, design, policy and rules."""
    design = view.design
    texts = [str(RULES_VERSION), repr(sorted(asdict(policy).items()))]
    texts += [repr((grouping.by, grouping.groups)) for grouping in view.columns.groupings]
    texts.append(repr((view.answers.wave, view.answers.n, design.scale, design.intervals)))
    if design.lonely is not Lonely.FAIL:  # said only where it is: the keys of what was published before stay
        texts.append(f"lonely {design.lonely}")
    if design.interval is not Interval.LOGIT:
        texts.append(f"interval {design.interval}")
    arrays: list[NDArray[Any]] = [grouping.codes.astype(np.int32) for grouping in view.columns.groupings]
    arrays += [design.weights, design.stratum, design.clusters_by_stratum, design.fraction, design.population]
    arrays += [] if design.cluster is None else [design.cluster]
    for stage in design.later:
        arrays += [stage.count, stage.fraction, *([] if stage.units is None else [stage.units])]
    if (replicates := design.replicates) is not None:
        texts.append(repr((replicates.method, replicates.scale, replicates.mse)))
        arrays += [replicates.factors, replicates.unit, replicates.rscales]
    if (adjustment := design.adjustment) is not None:
        texts.append(repr(("adjusted", adjustment.cells, adjustment.basis is None)))
        arrays += [adjustment.index, adjustment.inner, adjustment.after]
        arrays += [] if adjustment.basis is None else [adjustment.basis]
    return _digest(texts, arrays)


def own_key(family: Family, view: WaveView, of_wave: str) -> str:
    """64 hex characters: the same for the same answers to the same family of questions in the same wave (`of_wave`)."""
    texts = [of_wave, repr((family.key, family.confidential))]
    arrays: list[NDArray[Any]] = []
    for part in family.parts:
        q, column = part.question, view.answers.columns[part.key]
        rows = [(r.id, r.role, r.score, r.exclusive, r.sensitive) for r in part.rows]
        nets = [(net.id, net.of) for net in q.nets]
        texts.append(repr((part.key, part.base, q.kind, rows, nets, q.mean, q.balance, q.at_most, q.top, q.asked_if)))
        texts.append(repr([(c.id, c.lower, c.upper) for c in q.classes]))
        texts.append(str(column.decimals) if isinstance(column, Measured) else "")
        arrays += _arrays_of(column)
    return _digest(texts, arrays)


def joint_key(own: str, earlier: Sequence[tuple[FamilyPattern, NDArray[np.int64]]]) -> str:
    """As `own`, for an audit together with the earlier families whose people are the rows given."""
    if not earlier:
        return own
    texts = [own, *(repr((each.key, sorted(each.withheld.items()), sorted(each.near))) for each, _ in earlier)]
    return _digest(texts, [people for _, people in earlier])


def _digest(texts: Iterable[str], arrays: Iterable[NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode() + b"\0")
    for array in arrays:
        digest.update(f"{array.dtype.str} {array.shape}\0".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _arrays_of(column: Column) -> Iterator[NDArray[Any]]:
    yield column.codes
    match column:
        case Coded():
            return
        case Marked():
            yield column.marks
        case Measured():
            yield column.values
