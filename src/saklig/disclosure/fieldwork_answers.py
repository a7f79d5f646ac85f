"""Who answered beside whose answers are in the data: the difference must not tell of few.

How many answers the data have is printed: the bases of questions that everybody was asked, the respondents of a
stratum. A case that counts as answered and has no answer there broke off, or was left out. So the number of cases that
answered, beside the number of answers, tells how many those are; it is printed where they are none, or at least the
threshold, and where no other row's gives such a number by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from saklig.answers.cases import Cases
from saklig.answers.model import Answers
from saklig.disclosure.cells import Cells, printable
from saklig.disclosure.fieldwork_rows import EVERYBODY, Place, Rows
from saklig.disclosure.policy import Policy
from saklig.disclosure.reader import Mask
from saklig.edition.fieldwork import FieldworkReport
from saklig.study.fieldwork import ANSWERED, DISPOSITIONS, Disposition
from saklig.study.model import Study

_ANSWERED, _THERE = (DISPOSITIONS.index(each) for each in (Disposition.COMPLETE, Disposition.PARTIAL))
"""The columns in which the rows below count the cases that answered, and the answers that are in the data."""


def beside_answers(
    answered: Mapping[Place, int],
    cases: Cases,
    answers: Answers,
    study: Study,
    policy: Policy,
    earlier: Sequence[FieldworkReport],
) -> dict[Place, int]:
    """Those of `answered` that may stand beside the number of answers; everybody's and the strata's always do.

    The groups of `cases` and `answers` are those of `study`. `earlier`: reports that printed such numbers before.
    """
    if not policy.threshold:
        return dict(answered)
    rows = _both(cases, answers, study)
    absent = rows.profiles[:, _ANSWERED] - rows.profiles[:, _THERE]
    if not absent.any():
        return dict(answered)
    hidden = _all_that_differ(rows) if (absent < 0).any() else _hidden(rows, answered, policy, earlier)
    withheld = {place for place, hide in zip(rows.places, hidden, strict=True) if hide and place[0]}
    return {place: count for place, count in answered.items() if place not in withheld}


def few_beside_answers(cases: Cases, answers: Answers, study: Study, policy: Policy) -> Iterator[tuple[str, int]]:
    """(stratum, number): the strata, and everybody (""), in which so few count as answered and are not among the
    answers that nobody may know. Every edition says both numbers there, so that only the cases can be changed.

    More answers than cases that answered are no valid cases at all (`bind_cases`).
    """
    rows = _both(replace(cases, backgrounds={}), answers, study)
    for (by, stratum), counts in zip(rows.places, rows.counts, strict=True):
        number = int(counts[_ANSWERED] - counts[_THERE])
        if not by and 0 < number < policy.threshold:
            yield stratum, number


def _both(cases: Cases, answers: Answers, study: Study) -> Rows:
    """The cases that answered and the answers, counted by what both have of strata and groups."""
    ended = np.isin(cases.dispositions, [DISPOSITIONS.index(each) for each in ANSWERED])
    together = Cases(
        wave=cases.wave,
        n=int(ended.sum()) + answers.n,
        dispositions=np.repeat(np.array([_ANSWERED, _THERE], np.int8), [int(ended.sum()), answers.n]),
        strata=np.concatenate([cases.strata[ended], answers.strata])
        if cases.strata is not None and answers.strata is not None
        else None,
        backgrounds={
            name: np.concatenate([codes[ended], answers.backgrounds[name]])
            for name, codes in cases.backgrounds.items()
            if name in answers.backgrounds
        },
    )
    return Rows.of(together, study)


def _all_that_differ(rows: Rows) -> Mask:
    """Where some groups have more answers than cases that answered, since the two say otherwise who is in which, no
    reader can be bounded: then no background is told in which any group differs."""
    differs = rows.counts[:, _ANSWERED] != rows.counts[:, _THERE]
    hidden = np.zeros(len(rows.places), bool)
    for breakdown in rows.breakdowns:
        hidden[list(breakdown)] = differs[list(breakdown)].any()
    return hidden


def _hidden(rows: Rows, answered: Mapping[Place, int], policy: Policy, earlier: Sequence[FieldworkReport]) -> Mask:
    """To print how many of a row answered is to print how many of them are not among the answers."""
    there = rows.profiles[:, _THERE]
    before = {(row.place, row.answered) for report in earlier for row in report.rows}
    counts = rows.counts[:, _ANSWERED].tolist()
    fixed = [
        place == EVERYBODY or bool(not place[0] and place[1]) or (bool(place[1]) and (place, count) in before)
        for place, count in zip(rows.places, counts, strict=True)
    ]
    cells = Cells(
        profiles=np.stack([rows.profiles[:, _ANSWERED] - there, there], axis=1),
        members=rows.members,
        kin=(0, 0),
        refused=np.array([place not in answered for place in rows.places]),
        known=np.repeat(np.array(fixed)[:, None], 2, axis=1),
        breakdowns=rows.breakdowns,
    )
    for same in cells.alike:  # a group of the very cases of a stratum is as known as that
        cells.known[same] = cells.known[same].any()
    shown = printable(cells, policy.threshold, 0, profiles_known=policy.participation != "secret")
    hidden: Mask = ~np.logical_and.reduce(shown, axis=1)
    return hidden
