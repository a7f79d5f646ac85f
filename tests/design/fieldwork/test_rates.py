"""Outcome rates against published worked examples, and against the formulas written out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saklig.design.fieldwork.aapor import RATES
from saklig.design.fieldwork.eligibility import proportional
from saklig.design.fieldwork.rates import Counts, value
from saklig.design.fieldwork.surveyforeningen import SHARES
from saklig.study.fieldwork import DISPOSITIONS, Disposition

# R, outcomerate 1.1.0 (rOpenSci; AAPOR's definitions): the example of its README,
#   freq <- c(I = 4, P = 2, R = 1, NC = 1, O = 1, UH = 1, UO = 1, NE = 1)
#   outcomerate(freq, e = eligibility_rate(freq))
TWELVE = {"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 1, "NE": 1}
OF_TWELVE = """
RR1 0.364  RR2 0.545  RR3 0.370  RR4 0.556  RR5 0.444  RR6 0.667  COOP1 0.500  COOP2 0.750  COOP3 0.571  COOP4 0.857
REF1 0.091  REF2 0.093  REF3 0.111  CON1 0.727  CON2 0.741  CON3 0.889
"""

# The same, from its vignette on 1691 cases: the data set `middleearth`.
MANY = {"I": 760, "P": 339, "R": 59, "NC": 288, "O": 1, "UO": 173, "NE": 71}
OF_MANY = """
RR1 0.46913580  RR2 0.67839506  RR3 0.47149080  RR4 0.68180052  RR5 0.52522460  RR6 0.75950242
COOP1 0.65573770  COOP2 0.94823123  COOP3 0.65630397  COOP4 0.94905009
REF1 0.03641975  REF2 0.03660258  REF3 0.04077402  CON1 0.71543210  CON2 0.71902347  CON3 0.80096752
"""

# Its tests: sixteen cases with e = 1/2, as fractions.
SIXTEEN = {"I": 5, "P": 3, "R": 2, "NC": 1, "O": 2, "UH": 1, "UO": 1, "NE": 1}
OF_SIXTEEN = """
RR1 1/3  RR2 8/15  RR3 5/14  RR4 4/7  RR5 5/13  RR6 8/13  COOP1 5/12  COOP2 2/3  COOP3 1/2  COOP4 4/5
REF1 2/15  REF2 1/7  REF3 2/13  CON1 4/5  CON2 6/7  CON3 12/13
"""


def counts(named: dict[str, int]) -> Counts:
    return {Disposition(letters): count for letters, count in named.items()}


def pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


@pytest.mark.parametrize(("named", "expected"), [(TWELVE, OF_TWELVE), (MANY, OF_MANY)])
def test_published_examples(named: dict[str, int], expected: str) -> None:
    e = proportional(counts(named))
    found = pairs(expected)
    assert set(found) == set(RATES)
    for name, printed in found.items():
        ours = value(RATES[name], counts(named), e)
        assert ours is not None
        assert f"{float(ours):.{len(printed) - 2}f}" == printed, name


def test_exact_fractions() -> None:
    found = {name: Fraction(text) for name, text in pairs(OF_SIXTEEN).items()}
    assert found == {name: value(rate, counts(SIXTEEN), Fraction(1, 2)) for name, rate in RATES.items()}


def test_e_by_proportional_allocation() -> None:
    assert proportional(counts(TWELVE)) == Fraction(9, 10)
    assert proportional(counts({"UO": 7})) is None


everything = st.fixed_dictionaries({each.value: st.integers(0, 40) for each in DISPOSITIONS})
shares = st.fractions(0, 1, max_denominator=1000)


@given(everything, shares)
def test_the_formulas_written_out(n: dict[str, int], e: Fraction) -> None:
    i, p, r, nc, o, uh, uo = (n[letters] for letters in ("I", "P", "R", "NC", "O", "UH", "UO"))
    written = {
        "RR1": (i, (i + p) + (r + nc + o) + (uh + uo)),
        "RR2": (i + p, (i + p) + (r + nc + o) + (uh + uo)),
        "RR3": (i, (i + p) + (r + nc + o) + e * (uh + uo)),
        "RR4": (i + p, (i + p) + (r + nc + o) + e * (uh + uo)),
        "RR5": (i, (i + p) + (r + nc + o)),
        "RR6": (i + p, (i + p) + (r + nc + o)),
        "COOP1": (i, (i + p) + r + o),
        "COOP2": (i + p, (i + p) + r + o),
        "COOP3": (i, (i + p) + r),
        "COOP4": (i + p, (i + p) + r),
        "REF1": (r, (i + p) + (r + nc + o) + (uh + uo)),
        "REF2": (r, (i + p) + (r + nc + o) + e * (uh + uo)),
        "REF3": (r, (i + p) + (r + nc + o)),
        "CON1": ((i + p) + r + o, (i + p) + (r + nc + o) + (uh + uo)),
        "CON2": ((i + p) + r + o, (i + p) + (r + nc + o) + e * (uh + uo)),
        "CON3": ((i + p) + r + o, (i + p) + (r + nc + o)),
    }
    for name, (above, below) in written.items():
        assert value(RATES[name], counts(n), e) == (Fraction(above) / Fraction(below) if below else None), name


@given(everything, shares)
def test_the_swedish_shares_are_parts_of_the_net_sample(n: dict[str, int], e: Fraction) -> None:
    found = {name: value(rate, counts(n), e) for name, rate in SHARES.items()}
    net = n["I"] + n["P"] + n["R"] + n["NC"] + n["O"] + e * (n["UH"] + n["UO"])
    if not net:
        assert set(found.values()) == {None}
        return
    responded, causes = found["responded"], [found[name] for name in ("refused", "not-reached", "prevented", "unknown")]
    assert responded == Fraction(n["I"] + n["P"]) / net == value(RATES["RR4"], counts(n), e)
    assert found["not-responded"] == 1 - responded == sum(share for share in causes if share is not None)
    assert value(SHARES["responded"], counts(n), Fraction(1)) == value(RATES["RR2"], counts(n), None)


def test_what_cannot_be_computed_is_none() -> None:
    nobody = counts({"UO": 3})
    assert value(RATES["RR1"], nobody, None) == 0
    assert value(RATES["RR3"], nobody, None) is None  # e is not known
    assert value(RATES["RR5"], nobody, None) is None  # nobody below
    with pytest.raises(ValueError, match="e is not known"):
        RATES["RR3"].denominator(None)
