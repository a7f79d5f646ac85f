"""Why a line over waves is broken, in words."""

from __future__ import annotations

from collections.abc import Iterator

from saklig.language.catalog import translator
from saklig.language.text import Text
from saklig.study.breaks import Break, Cause, changes_between
from saklig.study.model import Question, Study

Said = tuple[str, str]
"""A sentence, and its language where that is not the reader's."""


def reasons(study: Study, each: Break, language: str) -> tuple[Said, ...]:
    """A sentence or more: the study's own words where it has them."""
    question = study.question(each.question)
    if each.cause is Cause.CHANGE:
        return tuple(
            _own(change.note, language) for change in changes_between(study, question, each.earlier, each.wave)
        )
    if each.cause is Cause.WAVE:
        order = [wave.id for wave in study.waves]
        passed = study.waves[order.index(each.earlier) + 1 : order.index(each.wave) + 1]
        return tuple(_own(wave.change.note, language) for wave in passed if wave.change)
    return tuple((words, "") for words in _found(study, question, each, language))


def _own(text: Text, language: str) -> Said:
    words, found = text.best(language)
    return words, "" if found == language else found


def _found(study: Study, question: Question, each: Break, language: str) -> Iterator[str]:
    _ = translator(language)
    earlier, wave = (study.wave(name) for name in (each.earlier, each.wave))
    waves = {"earlier": earlier.label.best(language)[0], "wave": wave.label.best(language)[0]}
    match each.cause:
        case Cause.OPTIONS:
            yield from _options(question, each, language, waves["wave"])
        case Cause.SCALE:
            yield from _scale(question, each, language, waves)
        case Cause.ROUTING:
            router = study.question(each.router).label.best(language)[0]
            yield _("Who was asked it depends on “{question}”, which was changed.", question=router)
        case Cause.MODE:
            before, after = ((mode.best(language)[0] if mode else "") for mode in (earlier.mode, wave.mode))
            yield _(
                "The answers were collected in another way: {before} in {earlier}, {after} in {wave}.",
                before=before,
                after=after,
                **waves,
            )
        case Cause.LABELS:
            answers = _named(question, each.added, language)
            yield _(
                "The data files of {earlier} and {wave} word the same answers differently: {answers}.",
                answers=answers,
                **waves,
            )
        case Cause.CODES:
            answers = _named(question, each.added, language) or _("they are not the study’s")
            yield _(
                "The data files of {earlier} and {wave} do not list the same answers: {answers}.",
                answers=answers,
                **waves,
            )
        case Cause.ASKED:
            yield _("Everyone was asked in one of the waves {earlier} and {wave}, and not in the other.", **waves)
        case other:
            raise ValueError(f"there are no words for the cause {other}")


def _options(question: Question, each: Break, language: str, wave: str) -> Iterator[str]:
    _ = translator(language)
    if each.added:
        yield _.ngettext(
            "The answer {answers} was added in {wave}.",
            "The answers {answers} were added in {wave}.",
            len(each.added),
            answers=_named(question, each.added, language),
            wave=wave,
        )
    if each.removed:
        yield _.ngettext(
            "The answer {answers} was taken away in {wave}.",
            "The answers {answers} were taken away in {wave}.",
            len(each.removed),
            answers=_named(question, each.removed, language),
            wave=wave,
        )


def _scale(question: Question, each: Break, language: str, waves: dict[str, str]) -> Iterator[str]:
    points = [row for row in (question.codes.categories if question.codes else ()) if row.score is not None]
    before, after = (sum(not row.waves or wave in row.waves for row in points) for wave in (each.earlier, each.wave))
    if before == after:
        yield from _options(question, each, language, waves["wave"])
        return
    _ = translator(language)
    yield _(
        "The scale had {before} points in {earlier} and has {after} in {wave}.", before=before, after=after, **waves
    )


def _named(question: Question, names: tuple[str, ...], language: str) -> str:
    labels = {row.id: row.label.best(language)[0] for row in (question.codes.categories if question.codes else ())}
    return ", ".join(translator(language)("“{text}”", text=labels.get(name, name)) for name in names)
