"""Questions of which a respondent gives one answer: single, scale, an item of a grid."""

from __future__ import annotations

from saklig.answers.findings import Findings
from saklig.answers.lookup import Meanings, find_variable, look_up
from saklig.answers.model import Coded, Source
from saklig.language.catalog import say
from saklig.study.model import Part
from saklig.study.sources import QuestionSource


def bind_coded(part: Part, where: QuestionSource, source: Source, place: str, findings: Findings) -> Coded | None:
    """The answers to `part`, before routing. None where the column cannot be found."""
    if not where.variable:
        findings.error(place, say("a question with one answer has one column; give its name as `variable`"))
        return None
    variable = find_variable(source, where.variable, place, findings)
    if variable is None:
        return None
    meanings = Meanings.of_part(part, where.not_asked)
    return Coded(look_up(variable, meanings, place, findings))
