"""Counts of cases by profile and outcome: rows of the very same cases are withheld and printed alike."""

from __future__ import annotations

import numpy as np
import pytest

from saklig.disclosure.cells import Cells, printable

THRESHOLD = 5


def cells_of(known: list[tuple[int, int]]) -> Cells:
    """Everybody, and two parts by a background; the last two rows are a stratum and a group of the same cases."""
    profiles = np.array([[30, 2, 20], [40, 3, 25]])
    members = np.array([[True, True], [True, False], [False, True], [False, True]])
    printed = np.zeros((4, 3), bool)
    for at in known:
        printed[at] = True
    return Cells(
        profiles=profiles,
        members=members,
        kin=(0, 1, 2),
        refused=np.zeros(4, bool),
        known=printed,
        breakdowns=((1, 2), (1, 3)),
    )


@pytest.mark.parametrize("profiles_known", [True, False])
@pytest.mark.parametrize("row", [2, 3])
def test_what_was_printed_of_one_of_two_rows_alike_is_known_of_both(row: int, profiles_known: bool) -> None:
    cells = cells_of([(row, 0), (row, 2)])
    np.testing.assert_array_equal(cells.known[2], cells.known[3])
    shown = printable(cells, THRESHOLD, 0, profiles_known=profiles_known)  # went on for ever, where only one was known
    np.testing.assert_array_equal(shown[2], shown[3])
    assert shown[2].tolist() == [True, False, True]


def test_what_is_known_is_not_changed_for_who_gave_it() -> None:
    known = np.zeros((4, 3), bool)
    known[2, 0] = True
    given = cells_of([])
    Cells(
        **{name: getattr(given, name) for name in ("profiles", "members", "kin", "refused", "breakdowns")}, known=known
    )
    assert known.sum() == 1
