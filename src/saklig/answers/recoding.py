"""How the values of a file become codes, told from its distinct values: for engines that read the file themselves.

The binding of each column is the same code that binds answers in memory, given every distinct value once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from saklig.answers.background import bind_background
from saklig.answers.coded import bind_coded
from saklig.answers.findings import Findings
from saklig.answers.lookup import find_variable
from saklig.answers.matching import canonical
from saklig.answers.model import NOT_ASKED, AnswersError, Source
from saklig.answers.sampling import bind_strata
from saklig.language.catalog import say
from saklig.study.model import Kind, Part, Question, Study
from saklig.study.sources import QuestionSource, Sources, WaveSource

Key = tuple[str, str]

CODED = (Kind.SINGLE, Kind.SCALE, Kind.GRID)


@dataclass(frozen=True, kw_only=True)
class Recoding:
    """The codes of one column: of its distinct values in their order, int (values,), NULL among them.

    `asked_if`: earlier parts and the codes of theirs that lead here; whoever all do not lead here is NOT_ASKED.
    """

    variable: str
    codes: tuple[int, ...]
    asked_if: tuple[tuple[Key, tuple[int, ...]], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Recodings:
    """Of one wave. `parts`: questions with one answer; `left_out`: the others. `stratum_ids` as in Answers; `strata` is
    None in a sample without. `weight`, `cluster`: columns, or empty. `rows`: which values of the column of the waves
    belong to this one, None where every row does."""

    wave: str
    parts: Mapping[Key, Recoding]
    left_out: tuple[Key, ...]
    backgrounds: Mapping[str, Recoding]
    strata: Recoding | None
    stratum_ids: tuple[str, ...]
    weight: str
    cluster: str
    rows: Recoding | None


def recodings(study: Study, sources: Sources, wave: str, distinct: Source) -> Recodings:
    """`distinct`: each column's distinct values as if each were a respondent's, in columns that may differ in length.

    Raises AnswersError that tells everything that does not fit; counts of respondents are not known and not told.
    """
    findings = Findings(distinct.path.name)
    where = next((found for found in sources.waves if found.wave == wave), None)
    if where is None:
        raise AnswersError(say("{file}: the study has no data for a wave “{wave}”", file=distinct.path.name, wave=wave))
    parts: dict[Key, Recoding] = {}
    seen: dict[Key, Part] = {}
    left_out = []
    for part in study.parts(wave):
        place = say("question “{name}”", name=".".join(filter(None, part.key)))
        source = sources.questions.get(part.key)
        if part.question.kind not in CODED:
            left_out.append(part.key)
        elif source is None:
            findings.error(place, say("the study does not say which column holds its answers; give `variable`"))
        elif (made := _part(part, source, seen, distinct, place, findings)) is not None:
            parts[part.key], seen[part.key] = made, part
    backgrounds = _backgrounds(study, sources, wave, distinct, findings)
    strata, ids = _strata(study, where, distinct, findings)
    if len(where.cluster) > 1 or where.fpc:
        findings.error(
            say("wave “{wave}”", wave=wave),
            say(
                "several stages of a sample and `fpc` are counted in memory only; leave out --engine, or the later "
                "stages and `fpc`: the errors are then those of clusters drawn with replacement, which are never too "
                "small"
            ),
        )
    if study.wave(wave).replicates is not None:
        findings.error(
            say("wave “{wave}”", wave=wave),
            say("replicate weights are counted in memory only; leave out --engine, or `replicates`"),
        )
    findings.raise_errors()
    return Recodings(
        wave=wave,
        parts=parts,
        left_out=tuple(left_out),
        backgrounds=backgrounds,
        strata=strata,
        stratum_ids=ids,
        weight=where.weight,
        cluster=next(iter(where.cluster), ""),
        rows=_rows(where, distinct),
    )


def _part(
    part: Part, source: QuestionSource, seen: Mapping[Key, Part], distinct: Source, place: str, findings: Findings
) -> Recoding | None:
    column = bind_coded(part, source, distinct, place, findings)
    asked_if = _asked_if(part.question, seen, place, findings)
    if column is None:
        return None
    return Recoding(variable=source.variable, codes=tuple(int(code) for code in column.codes), asked_if=asked_if)


def _asked_if(
    question: Question, seen: Mapping[Key, Part], place: str, findings: Findings
) -> tuple[tuple[Key, tuple[int, ...]], ...]:
    found = []
    for condition in question.asked_if:
        key = (condition.question, condition.item)
        if key not in seen:
            if not findings.errors:
                findings.error(
                    place,
                    say(
                        "`asked_if` names “{name}”, whose answers a database cannot read as one code; publish in "
                        "memory (--engine memory)",
                        name=".".join(filter(None, key)),
                    ),
                )
            continue
        nets = {net.id: net.of for net in seen[key].question.nets}
        wanted = {member for category in condition.categories for member in nets.get(category, (category,))}
        found.append((key, tuple(place for place, row in enumerate(seen[key].rows) if row.id in wanted)))
    return tuple(found)


def _backgrounds(
    study: Study, sources: Sources, wave: str, distinct: Source, findings: Findings
) -> dict[str, Recoding]:
    found = {}
    for background in study.backgrounds:
        if background.waves and wave not in background.waves:
            continue
        name = sources.backgrounds.get(background.id, background.id)
        variable = find_variable(distinct, name, say("background “{name}”", name=background.id), findings)
        if variable is not None:
            alone = replace(distinct, rows=len(variable.codes), variables=(variable,))
            codes = bind_background(background, name, alone, findings)
            found[background.id] = Recoding(variable=name, codes=tuple(int(code) for code in codes))
    return found


def _strata(
    study: Study, where: WaveSource, distinct: Source, findings: Findings
) -> tuple[Recoding | None, tuple[str, ...]]:
    if not where.strata:
        return None, ()
    place, wave = say("wave “{wave}”", wave=where.wave), study.wave(where.wave)
    variable = find_variable(distinct, where.strata, place, findings)
    if variable is None:
        return None, ()
    rows = np.arange(1, len(variable.codes) + 1, dtype=np.int64)
    alone = replace(distinct, rows=len(variable.codes), variables=(variable,))
    codes, ids = bind_strata(where.strata, wave, alone, rows, place, findings)
    if codes is None:
        return None, ()
    return Recoding(variable=where.strata, codes=tuple(int(code) for code in codes)), ids


def _rows(where: WaveSource, distinct: Source) -> Recoding | None:
    """Code 0 for the values of this wave, NOT_ASKED for those of others."""
    if not where.wave_variable or where.wave_value is None:
        return None
    variable = distinct.variable(where.wave_variable)
    wanted = canonical(where.wave_value)
    own = [canonical(value) == wanted for value in variable.values] + [False]
    return Recoding(variable=where.wave_variable, codes=tuple(0 if own[code] else NOT_ASKED for code in variable.codes))
