"""The Python of the page on clusters, as it stands, against Sail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-a-spark-cluster.md"
STUDY = """
id = "s"
title = { en = "S" }
[[wave]]
id = "2021"
answers = "not-here.parquet"
[[section]]
id = "1"
title = { en = "One" }
  [[section.question]]
  id = "q"
  kind = "single"
  text = { en = "Yes?" }
  label = { en = "Yes" }
  categories = [{ code = 1, label = { en = "Yes" } }, { code = 2, label = { en = "No" } }]
"""


def test_the_page_counts_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    server = pytest.importorskip("pysail.spark").SparkConnectServer("127.0.0.1", 0)
    server.start()
    _, port = server.listening_address
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(STUDY, encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[0]
    code = code.replace("sc://spark.example.org:15002", f"sc://127.0.0.1:{port}")
    code = code.replace("engine = with_spark", "session.session.sql(MADE)\nengine = with_spark")
    code = code.replace("surveys.answers_2021", "answers_2021")
    made = "CREATE TEMP VIEW answers_2021 AS SELECT * FROM VALUES (1), (2), (2), (NULL) AS answers(q)"
    exec(code, {"MADE": made})
    # four respondents, of whom three answered: √(4/3 · ((2/3)² + 2 · (1/3)²)) / 3
    assert capsys.readouterr().out == "('q', '') () [3] [0.31426968]\n"
    server.stop()
