"""Wrong use, editions that are none, and folders in which something else stands."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Saklig = Callable[..., Any]
Tree = Callable[[Path], dict[str, str]]


@pytest.fixture
def edition(published: Path) -> Path:
    (folder,) = (path for path in (published / "editions").iterdir() if path.is_dir())
    return folder


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pubish", "study.toml"], ("no command pubish", "publish")),
        (["publish"], ("STUDY",)),
        (["publish", "a.toml", "b.toml"], ("b.toml",)),
        (["publish", "a.toml", "--drat"], ("--drat", "--draft")),
        (["publish", "a.toml", "--only", "report"], ("--only", "report", "edition")),
        (["publish", "a.toml", "--reason", "Fel"], ("--corrects", "--reason")),
        (["publish", "a.toml", "--corrects", "0123"], ("--corrects", "--reason")),
        (["publish", "a.toml", "--corrects", "0123", "--reason", " "], ("--corrects", "--reason")),
        (["publish", "a.toml", "--corrects", "0123", "--reason", "Fel", "--draft"], ("--draft",)),
        (["--language", "de", "publish", "a.toml"], ("--language", "de", "sv")),
        (["fact", "liten/q1/1", "--cite", "apa"], ("--cite", "apa", "bibtex")),
        (["fact", "liten/Q1/1"], ("“Q1”", "is not an id", "for example “q1”")),
        (["fact", "liten"], ("“liten”", "study/question/category")),
        (["fact", ""], ("is not an address", "study/question/category")),
        (["fact", "liten@0123/q1/1"], ("“0123”", "16 characters")),
        (["fact", "liten/q1/\x1b[31m1"], ("is not an id",)),
        (["fact", "liten/q1/1"], ("--in",)),
        (["compare-facts"], ("ADDRESS",)),
        (["compare-facts", "liten/q1/1"], ("two addresses",)),
        (["compare-facts", *["liten/q1/1"] * 27], ("at most 26",)),
        (["compare-facts", "liten/q1", "--by", "storlek"], ("--study",)),
        (["compare-facts", "liten/q1", "liten/q2", "--by", "storlek", "--study", "a.toml"], ("--by", "one address")),
        (["compare-facts", "liten/q1/1", "liten/q1/2", "--study", "a.toml", "--in", "out"], ("--in", "--study")),
        (["compare-facts", "liten/q1/1", "liten/Q1/1"], ("“Q1”", "for example “q1”")),
        (["withdraw", "0123"], ("--out",)),
    ],
)
def test_wrong_use(saklig: Saklig, tmp_path: Path, arguments: list[str], words: tuple[str, ...]) -> None:
    said = saklig(*arguments)
    assert (said.code, said.out) == (2, "")
    for word in words:
        assert word in said.err
    assert "\x1b" not in said.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("liten/q1/7", ("no fact liten/q1/7", "the nearest is liten.2021/q1/")),
        ("liten/q3/1", ("no question “q3”", "the nearest is liten.2021/q")),
        ("liten/q1/1@storlek=medel", ("the nearest is liten.2021/q1/1@storlek=",)),
        ("liten/q1/1@storlekar=liten", ("the nearest is liten.2021/q1/1@storlek=liten",)),
        ("liten.2020/q1/1", ("no wave “2020”", "the nearest is liten.2021/q1/1")),
        ("stor/q1/1", ("of the study “liten”", "the nearest is liten/q1/1")),
        ("liten@0123456789abcdef/q1/1", ("no edition 0123456789abcdef", "there are: ")),
    ],
)
def test_an_address_that_does_not_exist(saklig: Saklig, published: Path, address: str, words: tuple[str, ...]) -> None:
    said = saklig("fact", address, "--in", published)
    assert (said.code, said.out) == (1, "")
    for word in words:
        assert word in said.err


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("liten/q1/7", "liten/q1/1", ("no fact liten/q1/7",)),
        ("liten/q1/1", "liten/q1", ("it names the question",)),
        ("liten/q1/1", "liten/q1/1", ("liten.2021/q1/1", "named twice")),
        ("liten/q1/1", "liten/q1/1@storlek=liten", ("storlek=liten is part of", "with storlek=stor")),
    ],
)
def test_numbers_that_cannot_be_compared(
    saklig: Saklig, published: Path, one: str, other: str, words: tuple[str, ...]
) -> None:
    said = saklig("compare-facts", one, other, "--in", published)
    assert (said.code, said.out) == (1, "")
    for word in words:
        assert word in said.err


@pytest.mark.parametrize("missing", ["facts.parquet", "study.json", "README", "datapackage.json"])
def test_an_edition_with_a_missing_file(saklig: Saklig, edition: Path, missing: str) -> None:
    (edition / missing).unlink()
    for command in ("verify", "compare"):
        said = saklig(command, edition, *([edition] if command == "compare" else []))
        if (command, missing) == ("compare", "README"):
            continue
        assert said.code == 1
        assert missing in said.err


def test_facts_that_are_another_parquet_file(saklig: Saklig, edition: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    other = pyarrow.table({"name": ["Kalle"], "answer": [1]})
    pyarrow.parquet.write_table(other, edition / "facts.parquet")
    for arguments in (["verify", edition], ["fact", "liten/q1/1", "--in", edition], ["compare", edition, edition]):
        said = saklig(*arguments)
        assert (said.code, said.out) == (1, "")
        assert "facts.parquet" in said.err
        assert "does not have the columns" in said.err
        assert "Kalle" not in said.err


@pytest.mark.parametrize("name", ["facts.parquet", "study.json", "datapackage.json"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[" * 100_000, b"PAR1" + b"x" * 300 + b"PAR1", b"null", b'{"resources": 3}', b'{"id": 1e999}'],
)
def test_an_edition_with_rubbish_in_it(saklig: Saklig, edition: Path, name: str, content: bytes) -> None:
    (edition / name).write_bytes(content)
    for arguments in (["verify", edition], ["fact", "liten/q1/1", "--in", edition]):
        said = saklig(*arguments)
        assert (said.code, said.out) == (1, "")
        assert name in said.err


def test_a_folder_in_the_place_of_a_file(saklig: Saklig, edition: Path) -> None:
    (edition / "facts.parquet").unlink()
    (edition / "facts.parquet").mkdir()
    for arguments in (["verify", edition], ["fact", "liten/q1/1", "--in", edition]):
        said = saklig(*arguments)
        assert said.code == 1
        assert "facts.parquet" in said.err


def test_verify_of_what_is_no_edition(saklig: Saklig, study: Path, published: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", study, published / "site", study.parent):
        said = saklig("verify", path)
        assert (said.code, said.out) == (1, "")
        assert f"{path}: " in said.err
        assert "an edition" in said.err


def test_verify_against_answers_that_are_not_there(saklig: Saklig, edition: Path) -> None:
    said = saklig("verify", edition, "--answers", "nowhere.toml")
    assert said.code == 1
    assert "nowhere.toml: there is no such file" in said.err


@pytest.mark.parametrize("short", ["", "0", "zz", "0123456789abcdef"])
def test_an_edition_that_is_not_there_cannot_be_corrected(
    saklig: Saklig, study: Path, published: Path, edition: Path, tree: Tree, short: str
) -> None:
    short = short or edition.name[:8]  # too short a beginning of one that is there
    before = tree(published)
    said = saklig("publish", study, "--out", published, "--corrects", short, "--reason", "Fel")
    assert (said.code, said.out) == (1, "")
    assert f"no published edition “{short}”" in said.err
    assert edition.name in said.err
    assert tree(published) == before
    said = saklig("withdraw", short, "--out", published, "--reason", "Fel")
    assert said.code == 1
    assert short in said.err
    assert "editions.js" in said.err
    assert tree(published) == before


def test_withdrawing_where_nothing_was_published(saklig: Saklig, tmp_path: Path) -> None:
    said = saklig("withdraw", "0123", "--out", "nowhere", "--reason", "Fel")
    assert said.code == 1
    assert "nowhere: nothing was published here" in said.err
    assert not list(tmp_path.iterdir())


def test_out_is_a_file(saklig: Saklig, study: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert saklig("publish", study, "--out", "thesis.txt").code == 2
    said = saklig("publish", study, "--out", "thesis.txt/out")
    assert said.code == 1
    assert "thesis.txt/out" in said.err
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_out_may_not_be_written(saklig: Saklig, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    said = saklig("publish", study, "--out", "locked")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("locked: ")
    assert "Nothing is half-written" in said.err


@pytest.mark.parametrize(("folder", "option"), [("site", []), ("draft", ["--draft"])])
def test_out_holds_somebody_elses_folder(
    saklig: Saklig, study: Path, tmp_path: Path, tree: Tree, folder: str, option: list[str]
) -> None:
    out = tmp_path / "out"
    (out / folder).mkdir(parents=True)
    (out / folder / "index.html").write_text("mine")
    before = tree(out)
    said = saklig("publish", study, "--out", out, *option)
    assert (said.code, said.out) == (1, "")
    assert f"{out / folder}: holds files that are no site of this program" in said.err
    assert "choose another --out" in said.err
    assert tree(out) == before
    # Its edition alone needs no site, and an empty folder is nobody's.
    assert saklig("publish", study, "--out", out, "--only", "edition", *option).code == 0
    assert (out / folder / "index.html").read_text() == "mine"
    shutil.rmtree(out / folder)
    (out / folder).mkdir()
    assert saklig("publish", study, "--out", out, *option).code == 0


def test_what_else_stands_in_out_stays(saklig: Saklig, study: Path, tmp_path: Path) -> None:
    mine = [tmp_path / "out" / name for name in ("thesis.txt", "editions/thesis.txt", ".git/config", "editions/0123/a")]
    for path in mine:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    assert saklig("publish", study, "--out", "out").code == 0
    assert saklig("publish", study, "--out", "out").code == 0
    assert [path.read_text() for path in mine] == ["mine"] * 4


@pytest.mark.parametrize("content", [b"", b"mine", b"window.saklig_editions = {};", b"\xff\xfe"])
def test_a_list_of_editions_that_is_none(
    saklig: Saklig, study: Path, tree: Tree, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "out/editions").mkdir(parents=True)
    (tmp_path / "out/editions/editions.js").write_bytes(content)
    before = tree(tmp_path / "out")
    said = saklig("publish", study, "--out", "out")
    assert (said.code, said.out) == (1, "")
    assert "out/editions/editions.js: " in said.err
    assert "backup" in said.err
    assert tree(tmp_path / "out") == before


def test_two_at_once(saklig: Saklig, study: Path, published: Path, tree: Tree) -> None:
    from saklig.compilation.publishing import exclusively

    before = tree(published)
    with exclusively(published):
        said = saklig("publish", study, "--out", published)
    assert (said.code, said.out) == (1, "")
    assert f"{published}: another run is publishing here" in said.err
    assert tree(published) == before


def test_init_replaces_nothing(saklig: Saklig, study: Path, tmp_path: Path, tree: Tree) -> None:
    before = tree(tmp_path)
    data = study.with_name("answers.csv")
    assert saklig("init", data).code == 2
    assert saklig("init", data, "--out", study.parent).code == 2
    said = saklig("init", data, "--out", "no/where/study.toml")
    assert said.code == 2
    assert "There is no folder no/where" in said.err
    assert saklig("init", study, "--out", "new.toml").code == 1
    assert tree(tmp_path) == before


def test_errors_for_machines(saklig: Saklig) -> None:
    import json

    said = saklig("publish", "nowhere.toml", "--json")
    assert (said.code, said.err) == (1, "")
    assert "nowhere.toml" in json.loads(said.out)["error"]
