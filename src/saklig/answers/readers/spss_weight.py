"""Which variable an SPSS file declares as its weight: pyreadstat does not say, the file's header does.

The layout is PSPP's description of the system file format (GNU PSPP developer's guide, "System File Format"): the
header record holds the weight's place in the dictionary, counted in records, continuation records included.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

HEADER = struct.Struct("64x 4s 4x 4x 4s")
HEADER_LENGTH = 176
VARIABLE_RECORD, LONG_NAMES = 2, 13
LONGEST_EXTENSION = 2**24


def weight_variable(path: Path, names: tuple[str, ...]) -> str:
    """The name of the weight, as in `names`; empty where the file declares none."""
    try:
        with path.open("rb") as file:
            return _find(file, names)
    except (OSError, struct.error, UnicodeError):  # a header that pyreadstat forgives says nothing of a weight
        return ""


def _find(file: BinaryIO, names: tuple[str, ...]) -> str:
    layout, weight = HEADER.unpack(file.read(HEADER.size))
    order = "<" if struct.unpack("<i", layout)[0] in (2, 3) else ">"
    place = struct.unpack(order + "i", weight)[0]
    if place <= 0:
        return ""
    file.seek(HEADER_LENGTH)
    short = ""
    for _ in range(place):
        short = _variable_name(file, order)
    return _full_name(file, order, short, names)


def _variable_name(file: BinaryIO, order: str) -> str:
    """Reads one variable record and returns its short name."""
    kind, _, has_label, missing, _, _ = struct.unpack(order + "6i", file.read(24))
    if kind != VARIABLE_RECORD:
        raise struct.error("the dictionary ends before the weight")
    name = file.read(8).decode("ascii", "replace").strip()
    if has_label:
        length = struct.unpack(order + "i", file.read(4))[0]
        file.seek((length + 3) // 4 * 4, 1)
    file.seek(8 * abs(missing), 1)
    return name


def _full_name(file: BinaryIO, order: str, short: str, names: tuple[str, ...]) -> str:
    """The long name that the file gives to `short`, searched in the extension records."""
    rest = file.read(LONGEST_EXTENSION)
    mark = rest.find(struct.pack(order + "3i", 7, LONG_NAMES, 1))
    long = short
    if mark >= 0:
        length = struct.unpack_from(order + "i", rest, mark + 12)[0]
        pairs = rest[mark + 16 : mark + 16 + max(0, length)].decode("utf-8", "replace").split("\t")
        long = dict(pair.split("=", 1) for pair in pairs if "=" in pair).get(short, short)
    return next((name for name in names if name.lower() == long.lower()), "")
