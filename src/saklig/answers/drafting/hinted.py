"""Questions that the file itself describes: a questionnaire's questions, declared multiple-response sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from saklig.answers.drafting.blocks import (
    Block,
    Told,
    coded_set_block,
    delimited_block,
    grid_block,
    ranked_codes_block,
    ranking_block,
    set_block,
    single_block,
    text_of,
)
from saklig.answers.drafting.coding import Habits
from saklig.answers.drafting.delimited import delimited_codes
from saklig.answers.drafting.naming import clean
from saklig.answers.drafting.runs import Run, run_of
from saklig.answers.drafting.sets import option_of, ranking_places
from saklig.answers.matching import canonical
from saklig.answers.model import QuestionHint, Source, Value, Variable
from saklig.language.catalog import say
from saklig.study.model import Kind

Columns = Mapping[str, Variable]


def hinted_blocks(source: Source, free: Columns, habits: Habits) -> list[Block]:
    """A block for each question of the questionnaire whose columns are free; the rest is found by other means."""
    found: list[Block] = []
    taken: set[str] = set()
    for hint in source.hints:
        variables = [free[name] for name in hint.variables if name in free and name not in taken]
        if not variables:
            continue
        told = Told(hint.text, hint.instruction, hint.item_texts, hint.category_texts)
        comments = (
            (say("Asked if (in the file’s own words): {condition}", condition=clean(hint.condition)),)
            if hint.condition
            else ()
        )
        blocks = _question(hint, variables, habits, told)
        for block in blocks:
            taken |= {variable.name for variable in block.variables}
            if hint.name and len(blocks) == 1:
                block = replace(block, name=hint.name)
            found.append(
                replace(block, comments=(*comments, *block.comments), section=_words(hint.section) or block.section)
            )
    return found


def _words(section: str) -> str:
    return clean(section)


def _question(hint: QuestionHint, variables: list[Variable], habits: Habits, told: Told) -> list[Block]:
    run = run_of(variables)
    if len(variables) == 1 and not run.rests:
        run = replace(run, rests=(variables[0].name,))
    make = _MAKERS.get(hint.kind)
    block = make(hint, run, habits, told) if make else None
    if block:
        return [block]
    singles = []
    for variable in variables:
        words = told.items.get(variable.name)
        text = told.text if words is None or len(variables) == 1 else words
        found = single_block(variable, habits, replace(told, text=text))
        if found:
            singles.append(found)
    return singles


def _multiple(hint: QuestionHint, run: Run, habits: Habits, told: Told) -> Block | None:
    first = run.variables[0]
    if hint.delimiter:
        codes = delimited_codes(first)
        return delimited_block(first, hint.delimiter, _codes(first, hint.delimiter, codes), habits, told)
    if all(option_of(variable, habits) for variable in run.variables):
        return set_block(run, habits, told)
    return coded_set_block(run, told.text or text_of(first.name, habits), Kind.MULTIPLE, habits, told)


def _codes(variable: Variable, delimiter: str, found: tuple[str, tuple[Value, ...]] | None) -> tuple[Value, ...]:
    if found and found[0] == delimiter:
        return found[1]
    parts = {canonical(part) for value in variable.values for part in str(value).split(delimiter) if part.strip()}
    return tuple(sorted(parts, key=lambda code: (isinstance(code, str), str(code).zfill(12))))


def _ranking(_hint: QuestionHint, run: Run, habits: Habits, told: Told) -> Block | None:
    """A column for each option that holds its place, or a column for each place that holds an option's code."""
    if top := ranking_places(run.variables):
        return ranking_block(run, top, habits, told)
    return ranked_codes_block(run, habits, told)


def _grid(_hint: QuestionHint, run: Run, habits: Habits, told: Told) -> Block | None:
    return grid_block(run, habits, told)


def _open(_hint: QuestionHint, run: Run, habits: Habits, told: Told) -> Block | None:
    """Coded open answers; uncoded ones were left out before."""
    if not any(variable.labels for variable in run.variables):
        return None
    return coded_set_block(run, told.text or text_of(run.variables[0].name, habits), Kind.OPEN, habits, told)


_MAKERS: Mapping[str, Callable[[QuestionHint, Run, Habits, Told], Block | None]] = {
    Kind.MULTIPLE: _multiple,
    Kind.RANKING: _ranking,
    Kind.GRID: _grid,
    Kind.OPEN: _open,
}


def set_blocks(source: Source, free: Columns, habits: Habits) -> list[Block]:
    """Multiple-response sets that the file declares, with a column per option or with columns that share codes."""
    hinted = {name for hint in source.hints for name in hint.variables}
    found = []
    for declared in source.sets:
        variables = [free[name] for name in declared.variables if name in free and name not in hinted]
        if not variables:
            continue
        run = run_of(variables)
        rests = tuple(clean(variable.label) or variable.name for variable in variables)
        run = replace(run, rests=run.rests if run.text else rests)
        text = text_of(clean(declared.label) or run.text or clean(declared.name) or "–", habits)
        told = Told(text=text)
        if declared.counted is None:
            block = coded_set_block(run, text, Kind.MULTIPLE, habits, told)
        else:
            block = _counted(run, declared.counted, habits, told)
        if block:
            found.append(replace(block, name=declared.name.strip("$") or block.name))
            hinted |= {variable.name for variable in variables}
    return found


def _counted(run: Run, counted: Value, habits: Habits, told: Told) -> Block:
    """A set whose columns may hold several values, of which one means chosen."""
    key = canonical(counted)
    kept = [
        replace(
            variable,
            missing=frozenset(value for value in variable.values if canonical(value) != key),
            labels={value: label for value, label in variable.labels.items() if canonical(value) == key},
        )
        for variable in run.variables
    ]
    block = set_block(replace(run, variables=tuple(kept)), habits, told)
    where = replace(block.sources[""], chosen=(counted,))
    return replace(block, sources={"": where}, variables=run.variables)
