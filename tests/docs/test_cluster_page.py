"""The Python of the page on clusters, as it stands, against Sail."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from small_parquet import SmallParquet, study_text

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-a-spark-cluster.md"


def test_the_page_counts_a_table(
    small_parquet: SmallParquet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    server = pytest.importorskip("pysail.spark").SparkConnectServer("127.0.0.1", 0)
    server.start()
    _, port = server.listening_address
    monkeypatch.chdir(small_parquet.folder)
    small_parquet.write(study_text(wave="2021"))  # its answers are nowhere but in the cluster
    code = blocks()[0]
    code = code.replace("sc://spark.example.org:15002", f"sc://127.0.0.1:{port}")
    code = code.replace("engine = with_spark", "session.session.sql(MADE)\nengine = with_spark")
    code = code.replace("surveys.answers_2021", "answers_2021")
    made = "CREATE TEMP VIEW answers_2021 AS SELECT * FROM VALUES (1), (2), (2), (NULL) AS answers(q)"
    exec(code, {"MADE": made})
    # four respondents, of whom three answered: √(4/3 · ((2/3)² + 2 · (1/3)²)) / 3
    assert capsys.readouterr().out == "('q', '') () [3] [0.31426968]\n"
    server.stop()


def test_the_page_counts_files(
    small_parquet: SmallParquet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(small_parquet.folder)
    small_parquet.write(study_text(wave="2021"))
    Path("answers").mkdir()
    for name, answers in (("a", [1, 2]), ("b", [2, None])):
        pq.write_table(pa.table({"q": pa.array(answers, pa.int8())}), f"answers/{name}.parquet")
    first, second = blocks()
    reading, counting = first.split("session = ")[0], first.split("\n\n")[-1]
    exec(f"{reading}\n{second}\n{counting}", {})
    assert capsys.readouterr().out == "('q', '') () [3] [0.31426968]\n"


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
