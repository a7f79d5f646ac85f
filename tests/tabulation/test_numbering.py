"""Keys are numbered as sorting would number them, whether they are sorted or not."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saklig.tabulation.numbering import numbered


@given(st.lists(st.integers(0, 12), max_size=40) | st.lists(st.integers(0, 2**62), max_size=8))
def test_keys_close_together_and_far_apart_are_numbered_in_their_order(keys: list[int]):
    different, place = numbered(np.array(keys, dtype=np.int64))
    assert different.tolist() == sorted(set(keys))
    assert [sorted(set(keys)).index(key) for key in keys] == place.tolist()
