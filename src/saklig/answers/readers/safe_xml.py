"""Questionnaires in XML, parsed so that a hostile file can neither read other files nor fill the memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saklig.answers.readers.faults import fault
from saklig.answers.readers.limits import LARGEST_CODEBOOK, MEBIBYTE
from saklig.language.catalog import N_, say

if TYPE_CHECKING:
    from lxml.etree import _Element

_ENTITY = re.compile("<!ENTITY", re.IGNORECASE)
DECLARATIONS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-7", "cp037")
AGAIN = N_("Export the questionnaire again from the program that made it")


def parse_xml(path: Path) -> _Element:
    """The root element. Raises AnswersError, naming the line, where the file is no XML or declares entities."""
    from lxml import etree

    if path.stat().st_size > LARGEST_CODEBOOK:
        raise fault(
            path,
            say(
                "the questionnaire is larger than {most} MiB and is not read",
                most=LARGEST_CODEBOOK // MEBIBYTE,
            ),
            say(AGAIN),
        )
    content = path.read_bytes()
    if any(_ENTITY.search(content.decode(encoding, "ignore")) for encoding in DECLARATIONS):
        raise _entities(path)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise fault(
            path, say("the file is cut short or no XML"), say(AGAIN), say("line {line}", line=error.lineno or 1)
        ) from None
    except (ValueError, LookupError):
        raise fault(
            path, say("the encoding that the file declares is not its own"), say(AGAIN), say("line {line}", line=1)
        ) from None
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and dtd.entities():
        raise _entities(path)
    return root


def _entities(path: Path) -> Exception:
    return fault(
        path,
        say("the file declares entities of its own, which a questionnaire needs not and an attack on the reader does"),
        say("If you trust where it comes from, open it in an XML editor, resolve the entities and save it"),
    )


def local_name(element: _Element) -> str:
    """The tag without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: _Element | None, *path: str) -> Iterator[_Element]:
    """The descendants at `path`, whatever their namespace: `children(var, "catgry", "labl")`."""
    if element is None:
        return
    for child in element:
        if local_name(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from children(child, *path[1:])


def first(element: _Element | None, *path: str) -> _Element | None:
    return next(children(element, *path), None)


def words(element: _Element | None) -> str:
    """All text in the element, line breaks and markup as single spaces; scripts in it are text like any other."""
    if element is None:
        return ""
    return " ".join(" ".join(str(text) for text in element.itertext()).split())


def own_words(element: _Element | None) -> str:
    """The text in the element itself, without that of its children."""
    if element is None:
        return ""
    return " ".join(" ".join([element.text or "", *(child.tail or "" for child in element)]).split())
