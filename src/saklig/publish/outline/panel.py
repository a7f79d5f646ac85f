"""How many of those who were asked a recruited panel holds, and how many of all who ever were answered in the end.

AAPOR's Standard Definitions (10th edition, 2023), "Internet Surveys of Specifically Named Persons and Panels":
CUMRR = RECR · PROR · RETR · COMR, as far as each is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from saklig.language.catalog import N_
from saklig.publish.outline.context import Context
from saklig.publish.outline.model import Section, Term, Terms, Words
from saklig.study.model import Panel, Sample

RATES = {
    "recruitment": ("RECR", N_("Recruitment rate: of those who were invited to the panel, who consented")),
    "profile": ("PROR", N_("Profile rate: of those, who answered the first questionnaire")),
    "retention": ("RETR", N_("Retention rate: of those, who were still members")),
}
NEEDED = ("recruitment", "profile")
"""Without these no cumulative rate is said; whoever reports no retention has not taken members out."""


def panel_section(context: Context, id: str, heading: str) -> Iterator[Section]:
    """Nothing where the sample is of another kind."""
    if context.study.sample is Sample.RECRUITED_PANEL:
        introduction = Words(
            context._(
                "The survey was answered by members of a panel, who were recruited earlier. The cumulative response "
                "rate counts those too who declined or left before."
            )
        )
        yield Section(
            id=id, heading=Words(heading), blocks=(Terms(terms=tuple(_terms(context))),), introduction=introduction
        )


def _terms(context: Context) -> Iterator[Term]:
    _, panel = context._, context.wave.panel or Panel()
    for field, (code, name) in RATES.items():
        yield _term(context, _(name), code, getattr(panel, field))
    completed = _completion(context)
    yield _term(
        context, _("Completion rate: of the members who were invited to the survey, who answered"), "COMR", completed
    )
    yield _term(context, _("Cumulative response rate"), "CUMRR", _cumulative(context))


def cumulative_rate(context: Context) -> str:
    """In per cent, without the sign; empty where the sample is of another kind or a rate is not reported."""
    rate = _cumulative(context) if context.study.sample is Sample.RECRUITED_PANEL else None
    return "" if rate is None else _said(context, rate, "")


def _cumulative(context: Context) -> float | None:
    panel, completed = context.wave.panel or Panel(), _completion(context)
    if completed is None or any(getattr(panel, field) is None for field in NEEDED):
        return None
    known = [getattr(panel, field) for field in RATES if getattr(panel, field) is not None]
    return float(math.prod(known) * completed)


def _completion(context: Context) -> float | None:
    if not context.response or not context.invited:
        return None
    return context.response.respondents / context.invited


def _said(context: Context, share: float, unit: str) -> str:
    return context.wording.said(math.floor(share * 1000 + 0.5), 1, unit)


def _term(context: Context, name: str, code: str, share: float | None) -> Term:
    said = context._("not reported") if share is None else _said(context, share, "%")
    return Term(name=name, values=(Words(said),), note=f"AAPOR {code}", absent=share is None)
