"""quantipy: answers in CSV with a codebook in JSON beside it: labels, grids, delimited sets, shared code lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from saklig.answers.model import QuestionHint, Source, Value
from saklig.answers.readers.columns import Description, as_value, decide
from saklig.answers.readers.delimited import open_delimited
from saklig.answers.readers.faults import fault
from saklig.answers.readers.limits import LARGEST_CODEBOOK, MEBIBYTE
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.tabular import collect, column_names
from saklig.language.catalog import say
from saklig.language.text import Text

# Numbers are not here: weights, serial numbers and birth years are columns like any other, and no questions.
KINDS = {"single": "single", "delimited set": "multiple", "string": "open"}
SET = "delimited set"
DELIMITER = ";"
DATES = frozenset({"date", "time"})
TEXTS = frozenset({"string", SET, *DATES})


def codebook_of(path: Path) -> Path | None:
    """The codebook beside a CSV file: of the same name, and one of quantipy's."""
    beside = path.with_suffix(".json")
    if not beside.is_file() or beside.stat().st_size > LARGEST_CODEBOOK:
        return None
    try:
        found = json.loads(beside.read_bytes())
    except (ValueError, RecursionError):
        return None
    return beside if _is_codebook(found) else None


def _is_codebook(found: Any) -> bool:
    return isinstance(found, dict) and isinstance(found.get("columns"), dict) and isinstance(found.get("lib"), dict)


def read_quantipy(path: Path, hints: Hints) -> Source:
    """`path` is the CSV or the JSON file; the other lies beside it or is `hints.beside`."""
    is_codebook = path.suffix.lower() == ".json"
    codebook = path if is_codebook else (hints.beside or path.with_suffix(".json"))
    data = (hints.beside or path.with_suffix(".csv")) if is_codebook else path
    if not data.is_file():
        raise fault(
            codebook,
            say("the answers that this codebook describes are not beside it"),
            say("Put {file} there", file=data.name),
        )
    return _read(data, codebook, _Codebook(codebook), hints)


class _Codebook:
    """The parts of the JSON that are used, each checked as it is taken."""

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > LARGEST_CODEBOOK:
            raise fault(
                path,
                say("the codebook is larger than {most} MiB", most=LARGEST_CODEBOOK // MEBIBYTE),
                say("Export it again"),
            )
        try:
            content = json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 1)
            raise fault(
                path, say("the codebook is cut short or no JSON"), say("Export it again"), say("line {line}", line=line)
            ) from None
        if not _is_codebook(content):
            raise fault(
                path, say("this is no codebook of quantipy's: it has no columns and lib"), say("Name the CSV file")
            )
        self._path = path
        self.columns: dict[str, Any] = content["columns"]
        self.masks: dict[str, Any] = content.get("masks") or {}
        self._lists: dict[str, Any] = content["lib"].get("values") or {}
        self.language = str(content["lib"].get("default text") or "und")
        info = content.get("info")
        self.title = str(info.get("name") or "") if isinstance(info, dict) else ""

    def text(self, said: Any) -> Text | None:
        """Words in every language, the codebook's own first."""
        if isinstance(said, str) and said.strip():
            return Text.of({self.language: said.strip()})
        if not isinstance(said, dict):
            return None
        found = {tag: words.strip() for tag, words in said.items() if isinstance(words, str) and words.strip()}
        ordered = sorted(found, key=lambda tag: tag != self.language)
        return Text.of({tag: found[tag] for tag in ordered}) if found else None

    def categories(self, values: Any, place: str) -> dict[Value, Text]:
        """A code list, or the shared one that `lib@values@name` points to."""
        if isinstance(values, str):
            values = self._lists.get(values.removeprefix("lib@values@"), [])
        found: dict[Value, Text] = {}
        for value in values or []:
            if not isinstance(value, dict) or not isinstance(value.get("value"), int | float | str):
                raise fault(self._path, say("a code list holds something that is no code"), say("Correct it"), place)
            code = as_value(str(value["value"]))
            found[code] = self.text(value.get("text")) or Text.of({self.language: str(code)})
        return found


def _read(data: Path, path: Path, codebook: _Codebook, hints: Hints) -> Source:
    rows = open_delimited(data, hints)
    names, remarks = column_names(data, [cell.strip() for cell in next((row for _, row in rows), [])])
    cells = collect(data, rows, names, replace(hints, beside=None), skip=1)
    variables = []
    for name, (texts, codes) in cells.columns.items():
        column = codebook.columns.get(name) or {}
        keep = column.get("type") in TEXTS
        variables.append(decide(name, texts, codes, _said(name, column, codebook), keep_text=keep).variable)
    present = {variable.name for variable in variables}
    if not present & set(codebook.columns):
        raise fault(
            path,
            say("it describes none of the columns of {file}", file=data.name),
            say("Put the right two files together"),
        )
    return Source(
        path=data,
        format="quantipy",
        rows=cells.rows,
        variables=tuple(variables),
        hints=_hints(codebook, names, present),
        found=(*rows.found, *remarks, say("codebook {file}", file=path.name)),
        title=codebook.title,
        language="" if codebook.language == "und" else codebook.language,
    )


def _said(name: str, column: Mapping[str, Any], codebook: _Codebook) -> Description:
    label = codebook.text(column.get("text"))
    labels = codebook.categories(column.get("values"), f"columns, {name}")
    return Description(
        label=label.words[0][1] if label else "",
        labels={code: text.words[0][1] for code, text in labels.items()},
        is_date=column.get("type") in DATES,
    )


def _hints(codebook: _Codebook, names: list[str], present: set[str]) -> tuple[QuestionHint, ...]:
    """Grids where their first item stands, then the questions of one column, in the order of the data."""
    grid_of: dict[str, str] = {}
    members: dict[str, dict[str, Text]] = {}
    for mask, said in codebook.masks.items():
        items = {
            str(item.get("source", "")).removeprefix("columns@"): codebook.text(item.get("text"))
            for item in said.get("items", [])
        }
        members[mask] = {name: text for name, text in items.items() if text is not None and name in present}
        grid_of.update(dict.fromkeys(members[mask], mask))
    found: list[QuestionHint] = []
    done: set[str] = set()
    for name in names:
        mask = grid_of.get(name, "")
        if mask and mask not in done:
            done.add(mask)
            found.extend(_grid(mask, members[mask], codebook))
        elif not mask and name in present:
            found.extend(_single(name, codebook))
    return tuple(found)


def _grid(mask: str, items: Mapping[str, Text], codebook: _Codebook) -> list[QuestionHint]:
    said = codebook.masks[mask]
    text = codebook.text(said.get("text")) or Text.of({codebook.language: mask})
    return [
        QuestionHint(
            variables=tuple(items),
            kind="grid",
            text=text,
            item_texts=items,
            category_texts=codebook.categories(said.get("values"), f"masks, {mask}"),
        )
    ]


def _single(name: str, codebook: _Codebook) -> list[QuestionHint]:
    column = codebook.columns.get(name) or {}
    kind, text = KINDS.get(str(column.get("type"))), codebook.text(column.get("text"))
    if kind is None or text is None:
        return []
    return [
        QuestionHint(
            variables=(name,),
            kind=kind,
            text=text,
            category_texts=codebook.categories(column.get("values"), f"columns, {name}"),
            delimiter=DELIMITER if column.get("type") == SET else "",
        )
    ]
