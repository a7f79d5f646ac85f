"""AAPOR's outcome rates (Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys, 10th
edition, 2023, the section on calculating rates): response, cooperation, refusal and contact."""

from __future__ import annotations

from collections.abc import Mapping

from saklig.design.fieldwork.rates import Rate
from saklig.study.fieldwork import Disposition as D

_COMPLETE = frozenset({D.COMPLETE})
_ANSWERED = frozenset({D.COMPLETE, D.PARTIAL})
_REFUSED = frozenset({D.REFUSAL})
_CONTACTED = _ANSWERED | {D.REFUSAL, D.OTHER}
_ELIGIBLE = _CONTACTED | {D.NON_CONTACT}
_UNKNOWN = frozenset({D.UNKNOWN_HOUSEHOLD, D.UNKNOWN_OTHER})
_ASKED = _ANSWERED | {D.REFUSAL}

RATES: Mapping[str, Rate] = {
    "RR1": Rate(_COMPLETE, _ELIGIBLE | _UNKNOWN),
    "RR2": Rate(_ANSWERED, _ELIGIBLE | _UNKNOWN),
    "RR3": Rate(_COMPLETE, _ELIGIBLE, _UNKNOWN),
    "RR4": Rate(_ANSWERED, _ELIGIBLE, _UNKNOWN),
    "RR5": Rate(_COMPLETE, _ELIGIBLE),
    "RR6": Rate(_ANSWERED, _ELIGIBLE),
    "COOP1": Rate(_COMPLETE, _CONTACTED),
    "COOP2": Rate(_ANSWERED, _CONTACTED),
    "COOP3": Rate(_COMPLETE, _ASKED),
    "COOP4": Rate(_ANSWERED, _ASKED),
    "REF1": Rate(_REFUSED, _ELIGIBLE | _UNKNOWN),
    "REF2": Rate(_REFUSED, _ELIGIBLE, _UNKNOWN),
    "REF3": Rate(_REFUSED, _ELIGIBLE),
    "CON1": Rate(_CONTACTED, _ELIGIBLE | _UNKNOWN),
    "CON2": Rate(_CONTACTED, _ELIGIBLE, _UNKNOWN),
    "CON3": Rate(_CONTACTED, _ELIGIBLE),
}
