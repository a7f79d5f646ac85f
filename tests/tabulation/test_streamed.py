"""A file in many chunks: the same tables, bit for bit, as read whole."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from saklig.answers.binding import bind
from saklig.answers.readers import read
from saklig.design.drawn import design_of
from saklig.study.file import read_study
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.engines import streamed as streaming
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.engines.streamed import Streamed, streamed
from saklig.tabulation.engines.with_duckdb import connect, over_parquet
from saklig.tabulation.plan import groupings
from saklig.tabulation.tabulate import tabulate_each

STUDY = """
id = "s"
title = { en = "S" }
[[wave]]
id = "1"
answers = "answers.parquet"
weight = "w"
strata = "stratum"
{cluster}
[[background]]
id = "b"
label = { en = "B" }
groups = [{ id = "x", code = 1, label = { en = "X" } }, { id = "y", code = 2, label = { en = "Y" } }]
[[section]]
id = "1"
title = { en = "One" }
  [[section.question]]
  id = "q"
  kind = "scale"
  text = { en = "How?" }
  label = { en = "How" }
  mean = true
  categories = [{ code = 1, label = { en = "Little" } }, { code = 2, label = { en = "Much" } }]
  [[section.question]]
  id = "r"
  kind = "single"
  text = { en = "And?" }
  label = { en = "And" }
  categories = [{ code = 1, label = { en = "Yes" } }, { code = 2, label = { en = "No" } }]
  asked_if = { q = [2] }
"""


@pytest.mark.parametrize("cluster", ['cluster = "place"', ""])
def test_chunks_add_up_to_the_whole(tmp_path, monkeypatch, cluster):
    pytest.importorskip("numba")
    draw = np.random.default_rng(3)
    n = 20_000
    place = np.sort(draw.integers(0, 40, n)) * 10  # no chunk has somebody of every place
    columns = {"q": draw.integers(0, 3, n), "r": draw.integers(0, 3, n), "b": draw.integers(1, 4, n), "place": place}
    columns |= {"w": np.round(draw.uniform(0, 2, n), 1), "stratum": (place // 10) % 4 + 1}
    masked = {name: pa.array(of, mask=of == 0) if name in "qr" else pa.array(of) for name, of in columns.items()}
    pq.write_table(pa.table(masked), tmp_path / "answers.parquet", row_group_size=3000)
    (tmp_path / "study.toml").write_text(STUDY.replace("{cluster}", cluster), encoding="utf-8")
    study, sources = read_study(tmp_path / "study.toml")
    session = connect()
    relational = over_parquet(tmp_path / "answers.parquet", study, sources, "1", session)
    engine = streamed(relational, session, rows=4096)
    assert isinstance(engine, Streamed)
    assert len(list(engine._chunks(list(study.parts("1"))))) >= 5
    answers = bind(study, sources, "1", read(tmp_path / "answers.parquet"))
    memory = Memory(columns=answers.columns, broken=breakdown(groupings(study, answers), design_of(study, answers)))
    parts = list(study.parts("1"))
    for _ in range(2):  # the second time by DuckDB's own statements
        for ours, theirs in zip(tabulate_each(parts, engine), tabulate_each(parts, memory), strict=True):
            for one, other in zip(ours, theirs, strict=True):
                for name in ("count", "base", "numerator", "denominator", "se", "lower", "upper", "deff", "df"):
                    assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
        monkeypatch.setattr(streaming, "MOST_BYTES", 0)
