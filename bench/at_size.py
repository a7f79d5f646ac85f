"""Large files: a .sav of a million respondents, and a Parquet of a hundred million (`python -m bench.at_size`).

Each is read in a process of its own, of which the most memory is measured.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

STUDY = """
id = "size"
title = {{ en = "Size" }}
[[wave]]
id = "1"
answers = "{answers}"
weight = "weight"
strata = "stratum"
cluster = "psu"
{backgrounds}
[codes.degree]
categories = [{categories}]
[[section]]
id = "1"
title = {{ en = "One" }}
{questions}
"""
QUESTIONS, GROUPS, STRATA, CLUSTERS = 20, (2, 3, 4, 5, 6, 8, 10, 12), 20, 1000
PIECES, ROWS_A_PIECE = 10, 10_000_000


def write_study(folder: Path, answers: str) -> Path:
    """20 questions of 5 categories by 8 backgrounds of 2 to 12 groups."""
    backgrounds = "\n".join(
        f'[[background]]\nid = "b{number}"\nlabel = {{ en = "B{number}" }}\ngroups = ['
        + ", ".join(f'{{ id = "g{code}", code = {code}, label = {{ en = "G{code}" }} }}' for code in range(1, size + 1))
        + "]"
        for number, size in enumerate(GROUPS)
    )
    questions = "\n".join(
        f'[[section.question]]\nid = "q{number}"\nkind = "single"\ntext = {{ en = "Q{number}?" }}\n'
        f'label = {{ en = "Q{number}" }}\ncodes = "degree"'
        for number in range(QUESTIONS)
    )
    categories = ", ".join(f'{{ code = {code}, label = {{ en = "C{code}" }} }}' for code in range(1, 6))
    text = STUDY.format(answers=answers, backgrounds=backgrounds, questions=questions, categories=categories)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder / "study.toml"


def write_pieces(folder: Path, pieces: int = PIECES, rows: int = ROWS_A_PIECE) -> str:
    """A Parquet of `rows` respondents, `pieces` times under other names; the pattern of their names."""
    import duckdb

    columns = [f"nullif(hash(i * 1000003 + {k}) % 6, 0)::TINYINT AS q{k}" for k in range(QUESTIONS)]
    columns += [f"(hash(i * 1000003 + {100 + k}) % {size} + 1)::TINYINT AS b{k}" for k, size in enumerate(GROUPS)]
    cluster = f"hash(i * 1000003 + 55) % {CLUSTERS}"
    columns += [f"({cluster}) // {CLUSTERS // STRATA} + 1 AS stratum", f"{cluster} AS psu"]
    columns += ["round(0.5 + (hash(i * 1000003 + 77) % 1000) / 500.0, 3)::DOUBLE AS weight"]
    first = folder / "answers-0.parquet"
    duckdb.execute(f"COPY (SELECT {', '.join(columns)} FROM range({rows}) t(i)) TO '{first}' (FORMAT parquet)")
    for piece in range(1, pieces):
        os.link(first, folder / f"answers-{piece}.parquet")
    return "answers-*.parquet"


def count_pieces(folder: Path) -> dict[str, float]:
    """Every question by every background with errors, from the pieces; seconds and megabytes of this process."""
    from saklig.study.file import read_study
    from saklig.tabulation.engines.streamed import streamed
    from saklig.tabulation.engines.with_duckdb import connect, over_parquet
    from saklig.tabulation.tabulate import tabulate_each

    study, sources = read_study(folder / "study.toml")
    start = time.perf_counter()
    session = connect(memory="2GB")
    relational = over_parquet(folder / "answers-*.parquet", study, sources, "1", session)
    engine = streamed(relational, session)
    tables = [table for each in tabulate_each(list(study.parts("1")), engine) for table in each]
    assert len(tables) == QUESTIONS * (1 + len(GROUPS))
    respondents = float(tables[0].base.max())
    return {"seconds": time.perf_counter() - start, "answers": respondents}


def write_sav(folder: Path, rows: int = 1_000_000) -> None:
    """60 columns, of which three are texts."""
    import numpy as np
    import pandas as pd  # comes with the Spark client
    import pyreadstat

    draw = np.random.default_rng(1)
    places = np.array(["Stockholm", "Göteborg", "Malmö", "Umeå med omnejd", "annan ort"], dtype=object)
    columns = {f"q{number}": draw.integers(1, 7, rows).astype("float64") for number in range(56)}
    columns |= {f"t{number}": places[draw.integers(0, 5, rows)] for number in range(3)}
    columns["weight"] = np.round(draw.uniform(0.5, 2, rows), 2)
    pyreadstat.write_sav(pd.DataFrame(columns), str(folder / "answers.sav"))


def read_sav(folder: Path) -> dict[str, float]:
    """The file as the program reads it."""
    from saklig.answers.readers import read

    start = time.perf_counter()
    source = read(folder / "answers.sav")
    return {"seconds": time.perf_counter() - start, "answers": float(source.rows)}


def measured(work: Callable[[Path], dict[str, float]], folder: Path) -> dict[str, float]:
    """What `work` says, done in a process of its own, with processor seconds and the most megabytes in memory."""
    script = (
        "import json, sys; from pathlib import Path; from bench import at_size; "
        f"print(json.dumps(at_size.watched(at_size.{work.__name__}, Path(sys.argv[1]))))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True)
    import json

    return dict(json.loads(done.stdout.splitlines()[-1]))


def watched(work: Callable[[Path], dict[str, float]], folder: Path) -> dict[str, float]:
    """In this process."""
    said = work(folder)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return said | {"processor": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024}


def section(rows: int = 1_000_000, pieces: int = PIECES, rows_a_piece: int = ROWS_A_PIECE) -> str:
    """Both, as a table."""
    from bench.machine import described

    machine = described(("saklig", "numpy", "duckdb", "pyarrow", "pyreadstat"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_sav(folder, rows)
        sav = measured(read_sav, folder)
        write_study(folder, write_pieces(folder, pieces, rows_a_piece))
        parquet = measured(count_pieces, folder)
    head = "| work | seconds | processor | memory, MB | goal |\n| --- | ---: | ---: | ---: | --- |"
    goal = "at most 60 s and 4000 MB: "
    goal += "reached" if parquet["seconds"] <= 60 and parquet["megabytes"] < 4000 else "**missed**"
    works = (
        (f"a .sav of {sav['answers']:,.0f} respondents and 60 columns, read", sav, ""),
        (
            f"{parquet['answers']:,.0f} respondents in Parquet ({pieces} files of the same rows), 160 tables",
            parquet,
            goal,
        ),
    )
    lines = [
        f"| {work} | {found['seconds']:.1f} | {found['processor']:.1f} | {found['megabytes']:,.0f} | {said} |"
        for work, found, said in works
    ]
    return "\n\n".join([machine, "\n".join([head, *lines])])


if __name__ == "__main__":
    print(section())
