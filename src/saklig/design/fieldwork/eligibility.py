"""e: how many of the cases of unknown eligibility were eligible."""

from __future__ import annotations

from fractions import Fraction

from saklig.design.fieldwork.rates import Counts
from saklig.study.fieldwork import Disposition

ELIGIBLE = (
    Disposition.COMPLETE,
    Disposition.PARTIAL,
    Disposition.REFUSAL,
    Disposition.NON_CONTACT,
    Disposition.OTHER,
)


def proportional(counts: Counts) -> Fraction | None:
    """The share of eligible cases among those of known eligibility: the proportional allocation, or CASRO method
    (Smith, T. W., 2009, A Revised Review of Methods to Estimate the Status of Cases with Unknown Eligibility, AAPOR).

    None where no case's eligibility is known.
    """
    eligible = sum(counts.get(disposition, 0) for disposition in ELIGIBLE)
    known = eligible + counts.get(Disposition.NOT_ELIGIBLE, 0)
    return Fraction(eligible, known) if known else None
