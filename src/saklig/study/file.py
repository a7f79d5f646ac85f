"""study.toml, read and written: the study, and where its answers stand."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from saklig.language.catalog import N_, say
from saklig.language.system import reason
from saklig.study.model import Study, StudyError
from saklig.study.problems import Problem
from saklig.study.reading import study_of
from saklig.study.sources import Sources
from saklig.study.writing import dict_of, toml_of

LARGEST = 16_000_000
"""Bytes of a study file; 1000 questions in two languages take some 2 MB, and more is not a questionnaire."""


def read_study(path: Path) -> tuple[Study, Sources]:
    """Raises StudyError naming the file and, for each problem, line, place and remedy. Paths start at the file."""
    text = _read_text(path)
    try:
        data = tomllib.loads(text + "\n")  # so that errors at the end have a line and column too
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{path.name}{_syntax(str(error), text)}") from None
    except (RecursionError, ValueError, OverflowError):
        raise StudyError(
            say("{file}: tables, lists or numbers are too deep or too long to be a study; mend them", file=path.name)
        ) from None
    try:
        return study_of(data, wired=True, folder=path.parent)
    except StudyError as error:
        lines = _Lines(text)
        raise StudyError.of(error.problems, lambda problem: f"{path.name}{lines.of(problem)}: ") from None


def where_in(path: Path, problem: Problem) -> str:
    """Where a problem stands that was found when the study had been read: "study.toml:12", or the name alone."""
    return f"{path.name}{_Lines(_read_text(path)).of(problem)}"


def study_to_dict(study: Study) -> dict[str, object]:
    """The published study as JSON values, nothing of files and columns; equal studies give equal values.

    No key's order matters, so it may be written with sorted keys.
    """
    return dict_of(study)


def study_from_dict(data: Mapping[str, object], place: str = "study.json") -> Study:
    """The study of `study_to_dict`. Raises StudyError; `place` is the name that its problems begin with."""
    try:
        return study_of(data, wired=False)[0]
    except StudyError as error:
        raise StudyError.of(error.problems, lambda _: f"{place}: ") from None
    except RecursionError:
        raise StudyError(say("{file}: tables are too deep to be a study", file=place)) from None


def study_to_toml(study: Study, sources: Sources, comments: Mapping[str, str] | None = None) -> str:
    """The text of a study file. Paths of answers are written as they are.

    `comments`: a place → words put before it as a comment, several lines as several comments. Places: "" (top of the
    file), "method", "disclosure", "languages", "left_out", or the id of a wave, background, section, question or code
    list as "wave 2021", "background size", "section 4", "question q4_1", "codes degree".
    """
    return toml_of(study, sources, comments or {})


def write_study(study: Study, sources: Sources, path: Path, comments: Mapping[str, str] | None = None) -> None:
    """Writes the file whole or not at all; answers are named relative to its folder. Replaces what is there."""
    text = toml_of(study, sources, comments or {}, path.parent)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise StudyError(
            say("{file}: there is no such file; `saklig init` drafts one from a data file", file=path)
        ) from None
    except IsADirectoryError:
        raise StudyError(say("{file}: this is a folder; name the study file in it", file=path)) from None
    except OSError as error:
        raise StudyError(say("{file}: cannot be read: {reason}", file=path, reason=reason(error))) from None
    if len(raw) > LARGEST:
        raise StudyError(
            say("{file}: is larger than {most} MB; is it a study file?", file=path.name, most=LARGEST // 1_000_000)
        )
    try:
        return raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise StudyError(
            say("{file}:{line}: is not UTF-8; save the file again with the encoding UTF-8", file=path.name, line=line)
        ) from None


# syntax errors in plain words

_SYNTAX: Mapping[str, str] = {
    "Cannot overwrite a value": N_("this key stands twice in its table; keep one"),
    "Cannot declare": N_("this table stands twice; keep one, or write [[…]] for one of several"),
    "Cannot mutate": N_("this key or table was already written as a whole; write it in one place"),
    "Unclosed array": N_("a list is not closed; a comma or “]” is missing"),
    "Unclosed inline table": N_("a table is not closed; a comma or “}” is missing, and it must stand in one line"),
    "Unterminated string": N_("a text is not closed; a quotation mark is missing"),
    "Illegal character '\\n'": N_('a text goes over the end of its line; close it with a quotation mark, or use """'),
    "Illegal character": N_("a control character stands in a text; take it out"),
    "Unescaped '\\' in a string": N_(
        "“\\” stands for special characters; write “\\\\”, or the text in single marks '…'"
    ),
    "Expected '=' after a key": N_("“=” is missing after a key, or a key holds a character that needs quotation marks"),
    "Invalid value": N_("the value is no text in quotation marks, number, true, false, a date, a list or a table"),
    "Invalid statement": N_("this is no key and no table; a key has the form name = value"),
    "Expected newline or end of document": N_("something stands after the value; one key a line"),
    "Invalid initial character for a key part": N_("a key is missing, or has a character that needs quotation marks"),
    "Expected ']": N_("the table's name is not closed; “]” is missing"),
    "Invalid date": N_("there is no such date; dates are written 2021-09-24"),
    "Duplicate inline table key": N_("a key stands twice in a table; keep one"),
}


def _syntax(message: str, text: str) -> str:
    """tomllib's message as `:line:column: plain words`."""
    plain = next((words for start, words in _SYNTAX.items() if message.startswith(start)), "")
    words = say(plain) if plain else message.split(" (at")[0]
    place = re.search(r"\(at line (\d+), column (\d+)\)$", message)
    if place:
        return f":{place[1]}:{place[2]}: {words}"
    return f":{text.count(chr(10)) + 1}: " + say("at the end of the file: {what}", what=words)


class _Lines:
    """Finds a problem's line: the table with the id that its place names, then the key in it. Empty where not found."""

    def __init__(self, text: str) -> None:
        self.text = text

    def of(self, problem: Problem) -> str:
        start = inline_end = -1
        for part in problem.place:
            kind, _, identity = part.partition(" ")
            match = self._table(kind, identity, max(start, 0))
            if match:
                start = match.start()
                before = self.text[self.text.rfind("\n", 0, start) + 1 : start]
                inline_end = self.text.find("\n", start) if before.strip() else -1
        if problem.key:
            match = self._key(problem.key, start, inline_end)
            start = match.start(1) if match else start
        return f":{self.text.count(chr(10), 0, start) + 1}" if start >= 0 else ""

    def _table(self, kind: str, identity: str, start: int) -> re.Match[str] | None:
        name = re.escape(identity)
        pattern = (
            rf"""^[ \t]*\[codes\.["']?({name})["']?\]"""
            if kind == "codes"
            else rf"""(?<![\w-])id\s*=\s*["']{name}["']"""
        )
        return re.compile(pattern if identity else rf"^[ \t]*\[(?:[\w-]+\.)?{re.escape(kind)}\]", re.MULTILINE).search(
            self.text, start
        )

    def _key(self, key: str, start: int, inline_end: int) -> re.Match[str] | None:
        """In a table in one line from its id on; else from the heading above its id to the next heading."""
        pattern = re.compile(rf"""(?:^|[{{,\s])(["']?{re.escape(key)}["']?)\s*=""", re.MULTILINE)
        if inline_end >= 0:
            return pattern.search(self.text, self.text.rfind("\n", 0, start) + 1, inline_end)
        headings = [match.start() for match in re.finditer(r"^[ \t]*\[", self.text[: max(start, 0) + 1], re.MULTILINE)]
        begin = headings[-1] if headings else 0
        following = re.compile(r"\n[ \t]*\[\[?[A-Za-z]").search(self.text, max(start, 0))
        return pattern.search(self.text, begin, following.start() if following else len(self.text))
