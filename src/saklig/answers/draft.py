"""A study drafted from what a data file says, so that it publishes as it stands.

What the file cannot say is written as a comment where a person will look for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from saklig.answers.drafting.backgrounds import Candidate, likely_backgrounds
from saklig.answers.drafting.blocks import Block, background_comments, blocks_of_run, delimited_block, text_of
from saklig.answers.drafting.coding import Habits
from saklig.answers.drafting.delimited import delimited_codes
from saklig.answers.drafting.hinted import hinted_blocks, set_blocks
from saklig.answers.drafting.identifying import OWN_WORDS, identifying, is_written, says_nothing, unwritable
from saklig.answers.drafting.naming import Ids, clean
from saklig.answers.drafting.runs import runs
from saklig.answers.drafting.sampling import DesignColumns, design_columns
from saklig.answers.drafting.words import Meaning, language_of, meaning_of
from saklig.answers.lookup import value_counts
from saklig.answers.model import AnswersError, Source, Variable
from saklig.language.catalog import N_, say
from saklig.language.text import Text
from saklig.study.address import suggest_id
from saklig.study.file import study_to_toml
from saklig.study.model import CodeList, Kind, Question, Role, Sample, Section, Study, Wave
from saklig.study.sources import QuestionSource, Sources, WaveSource

SECTION_TITLES = {"sv": "Frågor", "en": "Questions"}
UNKNOWN_LANGUAGE = "und"
TOO_LONG = N_("a classification with many codes or with codes that the file does not label")


@dataclass(frozen=True)
class Draft:
    """`comments`: place → words, as `study_to_toml` takes them. `left_out`: column → why."""

    study: Study
    sources: Sources
    comments: Mapping[str, str]
    left_out: Mapping[str, str]

    @property
    def toml(self) -> str:
        return study_to_toml(self.study, self.sources, self.comments)


def draft_study(path: Path, answers: Path | None = None) -> Draft:
    """The draft of a data file. `answers`: how the study file names it (default: its name in the same folder).

    Raises AnswersError where the file cannot be read or holds no question.
    """
    from saklig.answers.readers import read

    return draft(read(path), answers or Path(path.name))


def draft(source: Source, answers: Path | None = None) -> Draft:
    """Raises AnswersError where the file has no rows, or nothing in it can be published."""
    if not source.rows:
        raise AnswersError(_without_answers(source))
    habits = _habits(source)
    source = _in_language(source, habits.language)
    design = design_columns(source)
    left_out = _left_out(source, design)
    blocks, unpublishable = _blocks(source, habits, design, left_out)
    left_out |= unpublishable
    if not blocks:
        raise AnswersError(
            say("{file}: no column looks like a question with coded answers", file=source.path.name)
            + "".join("; " + say("“{column}”: {why}", column=name, why=why) for name, why in list(left_out.items())[:5])
        )
    return _assembled(source, habits, design, left_out, blocks, answers or Path(source.path.name))


def _without_answers(source: Source) -> str:
    file = source.path.name
    if source.path.suffix.lower() == ".lss":
        return say(
            "{file} holds the questionnaire and no answers. Export the answers as CSV with question codes as headings, "
            "and put them in the same folder, as {answers}",
            file=file,
            answers=f"{source.path.stem}.csv",
        )
    return say("{file} holds no answers: it has columns but no rows", file=file)


def _habits(source: Source) -> Habits:
    texts = [variable.label or variable.name for variable in source.variables]
    texts += [label for variable in source.variables for label in variable.labels.values()]
    texts += [words for hint in source.hints for _, words in hint.text.words]
    told = [language for hint in source.hints for language in hint.text.languages if language != UNKNOWN_LANGUAGE]
    language = source.language or next(iter(told), "") or language_of(texts)
    return Habits(language=language, tells_no_answer=any(map(_tells_no_answer, source.variables)))


def _tells_no_answer(variable: Variable) -> bool:
    """Whether a text column has a value of its own for who did not answer: "No answer" beside "NA"."""
    return any(
        isinstance(value, str) and len(value) > 3 and meaning_of(value) is Meaning.NO_ANSWER
        for value in variable.values
    )


def _in_language(source: Source, language: str) -> Source:
    """Texts whose language the file does not tell are in that of the study."""

    def told(text: Text) -> Text:
        return Text(tuple((language if tag == UNKNOWN_LANGUAGE else tag, clean(words)) for tag, words in text.words))

    hints = tuple(
        replace(
            hint,
            text=told(hint.text),
            instruction=told(hint.instruction) if hint.instruction else None,
            item_texts={name: told(text) for name, text in hint.item_texts.items()},
            category_texts={value: told(text) for value, text in hint.category_texts.items()},
        )
        for hint in source.hints
    )
    return replace(source, hints=hints)


def _left_out(source: Source, design: DesignColumns) -> dict[str, str]:
    found = {name: say(why) for name, why in design.left_out}
    described = [*(declared.variables for declared in source.sets), *(hint.variables for hint in source.hints)]
    options = {name for names in described if len(names) > 1 for name in names}
    written = {name for hint in source.hints if hint.kind == Kind.OPEN for name in hint.variables}
    for variable in source.variables:
        if variable.name in found or variable.name in design.used:
            continue
        why = unwritable(variable) or ("" if variable.name in options else says_nothing(variable))
        if not why and variable.name not in options:
            open_answers = variable.name in written and not variable.labels
            why = OWN_WORDS if open_answers or is_written(variable) else ""
        if not why and not delimited_codes(variable):
            why = identifying(variable)
        if why:
            found[variable.name] = say(why)
    return found


def _blocks(
    source: Source, habits: Habits, design: DesignColumns, left_out: Mapping[str, str]
) -> tuple[list[Block], dict[str, str]]:
    """The questions in the order of the file, and the columns that turned out to hold none."""
    order = {variable.name: place for place, variable in enumerate(source.variables)}
    used = {*design.used, *left_out}
    free = {variable.name: variable for variable in source.variables if variable.name not in used}
    blocks = [*hinted_blocks(source, free, habits), *set_blocks(source, free, habits)]
    for block in blocks:
        for variable in block.variables:
            free.pop(variable.name, None)
    for variable in list(free.values()):
        if (found := delimited_codes(variable)) and not (variable.labels and variable.measure):
            blocks.append(delimited_block(variable, *found, habits))
            del free[variable.name]
    for run in runs(list(free.values()), order):
        blocks += blocks_of_run(run, habits)
    published = {variable.name for block in blocks for variable in block.variables}
    unpublishable = {name: say(TOO_LONG) for name in free if name not in published}
    blocks.sort(key=lambda block: order[block.variables[0].name])
    return blocks, unpublishable


def _assembled(
    source: Source,
    habits: Habits,
    design: DesignColumns,
    left_out: Mapping[str, str],
    blocks: Sequence[Block],
    answers: Path,
) -> Draft:
    backgrounds = likely_backgrounds(
        [
            Candidate(block.variables[0], block.coding, block.question.label)
            for block in blocks
            if block.coding is not None and len(block.variables) == 1
        ],
        lambda words: text_of(words, habits),
    )
    broken_down_by = {name: background.id for background, name in backgrounds}
    of_backgrounds = {
        f"background {broken_down_by[block.variables[0].name]}": "\n".join(told)
        for block in blocks
        if block.variables[0].name in broken_down_by and (told := background_comments(block))
    }
    blocks = [block for block in blocks if block.variables[0].name not in broken_down_by] or blocks
    identified = _with_ids(blocks)
    lists = _shared_lists([question for question, _ in identified])
    questions = [replace(question, codes=lists.get(question.id, question.codes)) for question, _ in identified]
    sections = _sections(questions, [block.section for block in blocks], habits)
    wave = _wave_id(source)
    stem = source.path.name.partition(".dat.")[0] if source.path.suffix == ".gz" else source.path.stem
    title = clean(source.title) or clean(stem) or "–"
    languages = dict.fromkeys([habits.language, *(tag for hint in source.hints for tag in hint.text.languages)])
    study = Study(
        id=suggest_id(stem),
        title=text_of(title, habits),
        languages=tuple(languages),
        sections=sections,
        waves=(Wave(id=wave, label=text_of(wave, habits)),),
        sample=Sample.PROBABILITY if design.strata or design.cluster else Sample.SELF_SELECTED,
        backgrounds=tuple(background for background, _ in backgrounds),
    )
    sources = Sources(
        waves=(
            WaveSource(
                wave=wave,
                answers=answers,
                weight=design.weight,
                strata=design.strata,
                cluster=(design.cluster,) if design.cluster else (),
            ),
        ),
        questions=_question_sources(identified),
        backgrounds={background.id: name for background, name in backgrounds},
        withheld_variables=tuple(dict.fromkeys(clean(name) or "–" for name in left_out)),
    )
    comments = of_backgrounds | _comments(source, study, design, left_out, blocks, questions)
    return Draft(study, sources, comments, dict(left_out))


_Identified = list[tuple[Question, Block]]


def _with_ids(blocks: Sequence[Block]) -> _Identified:
    ids = Ids()
    return [
        (replace(block.question, id=ids.new(block.name or f"q{number}")), block)
        for number, block in enumerate(blocks, start=1)
    ]


def _question_sources(identified: _Identified) -> dict[tuple[str, str], QuestionSource]:
    return {(question.id, item): where for question, block in identified for item, where in block.sources.items()}


def _shared_lists(questions: Sequence[Question]) -> dict[str, CodeList]:
    """question id → its code list: one with a name of its own where several questions share it, else with theirs."""
    users: dict[tuple[object, ...], list[Question]] = {}
    for question in questions:
        if question.codes is not None:
            by_column = question.kind in (Kind.MULTIPLE, Kind.RANKING)
            key = (question.codes.categories, question.codes.ends_labelled, question.id if by_column else "")
            users.setdefault(key, []).append(question)
    ids = Ids(question.id for question in questions)
    found: dict[str, CodeList] = {}
    for shared in users.values():
        codes = shared[0].codes
        if codes is None:
            continue
        identity = shared[0].id if len(shared) == 1 else ids.new(_list_name(codes))
        found |= {question.id: replace(codes, id=identity) for question in shared}
    return found


def _list_name(codes: CodeList) -> str:
    """The first and the last answer: `agree-disagree`."""
    answers = [category for category in codes.categories if category.role is Role.ANSWER] or codes.categories
    words = [category.label.words[0][1] for category in answers]
    ends = [suggest_id(word)[:28].strip("-_") for word in (words[0], words[-1])]
    return "-".join(dict.fromkeys(ends)) or "codes"


def _sections(questions: Sequence[Question], names: Sequence[str], habits: Habits) -> tuple[Section, ...]:
    usual = SECTION_TITLES.get(habits.language, SECTION_TITLES["en"])
    found: list[tuple[str, list[Question]]] = []
    for question, name in zip(questions, names, strict=True):
        if not found or (name and name != found[-1][0]):
            found.append((name, []))
        found[-1][1].append(question)
    return tuple(
        Section(id=str(number), title=text_of(clean(name) or usual, habits), questions=tuple(members))
        for number, (name, members) in enumerate(found, start=1)
    )


_YEAR = re.compile(r"year|år|ar|wave|omgång|omgang", re.IGNORECASE)


def _wave_id(source: Source) -> str:
    """The year that a column holds for everyone, else 1: never the clock's."""
    for variable in source.variables:
        given = [value for value, count in zip(variable.values, value_counts(variable), strict=False) if count]
        if _YEAR.fullmatch(variable.name.strip()) and len(given) == 1 and isinstance(given[0], int):
            return suggest_id(str(given[0]))
    return "1"


ROUNDS = N_(
    "If this tells the round of the survey, write a [[wave]] for each round, with `where`, and remove the question."
)


def _may_be_rounds(block: Block) -> bool:
    variable = block.variables[0]
    several = len([count for count in value_counts(variable)[:-1] if count]) > 1
    return len(block.variables) == 1 and several and _YEAR.fullmatch(variable.name.strip()) is not None


def _comments(
    source: Source,
    study: Study,
    design: DesignColumns,
    left_out: Mapping[str, str],
    blocks: Sequence[Block],
    questions: Sequence[Question],
) -> dict[str, str]:
    file = clean(source.path.name)
    top = [
        say("Drafted from {file} ({found}).", file=file, found="; ".join(source.found))
        if source.found
        else say("Drafted from {file}.", file=file),
        say("It publishes as it stands. Read it through: wordings, order, missing categories, routing, backgrounds."),
    ]
    if study.sample is Sample.SELF_SELECTED:
        top.append(
            say(
                "The file does not tell how the sample was drawn, so no margin of error is published. "
                "Say that `sample` is “probability” (or “recruited-panel”, “census”) if it was drawn."
            )
        )
    comments = {"": "\n".join(top)}
    if left_out:
        comments["left_out"] = "\n".join(
            (say("Left out, and why:"), *(f"{clean(name)}: {why}" for name, why in left_out.items()))
        )
    taken = [
        say(words, column=clean(column))
        for words, column in (
            (N_("“{column}” is taken for the weight."), design.weight),
            (N_("“{column}” is taken for the strata."), design.strata),
            (N_("“{column}” is taken for the clusters."), design.cluster),
        )
        if column
    ]
    if design.weight and design.other_weights:
        taken.append(
            say(
                "Other columns look like weights: {columns}. Take the one that the survey’s documentation names.",
                columns=", ".join(map(clean, design.other_weights)),
            )
        )
    if design.replicates:
        taken.append(design.replicates.remark())
    if taken:
        comments[f"wave {study.waves[0].id}"] = "\n".join(taken)
    for block, question in zip(blocks, questions, strict=True):
        told = [*block.comments, *([say(ROUNDS)] if _may_be_rounds(block) else [])]
        if told:
            comments[f"question {question.id}"] = "\n".join(told)
    return comments
