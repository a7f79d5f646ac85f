"""study.json: the study as published and what the edition says beside its facts, in one canonical form.

Keys are sorted and each value has its line, so that two editions can be compared by eye. The bytes are canonical:
what JSON makes of them, written again, gives the same bytes, or they are refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from saklig.edition.errors import EditionError
from saklig.edition.publication import Correction, Protection, Publication, Response
from saklig.language.catalog import N_, say
from saklig.study.file import study_from_dict, study_to_dict
from saklig.study.model import Study

T = TypeVar("T")
FORMAT = "saklig edition 1"
STUDY_FILE = "study.json"


def statement_bytes(study: Study, publication: Publication) -> bytes:
    return canonical({"format": FORMAT, "publication": _from_publication(publication), "study": study_to_dict(study)})


def canonical(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()


def read_statement(content: bytes) -> tuple[Study, Publication]:
    """Raises EditionError for anything but what `statement_bytes` writes, StudyError for a study that cannot be."""
    found = strict_json(content, STUDY_FILE)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise EditionError(
            say(
                "{file} is not of the form “{format}”; open it with the program that wrote it",
                file=STUDY_FILE,
                format=FORMAT,
            )
        )
    if set(found) != {"format", "publication", "study"} or not _is_canonical(found, content):
        raise EditionError(
            say(
                "{file} is not in the canonical form: it was changed or written by another program",
                file=STUDY_FILE,
            )
        )
    if not isinstance(found["study"], dict):
        raise EditionError(say("{file}: “study” holds no study", file=STUDY_FILE))
    return study_from_dict(found["study"]), _to_publication(found["publication"])


def strict_json(content: bytes, where: str) -> Any:
    """JSON as RFC 8259 has it: UTF-8, no NaN, nothing nested beyond reason. Raises EditionError naming `where`."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no number in JSON")

    try:
        return json.loads(content.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise EditionError(say("{where} is not JSON: {what}", where=where, what=_not_json(error))) from None


def _not_json(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return say("line {line}, column {column}", line=error.lineno, column=error.colno)
        case UnicodeDecodeError():
            return say("it is not UTF-8")
        case RecursionError():
            return say("too deeply nested")
        case _other:
            return say("a number is none that JSON has")


def _is_canonical(found: object, content: bytes) -> bool:
    try:
        return canonical(found) == content
    except (ValueError, RecursionError):  # a lone surrogate, a number beyond all bounds
        return False


def _from_publication(publication: Publication) -> dict[str, object]:
    protection, corrects = publication.protection, publication.corrects
    return {
        "draft": publication.draft,
        "corrects": {"edition": corrects.edition, "reason": corrects.reason} if corrects else None,
        "responses": [
            {
                "wave": response.wave,
                "respondents": response.respondents,
                "by_stratum": dict(response.by_stratum),
                "weighted": response.weighted,
                "clustered": response.clustered,
                **({"replicates": response.replicates} if response.replicates else {}),
            }
            for response in publication.responses
        ],
        "protection": {
            "policy": protection.policy,
            "values": dict(protection.values),
            "withheld": dict(protection.withheld),
            "columns": protection.columns,
            "audit": protection.audit,
            "audited": protection.audited,
            "audited_with": list(protection.audited_with),
            "folded": [list(pair) for pair in protection.folded],
        },
        "findings": list(publication.findings),
        "missing_translations": list(publication.missing_translations),
    }


def _to_publication(form: object) -> Publication:
    at = _Place(form, "publication")
    corrects, protection = at.get("corrects"), at.inside("protection")
    return Publication(
        draft=at.of(bool, "draft"),
        corrects=None if corrects is None else _to_correction(at.inside("corrects")),
        responses=tuple(_to_response(response) for response in at.each("responses")),
        protection=Protection(
            policy=protection.of(str, "policy"),
            values=protection.mapping("values", (int, str, bool)),
            withheld=protection.mapping("withheld", (int,)),
            columns=protection.of(int, "columns"),
            audit=protection.of(str, "audit"),
            audited=protection.of(int, "audited"),
            audited_with=protection.texts("audited_with"),
            folded=tuple((pair.of(str, 0), pair.of(str, 1)) for pair in protection.each("folded", list)),
        ),
        findings=at.texts("findings"),
        missing_translations=at.texts("missing_translations"),
    )


def _to_correction(at: _Place) -> Correction:
    return Correction(edition=at.of(str, "edition"), reason=at.of(str, "reason"))


def _to_response(at: _Place) -> Response:
    return Response(
        wave=at.of(str, "wave"),
        respondents=at.of(int, "respondents"),
        by_stratum=at.mapping("by_stratum", (int,)),
        weighted=at.of(bool, "weighted"),
        clustered=at.of(bool, "clustered"),
        replicates=at.of(int, "replicates") if at.has("replicates") else 0,
    )


class _Place:
    """A value in the file and where it stands, for errors that name the place."""

    def __init__(self, value: object, name: str, kind: type = dict) -> None:
        if not isinstance(value, kind):
            raise EditionError(say("{file}: {name} is not {kind}", file=STUDY_FILE, name=name, kind=say(_KINDS[kind])))
        self._value: Any = value
        self._name = name

    def get(self, key: str | int) -> object:
        try:
            found: object = self._value[key]
        except (KeyError, IndexError):
            raise EditionError(say("{file}: {name} lacks “{key}”", file=STUDY_FILE, name=self._name, key=key)) from None
        return found

    def has(self, key: str) -> bool:
        return key in self._value

    def of(self, kind: type[T], key: str | int) -> T:
        found = self.get(key)
        # True is an int to Python, and is no number here.
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise EditionError(
                say(
                    "{file}: {name} is not {kind}",
                    file=STUDY_FILE,
                    name=f"{self._name}.{key}",
                    kind=say(_KINDS[kind]),
                )
            )
        return found

    def inside(self, key: str) -> _Place:
        return _Place(self.get(key), f"{self._name}.{key}")

    def each(self, key: str, kind: type = dict) -> list[_Place]:
        return [_Place(value, f"{self._name}.{key}[{n}]", kind) for n, value in enumerate(self.of(list, key))]

    def texts(self, key: str) -> tuple[str, ...]:
        items = _Place(self.get(key), f"{self._name}.{key}", list)
        return tuple(items.of(str, n) for n in range(len(items._value)))

    def mapping(self, key: str, kinds: tuple[type, ...]) -> Mapping[str, Any]:
        found = self.of(dict, key)
        for name, value in found.items():
            if type(value) not in kinds:
                raise EditionError(
                    say(
                        "{file}: {name} is not {kind}",
                        file=STUDY_FILE,
                        name=f"{self._name}.{key}.{name}",
                        kind=say(_KINDS[kinds[0]]),
                    )
                )
        return found


_KINDS: Mapping[type, str] = {
    dict: N_("a table"),
    list: N_("a list"),
    str: N_("text"),
    int: N_("a whole number"),
    bool: N_("true or false"),
}
