"""Packs hold every grouping once, and their cells add up to its groups."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saklig.tabulation.compiled.packing import packs
from saklig.tabulation.table import Grouping


@given(
    st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=1, max_size=6),
    st.sampled_from([1.0, 100.0, 10_000.0]),
    st.integers(0, 2**32 - 1),
)
def test_cells_add_up_to_the_groups_of_every_grouping(sizes: list[tuple[int, bool]], rows: float, seed: int):
    random, n = np.random.default_rng(seed), 30
    groupings = [
        Grouping(
            by=(f"b{place}",),
            groups=tuple((str(group),) for group in range(size)),
            codes=random.integers(-1 if some_in_none else 0, size, n).astype(np.int16),
        )
        for place, (size, some_in_none) in enumerate(sizes)
    ]
    made = packs(groupings, rows, columns=8)
    starts = np.cumsum([0, *(size for size, _ in sizes)])
    held = [member.grouping.by for pack in made for member in pack.members]
    assert sorted(held) == sorted(grouping.by for grouping in groupings)
    for pack in made:
        cells = sum((member.grouping.codes + member.offset) * member.multiplier for member in pack.members)
        assert cells.max() < pack.cells
        assert pack.cells == pack.members[-1].multiplier * pack.members[-1].radix
        for member in pack.members:
            assert member.first == starts[held_at(groupings, member.grouping)]
            code = cells // member.multiplier % member.radix - member.offset
            assert code.tolist() == member.grouping.codes.tolist()


def held_at(groupings: list[Grouping], wanted: Grouping) -> int:
    return next(place for place, each in enumerate(groupings) if each is wanted)


def test_few_respondents_in_a_unit_are_counted_grouping_by_grouping_and_many_in_packs():
    groupings = [
        Grouping(by=(f"b{size}",), groups=tuple((str(i),) for i in range(size)), codes=np.arange(size, dtype=np.int16))
        for size in (2, 3, 4, 5, 6, 8, 10, 12)
    ]
    assert len(packs(groupings, 1.0, columns=8)) == len(groupings)
    assert len(packs(groupings, 10_000.0, columns=8)) < len(groupings)
