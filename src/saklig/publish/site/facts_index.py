"""The data of the index of all facts: a script a wave, which the browser loads when a reader begins to filter.

Each adds to `saklig_facts` its wave's label; `files`: question.item@backgrounds → the page that those facts stand on,
where that is not the question's own; `questions`: [id, file, label, parts], a part being [item, label, rows, values],
a row [place in the address, label] and values[grouping][row] the number as text, empty where there is no such fact;
and `groupings`: [place, label, backgrounds]. Changes between two waves have a script for each pair, in which a
question's id begins with the waves: `2021..2023/q4_1`, as the places on its page do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from saklig.edition.facts import NONE, Status
from saklig.edition.publication import WavePair
from saklig.publish.outline.changes import label, listed
from saklig.publish.outline.context import Context
from saklig.publish.outline.group_changes import listed_by_group
from saklig.publish.outline.model import Words
from saklig.publish.outline.over_time import spread
from saklig.publish.outline.question import subjects
from saklig.publish.outline.reading import Groups
from saklig.publish.outline.rows import Cohort, Line, Subject, cohorts
from saklig.publish.outline.wording import NOT_SHOWN
from saklig.study.model import Wave


def groupings(context: Context) -> tuple[Cohort, ...]:
    """Everybody, every group of every background variable, and every pair of groups that the study names."""
    study = context.study
    by = [(background.id,) for background in study.backgrounds] + list(study.pairs)
    whole = Cohort((), Words(""))
    return (whole, *(cohort for names in by for cohort in cohorts(context, names)))


def entry(parts: Sequence[Subject], file: str, among: Sequence[Cohort]) -> list[object]:
    """One question's part of the index."""
    first = parts[0]
    return [
        first.question.id,
        file,
        first.context.words(first.question.label).text,
        [_part(part, among) for part in parts],
    ]


def _part(part: Subject, among: Sequence[Cohort]) -> list[object]:
    lines = part.rank_lines if part.ranks else part.lines
    rows = [(line, stat) for line in lines for stat in _stats(part, line)]
    label = part.context.words(part.part.item.label).text if part.part.item else ""
    return [
        part.item,
        label,
        [[_place(line, stat), _label(part, line, stat)] for line, stat in rows],
        [[_text(part, line, stat, cohort.groups) for line, stat in rows] for cohort in among],
    ]


def _stats(part: Subject, line: Line) -> tuple[str, ...]:
    ranked = tuple(stat for stat in part.ranks if (part.item, line.category, stat, ()) in part.facts.rows)
    return ranked or (line.stat,)


def _place(line: Line, stat: str) -> str:
    return (f"/{line.category}" if line.category else "") + (f"~{stat}" if stat else "")


def _label(part: Subject, line: Line, stat: str) -> str:
    if line.category and stat:
        return f"{line.label.text}: {part.context.wording.statistic(stat)}"
    return line.label.text


def _text(part: Subject, line: Line, stat: str, groups: Groups) -> str:
    facts = part.facts
    row = facts.rows.get((part.item, line.category, stat, groups))
    if row is None:
        return ""
    if facts.status[row] is not Status.PUBLISHED or facts.value[row] == NONE:
        return NOT_SHOWN.get(facts.status[row], "..")
    return part.context.wording.said(facts.value[row], facts.decimals[row], line.unit)


def changes(context: Context, pair: WavePair) -> str:
    """The script of the changes between two waves; each has its place on the page of the last wave that asked, or on
    one of those that it goes on to, where that page leads."""
    entries: list[list[object]] = []
    among = [Cohort((), Words("")), *(each for by in context.study.backgrounds for each in cohorts(context, (by.id,)))]
    for question in context.study.questions:
        asked = context.waves_of(question)
        if not asked:
            continue
        there = replace(context, wave=asked[-1])
        facts = context.reading.question(there.wave.id, question.id)
        place, name = f"{pair.wave}..{pair.wave2}/{question.id}", context.words(question.label).text
        for file, page in spread(there, subjects(there, facts, question)):
            parts = [found for part in page if (found := _change_part(part, pair, among))]
            if parts:
                entries.append([place, file or there.file(question), name, parts])
    return script(label(context, pair), entries, among, {})


def _change_part(part: Subject, pair: WavePair, among: Sequence[Cohort]) -> list[object]:
    """Nothing where nothing is published."""
    found = list(listed(part, pair))
    if not found:
        return []
    name = part.context.words(part.part.item.label).text if part.part.item else ""
    by_group = listed_by_group(part, pair) | {(): {place: number.text for place, _, number in found}}
    told = [by_group.get(cohort.groups, {}) for cohort in among]
    values = [[of_group.get(place, "") for place, *_ in found] if of_group else [] for of_group in told]
    return [part.item, name, [[place, said.text] for place, said, _ in found], values]


def file_of_changes(pair: WavePair) -> str:
    return f"facts.{pair.wave}..{pair.wave2}.js"


def file_name(context: Context, wave: Wave) -> str:
    return "facts.js" if wave == context.latest else f"facts.{wave.id}.js"


def script(wave: str, entries: Sequence[list[object]], among: Sequence[Cohort], files: Mapping[str, str]) -> str:
    """The whole file; nothing in it can end a script."""
    places = [
        [
            f"@{','.join(f'{by}={group}' for by, group in cohort.groups)}" if cohort.groups else "",
            cohort.label.text,
            ",".join(by for by, _ in cohort.groups),
        ]
        for cohort in among
    ]
    index = {"wave": wave, "files": files, "groupings": places, "questions": entries}
    content = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    safe = content.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"(window.saklig_facts ??= []).push({safe});\n"
