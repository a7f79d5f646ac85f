"""The interface's strings: every one of them has Swedish words, and the same ones everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from saklig.language.catalog import INTERFACE_LANGUAGES, LOCALE, N_, interface_language, translator

SOURCES = LOCALE.parents[1]
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "say": None,
    "say_n": (1, 2),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TEMPLATES = (".html", ".svg", ".jinja", ".j2", ".xml", ".txt", ".css", ".js")
Key = tuple[str, str]


def strings(path: Path, method: str) -> Iterator[tuple[int, Key]]:
    """(line, (context, msgid)) of every string marked in a file; of a plural the first form."""
    with path.open("rb") as file:
        for line, message, _, context in extract(method, file, KEYWORDS, (), {"encoding": "utf-8", "trimmed": "true"}):
            yield line, (context or "", message[0] if isinstance(message, tuple) else message)


def used() -> dict[Key, str]:
    """Every string in the sources and templates → where it stands first."""
    found: dict[Key, str] = {}
    for path in sorted(SOURCES.rglob("*")):
        if path.is_relative_to(LOCALE) or not path.is_file():
            continue
        method = "python" if path.suffix == ".py" else "jinja2" if _is_template(path) else ""
        if method and path.name != "catalog.py":
            for line, key in strings(path, method):
                found.setdefault(key, f"{path.relative_to(SOURCES)}:{line}")
    return found


def _is_template(path: Path) -> bool:
    return path.suffix in TEMPLATES and any(mark in path.read_bytes() for mark in (b"{{", b"{%"))


def messages(language: str) -> Iterator[tuple[Path, Message]]:
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            yield from ((path, message) for message in read_po(file, locale=language, abort_invalid=True) if message.id)


def key(message: Message) -> Key:
    return (message.context or "", message.id if isinstance(message.id, str) else message.id[0])


def test_every_string_has_swedish_words() -> None:
    known = {key(message) for _, message in messages("sv") if all(_words(message)) and not message.fuzzy}
    lacking = [f"{place}: {msgid!r}" for (context, msgid), place in used().items() if (context, msgid) not in known]
    assert not lacking, "without Swedish words in locale/sv/*.po:\n" + "\n".join(lacking)


def test_one_string_has_the_same_words_in_every_file() -> None:
    seen: dict[Key, tuple[Path, object]] = {}
    for path, message in messages("sv"):
        first, words = seen.setdefault(key(message), (path, message.string))
        assert words == message.string, f"{message.id!r} differs between {first.name} and {path.name}"


def test_swedish_words_keep_the_names_in_braces() -> None:
    for path, message in messages("sv"):
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        names = {name for original in originals for name in re.findall(r"{(\w*)", original)}
        for words in _words(message):
            assert set(re.findall(r"{(\w*)", words)) <= names, f"{path.name}: {message.id!r} → {words!r}"


def _words(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize(
    ("asked", "given"), [("sv", "sv"), ("sv-FI", "sv"), ("sv_SE", "sv"), ("en", "en"), ("en-GB", "en"), ("fi", "en")]
)
def test_language_of_the_interface(asked: str, given: str) -> None:
    assert interface_language(asked) == given
    assert translator(asked).language == given
    assert given in INTERFACE_LANGUAGES


def test_plural_and_values() -> None:
    swedish, english = translator("sv"), translator("en")
    assert swedish.ngettext("{n} answer", "{n} answers", 1) == "1 svar"
    assert english.ngettext("{n} answer", "{n} answers", 2, n="2") == "2 answers"
    assert english("unknown {n} and {m}", n=1, m="<b>") == "unknown 1 and <b>"
    assert english("braces {n} stay where no values are given") == "braces {n} stay where no values are given"
    assert N_("x") == "x"


def test_strings_in_a_template_are_found(tmp_path: Path) -> None:
    template = tmp_path / "page.html"
    template.write_text('{% if x %}{{ _("First") }}{{ ngettext("{n} one", "{n} many", 2) }}{% endif %}')
    assert [found for _, found in strings(template, "jinja2")] == [("", "First"), ("", "{n} one")]
    python = tmp_path / "page.py"
    python.write_text('_.ngettext("{n} a", "{n} b", 2)\n_.pgettext("chart", "Title")\n_("A", a=1)\nN_("B")\n')
    assert [found for _, found in strings(python, "python")] == [
        ("", "{n} a"),
        ("chart", "Title"),
        ("", "A"),
        ("", "B"),
    ]
