"""From a study file and its answers to an edition, in memory. The one way that leads through the protection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from saklig.answers.binding import bind
from saklig.answers.model import Answers, Source
from saklig.answers.readers import read, suffix_of
from saklig.compilation.recording import recorded
from saklig.compilation.remembering import recall, remember
from saklig.compilation.unused import unused_columns
from saklig.design.drawn import design_of
from saklig.design.model import Design, DesignError
from saklig.disclosure.earlier import Earlier
from saklig.disclosure.policy import policy_of
from saklig.disclosure.protect import Protected, protect
from saklig.edition.edition import Edition
from saklig.edition.publication import Correction, Publication, Response
from saklig.edition.writing import make_edition
from saklig.language.catalog import say
from saklig.study.file import read_study, where_in
from saklig.study.model import Study, StudyError
from saklig.study.problems import Problem
from saklig.study.sources import Sources
from saklig.study.texts import missing_translations

Progress = Callable[[str, int, int], None]
"""Called with the stage ("answers", "protection"), what is done of it and how much there is."""


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A study and its answers, read and understood, wave by wave.

    `found`: what the readers had to guess, in words. `unused`: file → columns that the study says nothing of.
    """

    study: Study
    sources: Sources
    waves: tuple[tuple[Answers, Design], ...]
    found: tuple[str, ...] = ()
    unused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def beside(self) -> Path:
        """The folder of the answers, where what must not be published is kept."""
        return self.sources.waves[0].answers.parent

    @property
    def remarks(self) -> tuple[str, ...]:
        """What did not fit and was let through, each once."""
        return tuple(dict.fromkeys(remark for answers, _ in self.waves for remark in answers.remarks))


def read_and_bind(study_path: Path, progress: Progress = silent) -> Bound:
    """Raises StudyError, AnswersError or DesignError, each naming file and place."""
    study, sources = _study(study_path)
    files: dict[Path, Source] = {}
    waves = []
    for done, wave in enumerate(study.waves):
        progress("answers", done, len(study.waves))
        where = next(source for source in sources.waves if source.wave == wave.id)
        if where.answers not in files:
            files[where.answers] = read(where.answers)
        answers = bind(study, sources, wave.id, files[where.answers])
        waves.append((answers, _design(study, answers, where.answers.name)))
    progress("answers", len(study.waves), len(study.waves))
    _check_policy(study, max(answers.n for answers, _ in waves), study_path)
    found = tuple(f"{source.path.name}: {words}" for source in files.values() for words in source.found)
    return Bound(study=study, sources=sources, waves=tuple(waves), found=found, unused=unused_columns(sources, files))


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


def _design(study: Study, answers: Answers, file: str) -> Design:
    """The rooms below know waves and strata, not files."""
    try:
        return design_of(study, answers)
    except DesignError as error:
        raise DesignError(say("{file} does not fit the study:\n  - {error}", file=file, error=error)) from None


def _check_policy(study: Study, respondents: int, path: Path) -> None:
    """Before anything is written, and for `check` too."""
    try:
        policy_of(study, respondents)
    except StudyError as error:
        key = re.match(r"\[disclosure\] (\w+)", str(error))
        where = where_in(path, Problem(("disclosure",), "", key[1] if key else ""))
        raise StudyError(f"{where}: {error}", error.problems) from None


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """An edition, and what must stay with the answers: what it was made of."""

    edition: Edition
    protected: Protected


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
) -> Compiled:
    """As `compile_edition`, of answers that were read; `earlier`: the editions published before, in their order."""
    protected = protect(
        bound.study,
        bound.waves,
        progress=lambda done, total: progress("protection", done, total),
        remembered=recall(bound.beside, bound.study.id) if remembered else None,
        earlier=earlier,
    )
    if remembered and protected.pattern.audited:
        remember(protected.pattern, bound.beside, bound.study.id)
    publication = _publication(bound, protected, draft, corrects)
    return Compiled(edition=make_edition(protected.study, publication, protected.facts), protected=protected)


def _publication(bound: Bound, protected: Protected, draft: bool, corrects: Correction | None) -> Publication:
    return Publication(
        responses=tuple(_response(answers, design) for answers, design in bound.waves),
        protection=protected.protection,
        draft=draft,
        corrects=corrects,
        missing_translations=missing_translations(protected.study),
    )


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
    )
