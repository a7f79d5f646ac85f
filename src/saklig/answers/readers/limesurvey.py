"""LimeSurvey: the questionnaire in an .lss file, the answers in the CSV export beside it.

An .lss is a dump of the survey's tables: `fields` and `rows`. Before database version 400 a question's words stand in
the row of the question, once per language; since then in tables of their own (`question_l10ns`, `answer_l10ns`, …).
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from saklig.answers.model import QuestionHint, Source, Value, Variable
from saklig.answers.readers.columns import Description, as_value, decide, described
from saklig.answers.readers.delimited import open_delimited
from saklig.answers.readers.faults import fault
from saklig.answers.readers.safe_xml import children, first, parse_xml, words
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.tabular import collect, said_of_commas
from saklig.language.catalog import say
from saklig.language.text import Text

if TYPE_CHECKING:
    from lxml.etree import _Element

Row = Mapping[str, str]

# LimeSurvey's letter for a type of question → our kind. A type that is not here asks nothing that can be counted.
KINDS = {
    "L": "single", "!": "single", "O": "single", "Y": "single", "G": "single", "I": "single", "5": "scale",
    "M": "multiple", "P": "multiple", "F": "grid", "H": "grid", "1": "grid", "A": "grid", "B": "grid", "C": "grid",
    "E": "grid", "N": "numeric", "K": "numeric", "R": "ranking", "S": "open", "T": "open", "U": "open", "Q": "open",
    ";": "open", ":": "numeric", "D": "open",
}  # fmt: skip
# What LimeSurvey itself shows on its own scales, in English and Swedish.
OWN_SCALES: dict[str, dict[Value, tuple[str, str]]] = {
    "Y": {"Y": ("Yes", "Ja"), "N": ("No", "Nej")},
    "G": {"F": ("Female", "Kvinna"), "M": ("Male", "Man")},
    "C": {"Y": ("Yes", "Ja"), "U": ("Uncertain", "Osäker"), "N": ("No", "Nej")},
    "E": {"I": ("Increase", "Öka"), "S": ("Same", "Samma"), "D": ("Decrease", "Minska")},
    "5": {value: (str(value), str(value)) for value in range(1, 6)},
    "A": {value: (str(value), str(value)) for value in range(1, 6)},
    "B": {value: (str(value), str(value)) for value in range(1, 11)},
}
OTHER_WORDS = ("Other", "Annat")
WRITTEN = re.compile(r"other|.*comment", re.IGNORECASE)  # the parts of a question that people write in
ALWAYS_TRUE = frozenset({"", "1"})
OTHER = "-oth-"
HEADING = re.compile(
    r"([A-Za-z][A-Za-z0-9]*)(?:\[([^\[\]]+)\](?:\[([^\[\]]+)\])?|_([A-Za-z0-9]+))?(?:\.\s.*)?", re.DOTALL
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question. `parts`: code of the option or item → its words."""

    code: str
    type: str
    text: Text
    instruction: Text | None
    section: str
    condition: str
    parts: Mapping[str, Text]
    answers: Mapping[Value, Text]

    @property
    def kind(self) -> str:
        return KINDS[self.type]

    @property
    def columns(self) -> dict[str, Text]:
        """The headings of the question's columns in the export, each with the words of its option or item."""
        if self.type == "R":
            return {f"{self.code}[{place}]": self.text for place in range(1, max(1, len(self.answers)) + 1)}
        if self.parts:
            return {f"{self.code}[{code}]": text for code, text in self.parts.items()}
        return {self.code: self.text}


def read_limesurvey(path: Path, hints: Hints) -> Source:
    """`path` is the .lss. Without answers beside it, the questionnaire alone: no rows, and `found` says so."""
    root = parse_xml(path)
    tables = _Tables(root)
    if not tables.rows("questions"):
        raise fault(
            path, say("there are no questions in it"), say("Export the survey structure (.lss) from LimeSurvey again")
        )
    asked = _questions(tables)
    data = _answers_beside(path, tables, hints)
    version = say("LimeSurvey database version {version}", version=words(first(root, "DBVersion")) or "?")
    source = _without_answers(path, asked, hints) if data is None else _with_answers(path, data, asked, hints)
    return replace(source, found=(version, *source.found), title=tables.title, language=tables.language)


class _Tables:
    """The dump's tables, and the words in them by language."""

    def __init__(self, root: _Element) -> None:
        self._root = root
        settings = self.rows("surveys_languagesettings")
        survey = next(iter(self.rows("surveys")), {})
        declared = [words(language) for language in children(root, "languages", "language")]
        own = survey.get("language") or (declared[0] if declared else "und")
        self.languages = tuple(dict.fromkeys([own, *declared]))
        self.language = own
        self.survey = survey.get("sid", "") or next((row.get("sid", "") for row in self.rows("questions")), "")
        titles = {row.get("surveyls_language", ""): row.get("surveyls_title", "") for row in settings}
        self.title = plain(titles.get(own, ""))

    def rows(self, table: str) -> list[Row]:
        return [
            {cell.tag: (cell.text or "").strip() for cell in row if isinstance(cell.tag, str)}
            for row in children(self._root, table, "rows", "row")
        ]

    def words_of(self, table: str, key: str, column: str, old: Iterable[Row]) -> Mapping[str, Text]:
        """Key → words in every language, from the table of words, or as before version 400 from the rows themselves."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self.rows(table) or old:
            if said := plain(row.get(column, "")):
                found[row.get(key, "")][row.get("language") or self.language] = said
        return {
            key: Text.of({language: by[language] for language in (*self.languages, *by) if language in by})
            for key, by in found.items()
        }


def plain(text: str) -> str:
    """The words without the editor's markup. A script is dropped with its tags; nothing here is ever run."""
    bare = re.sub(r"(?is)<(script|style)\b.*?(</\1\s*>|$)", " ", text)
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", bare)).split())


def _questions(tables: _Tables) -> list[Asked]:
    main = _once(tables.rows("questions"), "qid")
    sub = _once(tables.rows("subquestions"), "qid")
    texts = tables.words_of(
        "question_l10ns", "qid", "question", [*tables.rows("questions"), *tables.rows("subquestions")]
    )
    helps = tables.words_of("question_l10ns", "qid", "help", tables.rows("questions"))
    groups = _once(tables.rows("groups"), "gid")
    names = tables.words_of("group_l10ns", "gid", "group_name", tables.rows("groups"))
    answers = _answer_texts(tables)
    parts: dict[str, dict[str, Text]] = defaultdict(dict)
    for row in sorted(sub.values(), key=lambda row: (_number(row.get("scale_id")), _number(row.get("question_order")))):
        if row.get("scale_id", "0") in ("", "0"):
            code = row.get("title", "")
            parts[row.get("parent_qid", "")][code] = texts.get(row["qid"]) or Text.of({tables.language: code})
    order = {gid: _number(row.get("group_order")) for gid, row in groups.items()}
    found = []
    for row in sorted(
        main.values(), key=lambda row: (order.get(row.get("gid", ""), 0), _number(row.get("question_order")))
    ):
        if row.get("parent_qid", "0") not in ("", "0") or row.get("type", "") not in KINDS:
            continue
        qid, code, group = row["qid"], row.get("title", ""), row.get("gid", "")
        found.append(
            Asked(
                code=code,
                type=row["type"],
                text=texts.get(qid) or Text.of({tables.language: code}),
                instruction=helps.get(qid),
                section=names[group].words[0][1] if group in names else "",
                condition="" if row.get("relevance", "") in ALWAYS_TRUE else row.get("relevance", ""),
                parts=parts.get(qid, {}),
                answers=_with_other(row, answers.get(qid) or _own_scale(row["type"], tables), tables),
            )
        )
    return found


def _once(rows: Iterable[Row], key: str) -> dict[str, Row]:
    """The first row of each key: old versions repeat a question for every language."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.get(key, ""), row)
    return found


def _own_scale(type: str, tables: _Tables) -> Mapping[Value, Text]:
    return {value: _own_words(said, tables) for value, said in OWN_SCALES.get(type, {}).items()}


def _own_words(said: tuple[str, str], tables: _Tables) -> Text:
    """LimeSurvey's own words, in those of the survey's languages that they are known in; else in English."""
    known = dict(zip(("en", "sv"), said, strict=True))
    spoken = {language: known[language[:2]] for language in tables.languages if language[:2] in known}
    return Text.of(spoken or {"en": known["en"]})


def _with_other(row: Row, answers: Mapping[Value, Text], tables: _Tables) -> Mapping[Value, Text]:
    """A list with an "other" field holds a code of LimeSurvey's own for it."""
    offers = row.get("other") == "Y" and row["type"] in ("L", "!")
    return {**answers, OTHER: _own_words(OTHER_WORDS, tables)} if offers else answers


def _answer_texts(tables: _Tables) -> Mapping[str, Mapping[Value, Text]]:
    rows = tables.rows("answers")
    by_id = bool(tables.rows("answer_l10ns"))
    if by_id:
        texts = tables.words_of("answer_l10ns", "aid", "answer", ())
        keyed = [(row.get("aid", ""), row) for row in rows]
    else:
        keyed = [(f"{row.get('qid')}/{row.get('code')}", row) for row in rows]
        texts = tables.words_of("", "key", "answer", [{**row, "key": key} for key, row in keyed])
    found: dict[str, dict[Value, Text]] = defaultdict(dict)
    for key, row in sorted(keyed, key=lambda each: _number(each[1].get("sortorder"))):
        if row.get("scale_id", "0") in ("", "0"):
            code = as_value(row.get("code", ""))
            found[row.get("qid", "")].setdefault(code, texts.get(key) or Text.of({tables.language: str(code)}))
    return found


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _answers_beside(path: Path, tables: _Tables, hints: Hints) -> Path | None:
    if hints.beside is not None:
        if not hints.beside.is_file():
            raise fault(hints.beside, say("there is no such file"), say("Name the answers to {file}", file=path.name))
        return hints.beside
    usual = (f"{path.stem}.csv", f"results-survey{tables.survey}.csv", f"survey_{tables.survey}_R_data_file.csv")
    return next((path.parent / name for name in usual if (path.parent / name).is_file()), None)


def _hint(question: Asked, names: Sequence[str]) -> QuestionHint:
    several = question.kind in ("multiple", "grid") or (bool(question.parts) and question.type != "R")
    items = {name: text for name, text in question.columns.items() if name in names} if several else {}
    return QuestionHint(
        variables=tuple(names),
        kind=question.kind,
        text=question.text,
        section=question.section,
        instruction=question.instruction,
        item_texts=items,
        category_texts={} if question.kind == "multiple" else question.answers,
        name=question.code,
        condition=question.condition,
    )


def _said(question: Asked, column: str) -> Description:
    part = question.columns.get(column)
    stem = question.text.words[0][1]
    label = f"{stem} - {part.words[0][1]}" if part is not None and part is not question.text else stem
    labels = {} if question.kind == "multiple" else {code: text.words[0][1] for code, text in question.answers.items()}
    return Description(label=label, labels=labels, is_date=question.type == "D")


def _without_answers(path: Path, asked: Sequence[Asked], hints: Hints) -> Source:
    none = np.zeros(0, np.int32)
    variables = [
        described(column, none, (), _said(question, column))
        for question in asked
        for column in question.columns
        if hints.wants(column)
    ]
    return Source(
        path=path,
        format="LimeSurvey",
        rows=0,
        variables=tuple(variables),
        hints=tuple(_hint(question, tuple(question.columns)) for question in asked),
        found=(say("the questionnaire alone: no answers ({file}) beside it", file=f"{path.stem}.csv"),),
    )


def _with_answers(path: Path, data: Path, asked: Sequence[Asked], hints: Hints) -> Source:
    rows = open_delimited(data, hints)
    header = next((row for _, row in rows), [])
    of_column = {column: question for question in asked for column in question.columns}
    names = [_column_name(cell, of_column) for cell in header]
    if double := next((name for name in names if names.count(name) > 1), None):
        raise fault(
            data,
            say("several columns are called “{name}”", name=double),
            say("Export the answers with question codes as headings"),
        )
    cells = collect(data, rows, names, hints, skip=1)
    variables: list[Variable] = []
    commas: list[str] = []
    spelled_out = False
    for name, (texts, codes) in cells.columns.items():
        said = _said(of_column[name], name) if name in of_column else Description()
        as_codes = _codes_of_labels(texts, of_column[name].answers) if name in of_column else None
        texts, spelled_out = as_codes or texts, spelled_out or as_codes is not None
        decided = decide(name, texts, codes, said, decimal_comma=rows.decimal_comma)
        variables.append(decided.variable)
        commas.extend([name] if decided.decimal_comma else [])
    present = set(cells.columns)
    groups = [(question, tuple(column for column in question.columns if column in present)) for question in asked]
    if not any(columns for _, columns in groups):
        raise fault(
            data,
            say("none of its columns is a question of {file}", file=path.name),
            say("Export the answers with question codes as headings, or name the answers of this survey"),
            say("header"),
        )
    return Source(
        path=path,
        format="LimeSurvey",
        rows=cells.rows,
        variables=tuple(variables),
        hints=(
            *(_hint(question, columns) for question, columns in groups if columns),
            *_written(asked, [name for name in cells.columns if name not in of_column]),
        ),
        found=(
            say("answers in {file}", file=data.name),
            *((say("answers spelled out, read as their codes"),) if spelled_out else ()),
            *rows.found,
            *said_of_commas(commas),
        ),
    )


def _codes_of_labels(texts: Sequence[str], answers: Mapping[Value, Text]) -> list[str] | None:
    """The codes of answers that were exported in full; None where they are codes, or words of something else."""
    if not texts or not answers or {str(code) for code in answers} & set(texts):
        return None
    code_of = {said: str(code) for code, text in reversed([*answers.items()]) for _, said in text.words}
    found = [code_of.get(plain(text), "") for text in texts]
    return found if all(found) and len(set(found)) == len(found) else None


def _written(asked: Sequence[Asked], names: Sequence[str]) -> list[QuestionHint]:
    """The columns in which people wrote: the "other" of a list, comments, and every part of an open question."""
    by_code = {question.code: question for question in asked}
    hints = []
    for name in names:
        heading = HEADING.fullmatch(name)
        question = by_code.get(heading[1]) if heading else None
        part = (heading[2] or heading[4]) if heading else None
        if question and part and (question.kind == "open" or WRITTEN.fullmatch(part)):
            hints.append(QuestionHint(variables=(name,), kind="open", text=question.text))
    return hints


def _column_name(heading: str, known: Mapping[str, Asked]) -> str:
    """`Q1[SQ001]`, also where the export wrote `Q1_SQ001` or put the question's words behind the code."""
    stripped = heading.strip()
    found = HEADING.fullmatch(stripped)
    if stripped in known or found is None:
        return stripped
    part = found[2] or found[4]
    name = f"{found[1]}[{part}]" + (f"[{found[3]}]" if found[3] else "") if part else found[1]
    return name if name in known else stripped
