"""Codes that a study lists and no answer has: an option that nobody chose, or one that is written wrong."""

from __future__ import annotations

import numpy as np

from saklig.answers.findings import SHOWN_CODES, Findings
from saklig.answers.matching import canonical
from saklig.answers.model import Coded, Column, Marked, Source
from saklig.language.catalog import say, say_n
from saklig.study.model import Part, Role
from saklig.study.sources import QuestionSource

FEWEST_ANSWERS = 20  # of fewer, some option that nobody chose is nothing to wonder at


def remark_unused_codes(
    part: Part, where: QuestionSource, column: Column, source: Source, place: str, findings: Findings
) -> None:
    """Not of a code that the file itself labels, nor of an option with a column of its own: those are in the file."""
    names = [where.variable, *where.by_place]
    variables = [variable for variable in source.variables if variable.name in names]
    if not variables or not isinstance(column, Coded | Marked) or source.rows < FEWEST_ANSWERS:
        return
    labelled = {canonical(value) for variable in variables for value in variable.labels}
    used = set(np.unique(column.codes).tolist())
    if isinstance(column, Marked):
        used |= set(np.flatnonzero(column.marks.any(axis=0)).tolist())
    unused = [
        str(row.code)
        for position, row in enumerate(part.rows)
        if position not in used and row.role is Role.ANSWER and canonical(row.code) not in labelled
    ]
    if not unused:
        return
    shown, more = ", ".join(unused[:SHOWN_CODES]), len(unused) - SHOWN_CODES
    codes = say("{codes} and {more} more", codes=shown, more=more) if more > 0 else shown
    findings.remark(
        place,
        say_n(
            "no answer has the code {codes}; if it was offered, all is well, else write it as the data do",
            "no answer has the codes {codes}; if they were offered, all is well, else write them as the data do",
            len(unused),
            codes=codes,
        ),
    )
