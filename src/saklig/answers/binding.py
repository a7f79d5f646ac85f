"""A data file bound to its study: codes become small integers, missing and not asked stay apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.background import bind_background
from saklig.answers.clusters import bind_clusters, bind_fpc, check_drawn, check_nesting
from saklig.answers.coded import bind_coded
from saklig.answers.findings import Findings, counted
from saklig.answers.lookup import find_variable
from saklig.answers.marked import bind_marked
from saklig.answers.matching import canonical
from saklig.answers.measured import bind_measured
from saklig.answers.model import Answers, AnswersError, Column, Source
from saklig.answers.replicates import bind_replicates
from saklig.answers.routing import apply_routing, routed
from saklig.answers.sampling import Rows, bind_persons, bind_quantity, bind_strata, bind_weights
from saklig.answers.unused import remark_unused_codes
from saklig.language.catalog import say
from saklig.study.model import Kind, Part, Study
from saklig.study.sources import QuestionSource, Sources, WaveSource

Binder = Callable[[Part, QuestionSource, Source, str, Findings], Column | None]

BINDERS: dict[Kind, Binder] = {
    Kind.SINGLE: bind_coded,
    Kind.SCALE: bind_coded,
    Kind.GRID: bind_coded,
    Kind.MULTIPLE: bind_marked,
    Kind.OPEN: bind_marked,
    Kind.RANKING: bind_marked,
    Kind.NUMERIC: bind_measured,
}


def bind(study: Study, sources: Sources, wave: str, source: Source) -> Answers:
    """The answers of one wave. Raises AnswersError that tells everything that does not fit, and no answer."""
    findings = Findings(source.path.name)
    where = next((found for found in sources.waves if found.wave == wave), None)
    if where is None:
        raise AnswersError(say("{file}: the study has no data for a wave “{wave}”", file=source.path.name, wave=wave))
    if not source.rows:
        raise AnswersError(say("{file} holds no answers: it has columns but no rows", file=source.path.name))
    kept, rows = _of_wave(where, source, findings)
    findings.raise_errors()
    columns = _bind_parts(study, sources, wave, kept, findings)
    backgrounds = {
        background.id: bind_background(
            background, sources.backgrounds.get(background.id, background.id), kept, findings
        )
        for background in study.backgrounds
        if not background.waves or wave in background.waves
    }
    answers = _with_design(
        Answers(
            wave=wave,
            n=kept.rows,
            columns=columns,
            backgrounds=backgrounds,
            weights=np.ones(kept.rows),
            weighted=False,
        ),
        study,
        where,
        kept,
        rows,
        findings,
    )
    findings.raise_errors()
    return replace(answers, remarks=tuple(findings.remarks))


def rows_of(where: WaveSource, source: Source) -> tuple[Source, Rows]:
    """The rows of a wave that was bound, and for each its number in the file, from 1."""
    return _of_wave(where, source, Findings(source.path.name))


def _of_wave(where: WaveSource, source: Source, findings: Findings) -> tuple[Source, Rows]:
    """The rows of this wave, and for each its number in the file, from 1."""
    rows = np.arange(1, source.rows + 1, dtype=np.int64)
    if not where.wave_variable or where.wave_value is None:
        return source, rows
    place = say("wave “{wave}”", wave=where.wave)
    variable = find_variable(source, where.wave_variable, place, findings)
    if variable is None:
        return source, rows
    wanted = canonical(where.wave_value)
    chosen = np.array([canonical(value) == wanted for value in variable.values] + [False])
    keep: NDArray[np.bool_] = chosen[variable.codes]
    if not keep.any():
        findings.error(
            place,
            say(
                "no row of the file has the value of `where` in the column “{name}”",
                name=where.wave_variable,
            ),
        )
    variables = tuple(replace(variable, codes=variable.codes[keep]) for variable in source.variables)
    return replace(source, rows=int(keep.sum()), variables=variables), rows[keep]


def _bind_parts(
    study: Study, sources: Sources, wave: str, source: Source, findings: Findings
) -> dict[tuple[str, str], Column]:
    columns: dict[tuple[str, str], Column] = {}
    parts: dict[tuple[str, str], Part] = {}
    for part in study.parts(wave):
        question, key = part.question, part.key
        place = say("question “{name}”", name=".".join(filter(None, key)))
        where = sources.questions.get(key)
        if where is None:
            findings.error(place, say("the study does not say which column holds its answers; give `variable`"))
            continue
        errors = len(findings.errors)
        column = BINDERS[question.kind](part, where, source, place, findings)
        if column is None and len(findings.errors) > errors and len(study.waves) > 1 and not question.waves:
            findings.error(
                place,
                say("if it was not asked in the wave “{wave}”, name those in which it was: waves = [ … ]", wave=wave),
            )
        asked = routed(question, parts, columns, source.rows, place, findings)
        if column is not None:
            remark_unused_codes(part, where, column, source, place, findings)
            parts[key] = part
            columns[key] = apply_routing(column, asked, place, findings)
    return columns


def _with_design(
    answers: Answers, study: Study, where: WaveSource, source: Source, rows: Rows, findings: Findings
) -> Answers:
    place, wave = say("wave “{wave}”", wave=where.wave), study.wave(where.wave)
    if wave.population is not None and source.rows > wave.population:
        findings.error(
            place,
            say(
                "{who} but a population of {population}; correct `population`, or leave out whoever answered twice",
                who=counted(source.rows),
                population=wave.population,
            ),
        )
    elif wave.invited is not None and source.rows > wave.invited:
        findings.error(
            place,
            say(
                "{who}, but only {invited} were invited; correct `invited`, or leave out whoever answered twice",
                who=counted(source.rows),
                invited=wave.invited,
            ),
        )
    if where.weight:
        weights = bind_weights(where.weight, source, rows, place, findings)
        answers = replace(answers, weights=weights, weighted=True)
    if where.strata:
        strata, ids = bind_strata(where.strata, wave, source, rows, place, findings)
        answers = replace(answers, strata=strata, stratum_ids=ids)
    found = [bind_clusters(name, source, rows, place, findings) for name in where.cluster]
    units = [each for each in found if each is not None]
    if units and len(units) == len(found):
        answers = replace(answers, clusters=units[0], within=tuple(units[1:]))
    answers = replace(answers, fpc=bind_fpc(where.fpc, source, rows, place, findings))
    if len(units) == len(found):
        check_nesting(answers.clusters, answers.strata, place, findings)
        check_drawn(answers.clusters, answers.strata, answers.stratum_ids, wave, place, findings)
    if where.quantities:
        quantities = {
            name: bind_quantity(column, source, rows, place, findings) for name, column in where.quantities.items()
        }
        answers = replace(answers, quantities=quantities)
    if where.person:
        answers = replace(answers, persons=bind_persons(where.person, source, rows, place, findings))
    if where.replicates:
        columns = bind_replicates(where.replicates, source, rows, place, findings)
        answers = replace(answers, replicates=columns, replicates_combined=where.combined)
    return answers
