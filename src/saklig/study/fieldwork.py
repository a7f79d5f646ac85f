"""What became of those who were invited: AAPOR's final dispositions, and how many of the unknown were eligible."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from saklig.language.catalog import say
from saklig.language.text import Text


class Disposition(StrEnum):
    """How a case ended, by the letters of AAPOR's Standard Definitions (10th edition, 2023)."""

    COMPLETE = "I"
    PARTIAL = "P"
    REFUSAL = "R"  # refusals and break-offs
    NON_CONTACT = "NC"
    OTHER = "O"  # eligible, and prevented: ill, no common language
    UNKNOWN_HOUSEHOLD = "UH"  # unknown whether there is a household or unit at all
    UNKNOWN_OTHER = "UO"  # unknown for another reason whether the case is eligible
    NOT_ELIGIBLE = "NE"  # invited, and not of the population


DISPOSITIONS = tuple(Disposition)
"""In the order in which they are counted everywhere."""

ANSWERED = (Disposition.COMPLETE, Disposition.PARTIAL)
REASONS = DISPOSITIONS[2:]
"""Of those who did not answer."""


def dispositions_in_words() -> str:
    """For whoever has to choose one."""
    return say(
        "I answered, P answered in part, R refused, NC not reached, O prevented, UH/UO unknown whether of the "
        "population, NE not of it"
    )


@dataclass(frozen=True, kw_only=True)
class Eligibility:
    """e (AAPOR), u (Surveyföreningen): the share of the cases of unknown eligibility that are taken for eligible, 0–1,
    and the reason for it. A wave that says none has it estimated."""

    share: float
    reason: Text | None = None
