"""A random case as somebody's Parquet file: values of the data's own, blanks, and a study that says what they mean."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from random_answers import Case

from saklig.answers.model import NO_ANSWER, NOT_ASKED
from saklig.study.sources import QuestionSource, Sources, WaveSource
from saklig.tabulation.engines.relational import is_countable

SKIPPED = -99
"""What the file says where a question was not asked."""


def write_raw(case: Case, path: Path) -> Sources:
    """The questions with one answer, backgrounds and design of `case` in `path`, and where they stand in it."""
    answers = case.answers
    columns: dict[str, pa.Array] = {"weight": pa.array(answers.weights)}
    questions = {}
    for number, part in enumerate(part for part in case.parts if is_countable(part)):
        codes = [int(code) for code in answers.columns[part.key].codes]
        raw = [SKIPPED if code == NOT_ASKED else None if code == NO_ANSWER else code for code in codes]
        columns[f"V {number}"] = pa.array(raw, pa.int64())
        questions[part.key] = QuestionSource(variable=f"V {number}", not_asked=(SKIPPED,))
    columns["back'ground"] = pa.array([None if code < 0 else int(code) for code in answers.backgrounds["b"]], pa.int8())
    if answers.strata is not None:
        columns["stratum"] = pa.array([f"s{code}" for code in answers.strata])
    if answers.clusters is not None:
        columns["cluster"] = pa.array(answers.clusters)
    pq.write_table(pa.table(columns), path, row_group_size=7)
    wave = WaveSource(
        wave="1",
        answers=path,
        weight="weight",
        strata="stratum" if "stratum" in columns else "",
        cluster=("cluster",) if "cluster" in columns else (),
    )
    return Sources(waves=(wave,), questions=questions, backgrounds={"b": "back'ground"})
