"""The Swedish standard: respondents and non-response by cause, as shares of the net sample (En standard för beräkning
av bortfall, Svenska statistikersamfundet, Sektionen för surveystatistik, January 2005; today Surveyföreningen).

Everybody in the sample is a respondent, a non-respondent, of unknown status, or outside the population (övertäckning).
The net sample is what is left without the last, of the unknown the share u, which is AAPOR's e. So the share of
respondents is RR4, and with u = 1 it is RR2.
"""

from __future__ import annotations

from collections.abc import Mapping

from saklig.design.fieldwork.rates import Rate
from saklig.study.fieldwork import Disposition as D

_RESPONDENTS = frozenset({D.COMPLETE, D.PARTIAL})
_NON_RESPONDENTS = frozenset({D.REFUSAL, D.NON_CONTACT, D.OTHER})
_UNKNOWN = frozenset({D.UNKNOWN_HOUSEHOLD, D.UNKNOWN_OTHER})
NET = _RESPONDENTS | _NON_RESPONDENTS


def _share(of: frozenset[D]) -> Rate:
    return Rate(of, NET, _UNKNOWN)


SHARES: Mapping[str, Rate] = {
    "responded": _share(_RESPONDENTS),  # svarsandel
    "not-responded": _share(_NON_RESPONDENTS | _UNKNOWN),  # bortfallsandel
    "refused": _share(frozenset({D.REFUSAL})),  # avböjd medverkan
    "not-reached": _share(frozenset({D.NON_CONTACT})),  # ej anträffade
    "prevented": _share(frozenset({D.OTHER})),  # förhindrade
    "unknown": _share(_UNKNOWN),  # okänd status, skattad andel
}
