"""Tables as TOML that people like to read: [[…]] for what has many keys, one line for what has few.

Own code, since a library that keeps a document's layout would have to be told all of it, and takes seconds for a
thousand questions; tomllib reads back what is written here in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\t"): "\\t", ord("\r"): "\\r"} | {
    number: f"\\u{number:04X}" for number in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)
}
_ESCAPES_IN_COMMENTS = {mark: words for mark, words in _ESCAPES.items() if chr(mark) not in '\\"'}
BLOCKS = frozenset(
    {
        "wave",
        "fieldwork",
        "disclosure",
        "method",
        "codes",
        "background",
        "section",
        "question",
        "perspective",
        "box",
        "arrow",
    }
)
"""The keys whose tables stand under headings of their own."""


class Date(str):
    """An ISO date, written without quotation marks."""

    __slots__ = ()


def document(tables: Mapping[str, object], comments: Mapping[str, str]) -> str:
    return "\n".join(_block(tables, "", "", comments)).strip("\n") + "\n"


def _block(table: Mapping[str, object], heading: str, indent: str, comments: Mapping[str, str]) -> Iterator[str]:
    if not heading:
        yield from _comment(comments.get(""), "")
    for key, value in table.items():
        if not _has_heading(key, value) and value is not None:
            yield from _comment(comments.get(key), indent) if not heading else ()
            yield f"{indent}{_key(key)} = {_value(value, indent)}"
    for key, value in table.items():
        if not _has_heading(key, value):
            continue
        name = f"{heading}.{key}" if heading else key
        inner = indent + "  " if heading else indent
        if isinstance(value, list):
            for each in value:
                yield ""
                yield from _comment(comments.get(f"{key} {each.get('id', '')}"), inner)
                yield f"{inner}[[{name}]]"
                yield from _block(each, name, inner, comments)
        elif isinstance(value, Mapping):
            for part, each in value.items() if key == "codes" else ((None, value),):
                yield ""
                yield from _comment(comments.get(key if part is None else f"{key} {part}"), inner)
                yield f"{inner}[{name}]" if part is None else f"{inner}[{name}.{_key(part)}]"
                yield from _block(each, name, inner, comments)


def _has_heading(key: str, value: object) -> bool:
    """A wave's codes of dispositions are no code list: they stand in one line."""
    if key == "codes" and isinstance(value, Mapping):
        return all(isinstance(each, Mapping) for each in value.values())
    return key in BLOCKS and isinstance(value, list | Mapping)


def _comment(words: str | None, indent: str) -> Iterator[str]:
    for line in words.splitlines() if words else ():
        yield f"{indent}# {line.translate(_ESCAPES_IN_COMMENTS)}".rstrip()


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _string(words: str) -> str:
    return f'"{words.translate(_ESCAPES)}"'


def _value(value: object, indent: str = "") -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case Date() if _DATE.fullmatch(value):
            return str(value)
        case str():
            return _string(value)
        case [Mapping(), *_]:
            lines = [f"{indent}  {_value(each)},\n" for each in value]
            return "[\n" + "".join(lines) + f"{indent}]"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items() if each is not None)
            return f"{{ {inner} }}" if inner else "{}"
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a study file")
