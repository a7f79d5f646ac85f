"""The dictionary at the head of an SPSS file: whether it holds together, and which variable is the file's own weight.

pyreadstat trusts the numbers in it, and a made or damaged one ends the whole program; it also does not say the weight.
The layout is PSPP's description of the system file format (GNU PSPP developer's guide, "System File Format").
"""

from __future__ import annotations

import codecs
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from saklig.answers.readers.faults import fault
from saklig.language.catalog import say

HEADER_LENGTH, LAYOUT_AT, WEIGHT_AT = 176, 64, 76
VARIABLE, LABELS, LABELLED, DOCUMENT, EXTENSION, END = 2, 3, 4, 6, 7, 999
MACHINE, LONG_NAMES, ENCODING = 3, 13, 20
FALLBACK = "windows-1252"
CONTINUATION, WIDEST_TEXT = -1, 255
SHORT_TEXT = 8  # labels of longer texts stand in an extension record
TEXT_FORMATS = frozenset({1, 2})  # A and AHEX: of a number, they make the library look for a text that is not there
MOST_LABELS = 1_000_000


class _Damaged(Exception):
    """A number in the dictionary that cannot be."""


@dataclass
class _Dictionary:
    """What is gathered on the way through.

    `records`: each variable record's short name, "" for a continuation; `widths`: 0 for numbers, else characters.
    `awaited`: continuation records that the last text still needs. `coded`: the texts that carry a label. `codec`: the
    encoding that the file declares, by Python's name, or empty.
    """

    file: BinaryIO
    size: int
    order: str = "<"
    weight: int = 0
    records: list[str] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    awaited: int = 0
    coded: list[bytes] = field(default_factory=list)
    codec: str = ""
    long_names: dict[str, str] = field(default_factory=dict)

    def whole(self, count: int = 1) -> tuple[int, ...]:
        return struct.unpack(f"{self.order}{count}i", self.take(4 * count))

    def take(self, length: int) -> bytes:
        if not 0 <= length <= self.size - self.file.tell():
            raise _Damaged
        return self.file.read(length)


def weight_variable(path: Path, names: tuple[str, ...]) -> str:
    """The file's own weight as it is called in `names`; empty where the file declares none."""
    dictionary = check_dictionary(path)
    if not 1 <= dictionary.weight <= len(dictionary.records):
        return ""
    short = dictionary.records[dictionary.weight - 1]
    long = dictionary.long_names.get(short, short)
    return next((name for name in names if name.lower() == long.lower()), "")


def encoding_to_force(path: Path, given: str = "") -> str:
    """The encoding to read the file with; empty where the declared one will do. Raises AnswersError where none fits.

    The library crashes on a labelled text that is not in the encoding it was told.
    """
    dictionary = check_dictionary(path)
    for forced, codec in ((given, _codec(given) if given else dictionary.codec), (FALLBACK, _codec(FALLBACK))):
        if not codec or _are_in(codec, dictionary.coded):
            return forced
    raise fault(
        path,
        say("values that carry a label are in no encoding that can be found out"),
        say("Save it again as Unicode (UTF-8)"),
    )


def _are_in(codec: str, texts: list[bytes]) -> bool:
    try:
        for text in texts:
            text.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def check_dictionary(path: Path) -> _Dictionary:
    """Walks through the dictionary. Raises AnswersError where it contradicts itself or ends too early."""
    with path.open("rb") as file:
        dictionary = _Dictionary(file, path.stat().st_size)
        try:
            _walk(dictionary)
        except (_Damaged, struct.error):
            raise fault(
                path,
                say("this is not a whole SPSS file: its list of variables is cut short or damaged"),
                say("Copy or download it again, or save it again from the program that made it"),
                say("byte {tell}", tell=file.tell()),
            ) from None
    return dictionary


def _walk(dictionary: _Dictionary) -> None:
    header = dictionary.take(HEADER_LENGTH)
    dictionary.order = "<" if struct.unpack_from("<i", header, LAYOUT_AT)[0] in (2, 3) else ">"
    dictionary.weight = struct.unpack_from(f"{dictionary.order}i", header, WEIGHT_AT)[0]
    while (kind := dictionary.whole()[0]) != END:
        if kind not in _RECORDS or (kind != VARIABLE and dictionary.awaited):
            raise _Damaged
        _RECORDS[kind](dictionary)
    if not any(dictionary.records):
        raise _Damaged


def _variable(dictionary: _Dictionary) -> None:
    width, has_label, missing, shown, written = dictionary.whole(5)
    name = dictionary.take(8).decode("latin-1").strip()
    if not CONTINUATION <= width <= WIDEST_TEXT or has_label not in (0, 1) or not -3 <= missing <= 3:
        raise _Damaged
    if has_label:
        length = dictionary.whole()[0]
        dictionary.take((length + 3) // 4 * 4)
    dictionary.take(8 * abs(missing))
    if not width and not TEXT_FORMATS.isdisjoint((shown >> 16 & 255, written >> 16 & 255)):
        raise _Damaged
    continues = width == CONTINUATION
    if continues != (dictionary.awaited > 0) or not (continues or name):
        raise _Damaged
    dictionary.awaited = dictionary.awaited - 1 if continues else max(0, (width + 7) // 8 - 1)
    dictionary.records.append("" if continues else name)
    dictionary.widths.append(width)


def _labels(dictionary: _Dictionary) -> None:
    """A list of labels, and the places of the variables that it belongs to."""
    count = dictionary.whole()[0]
    if not 0 <= count <= MOST_LABELS:
        raise _Damaged
    values = []
    for _ in range(count):
        values.append(dictionary.take(8))
        length = dictionary.take(1)[0]
        dictionary.take((length + 8) // 8 * 8 - 1)
    kind, places = dictionary.whole(2)
    if kind != LABELLED or not 0 <= places <= len(dictionary.records):
        raise _Damaged
    for place in dictionary.whole(places):
        if not 1 <= place <= len(dictionary.records) or not 0 <= dictionary.widths[place - 1] <= SHORT_TEXT:
            raise _Damaged
        dictionary.coded.extend(values if dictionary.widths[place - 1] else [])


def _document(dictionary: _Dictionary) -> None:
    dictionary.take(80 * dictionary.whole()[0])


def _extension(dictionary: _Dictionary) -> None:
    subtype, size, count = dictionary.whole(3)
    if size < 0 or count < 0:
        raise _Damaged
    content = dictionary.take(size * count)
    if subtype == LONG_NAMES:
        pairs = content.decode("utf-8", "replace").split("\t")
        dictionary.long_names = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    elif subtype == MACHINE and len(content) >= 32:
        dictionary.codec = dictionary.codec or _codec(f"cp{struct.unpack_from(dictionary.order + 'i', content, 28)[0]}")
    elif subtype == ENCODING:
        dictionary.codec = _codec(content.decode("ascii", "replace").strip())


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""


_RECORDS = {VARIABLE: _variable, LABELS: _labels, DOCUMENT: _document, EXTENSION: _extension}
