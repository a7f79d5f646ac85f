from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_study import answers

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def published(run: Run, study: Path, tmp_path: Path) -> dict[str, object]:
    done = run("publish", study, "--out", "out/liten", "--json", "--only", "edition")
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found | {"path": tmp_path / str(found["folder"])}


def test_publish_makes_edition_list_and_site(run: Run, study: Path, tmp_path: Path) -> None:
    done = run("publish", study)
    assert (done.returncode, done.stderr) == (0, "")
    listing = (tmp_path / "out/liten/editions/editions.js").read_text()
    edition = re.search(r'"current": "([0-9a-f]{64})"', listing)[1]
    assert f"Edition {edition[:16]}: out/liten/editions/{edition[:16]}\n" in done.stdout
    front = re.search(r"Open: file://(\S+)", done.stdout)[1]
    assert Path(front).is_file()
    assert (tmp_path / f"out/liten/site/e/{edition[:16]}/q1.html").is_file()
    assert (tmp_path / "out/liten/site/editions.js").read_text() == listing


def test_publish_says_how_much_is_withheld_and_under_which_policy(run: Run, study: Path, tmp_path: Path) -> None:
    study.write_text(
        study.read_text("utf-8").replace('policy = "public"', 'policy = "organisations"\nthreshold = 25'), "utf-8"
    )
    told = json.loads(run("publish", study, "--only", "edition", "--json").stdout)
    protection = json.loads((tmp_path / told["folder"] / "study.json").read_text("utf-8"))["publication"]["protection"]
    assert told["withheld"] > 0
    assert (told["policy"], told["audit"]) == (protection["policy"], protection["audit"]) == ("organisations", "full")
    assert (told["withheld"], told["columns"]) == (sum(protection["withheld"].values()), protection["columns"])
    said = f"tested for every respondent: {told['withheld']} of {told['columns']} columns of numbers are withheld."
    assert f"Policy “organisations”, {said}\n" in run("publish", study, "--only", "edition").stdout


def test_unchanged_answers_rewrite_nothing(run: Run, study: Path, published: dict[str, object]) -> None:
    folder = Path(str(published["path"]))
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()}
    again = json.loads(run("publish", study, "--out", "out/liten", "--json", "--only", "edition").stdout)
    assert (again["edition"], again["new"], again["front"]) == (published["edition"], False, None)
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()} == before


def test_a_damaged_edition_is_written_again(run: Run, study: Path, published: dict[str, object]) -> None:
    readme = Path(str(published["path"])) / "README"
    whole = readme.read_bytes()
    readme.write_bytes(b"changed")
    assert json.loads(run("publish", study, "--out", "out/liten", "--json", "--only", "edition").stdout)["new"]
    assert readme.read_bytes() == whole


def test_verify_with_and_without_answers(run: Run, study: Path, published: dict[str, object]) -> None:
    folder = published["path"]
    assert run("verify", folder).stdout.startswith("Whole")
    assert run("verify", folder, "--answers", study).stdout.startswith("Verified")
    lines = study.with_name("answers.csv").read_text().splitlines()
    lines[1] = "1,3,1" if lines[1] != "1,3,1" else "1,1,1"
    study.with_name("answers.csv").write_text("\n".join(lines) + "\n")
    done = run("verify", folder, "--answers", study)
    assert done.returncode == 1
    assert "the answers give another number" in done.stderr
    assert "liten.2021/q1/" in done.stderr


def test_verify_of_a_folder_that_was_published_in_takes_its_current_edition(
    run: Run, published: dict[str, object], tmp_path: Path
) -> None:
    short = str(published["edition"])[:16]
    for folder in ("out/liten", "out/liten/editions"):
        first, second = run("verify", folder).stdout.splitlines()
        assert first.endswith(f"out/liten/editions/{short}")
        assert second.startswith("Whole")
    assert json.loads(run("verify", "out/liten", "--json").stdout)["edition"] == f"out/liten/editions/{short}"
    assert run("withdraw", short, "--out", "out/liten", "--reason", "Fel frågor").returncode == 0
    done = run("verify", "out/liten")
    assert done.returncode == 1
    assert "there is no current edition" in done.stderr
    done = run("--language", "sv", "verify", tmp_path / "nothing")
    assert "det finns ingen sådan mapp" in done.stderr


def test_verify_names_file_and_address(run: Run, published: dict[str, object]) -> None:
    folder = Path(str(published["path"]))
    content = bytearray((folder / "study.json").read_bytes())
    content[100] ^= 1
    (folder / "study.json").write_bytes(bytes(content))
    done = run("verify", folder, "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert not found["verified"]
    assert any(finding.startswith("study.json: ") for finding in found["findings"])


def test_fact_with_its_citation(run: Run, published: dict[str, object]) -> None:
    done = run("fact", "liten/q1/2-3@storlek=liten")  # found in out/<study> of the working folder
    assert done.returncode == 0
    words, citation = done.stdout.strip().split("\n")
    assert words.startswith("“How digital is the municipality?” 2–3, Size: Small, 2021: ")
    short = str(published["edition"])[:16]
    assert citation.endswith(f"liten.2021@{short}/q1/2-3@storlek=liten")
    found = json.loads(run("fact", "liten/q1~mean", "--in", "out/liten", "--json").stdout)
    assert (found["stat"], found["standing"], found["decimals"]) == ("mean", "current", 1)
    assert run("fact", "liten/q1~mean", "--cite", "bibtex").stdout.startswith("@misc{liten-")
    assert len(run("fact", "liten/q1").stdout.splitlines()) >= 6


def test_a_question_between_two_waves_lists_its_changes(run: Run, study: Path) -> None:
    text = study.read_text()
    wave = text[text.index("[[wave]]") : text.index("[disclosure]")]
    later = wave.replace("2021", "2023").replace("answers.csv", "later.csv") + "independent = true\n\n"
    study.write_text(text.replace("[disclosure]", later + "[disclosure]"))
    study.with_name("later.csv").write_text(answers(2))
    assert run("publish", study, "--out", "out/liten", "--only", "edition").returncode == 0
    question, *listed = run("fact", "liten.2021..2023/q1").stdout.splitlines()
    assert question == "How digital is the municipality?"
    assert [line.split(": ")[0].strip() for line in listed] == [
        f"liten.2021..2023/q1{row}"
        for row in (*(f"/{each}~difference" for each in ("1", "2", "3", "2-3", "9", "no-answer")), "~mean-difference")
    ]
    by_group = run("fact", "liten.2021..2023/q1@storlek=stor").stdout.splitlines()[1:]
    assert len(by_group) == len(listed)
    assert all(line.split(": ")[0].endswith("@storlek=stor") for line in by_group)
    found = json.loads(run("fact", "liten.2021..2023/q1", "--json").stdout)
    assert {fact["wave2"] for fact in found} == {"2023"}


def test_an_address_without_a_fact_offers_the_nearest(run: Run, published: dict[str, object]) -> None:
    assert published["new"]
    done = run("fact", "liten/q1/2-4")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the nearest is liten.2021/q1/2-3" in done.stderr
    found = json.loads(run("fact", "liten/q1/2-4", "--json").stdout)
    assert found["nearest"] == "liten.2021/q1/2-3"
    assert run("fact", "liten").returncode == 2
    assert run("fact", "stor/q1/1").returncode == 2
    assert run("fact", "liten@0123456789abcdef/q1/1").returncode == 1


def test_a_correction_supersedes_with_its_reason(run: Run, study: Path, published: dict[str, object]) -> None:
    old = str(published["edition"])
    assert run("publish", study, "--out", "out/liten").returncode == 0
    text = study.with_name("answers.csv").read_text().replace("\n1,1,", "\n1,2,", 1)
    study.with_name("answers.csv").write_text(text)
    for wrong in (["--corrects", old[:16]], ["--reason", "Fel"], ["--corrects", old[:16], "--reason", "x", "--draft"]):
        assert run("publish", study, "--out", "out/liten", *wrong).returncode == 2
    done = run("publish", study, "--out", "out/liten", "--corrects", "0" * 16, "--reason", "Fel")
    assert done.returncode == 1
    assert old[:16] in done.stderr
    done = run("publish", study, "--out", "out/liten", "--corrects", old[:16], "--reason", "Fel svar", "--json")
    new = json.loads(done.stdout)
    assert (new["superseded"], new["new"]) == (old[:16], True)
    shown = run("fact", f"liten@{old[:16]}/q1/1", "--in", "out/liten")
    assert "not the current one (superseded)" in shown.stdout
    listing = (Path(str(published["path"])).parent / "editions.js").read_text()
    assert '"reason": "Fel svar"' in listing
    assert f'"by": "{new["edition"]}"' in listing
    pages = Path(str(published["path"])).parents[1] / "site" / "e"
    assert {path.name for path in pages.iterdir()} == {old[:16], str(new["edition"])[:16]}
    # Publishing again, without saying again what it corrects, is no news.
    again = json.loads(run("publish", study, "--out", "out/liten", "--only", "edition", "--json").stdout)
    assert (again["edition"], again["new"]) == (new["edition"], False)
    done = run("publish", study, "--out", "out/liten", "--corrects", str(new["edition"])[:16], "--reason", "Inget")
    assert done.returncode == 1
    assert "nothing differs" in done.stderr
    difference = json.loads(
        run("compare", published["path"], published["path"].parent / str(new["edition"])[:16], "--json").stdout
    )
    assert "liten.2021/q1/1" in [change["address"] for change in difference["changed"]]


def test_a_draft_stands_beside_what_is_published(run: Run, study: Path, published: dict[str, object]) -> None:
    out = Path(str(published["path"])).parents[1]
    assert run("publish", study, "--out", "out/liten").returncode == 0
    site = (out / "site" / "index.html").read_bytes()
    done = run("publish", study, "--out", "out/liten", "--draft", "--json")
    draft = json.loads(done.stdout)
    assert draft["draft"]
    assert draft["edition"] != published["edition"]
    assert (out / "site" / "index.html").read_bytes() == site
    assert (out / "draft" / "index.html").is_file()
    assert "UTKAST" in (out / "editions" / draft["edition"][:16] / "README").read_text(encoding="utf-8")
    listing = (out / "editions" / "editions.js").read_text()
    assert f'"current": "{published["edition"]}"' in listing
    # The next draft takes its place.
    study.write_text(study.read_text().replace("Kommunen", "Kommunerna"))
    run("publish", study, "--out", "out/liten", "--draft", "--only", "edition")
    assert not (out / "editions" / draft["edition"][:16]).exists()


def test_a_withdrawn_edition_says_so(run: Run, study: Path, published: dict[str, object]) -> None:
    short = str(published["edition"])[:16]
    assert run("publish", study, "--out", "out/liten").returncode == 0
    assert run("withdraw", short, "--out", "out/liten", "--reason", " ").returncode == 1
    assert run("withdraw", short, "--out", "out/liten", "--reason", "Fel frågor").returncode == 0
    out = Path(str(published["path"])).parents[1]
    for folder in ("editions", "site"):
        assert '"standing": "withdrawn"' in (out / folder / "editions.js").read_text()
    done = run("publish", study, "--out", "out/liten")
    assert done.returncode == 1
    assert "was withdrawn" in done.stderr


def test_what_is_withdrawn_is_not_withdrawn_again(run: Run, published: dict[str, object]) -> None:
    short = str(published["edition"])[:16]
    assert run("withdraw", short, "--out", "out/liten", "--reason", "Fel frågor").returncode == 0
    again = run("withdraw", short, "--out", "out/liten", "--reason", "Ett annat skäl")
    assert again.returncode == 1
    assert "withdrawn already: Fel frågor" in again.stderr
    assert "Ett annat" not in (Path(str(published["path"])).parent / "editions.js").read_text()


def test_withdrawn_numbers_come_back_only_with_a_reason(run: Run, study: Path, published: dict[str, object]) -> None:
    """A correction that was withdrawn has another id without what it corrects, and the same numbers."""
    data, publish = study.with_name("answers.csv"), ("publish", study, "--out", "out/liten", "--only", "edition")
    data.write_text(data.read_text().replace("\n1,1,", "\n1,2,", 1))
    old = str(published["edition"])[:16]
    new = json.loads(run(*publish, "--corrects", old, "--reason", "Fel svar", "--json").stdout)["edition"][:16]
    assert run("withdraw", new, "--out", "out/liten", "--reason", "Fel rättelse").returncode == 0
    listing = Path(str(published["path"])).parent / "editions.js"
    before = listing.read_bytes()
    done = run(*publish)
    assert (done.returncode, listing.read_bytes()) == (1, before)
    assert new in done.stderr
    assert "Fel rättelse" in done.stderr
    assert run(*publish, "--draft").returncode == 0
    done = run(*publish, "--corrects", new, "--reason", "Rättelsen var riktig", "--json")
    assert json.loads(done.stdout)["new"], done.stderr
    again = json.loads(run(*publish, "--json").stdout)
    assert (again["edition"], again["new"]) == (json.loads(done.stdout)["edition"], False)


def test_another_study_is_not_mixed_in(run: Run, study: Path, published: dict[str, object]) -> None:
    assert published["new"]
    study.write_text(study.read_text().replace('id = "liten"\ntitle', 'id = "annan"\ntitle'))
    done = run("publish", study, "--out", "out/liten")
    assert done.returncode == 1
    assert "choose another folder" in done.stderr


def test_check_says_what_is_missing(run: Run, study: Path) -> None:
    done = run("check", study)
    assert done.returncode == 0
    assert "Wave 2021: 60 respondents." in done.stdout
    assert "A4 population" in done.stdout
    assert "A2 sponsor" not in done.stdout
    assert "question q1, “label”: en" in done.stdout
    assert json.loads(run("check", study, "--json").stdout)["respondents"] == {"2021": 60}


def test_check_names_columns_that_the_study_forgot(run: Run, study: Path) -> None:
    data = study.with_name("answers.csv")
    header, *rows = data.read_text().splitlines()
    data.write_text("\n".join([f"{header},q3,namn", *(f"{row},1,Anna" for row in rows)]) + "\n")
    assert json.loads(run("check", study, "--json").stdout)["unused"] == ["answers.csv: q3, namn"]
    assert "answers.csv: q3, namn" in run("check", study).stdout
    study.write_text(study.read_text().replace("\n[[wave]]", 'left_out = ["q3", "namn"]\n\n[[wave]]', 1))
    assert json.loads(run("check", study, "--json").stdout)["unused"] == []


def test_check_names_ten_columns_of_many(run: Run, study: Path) -> None:
    data = study.with_name("answers.csv")
    header, *rows = data.read_text().splitlines()
    more = [f"x{n}" for n in range(700)]
    data.write_text("\n".join([",".join([header, *more]), *(row + ",1" * 700 for row in rows)]) + "\n")
    assert json.loads(run("check", study, "--json").stdout)["unused"] == [f"answers.csv: {', '.join(more)}"]
    listed = ", ".join(more[:10])
    assert f"answers.csv: {listed} and 690 more\n" in run("check", study).stdout
    assert f"answers.csv: {listed} och 690 till\n" in run("--language", "sv", "check", study).stdout


def test_check_counts_what_the_waves_say_of_the_method(run: Run, study: Path) -> None:
    """As the page on the method does: dates from the waves; the mode only when every wave has one."""
    assert "A7 dates" not in run("check", study).stdout
    assert "A6 mode" in run("check", study).stdout
    mode = 'end = 2021-09-24\nmode = { sv = "webbenkät", en = "web questionnaire" }'
    study.write_text(study.read_text().replace("end = 2021-09-24", mode))
    assert "A6 mode" not in run("check", study).stdout


def test_a_fault_in_the_policy_names_file_and_line(run: Run, study: Path) -> None:
    study.write_text(study.read_text().replace('policy = "public"', 'policy = "publik"'))
    line = study.read_text().splitlines().index('policy = "publik"') + 1
    for command in ("check", "publish"):
        done = run(command, study)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"study.toml:{line}: [disclosure] policy: ")


def test_init_drafts_what_publishes(run: Run, study: Path, tmp_path: Path) -> None:
    data = study.with_name("answers.csv")
    done = run("init", data, "--out", "ny.toml")
    assert done.returncode == 0, done.stderr
    assert f'answers = "{data.relative_to(tmp_path).as_posix()}"' in (tmp_path / "ny.toml").read_text()
    assert run("init", data, "--out", "ny.toml").returncode == 2
    assert run("check", "ny.toml").returncode == 0


def test_init_of_a_file_that_is_not_there_speaks_of_that_file(run: Run, study: Path) -> None:
    done = run("init", study.with_name("nothing.csv"))
    assert done.returncode == 1
    assert "nothing.csv" in done.stderr
    assert "study.toml" not in done.stderr


def test_what_goes_wrong_is_said_in_words(run: Run, study: Path) -> None:
    study.write_text(study.read_text().replace("nets =", "netts ="))
    done = run("publish", study)
    assert (done.returncode, done.stdout) == (1, "")
    assert "netts" in done.stderr
    assert "Traceback" not in done.stderr
    assert run("publish", "nowhere.toml").returncode == 1
    assert run("verify", "nowhere").returncode == 1
    assert run("pubish").returncode == 2
    assert "publish" in run("pubish").stderr
    assert run("publish").returncode == 2
    assert run("publish", study, "--dratf").returncode == 2


CRASH = """
import sys
import saklig.study.file
def broken(path):
    raise RuntimeError("respondent 7 answered 3")
saklig.study.file.read_study = broken
from saklig.cli import main
main(sys.argv[1:])
"""


def test_an_unexpected_fault_tells_no_answers(study: Path, environment: dict[str, str]) -> None:
    def crash(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", CRASH, "check", *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    done = crash(study)
    assert done.returncode == 1
    assert "RuntimeError" in done.stderr
    assert "respondent 7" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert "respondent 7" in crash(study, "--traceback").stderr


@pytest.mark.parametrize(
    ("given", "environment_says", "usage"),
    [
        ((), {"LANG": "sv_SE.UTF-8"}, "Användning"),
        ((), {"LANG": "sv_SE.UTF-8", "LC_ALL": "en_US.UTF-8"}, "Usage"),
        (("--language", "sv"), {}, "Användning"),
        ((), {"SAKLIG_LANGUAGE": "sv"}, "Användning"),
        ((), {"LANG": "de_DE.UTF-8"}, "Usage"),
    ],
)
def test_the_language_is_the_environments_or_the_one_asked_for(
    run: Run, given: tuple[str, ...], environment_says: dict[str, str], usage: str
) -> None:
    done = run("--help", *given, **environment_says)
    assert done.returncode == 0
    assert done.stdout.startswith(f"{usage}: saklig ")
    assert run("publish", "--help", *given, **environment_says).stdout.startswith(f"{usage}: saklig publish ")


def test_help_imports_nothing_that_takes_long(environment: dict[str, str]) -> None:
    """Time depends on the machine, imports do not: these are what costs more than 50 ms."""
    script = "import sys\nfrom saklig.cli import main\ntry:\n main(['--help'])\nfinally:\n print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    slow = {"numpy", "scipy", "pyarrow", "duckdb", "babel", "jinja2", "rich", "lxml", "pyreadstat"}
    assert slow.isdisjoint(done.stdout.split("\n")[-2].split())


def test_it_is_silent_in_a_pipe(run: Run, study: Path) -> None:
    assert run("publish", study, "--only", "edition").stderr == ""


@pytest.mark.parametrize(("given", "used"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_matrices_get_one_thread_unless_the_user_says_otherwise(
    given: dict[str, str], used: str, environment: dict[str, str]
) -> None:
    said = (
        "import atexit, os; from saklig.cli import main; "
        "atexit.register(lambda: print(os.environ['OPENBLAS_NUM_THREADS'])); main(['--version'])"
    )
    without = {name: value for name, value in environment.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", said], env=without | given, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == used


def test_an_engine_that_does_not_publish_is_refused_before_anything_is_written(
    run: Run, study: Path, tmp_path: Path
) -> None:
    done = run("publish", study, "--engine", "spark", "--out", "out")
    assert done.returncode == 1
    assert "--engine spark: protecting respondents takes their answers" in done.stderr
    unknown = run("publish", study, "--engine", "hadoop").stderr
    assert "--engine cannot be “hadoop”; there are: auto, memory, duckdb." in unknown
    assert not (tmp_path / "out").exists()


def test_duckdb_counts_the_very_same_edition(run: Run, study: Path, published: dict[str, object]) -> None:
    again = run("publish", study, "--out", "out/liten", "--json", "--only", "edition", "--engine", "duckdb")
    assert json.loads(again.stdout)["edition"] == published["edition"]
