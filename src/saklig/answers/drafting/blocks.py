"""One question of a draft, from the columns that hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from saklig.answers.drafting.coding import MANY_CODES, NOT_HERE, ROLES, Coding, Habits, coding_of
from saklig.answers.drafting.naming import Ids, clean, is_wording, name_stem, short
from saklig.answers.drafting.runs import Run
from saklig.answers.drafting.sets import (
    FEWEST_BARE,
    chosen_values,
    excluding,
    is_select_all,
    mentions,
    option_of,
    options_as_categories,
    ranking_places,
    repeats_a_code,
)
from saklig.answers.drafting.words import meaning_of
from saklig.answers.lookup import value_counts
from saklig.answers.matching import canonical, is_blank
from saklig.answers.model import Value, Variable
from saklig.language.catalog import N_, say
from saklig.language.text import Text
from saklig.study.model import Category, CodeList, Item, Kind, Question, Role
from saklig.study.sources import QuestionSource

UNLABELLED = {
    True: N_("The file does not say what the numbers mean; taken for numbers. If that is wrong, change `kind`."),
    False: N_("The file does not say what the numbers mean; taken for codes. If that is wrong, change `kind`."),
}
CLASSIFICATION = re.compile(r"\b(?:codes?|kod(?:er|en)?|isco|isic|nace|ssyk|sni)\b", re.IGNORECASE)
CLASSIFIED = re.compile(r"[a-z]{0,2}_?(?:isco?|isic|nace|ssyk|sni|soc|naics|occ|ind)_?\d{2,4}", re.IGNORECASE)
NO_WORDING = N_("The file does not hold the wording of the question: write it in `text`.")
GUESSED_ORDER = N_(
    "The file does not tell in which order the answers were shown: put them in the questionnaire’s order."
)
LIKELY_SET = N_("Taken for one question with several answers, since its columns hold an option each.")
LIKELY_GRID = N_("Taken for one grid, since the columns share their answers and the beginning of their wording.")
LIKELY_GRID_BY_NAME = N_("Taken for one grid, since the columns share their answers and the beginning of their names.")
APART = N_(
    "Taken for codes of a missing answer, since they lie far from the other numbers: {codes}. "
    "If they are numbers, remove them from `categories`."
)
LIKELY_MENTIONS = N_(
    "Taken for the first, second, … choice, since the columns share their codes and no row has one twice."
)
LIKELY_RANKED_CODES = N_("Taken for a ranking, since the columns are called places and no row has an answer twice.")
PLACE = re.compile(r"(?:rank(?:ing|ed)?|rang|plats|place|position|prioritet|priority)\W*\d+", re.IGNORECASE)
LIKELY_RANKING = N_("Taken for a ranking, since the columns hold the places 1, 2, 3 …, each once.")


@dataclass(frozen=True)
class Block:
    """A question without its id yet: `name` is what its id is made from, empty for its number in the questionnaire."""

    name: str
    question: Question
    sources: Mapping[str, QuestionSource]  # item id or "" → columns
    variables: tuple[Variable, ...]
    coding: Coding | None = None
    comments: tuple[str, ...] = ()
    section: str = ""


@dataclass(frozen=True)
class Told:
    """What a questionnaire says of a question, beside what its columns say."""

    text: Text | None = None
    instruction: Text | None = None
    items: Mapping[str, Text] = field(default_factory=dict)
    categories: Mapping[Value, Text] = field(default_factory=dict)


NOTHING_TOLD = Told()


def text_of(words: str, habits: Habits) -> Text:
    return Text.of({habits.language: words})


def _block(
    name: str, kind: Kind, text: Text, told: Told, sources: Mapping[str, QuestionSource], columns: Sequence[Variable]
) -> Block:
    label = Text.of({language: short(words) for language, words in text.words})
    question = Question(id="q", kind=kind, text=text, label=label, instruction=told.instruction)
    return Block(name, question, sources, tuple(columns))


def _name(variable: Variable) -> str:
    return "" if is_wording(variable.name) else variable.name


def single_block(variable: Variable, habits: Habits, told: Told = NOTHING_TOLD) -> Block | None:
    """A question in one column; None where it holds a classification, whose codes are too many or not labelled."""
    coding = coding_of(variable, habits, told.categories)
    if coding.numeric and (CLASSIFICATION.search(clean(variable.label)) or CLASSIFIED.fullmatch(variable.name)):
        return None
    if not coding.numeric and not 1 <= len(coding.answers) <= MANY_CODES:
        return None
    words = clean(variable.label) or clean(variable.name) or "–"
    kind = Kind.NUMERIC if coding.numeric else Kind.SCALE if coding.rating else Kind.SINGLE
    source = QuestionSource(variable=variable.name, not_asked=coding.not_asked)
    block = _block(_name(variable), kind, told.text or text_of(words, habits), told, {"": source}, [variable])
    comments = [] if told.text or clean(variable.label) or is_wording(variable.name) else [say(NO_WORDING)]
    if coding.guessed and len(coding.answers) > 1:
        comments.append(say(GUESSED_ORDER))
    numbers = coding.numeric or not any(isinstance(code, str) for code in coding.answer_codes)
    if numbers and not variable.labels and not told.categories:
        comments.append(say(UNLABELLED[coding.numeric]))
    if coding.apart:
        comments.append(say(APART, codes=", ".join(map(str, coding.apart))))
    codes = CodeList(id="codes", categories=coding.categories, ends_labelled=coding.ends_labelled)
    question = replace(block.question, codes=codes if coding.categories else None, mean=kind is Kind.SCALE)
    return replace(block, question=question, coding=coding, comments=tuple(comments))


NO_LABELS = N_("The file does not say what the codes mean: write it in `label`.")


def background_comments(block: Block) -> list[str]:
    """What is to be said of a question that results are broken down by."""
    if block.coding is None or block.coding.numeric:
        return []
    numbers = not any(isinstance(code, str) for code in block.coding.answer_codes)
    guessed = [say(GUESSED_ORDER)] if block.coding.guessed else []
    return [*guessed, *([say(NO_LABELS)] if numbers and not block.coding.labelled else [])]


def blocks_of_run(run: Run, habits: Habits) -> list[Block]:
    """A set, a ranking, grids or single questions, whichever the columns of a run are."""
    if len(run.variables) > 1:
        options = [option_of(variable, habits) for variable in run.variables]
        if is_select_all(run.variables, options, run.marked):
            return [replace(set_block(run, habits), comments=_run_comments(run, LIKELY_SET))]
        if (run.marked or run.text) and (top := ranking_places(run.variables)):
            return [replace(ranking_block(run, top, habits), comments=_run_comments(run, LIKELY_RANKING))]
        if all(PLACE.fullmatch(rest) for rest in run.rests) and (block := ranked_codes_block(run, habits)):
            return [replace(block, comments=_run_comments(run, LIKELY_RANKED_CODES))]
        if run.marked and (block := _mentions_block(run, habits)):
            return [replace(block, comments=_run_comments(run, LIKELY_MENTIONS))]
    found: list[Block] = []
    for part in _alike_parts(run, habits):
        grid = grid_block(part, habits) if len(part.variables) > 1 else None
        if grid:
            taken_for = LIKELY_GRID if part.text else LIKELY_GRID_BY_NAME
            found.append(replace(grid, comments=(*_run_comments(part, taken_for), *grid.comments)))
        else:
            found += [block for variable in part.variables if (block := single_block(variable, habits))]
    return found


def _mentions_block(run: Run, habits: Habits) -> Block | None:
    """A ranking where everyone ranked as many, else a question with several answers."""
    found = mentions(run.variables)
    if found is None:
        return None
    told = Told(categories={value: text_of(str(value), habits) for value in found.values})
    kind = Kind.RANKING if found.full and len(run.variables) >= FEWEST_BARE else Kind.MULTIPLE
    block = coded_set_block(run, _run_text(run, habits, told), kind, habits, told)
    if block and kind is Kind.RANKING:
        block = replace(block, question=replace(block.question, top=len(run.variables)))
    return block


def _run_comments(run: Run, taken_for: str) -> tuple[str, ...]:
    return (say(taken_for),) if run.text else (say(taken_for), say(NO_WORDING))


def _run_name(run: Run) -> str:
    if run.name:
        return run.name
    stem = name_stem(run.variables[0].name)
    return stem[0] if stem and len(stem[0]) > 1 else _name(run.variables[0])


def _run_text(run: Run, habits: Habits, told: Told) -> Text:
    return told.text or text_of(run.text or _run_name(run) or clean(run.variables[0].name), habits)


def _rest(run: Run, place: int, told: Told) -> str:
    text = told.items.get(run.variables[place].name)
    return text.words[0][1] if text else run.rests[place]


def set_block(run: Run, habits: Habits, told: Told = NOTHING_TOLD) -> Block:
    """A select-all question with a column per option."""
    options = [option_of(variable, habits) for variable in run.variables]
    known = [option for option in options if option is not None]
    rests = [_rest(run, place, told) for place in range(len(run.variables))]
    columns = options_as_categories(run.variables, known, rests, habits)
    categories = tuple(
        replace(category, label=told.items[name]) if name in told.items else category for category, name in columns
    )
    source = QuestionSource(
        by_category={category.id: name for category, name in columns},
        chosen=chosen_values(known),
        not_asked=tuple(dict.fromkeys(value for option in known for value in option.not_asked)),
    )
    block = _block(_run_name(run), Kind.MULTIPLE, _run_text(run, habits, told), told, {"": source}, run.variables)
    return replace(block, question=replace(block.question, codes=CodeList(id="codes", categories=categories)))


def ranking_block(run: Run, top: int, habits: Habits, told: Told = NOTHING_TOLD) -> Block:
    """A ranking with a column per option that holds its place."""
    ids = Ids()
    categories = []
    for place, variable in enumerate(run.variables, start=1):
        stem = name_stem(variable.name)
        code: Value = int(stem[1]) if stem and stem[1].isdigit() else place
        label = told.items.get(variable.name) or text_of(_rest(run, place - 1, told), habits)
        categories.append(Category(id=ids.new(str(code)), label=label, code=code))
    source = QuestionSource(
        by_category={category.id: variable.name for category, variable in zip(categories, run.variables, strict=True)}
    )
    block = _block(_run_name(run), Kind.RANKING, _run_text(run, habits, told), told, {"": source}, run.variables)
    codes = CodeList(id="codes", categories=tuple(categories))
    return replace(block, question=replace(block.question, codes=codes, top=top))


def delimited_block(
    variable: Variable, delimiter: str, codes: Sequence[Value], habits: Habits, told: Told = NOTHING_TOLD
) -> Block:
    """A select-all question whose codes stand in one column."""
    labels = {canonical(value): clean(label) for value, label in variable.labels.items() if not is_blank(value)}
    texts = {canonical(value): text for value, text in told.categories.items()}
    ids = Ids()
    categories = []
    for code in dict.fromkeys([*texts, *labels, *codes]):
        label = texts.get(code) or text_of(labels.get(code) or clean(str(code)) or "–", habits)
        meaning = meaning_of(label.words[0][1])
        role = ROLES.get(meaning, Role.ANSWER) if meaning else Role.ANSWER
        categories.append(Category(id=ids.new(str(code)), label=label, code=code, role=role))
    not_here = [value for value in variable.values if value in NOT_HERE and value not in labels]
    if not habits.tells_no_answer:
        categories += [
            Category(id=ids.new(str(value)), label=text_of(str(value), habits), code=value, role=Role.NO_ANSWER)
            for value in not_here
        ]
        not_here = []
    words = clean(variable.label) or clean(variable.name) or "–"
    source = QuestionSource(variable=variable.name, delimiter=delimiter, not_asked=tuple(not_here))
    text = told.text or text_of(words, habits)
    block = _block(_name(variable), Kind.MULTIPLE, text, told, {"": source}, [variable])
    comments = () if told.text or clean(variable.label) else (say(NO_WORDING),)
    question = replace(block.question, codes=CodeList(id="codes", categories=excluding(categories)))
    return replace(block, question=question, comments=comments)


def coded_set_block(run: Run, text: Text, kind: Kind, habits: Habits, told: Told = NOTHING_TOLD) -> Block | None:
    """Several codes in columns of the first, second, … choice, which share their labels."""
    merged = _shared_coding(run.variables, habits, told.categories)
    if merged is None or not merged.answers or len(merged.answers) > MANY_CODES:
        return None
    source = QuestionSource(by_place=tuple(variable.name for variable in run.variables), not_asked=merged.not_asked)
    block = _block(_run_name(run), kind, text, told, {"": source}, run.variables)
    categories = merged.categories if kind is Kind.RANKING else excluding(merged.categories)
    return replace(block, question=replace(block.question, codes=CodeList(id="codes", categories=categories)))


def ranked_codes_block(run: Run, habits: Habits, told: Told = NOTHING_TOLD) -> Block | None:
    """A ranking whose columns hold what was put first, second, …; None where a row has an answer twice."""
    block = coded_set_block(run, _run_text(run, habits, told), Kind.RANKING, habits, told)
    if block is None or block.question.codes is None or repeats_a_code(run.variables):
        return None
    answers = sum(category.role is Role.ANSWER for category in block.question.codes.categories)
    return replace(block, question=replace(block.question, top=min(len(run.variables), answers)))


def grid_block(run: Run, habits: Habits, told: Told = NOTHING_TOLD) -> Block | None:
    """A grid; None where its columns do not share their answers."""
    merged = _shared_coding(run.variables, habits, told.categories)
    if merged is None or not 2 <= len(merged.answers) <= MANY_CODES:
        return None
    ids = Ids()
    items, sources = [], {}
    for place, variable in enumerate(run.variables, start=1):
        stem = name_stem(variable.name)
        item_id = ids.new(stem[1] if stem and run.name else str(place))
        text = told.items.get(variable.name) or text_of(_rest(run, place - 1, told), habits)
        label = Text.of({language: short(words) for language, words in text.words})
        items.append(Item(id=item_id, text=text, label=label))
        sources[item_id] = QuestionSource(variable=variable.name, not_asked=merged.not_asked)
    block = _block(_run_name(run), Kind.GRID, _run_text(run, habits, told), told, sources, run.variables)
    codes = CodeList(id="codes", categories=merged.categories, ends_labelled=merged.ends_labelled)
    question = replace(block.question, codes=codes, items=tuple(items), mean=merged.rating)
    return replace(block, question=question, comments=(say(GUESSED_ORDER),) if merged.guessed else ())


MOST_UNLABELLED = 12


def _alike_parts(run: Run, habits: Habits) -> list[Run]:
    """A run parted where neighbouring columns no longer share their answers, or have no stem to be a grid by."""
    if len(run.variables) < 2:
        return [run]
    labelled = any(clean(variable.label) for variable in run.variables)
    if not run.text and (labelled or not run.marked or (_bare(run) and not _lettered(run))):
        return [replace(run, variables=(variable,)) for variable in run.variables]
    parts: list[list[int]] = [[0]]
    for place in range(1, len(run.variables)):
        if _share(run.variables[parts[-1][0]], run.variables[place], habits):
            parts[-1].append(place)
        else:
            parts.append([place])
    return [
        replace(
            run,
            variables=tuple(run.variables[place] for place in part),
            rests=tuple(run.rests[place] for place in part),
        )
        for part in parts
    ]


def _bare(run: Run) -> bool:
    """Whether the columns hold nothing but numbers that the file does not label: no sign of a grid."""
    return not any(
        variable.labels or any(isinstance(value, str) and not is_blank(value) for value in variable.values)
        for variable in run.variables
    )


def _lettered(run: Run) -> bool:
    """q2_3_a, q2_3_b: what has letters is part of one question; q2_1, q2_2 are as likely questions of a section."""
    stems = [name_stem(variable.name) for variable in run.variables]
    return all(stem and stem[1].isalpha() for stem in stems)


def _share(one: Variable, other: Variable, habits: Habits) -> bool:
    if _shared_coding([one, other], habits) is None:
        return False
    first, second = (set(coding_of(variable, habits).answer_codes) for variable in (one, other))
    if one.labels:
        return True
    together = first | second
    return len(together) <= MOST_UNLABELLED and 2 * len(first & second) >= len(together)


def _shared_coding(
    variables: Sequence[Variable], habits: Habits, texts: Mapping[Value, Text] | None = None
) -> Coding | None:
    """One coding for all columns; None where their labels differ, or one holds numbers.

    Columns without labels show only the answers that somebody gave, so they are looked at as one column.
    """
    labels = [{canonical(value): clean(label) for value, label in each.labels.items()} for each in variables]
    if any(each != labels[0] for each in labels[1:]) and not texts:
        return None
    given = {
        canonical(value): value
        for variable in variables
        for value, count in zip(variable.values, value_counts(variable), strict=False)
        if count
    }
    values = tuple(sorted(given.values(), key=lambda value: (isinstance(value, str), value)))
    joint = replace(
        variables[0],
        values=values,
        codes=np.arange(len(values), dtype=np.int32),
        missing=frozenset().union(*(variable.missing for variable in variables)),
    )
    coding = coding_of(joint, habits, texts)
    return None if coding.numeric else coding
