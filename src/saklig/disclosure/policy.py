"""The named policies of protection: every number that a rule uses has a name and stands here.

- `organisations`: few, named or half-public respondents; the default up to 500 of them, or from a named population. An
  attacker knows who took part, their backgrounds, the weights, and one answer of their own. Prints shares, bases and
  intervals.
- `sample`: a sample of many persons; the default above. An attacker knows the population and its backgrounds, not who
  took part. Prints counts, standard errors, design effects and correlations to a tenth too.
- `public`: answers given in public. Prints everything and withholds nothing.

A study sets single values by name in its `[disclosure]`; `Protection.values` says them in the edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from typing import Any

from saklig.language.catalog import N_, say
from saklig.study.model import Study, StudyError


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What is withheld and what is printed. Bases are unweighted respondents.

    `threshold`: the smallest base, and the smallest union of withheld groups, that is published or left to subtraction.
    `fold_below`: a background group with fewer respondents is folded, in the order that the study gives.
    `dominance_below`: in a base below so many thresholds, a category with all or all but one withholds the group.
    `median_from`, `quartiles_from`: published from a base of so many thresholds.
    `decimals_from`: shares have one decimal from this base, none below it.
    `uncertain_below`: publishers mark shares under this base as uncertain; they are published all the same.
    `participation`: what an attacker knows of who took part: "known", "secret", or "public" (nothing is protected).
    `pairs_from`: pairs of backgrounds are published from so many respondents in every wave.
    `audit_to`: up to so many respondents every respondent is audited; above it those in groups below `audit_below`.
    `audit_programs`, `audit_nodes`, `audit_cuts`: the audit's effort: integer programs for one question's family, nodes
    of the search tree in each, rounds of cuts after a failed confirmation. What they do not prove counts as failed.
    They are counts and not seconds, so that every machine decides the same.
    """

    name: str
    threshold: int = 5
    fold_below: int = 5
    dominance_below: int = 2
    median_from: int = 2
    quartiles_from: int = 4
    decimals_from: int = 1000
    uncertain_below: int = 30
    participation: str = "known"
    counts: bool = False
    errors: bool = False
    pairs_from: int = 200
    audit_to: int = 500
    audit_below: int = 50
    audit_programs: int = 200
    audit_nodes: int = 20
    audit_cuts: int = 3

    def tells_correlations(self, respondents: int) -> bool:
        """Whether a wave of so many says how its numbers hang together: where errors are printed, and no witness of the
        audit would have to give the same. Of numbers with a base of `audit_below`, whose givers are not audited."""
        return self.errors and self.participation != "known" and respondents > self.audit_to

    @property
    def values(self) -> Mapping[str, int | str | bool]:
        """Every named value but the policy's own name."""
        return {name: value for name, value in asdict(self).items() if name != "name"}


POLICIES: Mapping[str, Policy] = {
    policy.name: policy
    for policy in (
        Policy(name="organisations"),
        Policy(name="sample", participation="secret", counts=True, errors=True),
        Policy(
            name="public",
            threshold=0,
            fold_below=0,
            participation="public",
            counts=True,
            errors=True,
            pairs_from=0,
            audit_to=0,
            audit_below=0,
        ),
    )
}

ORGANISATIONS_TO = 500
"""Up to so many respondents a study that names no policy has `organisations`."""

NAMED_POPULATION_TO = 5000
"""A population whose size is known and at most this is taken for a named one: somebody has the list."""

_CHOICES: Mapping[str, tuple[str, ...]] = {"participation": ("known", "secret", "public")}


def policy_of(study: Study, respondents: int) -> Policy:
    """The study's policy; `respondents` is the number in its largest wave.

    Raises StudyError for a policy or a value that does not exist (with the nearest that does) or cannot be.
    """
    settings = study.disclosure
    name = settings.policy or _default(study, respondents)
    if name not in POLICIES:
        raise StudyError(
            "[disclosure] policy: " + say("there is no policy “{name}”", name=name) + f"; {_nearest(name, POLICIES)}"
        )
    policy = POLICIES[name]
    changed: dict[str, Any] = {}
    for key, value in settings.changed:
        _check_key(key)
        changed[key] = _fitting(key, value, getattr(policy, key))
    return replace(policy, **changed)


def _default(study: Study, respondents: int) -> str:
    populations = [wave.population for wave in study.waves if wave.population is not None]
    named = bool(populations) and max(populations) <= NAMED_POPULATION_TO
    return "organisations" if respondents <= ORGANISATIONS_TO or named else "sample"


def _check_key(key: str) -> None:
    names = [field.name for field in fields(Policy) if field.name != "name"]
    if key not in names:
        raise StudyError(
            f"[disclosure] {key}: " + say("no policy has a value of that name") + f"; {_nearest(key, names)}"
        )


def _fitting(key: str, value: int | str | bool, standing: object) -> int | str | bool:
    wanted = type(standing)
    if type(value) is not wanted:
        kind = {int: N_("a whole number"), str: N_("a text"), bool: N_("true or false")}[wanted]
        raise StudyError(
            say("[disclosure] {key}: “{value}” does not fit; write {kind}", key=key, value=_toml(value), kind=say(kind))
        )
    if isinstance(value, int) and value < 0:
        raise StudyError(say("[disclosure] {key}: {value} is below zero; write 0 or more", key=key, value=value))
    if key in _CHOICES and value not in _CHOICES[key]:
        raise StudyError(
            say(
                "[disclosure] {key}: “{value}” is none of {names}", key=key, value=value, names=", ".join(_CHOICES[key])
            )
        )
    return value


def _nearest(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(name, names, n=1)
    return say("did you mean “{name}”?", name=near[0]) if near else say("there are {names}", names=", ".join(names))


def _toml(value: int | str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
