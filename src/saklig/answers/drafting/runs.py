"""Columns that belong together: numbered names or labels with a common stem, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saklig.answers.drafting.naming import SHORTEST_STEM, clean, common_stem, name_stem
from saklig.answers.model import Variable


@dataclass(frozen=True)
class Run:
    """Neighbouring columns with a common stem. `rests`: what is left of each label, or of each name without labels.

    `text`: the stem of the labels, empty where only the names have one. `name`: the stem of the names or empty.
    """

    variables: tuple[Variable, ...]
    text: str = ""
    name: str = ""
    rests: tuple[str, ...] = ()
    marked: bool = False  # the names are parted by a mark, as in q7_2


def runs(variables: Sequence[Variable], order: dict[str, int]) -> Iterator[Run]:
    """Parts `variables` into runs; `order` is each column's place in the file, since a run has no gap."""
    start = 0
    while start < len(variables):
        end = start + 1
        while (
            end < len(variables)
            and order[variables[end].name] == order[variables[end - 1].name] + 1
            and _alike(variables[end - 1], variables[end])
            and not _begins_anew(variables[start:end], variables[end])
        ):
            end += 1
        yield run_of(variables[start:end])
        start = end


def run_of(variables: Sequence[Variable]) -> Run:
    if len(variables) < 2:
        return Run(tuple(variables))
    stems = [name_stem(variable.name) for variable in variables]
    named = [stem for stem in stems if stem]
    one_name = len(named) == len(variables) and len({stem[0] for stem in named}) == 1
    labels = [clean(variable.label) for variable in variables]
    found = common_stem(labels) if all(labels) else None
    if found:
        text, rests = found
    else:
        text, rests = "", [label or variable.name for label, variable in zip(labels, variables, strict=True)]
    return Run(
        tuple(variables),
        text,
        named[0][0] if one_name else "",
        tuple(rests),
        one_name and all(stem[2] for stem in named),
    )


def _begins_anew(before: Sequence[Variable], other: Variable) -> bool:
    """Whether a column is numbered by another name than the columns before it are."""
    stems = {stem[0] for variable in before if (stem := name_stem(variable.name))}
    following = name_stem(other.name)
    anew = following is not None and following[1].isdigit() and following[0] not in stems
    return len(before) > 1 and len(stems) == 1 and anew


def _alike(one: Variable, other: Variable) -> bool:
    first, second = name_stem(one.name), name_stem(other.name)
    if first and second and first[0] == second[0]:
        return first[2] or _same_beginning(one.label, other.label)
    return _same_beginning(one.label, other.label) and _parted(one.label, other.label)


def _same_beginning(one: str, other: str) -> bool:
    one, other = clean(one), clean(other)
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return same >= SHORTEST_STEM


def _parted(one: str, other: str) -> bool:
    """Whether what labels have in common ends in a mark that parts a question from its item."""
    found = common_stem([clean(one), clean(other)])
    if not found:
        return False
    after = clean(one)[len(found[0]) :].lstrip()
    return bool(after) and (after[0] in ":-–[(|…" or found[0][-1] in "?:…")
