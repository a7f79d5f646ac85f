"""The cases of a wave, everybody who was invited: from a file with a row each, or from counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.background import bind_background
from saklig.answers.findings import SHOWN_ROWS, Findings, codes_in_words, counted
from saklig.answers.lookup import find_variable, value_counts
from saklig.answers.matching import canonical, is_blank
from saklig.answers.model import Answers, Source, Value, Variable
from saklig.answers.sampling import stratum_positions
from saklig.language.catalog import say, say_n
from saklig.study.fieldwork import ANSWERED, DISPOSITIONS, Disposition, dispositions_in_words
from saklig.study.model import Study, Wave
from saklig.study.sources import FieldworkSource, Sources

_NONE = -1
_BY_NUMBER: Mapping[str, Disposition] = {
    "1.1": Disposition.COMPLETE,
    "1.2": Disposition.PARTIAL,
    "2.1": Disposition.REFUSAL,
    "2.2": Disposition.NON_CONTACT,
    **{f"2.{number}": Disposition.OTHER for number in range(3, 10)},
    "3.1": Disposition.UNKNOWN_HOUSEHOLD,
    **{f"3.{number}": Disposition.UNKNOWN_OTHER for number in range(2, 10)},
    **{f"4.{number}": Disposition.NOT_ELIGIBLE for number in range(1, 10)},
    "4": Disposition.NOT_ELIGIBLE,
}
"""AAPOR's numeric codes by their first decimal: 2.10, which files write 2.1, and 2.12 are refusals and break-offs."""


@dataclass(frozen=True, kw_only=True)
class Cases:
    """`dispositions`: int8 (n,), positions in DISPOSITIONS. `strata`: int32 (n,), positions in the wave's strata, or
    None. `backgrounds`: background id → int16 (n,), positions in its groups, −1 where unknown. Nobody's name."""

    wave: str
    n: int
    dispositions: NDArray[np.int8]
    strata: NDArray[np.int32] | None = None
    backgrounds: Mapping[str, NDArray[np.int16]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def counts(self) -> NDArray[np.int64]:
        """int64 (dispositions,)."""
        return np.bincount(self.dispositions, minlength=len(DISPOSITIONS)).astype(np.int64)


def bind_cases(study: Study, sources: Sources, answers: Answers, source: Source | None, file: str) -> Cases:
    """The cases of the wave of these answers. `source`: the file of cases, None where they are counted in the study.

    `file`: the name that errors begin with. Raises AnswersError that tells everything that does not fit.
    """
    findings = _findings(file, listed=source is not None)
    wave = study.wave(answers.wave)
    where = next(each.fieldwork for each in sources.waves if each.wave == wave.id)
    assert where is not None, "only a wave with fieldwork has cases"
    place = _place(wave.id)
    found = _counted(wave, where, place, findings) if source is None else None
    found = found or _listed(study, sources, wave, where, source, place, findings)
    findings.raise_errors()
    _check_invited(found, wave, place, findings)
    _check_answers(found, wave, answers, place, findings)
    findings.raise_errors()
    return replace(found, remarks=tuple(findings.remarks))


def refuse_few(cases: Cases, few: Iterable[tuple[str, int]], file: str, *, listed: bool) -> None:
    """Raises AnswersError for (stratum, number), "" for everybody: cases that count as answered, are not among the
    answers, and are so few that their number must not be told."""
    findings = _findings(file, listed=listed)
    for stratum, number in few:
        place = _place(cases.wave)
        if stratum:
            place = say("{place}, stratum “{stratum}”", place=place, stratum=stratum)
        findings.error(
            place,
            say_n(
                "{n} case counts as answered (I, P) and is not among the answers; so small a number would be told by "
                "the difference between the two, which are both published; give it another disposition, such as R "
                "for a break-off that was not used, or add its answers",
                "{n} cases count as answered (I, P) and are not among the answers; so small a number would be told by "
                "the difference between the two, which are both published; give them another disposition, such as R "
                "for break-offs that were not used, or add their answers",
                number,
            ),
        )
    findings.raise_errors()


def _findings(file: str, *, listed: bool) -> Findings:
    """`listed`: in a file of cases; else they are counted in the study file, which is no data that could not fit it."""
    return Findings(file, "" if listed else say("{file}: the fieldwork’s numbers do not agree:", file=file))


def _place(wave: str) -> str:
    return say("fieldwork of wave “{wave}”", wave=wave)


def disposition_of(value: Value, codes: Mapping[str, Disposition], label: str = "") -> Disposition | None:
    """By the study's `codes`, where it has any; else by AAPOR's letters or numbers."""
    if codes:
        known = {canonical(code): disposition for code, disposition in codes.items()}
        return known.get(canonical(value)) or known.get(canonical(label))
    text = str(canonical(value)).strip().upper()
    if text in DISPOSITIONS:
        return Disposition(text)
    whole, point, decimals = text.partition(".")
    return _BY_NUMBER.get(f"{whole}{point}{decimals[:1]}") if decimals.isdigit() or not point else None


def _counted(wave: Wave, where: FieldworkSource, place: str, findings: Findings) -> Cases:
    """A row a case all the same, so that whatever comes after need not know where they are from."""
    listed = {stratum.id: position for position, stratum in enumerate(wave.strata)}
    dispositions: list[int] = []
    strata: list[int] = []
    for stratum, counts in where.counts.items():
        if stratum and stratum not in listed:
            findings.error(
                place,
                say(
                    "the stratum “{stratum}” is none of the wave’s ({strata})",
                    stratum=stratum[:80],
                    strata=", ".join(listed) or say("none"),
                ),
            )
        for disposition, count in counts.items():
            dispositions += [DISPOSITIONS.index(disposition)] * count
            strata += [listed.get(stratum, _NONE)] * count
    if not dispositions:
        findings.error(place, say("no case is counted; write dispositions = { I = 76, R = 12, NC = 52 }"))
    return Cases(
        wave=wave.id,
        n=len(dispositions),
        dispositions=np.array(dispositions, np.int8),
        strata=None if "" in where.counts else np.array(strata, np.int32),
    )


def _listed(
    study: Study,
    sources: Sources,
    wave: Wave,
    where: FieldworkSource,
    source: Source | None,
    place: str,
    findings: Findings,
) -> Cases:
    assert source is not None
    rows = np.arange(1, source.rows + 1, dtype=np.int64)
    if not source.rows:
        findings.error(place, say("the file holds no cases: it has columns but no rows"))
    names = {variable.name for variable in source.variables}
    _check_once(where, source, place, findings)
    strata = None
    if where.strata and not wave.strata:
        findings.error(place, say("the wave lists no strata; write how many of each were invited, or leave `strata`"))
    elif where.strata:
        strata, _ids = stratum_positions(where.strata, wave, source, rows, place, findings)
    return Cases(
        wave=wave.id,
        n=source.rows,
        dispositions=_dispositions(where, source, place, findings),
        strata=strata,
        backgrounds={
            background.id: bind_background(background, column, source, findings)
            for background in study.backgrounds
            if (column := sources.backgrounds.get(background.id, background.id)) in names
            and (not background.waves or wave.id in background.waves)
        },
    )


def _dispositions(where: FieldworkSource, source: Source, place: str, findings: Findings) -> NDArray[np.int8]:
    nothing = np.zeros(source.rows, np.int8)
    variable = find_variable(source, where.disposition, place, findings)
    if variable is None:
        return nothing
    labels = {canonical(value): label for value, label in variable.labels.items()}
    table = np.full(len(variable.values) + 1, _NONE, np.int8)
    blank = np.array([is_blank(value) for value in variable.values] + [True])
    for index, value in enumerate(variable.values):
        found = disposition_of(value, where.codes, labels.get(canonical(value), ""))
        if found is not None:
            table[index] = DISPOSITIONS.index(found)
    counts = value_counts(variable)
    unknown = np.flatnonzero((table[:-1] == _NONE) & ~blank[:-1] & (counts[:-1] > 0)).tolist()
    if unknown:
        findings.error(place, _unknown(variable, unknown, counts, bool(where.codes)))
    absent: NDArray[np.bool_] = blank[variable.codes]
    if absent.any():
        findings.error(
            place,
            say(
                "the disposition (column “{name}”) is missing for {rows}; a case of which nothing is known has {code}",
                name=variable.name,
                rows=_numbered(absent),
                code=say("a code that stands for UO in `codes`") if where.codes else "3.20",
            ),
        )
    found_all: NDArray[np.int8] = table[variable.codes]
    return np.maximum(found_all, 0).astype(np.int8)


def _numbered(rows: NDArray[np.bool_]) -> str:
    """Cases by their place in the file, from 1: what they are called there stays there."""
    numbers = (np.flatnonzero(rows) + 1).tolist()
    shown = ", ".join(map(str, numbers[:SHOWN_ROWS])) + (" …" if len(numbers) > SHOWN_ROWS else "")
    return say_n("the case number {numbers}", "the cases number {numbers}", len(numbers), numbers=shown)


def _unknown(variable: Variable, unknown: list[int], counts: NDArray[np.int64], mapped: bool) -> str:
    codes = codes_in_words(variable, unknown, counts)
    if mapped:
        return say(
            "the column “{name}” has {codes} that `codes` does not list; add what each stands for, "
            'such as "5" = "R" (there are {letters})',
            name=variable.name,
            codes=codes,
            letters=dispositions_in_words(),
        )
    return say(
        "the column “{name}” has {codes}, which AAPOR does not have; say in `codes` what each stands for, "
        'such as codes = {{ "5" = "R" }} (there are {letters})',
        name=variable.name,
        codes=codes,
        letters=dispositions_in_words(),
    )


def _check_once(where: FieldworkSource, source: Source, place: str, findings: Findings) -> None:
    variable = find_variable(source, where.case, place, findings) if where.case else None
    if variable is None:
        return
    several = value_counts(variable) > 1
    several[-1] = False
    twice: NDArray[np.bool_] = several[variable.codes]
    if twice.any():
        findings.error(
            place,
            say(
                "the same case (column “{name}”) stands more than once: {rows}; keep its final disposition alone",
                name=where.case,
                rows=_numbered(twice),
            ),
        )


def _check_invited(cases: Cases, wave: Wave, place: str, findings: Findings) -> None:
    if wave.invited is not None and cases.n != wave.invited:
        findings.error(
            place,
            say(
                "there are {cases} cases, but {invited} were invited; every invited unit is a case, whatever came of "
                "it; correct one of them",
                cases=cases.n,
                invited=wave.invited,
            ),
        )
    if cases.strata is None:
        return
    sizes = np.bincount(cases.strata, minlength=len(wave.strata))
    for stratum, size in zip(wave.strata, sizes.tolist(), strict=True):
        if stratum.invited is not None and size != stratum.invited:
            findings.error(
                place,
                say(
                    "the stratum “{stratum}” has {cases} cases, but {invited} were invited; correct one of them",
                    stratum=stratum.id,
                    cases=size,
                    invited=stratum.invited,
                ),
            )


def _check_answers(cases: Cases, wave: Wave, answers: Answers, place: str, findings: Findings) -> None:
    """Whoever is in the answers has a case that ended in an answer."""
    ended = np.isin(cases.dispositions, [DISPOSITIONS.index(each) for each in ANSWERED])
    completes = int(ended.sum())
    if answers.n > completes:
        findings.error(
            place,
            say(
                "there are answers of {who}, but only {completes} cases are complete or partial (I, P); correct the "
                "dispositions, or leave out answers that do not count",
                who=counted(answers.n),
                completes=completes,
            ),
        )
    elif answers.n < completes:
        findings.remark(
            place,
            say("more cases are complete or partial (I, P) than there are answers; the report counts the cases"),
        )
    if cases.strata is None or answers.strata is None or not wave.strata:
        return
    of_cases = np.bincount(cases.strata[ended], minlength=len(wave.strata))
    of_answers = np.bincount(answers.strata, minlength=len(wave.strata))
    for position, stratum in enumerate(wave.strata):
        if of_answers[position] > of_cases[position]:
            findings.error(
                place,
                say(
                    "the stratum “{stratum}” has answers of {who}, but only {completes} complete or partial cases",
                    stratum=stratum.id,
                    who=counted(int(of_answers[position])),
                    completes=int(of_cases[position]),
                ),
            )
