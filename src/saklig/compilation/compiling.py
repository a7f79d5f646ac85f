"""From a study file and its answers to an edition, in memory. The one way that leads through the protection."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from saklig.answers.binding import bind
from saklig.answers.cases import Cases, bind_cases, refuse_few
from saklig.answers.comparing import breaks_in_files, check_files, check_independence, remarks_on_waves
from saklig.answers.model import Answers, Source
from saklig.answers.readers import read, suffix_of
from saklig.compilation.correlating import correlations
from saklig.compilation.panels import wave_correlations
from saklig.compilation.recording import recorded
from saklig.compilation.remembering import recall, remember
from saklig.compilation.sampling import sampling_of
from saklig.compilation.unused import unused_columns
from saklig.compilation.weighing import Weighed, weigh
from saklig.design.drawn import design_of
from saklig.design.model import Design, DesignError
from saklig.design.overlap import samples_of
from saklig.design.unused import remarks_on_design
from saklig.disclosure.earlier import Earlier
from saklig.disclosure.evidence import wave_view
from saklig.disclosure.fieldwork import protect_fieldwork
from saklig.disclosure.fieldwork_answers import few_beside_answers
from saklig.disclosure.folding import positions
from saklig.disclosure.policy import Policy, policy_of
from saklig.disclosure.protect import Protected, protect
from saklig.disclosure.weights import weighting_report
from saklig.edition.edition import Edition
from saklig.edition.fieldwork import FieldworkReport
from saklig.edition.publication import Correction, Publication, Response, WavePair
from saklig.edition.trends import with_changes
from saklig.edition.weighting import WeightingReport
from saklig.edition.writing import make_edition
from saklig.language.catalog import say
from saklig.study.breaks import Break
from saklig.study.file import read_study, where_in
from saklig.study.model import Sample, Study, StudyError
from saklig.study.problems import Problem
from saklig.study.shared_columns import known_with_their_backgrounds
from saklig.study.sources import Sources
from saklig.study.texts import missing_translations

Progress = Callable[[str, int, int], None]
"""Called with the stage ("answers", "protection"), what is done of it and how much there is."""


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A study and its answers, read and understood, wave by wave.

    `weighed`: wave → how its weights were made, where they were. `breaks`: what the files of the waves list
    differently. `found`: what the readers had to guess, in words. `unused`: file → columns that the study says nothing
    of.
    `cases`: of the waves whose fieldwork is reported.
    """

    study: Study
    sources: Sources
    waves: tuple[tuple[Answers, Design], ...]
    weighed: Mapping[str, Weighed] = field(default_factory=dict)
    breaks: tuple[Break, ...] = ()
    found: tuple[str, ...] = ()
    unused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cases: tuple[Cases, ...] = ()

    @property
    def beside(self) -> Path:
        """The folder of the answers, where what must not be published is kept."""
        return self.sources.waves[0].answers.parent

    @property
    def remarks(self) -> tuple[str, ...]:
        """What did not fit and was let through, each once."""
        of_answers = [answers.remarks for answers, _ in self.waves] + [cases.remarks for cases in self.cases]
        of_waves = remarks_on_waves(self.study, [answers for answers, _ in self.waves])
        of_designs = [remarks_on_design(self.study, answers, design) for answers, design in self.waves]
        answered = (each for remarks in of_answers + of_designs for each in remarks)
        return tuple(dict.fromkeys((*answered, *of_waves, *self._remarks_on_known())))

    def _remarks_on_known(self) -> Iterator[str]:
        if self.study.disclosure.policy == "public":
            return
        for question, column in known_with_their_backgrounds(self.sources):
            yield say(
                "question “{question}”: its column “{column}” gives a background or the strata too, which readers are "
                "taken to know; its answers are published without protection. Keep one of the two if they must stay "
                "secret",
                question=question,
                column=column,
            )


def read_and_bind(
    study_path: Path, progress: Progress = silent, before: Callable[[Study, Sources], None] | None = None
) -> Bound:
    """Raises StudyError, AnswersError or DesignError, each naming file and place. `before`: looks at the study before
    any answers are read, and may raise what it wants."""
    study, sources = _study(study_path)
    if before is not None:
        before(study, sources)
    check_files(sources)
    files: dict[Path, Source] = {}
    waves = []
    weighed: dict[str, Weighed] = {}
    for done, wave in enumerate(study.waves):
        progress("answers", done, len(study.waves))
        where = next(source for source in sources.waves if source.wave == wave.id)
        if where.answers not in files:
            files[where.answers] = read(where.answers)
        answers = bind(study, sources, wave.id, files[where.answers])
        found = weigh(study, sources, answers)
        if found is not None:
            weighed[wave.id] = found
            answers = replace(answers, weights=found.made.weights, weighted=True, quantities={})
        waves.append((answers, _design(study, answers, where.answers.name, found)))
    progress("answers", len(study.waves), len(study.waves))
    check_independence(study, [answers for answers, _ in waves], study_path.name)
    policy = _checked_policy(study, max(answers.n for answers, _ in waves), study_path)
    cases = tuple(_cases(study, sources, [answers for answers, _ in waves], policy, study_path))
    by_wave = {source.wave: files[source.answers] for source in sources.waves}
    guessed = tuple(f"{source.path.name}: {words}" for source in files.values() for words in source.found)
    return Bound(
        study=study,
        sources=sources,
        waves=tuple(waves),
        weighed=weighed,
        breaks=breaks_in_files(study, sources, by_wave),
        found=guessed,
        unused=unused_columns(sources, files),
        cases=cases,
    )


def _cases(study: Study, sources: Sources, waves: Sequence[Answers], policy: Policy, path: Path) -> Iterator[Cases]:
    """Of the waves that have a file of cases, or counts of them in the study file."""
    for answers in waves:
        where = next(source.fieldwork for source in sources.waves if source.wave == answers.wave)
        if where is not None:
            source = read(where.cases) if where.cases else None
            file = (where.cases or path).name
            cases = bind_cases(study, sources, answers, source, file)
            few = few_beside_answers(cases, answers, study, policy)
            refuse_few(cases, few, file, listed=source is not None)
            yield cases


def _study(path: Path) -> tuple[Study, Sources]:
    try:
        return read_study(path)
    except StudyError:
        if path.is_file() and suffix_of(path):
            raise StudyError(
                say(
                    "{file}: this is a data file, and a study file is wanted; draft one from it: saklig init {file}",
                    file=path,
                )
            ) from None
        raise


def _design(study: Study, answers: Answers, file: str, weighed: Weighed | None) -> Design:
    """The rooms below know waves and strata, not files."""
    try:
        return design_of(study, answers, weighed.made.adjustment if weighed else None)
    except DesignError as error:
        raise DesignError(say("{file} does not fit the study:\n  - {error}", file=file, error=error)) from None


def _checked_policy(study: Study, respondents: int, path: Path) -> Policy:
    """Before anything is written, and for `check` too."""
    try:
        return policy_of(study, respondents)
    except StudyError as error:
        key = re.match(r"\[disclosure\] (\w+)", str(error))
        where = where_in(path, Problem(("disclosure",), "", key[1] if key else ""))
        raise StudyError(f"{where}: {error}", error.problems) from None


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """An edition, and what must stay with the answers: what it was made of."""

    edition: Edition
    protected: Protected

    def as_earlier(self) -> Earlier:
        """What later editions are audited together with, once this one is published."""
        return replace(self.protected.as_earlier(self.edition.short_id), fieldwork=self.edition.publication.fieldwork)


def compile_edition(
    study_path: Path,
    *,
    draft: bool = False,
    corrects: Correction | None = None,
    progress: Progress = silent,
    remembered: bool = True,
    audited_with: Sequence[str] = (),
) -> Edition:
    """The edition that a study and its answers give; nothing is written but what the audit found, for the next time.

    `remembered`: False makes the audit anew and keeps nothing. `audited_with`: the editions published before, by the
    first 16 characters of their ids. Raises StudyError, AnswersError, DesignError, or RecordError where what an earlier
    edition was made of is not beside the answers.
    """
    bound = read_and_bind(study_path, progress)
    earlier = [recorded(bound.beside, bound.study.id, edition) for edition in audited_with]
    compiled = compile_bound(
        bound, draft=draft, corrects=corrects, progress=progress, remembered=remembered, earlier=earlier
    )
    return compiled.edition


def compile_bound(
    bound: Bound,
    *,
    draft: bool = False,
    corrects: Correction | None = None,
    progress: Progress = silent,
    remembered: bool = True,
    earlier: Sequence[Earlier] = (),
    engine: str = "memory",
) -> Compiled:
    """As `compile_edition`, of answers that were read; `earlier`: the editions published before, in their order."""
    protected = protect(
        bound.study,
        bound.waves,
        progress=lambda done, total: progress("protection", done, total),
        remembered=recall(bound.beside, bound.study.id) if remembered else None,
        earlier=earlier,
        engine=engine,
    )
    if remembered and protected.pattern.audited:
        remember(protected.pattern, bound.beside, bound.study.id)
    publication = _publication(bound, protected, draft, corrects, earlier)
    facts = with_changes(protected.facts, protected.study, publication)
    return Compiled(edition=make_edition(protected.study, publication, facts), protected=protected)


def _publication(
    bound: Bound, protected: Protected, draft: bool, corrects: Correction | None, earlier: Sequence[Earlier]
) -> Publication:
    earlier = earlier if protected.policy.participation != "public" else ()
    fieldwork = tuple(_fieldwork(each, bound.study, protected, earlier) for each in bound.cases)
    pairs = tuple(_pairs(bound))
    return Publication(
        responses=tuple(_response(answers, design) for answers, design in bound.waves),
        protection=replace(protected.protection, audited_with=_audited_with(protected, fieldwork, earlier)),
        draft=draft,
        corrects=corrects,
        missing_translations=missing_translations(protected.study),
        fieldwork=fieldwork,
        breaks=bound.breaks,
        pairs=pairs,
        weightings=tuple(_weightings(bound, protected)),
        correlations=(*protected.correlations, *correlations(protected)),
        wave_correlations=tuple(wave_correlations(protected, pairs)),
    )


def _weightings(bound: Bound, protected: Protected) -> Iterator[WeightingReport]:
    for (given, _), (answers, design) in zip(bound.waves, protected.waves, strict=True):
        if (found := bound.weighed.get(answers.wave)) is not None:
            view = wave_view(protected.study, answers, design)
            yield weighting_report(
                found.targets, found.made, found.based, given, view, protected.pattern, protected.policy
            )


def _audited_with(
    protected: Protected, fieldwork: tuple[FieldworkReport, ...], earlier: Sequence[Earlier]
) -> tuple[str, ...]:
    """As the protection of the facts has it, unless the fieldwork report is another than that of the same facts."""
    same = [each for each in earlier if each.pattern.says_the_same(protected.pattern)]
    if not same or same[0].fieldwork == fieldwork:
        return protected.protection.audited_with
    again = next((each.audited_with for each in same if each.fieldwork == fieldwork), None)
    return tuple(each.edition for each in earlier) if again is None else again


def _fieldwork(cases: Cases, study: Study, protected: Protected, earlier: Sequence[Earlier]) -> FieldworkReport:
    """The report with the groups that are published."""
    folded = protected.protection.folded
    groups = {
        name: np.array([*positions(study.background(name), folded), -1], np.int16)[codes]
        for name, codes in cases.backgrounds.items()
    }
    before = [report for each in earlier for report in each.fieldwork if report.wave == cases.wave]
    published = replace(cases, backgrounds=groups)
    answers = next(each for each, _ in protected.waves if each.wave == cases.wave)
    return protect_fieldwork(published, answers, protected.study, protected.facts, protected.policy, before)


def _pairs(bound: Bound) -> Iterator[WavePair]:
    """Each wave with the next, and the first with the last."""
    answers = [each for each, _ in bound.waves]
    compared = [*pairwise(answers), *([(answers[0], answers[-1])] if len(answers) > 2 else [])]
    if bound.study.sample is not Sample.SELF_SELECTED:
        for one, other in compared:
            yield WavePair(wave=one.wave, wave2=other.wave, samples=samples_of(bound.study, one, other))


def _response(answers: Answers, design: Design) -> Response:
    by_stratum = {}
    if answers.strata is not None:
        counts = np.bincount(answers.strata, minlength=len(answers.stratum_ids))
        by_stratum = {name: int(count) for name, count in zip(answers.stratum_ids, counts, strict=True)}
    return Response(
        wave=answers.wave,
        respondents=answers.n,
        by_stratum=by_stratum,
        weighted=answers.weighted,
        clustered=answers.clusters is not None,
        replicates=0 if design.replicates is None else len(design.replicates.rscales),
        sampling=sampling_of(design),
    )
