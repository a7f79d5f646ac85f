"""DDI Codebook 2.5 with its data: fixed-width (plain or packed with gzip) or delimited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import QuestionHint, Source, Value, Variable
from saklig.answers.readers.columns import Description, as_padded_value, decide, described, padded, whole
from saklig.answers.readers.companion import data_beside
from saklig.answers.readers.delimited import open_delimited
from saklig.answers.readers.encodings import encoding_of
from saklig.answers.readers.faults import fault
from saklig.answers.readers.fixed_width import Field, read_fixed_width
from saklig.answers.readers.safe_xml import children, first, parse_xml, words
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.tabular import collect
from saklig.language.catalog import say
from saklig.language.text import Text

if TYPE_CHECKING:
    from lxml.etree import _Element

DATA_SUFFIXES = (".dat", ".dat.gz", ".txt", ".asc", ".csv", ".tsv", ".tab")
DELIMITED_SUFFIXES = (".csv", ".tsv", ".tab")
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
LONGEST_RANGE = 1000
# How coding instructions name single codes of a number: "999999999 = N.I.U.", also with the heading run into it.
CODE = re.compile(r"^\s*(?:Codes?:?)?\s*(-?\d{1,18})\s*=\s*(\S.{0,200})$", re.MULTILINE | re.IGNORECASE)
Texts = tuple[list[str], NDArray[np.int32]]


@dataclass(frozen=True)
class CodebookVariable:
    """A `var` element. `decimals` are implied: 12345 with 2 of them means 123.45."""

    name: str
    start: int
    end: int
    decimals: int
    is_text: bool
    said: Description
    question: str
    instruction: str
    section: str
    condition: str


def read_ddi(path: Path, hints: Hints) -> Source:
    """`path` is the codebook. Raises AnswersError where it describes several kinds of records."""
    root = parse_xml(path)
    _refuse_hierarchy(path, root)
    language = (root.get(LANGUAGE) or "").strip()
    every = _variables(path, root)
    wanted = [variable for variable in every if hints.wants(variable.name)]
    if not wanted:
        raise fault(
            path, say("the codebook describes none of the variables that were asked for"), say("Check their names")
        )
    files = [words(name) for name in children(root, "fileDscr", "fileTxt", "fileName")]
    data = data_beside(path, files, DATA_SUFFIXES, hints.beside)
    texts, rows, found = _data(path, data, root, every, wanted, hints)
    return Source(
        path=path,
        format="DDI Codebook",
        rows=rows,
        variables=tuple(
            _variable(
                variable,
                texts[variable.name],
                decimals_implied=bool(variable.decimals) and data.suffix.lower() not in DELIMITED_SUFFIXES,
            )
            for variable in wanted
        ),
        hints=tuple(_hint(variable, language or "und") for variable in wanted if variable.question),
        found=found,
        title=words(first(root, "stdyDscr", "citation", "titlStmt", "titl")),
        weight=_weight(root, hints),
        language=language,
    )


def _refuse_hierarchy(path: Path, root: _Element) -> None:
    kinds = {structure.get("type", "") for structure in children(root, "fileDscr", "fileTxt", "fileStrc")}
    if "hierarchical" in kinds:
        raise fault(
            path,
            say("the data hold households and persons on lines of different kinds"),
            say("Export them as a rectangular file, in which every line is one respondent"),
            "fileStrc",
        )


def _variables(path: Path, root: _Element) -> list[CodebookVariable]:
    sections = {
        member: words(first(group, "labl"))
        for group in children(root, "dataDscr", "varGrp")
        for member in (group.get("var") or "").split()
    }
    found = [_described(path, element, sections) for element in children(root, "dataDscr", "var")]
    if not found:
        raise fault(
            path, say("the codebook describes no variables"), say("Export it again with its variables"), "dataDscr"
        )
    names = [variable.name for variable in found]
    if double := next((name for name in names if names.count(name) > 1), None):
        raise fault(
            path,
            say("two variables are called “{name}”", name=double),
            say("Give each a name of its own"),
            "dataDscr",
        )
    return found


def _described(path: Path, element: _Element, sections: Mapping[str, str]) -> CodebookVariable:
    name = (element.get("name") or "").strip()
    if not name:
        raise fault(
            path,
            say("a variable has no name"),
            say("Give it one"),
            say("line {line}", line=element.sourceline),
        )
    place = first(element, "location")
    kind = first(element, "varFormat")
    question = first(element, "qstn")
    labels: dict[Value, str] = {}
    missing: set[Value] = set()
    is_text = kind is not None and kind.get("type") == "character"
    for category in children(element, "catgry"):
        raw = words(first(category, "catValu"))
        value: Value = raw if is_text else as_padded_value(raw)
        labels[value] = words(first(category, "labl")) or raw
        if category.get("missing") == "Y":
            missing.add(value)
    for item in children(element, "invalrng", "item"):
        missing.add(as_padded_value(item.get("VALUE") or ""))
    for span in children(element, "invalrng", "range"):
        missing |= _between(span.get("min") or "", span.get("max") or "")
    if not labels and not is_text:
        instructions = "\n".join(str(text) for note in children(element, "codInstr") for text in note.itertext())
        labels = {as_padded_value(found[1]): found[2].strip() for found in CODE.finditer(instructions)}
    start, end = _place(path, name, place)
    return CodebookVariable(
        name=name,
        start=start,
        end=end,
        decimals=_whole(path, name, element.get("dcml") or "0"),
        is_text=is_text,
        said=Description(label=words(first(element, "labl")), labels=labels, missing=frozenset(missing)),
        question=words(first(question, "qstnLit")),
        instruction=words(first(question, "ivuInstr")),
        section=sections.get(element.get("ID") or "", "") or sections.get(name, ""),
        condition=words(first(element, "universe")),
    )


def _between(low: str, high: str) -> set[Value]:
    """The whole numbers of a range; its ends, where it is too long to be codes."""
    ends = [as_padded_value(end) for end in (low, high) if end.strip()]
    if (
        len(ends) == 2
        and all(isinstance(end, int) for end in ends)
        and 0 <= int(ends[1]) - int(ends[0]) <= LONGEST_RANGE
    ):
        return set(range(int(ends[0]), int(ends[1]) + 1))
    return set(ends)


def _place(path: Path, name: str, place: _Element | None) -> tuple[int, int]:
    if place is None or not place.get("StartPos"):
        return 0, 0
    start = _whole(path, name, place.get("StartPos") or "")
    end = _whole(path, name, place.get("EndPos") or "0")
    width = _whole(path, name, place.get("width") or "0")
    end = end or start + max(width, 1) - 1
    if not 1 <= start <= end:
        raise fault(
            path,
            say("the variable “{name}” stands nowhere: from {start} to {end}", name=name, start=start, end=end),
            say("Correct its location"),
        )
    return start, end


def _whole(path: Path, name: str, text: str) -> int:
    if not text.strip().isdigit() or len(text) > 9:
        raise fault(
            path,
            say("the variable “{name}” has “{text}” where a whole number belongs", name=name, text=text),
            say("Correct the codebook"),
        )
    return int(text)


def _data(
    path: Path,
    data: Path,
    root: _Element,
    every: list[CodebookVariable],
    wanted: list[CodebookVariable],
    hints: Hints,
) -> tuple[Mapping[str, Texts], int, tuple[str, ...]]:
    if data.suffix.lower() in DELIMITED_SUFFIXES:
        rows = open_delimited(data, hints)
        header = next((row for _, row in rows), [])
        names = [cell.strip() for cell in header]
        if absent := [variable.name for variable in wanted if variable.name not in names]:
            raise fault(
                data,
                say("the column “{name}” of the codebook {file} is missing", name=absent[0], file=path.name),
                say("Export both again"),
            )
        cells = collect(data, rows, names, hints, skip=1)
        return cells.columns, cells.rows, (say("data in {file}", file=data.name), *rows.found)
    if absent := [variable.name for variable in every if not variable.start]:
        raise fault(
            path,
            say("the codebook does not say where on the line “{name}” stands", name=absent[0]),
            say("Add its location"),
        )
    fields = [Field(variable.name, variable.start, variable.end, variable.is_text) for variable in wanted]
    read = read_fixed_width(data, fields, hints.encoding or _declared_encoding(data, root))
    return read.columns, read.rows, read.found


def _declared_encoding(data: Path, root: _Element) -> str:
    declared = next((kind.get("charset") or "" for kind in children(root, "fileDscr", "fileTxt", "fileType")), "")
    if not declared or data.name.lower().endswith(".gz"):
        return declared
    # Codebooks are often written for another copy of the data: what is given has to fit.
    return encoding_of(data).codec if declared.lower() in ("utf-8", "ascii", "us-ascii") else declared


def _variable(variable: CodebookVariable, data: Texts, *, decimals_implied: bool) -> Variable:
    texts, codes = data
    if variable.is_text:
        return described(variable.name, codes, tuple(texts), variable.said)
    found = decide(variable.name, *padded(texts, codes), variable.said).variable
    if not decimals_implied or any("." in text for text in texts):
        return found
    scaled = tuple(
        value if isinstance(value, str) else whole(float(f"{value}e-{variable.decimals}")) for value in found.values
    )
    return described(found.name, found.codes, scaled, variable.said)


def _hint(variable: CodebookVariable, language: str) -> QuestionHint:
    return QuestionHint(
        variables=(variable.name,),
        kind="single" if variable.said.labels or variable.is_text else "numeric",
        text=Text.of({language: variable.question}),
        section=variable.section,
        instruction=Text.of({language: variable.instruction}) if variable.instruction else None,
        condition=variable.condition,
    )


def _weight(root: _Element, hints: Hints) -> str:
    """The variable that is marked as a weight; where several are, none is the file's own choice."""
    marked = [var.get("name") or "" for var in children(root, "dataDscr", "var") if var.get("wgt") == "wgt"]
    return marked[0] if len(marked) == 1 and hints.wants(marked[0]) else ""
