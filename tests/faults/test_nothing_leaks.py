"""A hostile reader of what is published, of what the program says, and of what it leaves behind."""

from __future__ import annotations

import filecmp
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faults_study import HEADER, answers, write_study

Saklig = Callable[..., Any]
EXAMPLE = Path(__file__).parents[2] / "examples" / "kommun"
# Columns of the example that are no questions, under names that occur nowhere else.
RENAMED = {"weight": "xvikt7", "stratum": "xskikt7", "size": "xstorlek7", "type": "xtyp7", "part": "xdel7"}
PERSONS = "xperson7"
VERBATIM = "Hemligson sade upp sig"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example under `organisations`, with columns of strange names and one of free text, as the program leaves it.

    Published on another day, in another time zone and from a folder with a strange name.
    """
    from saklig.cli import main

    made = tmp_path_factory.mktemp("xmapp7")
    for wave in ("2021", "2023"):
        rows = [line.split(",") for line in (EXAMPLE / f"answers-{wave}.csv").read_text(encoding="utf-8").splitlines()]
        header = [PERSONS if name == "person" else RENAMED.get(name, name) for name in rows[0]] + ["xfritext7"]
        lines = [header, *([f"9{row[0]}55577", *row[1:], VERBATIM] for row in rows[1:])]
        text = "\n".join(",".join(line) for line in lines) + "\n"
        (made / f"xsvar7-{wave}.csv").write_text(text, encoding="utf-8")
    study = (EXAMPLE / "study.toml").read_text(encoding="utf-8")
    assert '"organisations"' in study
    study = study.replace('answers = "answers-', 'answers = "xsvar7-').replace(
        'person = "person"', f'person = "{PERSONS}"'
    )
    for name, other in RENAMED.items():
        study = study.replace(f'= "{name}"\n', f'= "{other}"\n')
    study = study.replace("languages = [", 'left_out = ["xfritext7"]\nlanguages = [', 1)
    (made / "xstudie7.toml").write_text(study, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["publish", str(made / "xstudie7.toml"), "--out", str(made / "out")])
    assert not ended.value.code
    return made


@pytest.fixture(scope="module")
def edition(folder: Path) -> Path:
    (found,) = (path for path in (folder / "out/editions").iterdir() if path.is_dir())
    return found


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every published file with its bytes; of Parquet, whose pages are packed, the rows and the metadata too."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".parquet":
                import pyarrow.parquet

                file = pyarrow.parquet.ParquetFile(path)
                content += repr((file.read().to_pydict(), file.metadata.to_dict())).encode()
            yield path, content


def test_every_column_was_renamed(folder: Path) -> None:
    study = (folder / "xstudie7.toml").read_text(encoding="utf-8")
    header = (folder / "xsvar7-2021.csv").read_text(encoding="utf-8").splitlines()[0]
    for name in (*RENAMED.values(), PERSONS):
        assert name in study
        assert name in header


def test_nothing_of_files_columns_machine_or_respondents(folder: Path) -> None:
    import getpass
    import socket

    secrets = [*RENAMED.values(), PERSONS, "xfritext7", "xsvar7", "xstudie7", "xmapp7", VERBATIM, "Hemligson", "55577",
               str(folder), ".venv", "/home/", "site-packages"]  # fmt: skip
    secrets += [name for name in (getpass.getuser(), socket.gethostname()) if len(name) > 5]
    secrets += [time.strftime(form) for form in ("%Y-%m-%dT", "%Y-%m-%d ", "%d %B %Y")]
    for path, content in contents(folder / "out"):
        for secret in secrets:
            assert secret.encode() not in content, f"{secret} in {path}"
            assert secret not in str(path.relative_to(folder))
    assert {path.suffix for path, _ in contents(folder / "out")} <= {
        "", ".html", ".css", ".js", ".svg", ".json", ".parquet", ".woff2", ".txt",
    }  # fmt: skip


def test_hidden_files_hold_nothing(folder: Path) -> None:
    hidden = [path for path in folder.rglob("*") if path.name.startswith(".")]
    assert {path.name for path in hidden} <= {".saklig-lock", ".saklig-audit-kommun.json", ".saklig-published-kommun"}
    assert (folder / "out/.saklig-lock").read_bytes() == b""
    memory = (folder / ".saklig-audit-kommun.json").read_bytes()
    for secret in (*RENAMED.values(), PERSONS, VERBATIM, "55577"):
        assert secret.encode() not in memory
    if os.name != "nt":
        assert (folder / ".saklig-audit-kommun.json").stat().st_mode & 0o077 == 0
    (record,) = (folder / ".saklig-published-kommun").iterdir()
    with np.load(record, allow_pickle=False) as arrays:
        kept = b"".join(name.encode() + arrays[name].tobytes() for name in arrays.files)
    for secret in (*RENAMED.values(), PERSONS, VERBATIM, "55577", str(folder)):  # answers, but nobody's name or words
        assert secret.encode() not in kept


def test_nobody_of_a_panel_is_there_under_a_number(folder: Path) -> None:
    """Who answered in both waves is known by numbers made of the persons' ids; these stay with the answers too."""
    from saklig.compilation.compiling import read_and_bind

    waves = [answers.persons for answers, _design in read_and_bind(folder / "xstudie7.toml").waves]
    assert all(persons is not None and (persons > 0).all() for persons in waves)
    numbers = [str(number).encode() for persons in waves if persons is not None for number in persons.tolist()]
    for path, content in contents(folder / "out"):
        assert not [number for number in numbers if number in content], path


def test_a_withheld_row_is_empty(edition: Path) -> None:
    import pyarrow.parquet

    rows = pyarrow.parquet.read_table(edition / "facts.parquet").to_pylist()
    withheld = [row for row in rows if row["status"] == "withheld"]
    assert len(withheld) > 100
    for row in withheld:
        for name in ("count", "base", "value", "se", "lower", "upper", "deff", "df"):
            assert row[name] is None
        assert row["decimals"] == 0  # more would tell that a base is large
    # What the policy does not print, no row has: not even the statistics of a column.
    for row in rows:
        assert row["count"] is row["se"] is row["deff"] is row["df"] is None


def test_a_group_is_withheld_whole(edition: Path) -> None:
    """A mean or a net that stands where its answers do not would tell of them."""
    import pyarrow.parquet

    place = ("wave", "wave2", "question", "item", "by1", "group1", "by2", "group2", "versus")
    columns: dict[tuple[str, ...], set[str]] = {}
    for row in pyarrow.parquet.read_table(edition / "facts.parquet").to_pylist():
        if row["stat"] in {"median", "q1", "q3", "difference"}:  # these need more answers than the rest
            continue
        columns.setdefault(tuple(row[name] for name in place), set()).add(row["status"])
    assert any("withheld" in found for found in columns.values())
    assert not [key for key, found in columns.items() if len(found) > 1]


def test_every_byte_of_an_edition_follows_from_what_it_says(edition: Path, tmp_path: Path) -> None:
    """Nothing stands between the lines: no unused entry of a dictionary, no statistics of what was withheld."""
    from saklig.edition.edition import Edition
    from saklig.edition.facts import facts_from
    from saklig.edition.reading import open_edition
    from saklig.edition.writing import write_edition

    read = open_edition(edition)
    rows = read.facts.rows(slice(0, len(read.facts)))
    again = Edition(id=read.id, study=read.study, publication=read.publication, facts=facts_from(rows))
    written = write_edition(again, tmp_path)
    names = sorted(path.name for path in edition.iterdir())
    assert names == sorted(path.name for path in written.iterdir())
    assert filecmp.cmpfiles(edition, written, names, shallow=False)[0] == names


def test_every_byte_of_a_site_follows_from_its_edition(
    folder: Path, edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site made again where no answers are, elsewhere, in another time zone: the same files."""
    from saklig.edition.reading import open_edition
    from saklig.publish.site.write import write_site

    copy = tmp_path / "editions" / edition.name
    shutil.copytree(edition, copy)
    shutil.copyfile(edition.parent / "editions.js", copy.parent / "editions.js")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("USER", "someone")
    monkeypatch.setattr(time, "time", lambda: 1.0)
    write_site(open_edition(copy), tmp_path / "site", edition_folder=copy)
    one, other = ({path.relative_to(root): content for path, content in contents(root)} for root in (
        folder / "out/site", tmp_path / "site"))  # fmt: skip
    assert one.keys() == other.keys()
    assert [path for path in one if one[path] != other[path]] == []


CANARY, NUMBER = "Hemligson", "7319428"


@pytest.mark.parametrize("column", range(5))
@pytest.mark.parametrize(
    "value", [f"Kalle {CANARY}", f'"{CANARY}', f"{CANARY},{CANARY}", NUMBER, f"-{NUMBER}", f"1;{NUMBER}"]
)
@pytest.mark.parametrize("options", [(), ("--traceback",)])
def test_no_answer_is_told(saklig: Saklig, tmp_path: Path, column: int, value: str, options: tuple[str, ...]) -> None:
    """Whatever stands in whichever column: neither an error nor a remark, a cache or a temporary file tells it."""
    from saklig.answers.model import AnswersError
    from saklig.design.model import DesignError

    study = write_study(tmp_path / "study")
    lines = answers()
    cells = lines[30].split(",")
    cells[column] = value
    lines[30] = ",".join(cells)
    study.with_name("answers.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    for command in ("check", "publish"):
        try:
            said = saklig(command, study, *options)
            told = said.out + said.err
        except (AnswersError, DesignError) as error:  # with --traceback
            import traceback

            told = "".join(traceback.format_exception(error))
        assert CANARY not in told
        assert NUMBER not in told
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name != "answers.csv":
            content = path.read_bytes()
            assert CANARY.encode() not in content, path
            assert NUMBER.encode() not in content, path


@pytest.mark.parametrize("command", ["init", "check"])
def test_no_answer_is_told_by_a_draft(saklig: Saklig, tmp_path: Path, command: str) -> None:
    """`init` names columns that it leaves out, and says nothing that one person wrote."""
    lines = [
        f"{CANARY} {row},kalle{row}@{CANARY.lower()}.se,{NUMBER}{row},{1 + row % 2},{row} {CANARY} sade nej"
        for row in range(40)
    ]
    (tmp_path / "answers.csv").write_text("\n".join(["namn,epost,telefon,q1,kommentar", *lines]) + "\n")
    said = saklig("init", "answers.csv")
    assert said.code == 0
    told = said.out + said.err + (tmp_path / "study.toml").read_text(encoding="utf-8")
    if command == "check":
        said = saklig("check", "study.toml")
        told += said.out + said.err
    assert CANARY.lower() not in told.lower()
    assert NUMBER not in told
