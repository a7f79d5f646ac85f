"""Triple-S 1.1 to 2.0: the questionnaire in XML, the answers fixed-width or delimited beside it.

After "Triple-S XML Version 2.0", the Triple-S Group, 2011.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import QuestionHint, ResponseSet, Source, Value, Variable
from saklig.answers.readers.columns import Description, as_padded_value, decide, described, padded
from saklig.answers.readers.companion import data_beside
from saklig.answers.readers.delimited import open_delimited
from saklig.answers.readers.faults import fault
from saklig.answers.readers.fixed_width import Field, read_fixed_width
from saklig.answers.readers.safe_xml import children, first, own_words, parse_xml, words
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.tabular import collect
from saklig.language.catalog import say
from saklig.language.text import Text

if TYPE_CHECKING:
    from lxml.etree import _Element

DATA_SUFFIXES = (".asc", ".dat", ".csv", ".txt")
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
UNKNOWN_LANGUAGE = "und"
KINDS = {"single": "single", "multiple": "multiple", "quantity": "numeric", "character": "open", "logical": "single"}
DATES = frozenset({"date", "time"})
TYPES = frozenset(KINDS) | DATES
TRUTH: dict[Value, str] = {1: "true", 0: "false"}
MOST_BITS = 10_000

Texts = tuple[list[str], NDArray[np.int32]]


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A `variable` element. `subfields`: of a spread multiple, else 0. `start`, `finish`: characters or columns."""

    name: str
    type: str
    label: Text | None
    question: Text | None
    start: int
    finish: int
    subfields: int
    literal: bool
    categories: Mapping[Value, Text]
    use: str
    condition: str


@dataclass(frozen=True)
class Languages:
    """The languages that the file declares; the first is that of texts without a tag."""

    declared: tuple[str, ...]

    @property
    def own(self) -> str:
        return self.declared[0] if self.declared else UNKNOWN_LANGUAGE

    def of(self, tag: str) -> str:
        """The declared language that `tag` means: programs write FRA where they declared fr-FR."""
        near = (language for language in self.declared if language[:2].lower() == tag[:2].lower())
        return tag if tag in self.declared else next(near, tag or self.own)


def read_triple_s(path: Path, hints: Hints) -> Source:
    """`path` is the questionnaire (.sss, .xml)."""
    root = parse_xml(path)
    survey, record = _record(path, root)
    languages = Languages(tuple((root.get("languages") or "").split()))
    every = [_definition(path, element, languages) for element in children(record, "variable")]
    _check_names(path, every)
    wanted = [definition for definition in every if hints.wants(definition.name)]
    if not wanted:
        raise fault(
            path, say("the questionnaire has none of the variables that were asked for"), say("Check their names")
        )
    data = data_beside(path, [record.get("href") or ""], DATA_SUFFIXES, hints.beside)
    texts, rows, found = _answers(path, data, record, wanted, hints)
    variables: list[Variable] = []
    sets: list[ResponseSet] = []
    for definition in wanted:
        parts = _variables(definition, texts)
        variables.extend(parts)
        if definition.type == "multiple":
            sets.append(_response_set(definition, parts))
    questions = [definition for definition in wanted if definition.type in KINDS and not definition.use]
    weights = [definition.name for definition in wanted if definition.use == "weight"]
    return Source(
        path=path,
        format="Triple-S",
        rows=rows,
        variables=tuple(variables),
        sets=tuple(sets),
        hints=tuple(hint for definition in questions if (hint := _hint(definition)) is not None),
        found=(*found, *_said_of_record(root, survey, record), *_said_of_types(wanted)),
        title=words(_title(survey)),
        weight=weights[0] if len(weights) == 1 else "",
        language=languages.declared[0] if languages.declared else "",
    )


def _record(path: Path, root: _Element) -> tuple[_Element, _Element]:
    if (levels := [*children(root, "hierarchy", "level")]) or first(root, "hierarchy") is not None:
        files = [level.get("href") or level.get("ident") or "" for level in levels]
        raise fault(
            path,
            say(
                "this file only joins the levels of a survey of several levels ({files})",
                files=", ".join(filter(None, files)),
            ),
            say("Name the file of the level whose answers are to be published, such as the persons'"),
            "hierarchy",
        )
    survey = first(root, "survey")
    record = first(survey, "record")
    if survey is None or record is None:
        raise fault(path, say("there is no record in it"), say("Export it again as Triple-S 1.2 or 2.0"), "survey")
    return survey, record


def _said_of_record(root: _Element, survey: _Element, record: _Element) -> tuple[str, ...]:
    others = [other.get("ident") or "" for other in children(survey, "record")][1:]
    version, name = root.get("version") or "1.1", record.get("ident") or ""
    taken = say("Triple-S {version}, one answer per record “{name}”", version=version, name=name)
    return (taken, *((say("records left out: {names}", names=", ".join(others)),) if others else ()))


def _said_of_types(definitions: Sequence[Definition]) -> tuple[str, ...]:
    strange = sorted({definition.type for definition in definitions} - TYPES)
    return (say("read as text: variables of the type {types}", types=", ".join(strange)),) if strange else ()


def _title(survey: _Element) -> _Element | None:
    title = first(survey, "title")
    return first(survey, "name") if title is None or not words(title) else title


def _check_names(path: Path, definitions: Sequence[Definition]) -> None:
    if not definitions:
        raise fault(path, say("the record describes no variables"), say("Export it again"), "record")
    names = [definition.name for definition in definitions]
    if double := next((name for name in names if names.count(name) > 1), None):
        raise fault(
            path,
            say("two variables are called “{name}”", name=double),
            say("Give each a name of its own"),
            "record",
        )


def _definition(path: Path, element: _Element, languages: Languages) -> Definition:
    name = words(first(element, "name")) or (element.get("ident") or "")
    where = say("variable “{name}”, line {line}", name=name, line=element.sourceline)
    position = first(element, "position")
    if position is None:
        raise fault(path, say("the variable stands nowhere in the data"), say("Add its position"), where)
    start = _whole(path, where, position.get("start"))
    finish = _whole(path, where, position.get("finish") or position.get("start"))
    spread = first(element, "spread")
    literal = element.get("format") == "literal"
    if not 1 <= start <= finish:
        raise fault(
            path,
            say("the variable stands from {start} to {finish}", start=start, finish=finish),
            say("Correct its position"),
            where,
        )
    label = first(element, "label")
    return Definition(
        name=name,
        type=(element.get("type") or "").lower(),
        label=_text(label, languages, "analysis"),
        question=_text(label, languages, "interview"),
        start=start,
        finish=finish,
        subfields=0 if spread is None else _whole(path, where, spread.get("subfields")),
        literal=literal,
        categories=_categories(element, languages, literal=literal),
        use=element.get("use") or "",
        condition=words(first(element, "filter")),
    )


def _whole(path: Path, where: str, text: str | None) -> int:
    if not text or not text.strip().isdigit() or len(text) > 9:
        raise fault(
            path, say("“{value}” stands where a whole number belongs", value=text or ""), say("Correct it"), where
        )
    return int(text)


def _categories(element: _Element, languages: Languages, *, literal: bool) -> Mapping[Value, Text]:
    found: dict[Value, Text] = {}
    for value in children(element, "values", "value"):
        code = (value.get("code") or "").strip()
        text = _text(value, languages, "interview")
        if code and text is not None:
            found[code if literal else as_padded_value(code)] = text
    return found


def _text(element: _Element | None, languages: Languages, mode: str) -> Text | None:
    """The words in every language, those written for `mode` before the others."""
    if element is None:
        return None
    found: dict[str, str] = {}
    texts = sorted(children(element, "text"), key=lambda text: (text.get("mode") or mode).lower() != mode)
    for text in texts:
        if said := words(text):
            found.setdefault(languages.of(text.get(LANGUAGE) or ""), said)
    if own := own_words(element):
        found.setdefault(languages.own, own)
    return Text.of(found) if found else None


def _answers(
    path: Path, data: Path, record: _Element, wanted: Sequence[Definition], hints: Hints
) -> tuple[Mapping[str, Texts], int, tuple[str, ...]]:
    skip = _whole(path, "record", record.get("skip") or "0")
    encoding = hints.encoding or record.get("data-file-encoding") or ""
    if (record.get("format") or "fixed").lower() != "csv":
        fields = [field for definition in wanted for field in _fields(path, definition)]
        read = read_fixed_width(data, fields, encoding, skip=skip)
        return read.columns, read.rows, read.found
    rows = open_delimited(data, replace(hints, encoding=encoding))
    width = max((len(row) for _, row in [next(iter(rows), (0, []))]), default=0)
    last = max(definition.finish for definition in wanted)
    if width < last:
        raise fault(
            data,
            say(
                "the line has {width} cells; the questionnaire {file} describes {last}",
                width=width,
                file=path.name,
                last=last,
            ),
            say("Export both again"),
            say("line {line}", line=1),
        )
    places = [str(place) for place in range(1, width + 1)]
    cells = collect(data, rows, places, Hints(), skip=skip)
    columns = {field.name: cells.columns[str(field.start)] for definition in wanted for field in _cells(definition)}
    return columns, cells.rows, (say("data in {file}", file=data.name), *rows.found)


def _fields(path: Path, definition: Definition) -> list[Field]:
    """The character ranges of a variable: one, or one per subfield of a spread multiple."""
    if not definition.subfields:
        return [Field(definition.name, definition.start, definition.finish, _is_text(definition))]
    length = definition.finish - definition.start + 1
    if length % definition.subfields:
        raise fault(
            path,
            say("{length} characters cannot be parted in {subfields}", length=length, subfields=definition.subfields),
            say("Correct the position or the spread"),
            say("variable “{name}”", name=definition.name),
        )
    width = length // definition.subfields
    return [
        Field(
            f"{definition.name}_{part + 1}", definition.start + part * width, definition.start + (part + 1) * width - 1
        )
        for part in range(definition.subfields)
    ]


def _cells(definition: Definition) -> list[Field]:
    """The columns of a variable in delimited data: one, or one per subfield."""
    if not definition.subfields:
        return [Field(definition.name, definition.start, definition.start)]
    return [
        Field(f"{definition.name}_{part + 1}", definition.start + part, definition.start + part)
        for part in range(definition.subfields)
    ]


def _variables(definition: Definition, texts: Mapping[str, Texts]) -> list[Variable]:
    if definition.type == "multiple" and not definition.subfields:
        return _bits(definition, texts[definition.name])
    names = [f"{definition.name}_{part + 1}" for part in range(definition.subfields)] or [definition.name]
    return [_variable(name, definition, texts[name]) for name in names]


def _variable(name: str, definition: Definition, data: Texts) -> Variable:
    texts, codes = data
    label = _label(definition)
    labels = {code: text.words[0][1] for code, text in definition.categories.items()}
    if definition.type in DATES:
        return described(name, *_dates(definition, texts, codes), Description(label=label, is_date=True))
    if definition.type == "logical":
        labels = TRUTH
        texts = [{"T": "1", "F": "0", "Y": "1", "N": "0"}.get(text.upper(), text) for text in texts]
    said = Description(label=label, labels=labels)
    if _is_text(definition):
        return described(name, codes, tuple(texts), said)
    if definition.type == "multiple":  # a spread subfield of zero: nothing more was chosen
        return decide(name, *_without_zero(*padded(texts, codes)), said).variable
    return decide(name, *padded(texts, codes), said).variable


def _is_text(definition: Definition) -> bool:
    return definition.literal or definition.type not in TYPES or definition.type == "character"


def _without_zero(texts: list[str], codes: NDArray[np.int32]) -> Texts:
    if "0" not in texts:
        return texts, codes
    zero = texts.index("0")
    kept = np.where(codes == zero, -1, np.where(codes > zero, codes - 1, codes)).astype(np.int32)
    return [text for text in texts if text != "0"], kept


def _dates(
    definition: Definition, texts: Sequence[str], codes: NDArray[np.int32]
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    written = []
    for text in texts:
        if definition.type == "date" and len(text) == 8 and text.isdigit():
            written.append(f"{text[:4]}-{text[4:6]}-{text[6:]}")
        elif definition.type == "time" and len(text) in (4, 6) and text.isdigit():
            written.append(":".join(text[at : at + 2] for at in range(0, len(text), 2)))
        else:
            written.append(text)
    return codes, tuple(written)


def _bits(definition: Definition, data: Texts) -> list[Variable]:
    """A bitstring: one variable per category, 1 at the category's place in the string."""
    texts, codes = data
    found = []
    for code, text in definition.categories.items():
        bit = np.array([_bit(string, code) for string in texts] + [-1], np.int32)
        label = f"{_label(definition)} - {text.words[0][1]}" if _label(definition) else text.words[0][1]
        found.append(described(f"{definition.name}_{code}", bit[codes], (0, 1), Description(label=label)))
    return found


def _bit(string: str, code: Value) -> int:
    if not isinstance(code, int) or not 1 <= code <= MOST_BITS:
        return -1
    return int(string[code - 1 : code] == "1")


def _label(definition: Definition) -> str:
    return definition.label.words[0][1] if definition.label else ""


def _response_set(definition: Definition, parts: Sequence[Variable]) -> ResponseSet:
    return ResponseSet(
        name=definition.name,
        label=_label(definition),
        variables=tuple(part.name for part in parts),
        counted=None if definition.subfields else 1,
    )


def _hint(definition: Definition) -> QuestionHint | None:
    """None where the variable's own label says it all, so that what belongs together is found by the labels.

    Weights, durations and serial numbers are quantities too.
    """
    if definition.question is None:
        return None
    told = definition.type in ("multiple", "character") or definition.condition or len(definition.question.words) > 1
    if not told and (definition.type == "quantity" or definition.question == definition.label):
        return None
    categories = definition.categories
    parts = definition.subfields
    if definition.type == "multiple" and not parts:
        names = tuple(f"{definition.name}_{code}" for code in categories)
        items = dict(zip(names, categories.values(), strict=True))
    else:
        names = tuple(f"{definition.name}_{part + 1}" for part in range(parts)) or (definition.name,)
        items = {}
    return QuestionHint(
        variables=names,
        kind=KINDS[definition.type],
        text=definition.question,
        item_texts=items,
        category_texts={} if items else categories,
        name=definition.name if len(names) > 1 else "",
        condition=definition.condition,
    )
