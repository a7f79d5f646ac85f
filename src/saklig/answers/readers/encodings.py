"""The encoding of a text file: by its byte-order mark, by being valid UTF-8, else the one of western Windows."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from saklig.answers.readers.faults import fault
from saklig.language.catalog import N_, say

CHUNK = 2**20
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
CALLED = {
    "utf-8-sig": N_("UTF-8 with a byte-order mark"),
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "windows-1252",
}
SAVE_AS_UTF8 = N_("Save the file again as UTF-8 (in Excel: “CSV UTF-8”)")


@dataclass(frozen=True)
class Encoding:
    """`codec` is Python's name; `called` is what people call it, to be said."""

    codec: str
    called: str


def encoding_of(path: Path, given: str = "") -> Encoding:
    """The encoding in which the whole file can be read. Raises AnswersError, naming the line, where there is none."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
    if given:
        return _given(path, given, head)
    marked = next((codec for mark, codec in BYTE_ORDER_MARKS.items() if head.startswith(mark)), None)
    for codec in (marked,) if marked else (*_unmarked_utf16(head), "utf-8", "cp1252"):
        if _first_unreadable(path, codec) is None:
            return Encoding(codec, CALLED.get(codec, codec))
    place = _first_unreadable(path, marked or "cp1252")
    raise fault(
        path,
        say("a character is in no encoding that can be found out"),
        say(SAVE_AS_UTF8),
        say("line {line}", line=place),
    )


def _given(path: Path, given: str, head: bytes) -> Encoding:
    try:
        codec = codecs.lookup(given).name
        "".encode(codec)
    except (LookupError, UnicodeError):
        raise fault(
            path,
            say("there is no encoding called “{given}”", given=given),
            say("Write utf-8, utf-16, windows-1252 or iso-8859-1"),
        ) from None
    if codec == "utf-8" and head.startswith(codecs.BOM_UTF8):
        codec = "utf-8-sig"
    if (line := _first_unreadable(path, codec)) is not None:
        raise fault(
            path,
            say("the file is not in the encoding {given} that was given", given=given),
            say("Leave the encoding out: it is found"),
            say("line {line}", line=line),
        )
    return Encoding(codec, CALLED.get(codec, given))


def _unmarked_utf16(head: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark shows in zero bytes at every other place."""
    start = head[:2000]
    if len(start) >= 4 and start[1::2].count(0) > len(start) // 4 and not start[0::2].count(0):
        return ("utf-16-le",)
    if len(start) >= 4 and start[0::2].count(0) > len(start) // 4 and not start[1::2].count(0):
        return ("utf-16-be",)
    return ()


def _first_unreadable(path: Path, codec: str) -> int | None:
    """The line of the first byte that is not in `codec`; None where the whole file is."""
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                line += decoder.decode(chunk).count("\n")
            except UnicodeDecodeError as error:
                return line + chunk.count(b"\n", 0, max(0, error.start))
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None
