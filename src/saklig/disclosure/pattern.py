"""The pattern of what is withheld: what the rules and the audit found, small enough to be kept beside the answers.

It holds no answer, but it says which rule withheld a group, and so it stays with whoever holds the answers. Its key is
a hash of everything that it follows from: the answers, the design, the parts of the study that matter, the policy, and
the version of these rules. Publishing unchanged answers again reads it instead of repeating the audit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Answers, Coded, Column, Marked, Measured
from saklig.design.model import Design
from saklig.disclosure.families import families
from saklig.disclosure.policy import Policy
from saklig.study.model import Study

RULES_VERSION = 2
"""Raised whenever a rule, the audit or the repair may decide otherwise than before."""


class PatternError(ValueError):
    """A kept pattern that cannot be read; the remedy is to delete it, and the audit is made again."""


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """`withheld`: (wave, question, item, column) → rule number, the family named by its first part.

    `audit`, `audited`: as in Protection.
    """

    key: str
    withheld: Mapping[tuple[str, str, str, str], int]
    audit: str
    audited: int

    def to_json(self) -> dict[str, object]:
        """Lists, texts and numbers only, in a fixed order."""
        rows = [[*place, rule] for place, rule in sorted(self.withheld.items())]
        return {"key": self.key, "audit": self.audit, "audited": self.audited, "withheld": rows}

    @classmethod
    def from_json(cls, value: object) -> Pattern:
        """Raises PatternError where `value` is not what `to_json` makes."""
        try:
            assert isinstance(value, dict)
            withheld = {(str(w), str(q), str(i), str(c)): int(rule) for w, q, i, c, rule in value["withheld"]}
            return cls(
                key=str(value["key"]), audit=str(value["audit"]), audited=int(value["audited"]), withheld=withheld
            )
        except (AssertionError, KeyError, TypeError, ValueError) as error:
            raise PatternError(
                "the kept result of the audit cannot be read; delete it, and it is made again"
            ) from error


def key_of(study: Study, waves: Sequence[tuple[Answers, Design]], policy: Policy) -> str:
    """64 hex characters: the same for the same answers, design, structure of the study, policy and rules."""
    digest = hashlib.sha256()
    for text in (str(RULES_VERSION), repr(sorted(asdict(policy).items())), *_structure(study, waves)):
        digest.update(text.encode() + b"\0")
    for answers, design in waves:
        for name, array in _arrays(answers, design):
            digest.update(f"{name} {array.dtype.str} {array.shape}\0".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _structure(study: Study, waves: Sequence[tuple[Answers, Design]]) -> Iterable[str]:
    """What of the study decides its numbers. Wordings do not."""
    yield repr((study.base, study.pairs))
    for background in study.backgrounds:
        yield repr((background.id, [group.id for group in background.groups]))
    for answers, design in waves:
        yield repr((answers.wave, answers.n, design.scale, design.intervals))
        for family in families(study, answers.wave):
            yield repr((family.key, family.confidential))
            for part in family.parts:
                q = part.question
                rows = [(r.id, r.role, r.score, r.exclusive, r.sensitive) for r in part.rows]
                nets = [(net.id, net.of) for net in q.nets]
                yield repr((part.key, q.kind, rows, nets, q.base, q.mean, q.balance, q.at_most, q.top, q.asked_if))
                yield repr([(c.id, c.lower, c.upper) for c in q.classes])


def _arrays(answers: Answers, design: Design) -> Iterable[tuple[str, NDArray[Any]]]:
    for key in sorted(answers.columns):
        for name, array in _column_arrays(answers.columns[key]):
            yield f"{key} {name}", array
    yield from ((f"background {each}", answers.backgrounds[each]) for each in sorted(answers.backgrounds))
    if answers.persons is not None:
        yield "persons", answers.persons
    yield from (
        ("weights", design.weights),
        ("stratum", design.stratum),
        ("clusters by stratum", design.clusters_by_stratum),
        ("fraction", design.fraction),
        ("population", design.population),
    )
    if design.cluster is not None:
        yield "cluster", design.cluster


def _column_arrays(column: Column) -> Iterable[tuple[str, NDArray[Any]]]:
    yield "codes", column.codes
    match column:
        case Coded():
            return
        case Marked():
            yield "marks", column.marks
        case Measured():
            yield f"values {column.decimals}", column.values
