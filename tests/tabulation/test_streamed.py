"""A file in many chunks: the same tables, bit for bit, as read whole."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from saklig.tabulation.engines import streamed as streaming
from saklig.tabulation.engines.streamed import Streamed, streamed
from saklig.tabulation.engines.with_duckdb import connect, over_parquet
from saklig.tabulation.tabulate import tabulate_each
from small_parquet import assert_same_bits, study_text


@pytest.mark.parametrize("cluster", [['cluster = "place"'], []])
def test_chunks_add_up_to_the_whole(small_parquet, monkeypatch, cluster):
    pytest.importorskip("numba")
    draw = np.random.default_rng(3)
    n = 20_000
    place = np.sort(draw.integers(0, 40, n)) * 10  # no chunk has somebody of every place
    columns = {"q": draw.integers(0, 3, n), "r": draw.integers(0, 3, n), "b": draw.integers(1, 4, n), "place": place}
    columns |= {"w": np.round(draw.uniform(0, 2, n), 1), "stratum": (place // 10) % 4 + 1}
    masked = {name: pa.array(of, mask=of == 0) if name in "qr" else pa.array(of) for name, of in columns.items()}
    text = study_text(design=['weight = "w"', 'strata = "stratum"', *cluster], mean=True, groups=2, routed=True)
    small_parquet.write(text, masked, row_group_size=3000)
    study, sources = small_parquet.read()
    session = connect()
    relational = over_parquet(small_parquet.file, study, sources, "1", session)
    engine = streamed(relational, session, rows=4096)
    assert isinstance(engine, Streamed)
    assert len(list(engine._chunks(list(study.parts("1"))))) >= 5
    memory = small_parquet.memory("1")
    parts = list(study.parts("1"))
    for _ in range(2):  # the second time by DuckDB's own statements
        assert_same_bits(tabulate_each(parts, engine), tabulate_each(parts, memory))
        monkeypatch.setattr(streaming, "MOST_BYTES", 0)
