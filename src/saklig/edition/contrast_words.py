"""A comparison of two published numbers in words."""

from __future__ import annotations

from saklig.edition.contrasting import REASONS, Contrast, Verdict
from saklig.edition.facts import IN_UNITS
from saklig.edition.relating import ASSUMPTIONS
from saklig.language import numbers, phrases
from saklig.language.catalog import translator
from saklig.study.model import Study


def difference(study: Study, found: Contrast, language: str) -> str:
    """+12 percentage points (95% confidence interval −9 to 31); empty where one of the numbers is not published."""
    if found.value is None:
        return ""
    _ = translator(language)
    shown = numbers.signed(found.value, found.decimals, language)
    if found.first.stat in IN_UNITS:
        unit = study.question(found.first.question).unit
        shown += f"\u00a0{unit.best(language)[0]}" if unit else ""
    else:
        shown = phrases.points(found.value, found.decimals, language)
    if found.lower is None or found.upper is None:
        return shown
    interval = phrases.interval(found.lower, found.upper, found.decimals, language)
    return f"{shown} ({_('95% confidence interval {interval}', interval=interval)})"


def verdict(found: Contrast, first: str, second: str, language: str) -> str:
    """Whether the survey can tell the two apart. `first`, `second`: what they are called."""
    _ = translator(language)
    match found.verdict:
        case Verdict.FIRST_LARGER:
            return _("The survey can tell the two apart: {name} is larger.", name=first)
        case Verdict.SECOND_LARGER:
            return _("The survey can tell the two apart: {name} is larger.", name=second)
        case Verdict.NO if found.holds_zero:
            return _(
                "The survey cannot tell the two apart: zero lies within the interval, so there may be no difference at "
                "all."
            )
        case Verdict.NO:
            return _("The survey cannot tell the two apart when so many pairs are compared at once.")
        case Verdict.CANNOT_TELL:
            assert found.why is not None, "what cannot be told has a reason"
            return _("It cannot be told whether the two differ: {why}.", why=_(REASONS[found.why]))


def grounds(found: Contrast, language: str) -> str:
    """What the interval takes for granted; empty where there is none."""
    return translator(language)(ASSUMPTIONS[found.rule]) if found.rule else ""
