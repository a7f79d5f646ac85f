"""study.json: the study as published and what the edition says beside its facts, in one canonical form.

Keys are sorted and each value has its line, so that two editions can be compared by eye. The bytes are canonical:
what JSON makes of them, written again, gives the same bytes, or they are refused.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from saklig.edition.correlation_statement import from_correlations, from_waves, to_correlations, to_waves
from saklig.edition.errors import EditionError
from saklig.edition.fieldwork_statement import check_reports, from_report, to_report
from saklig.edition.places import STUDY_FILE, Place
from saklig.edition.publication import (
    Correction,
    Protection,
    Publication,
    Response,
    SampledStage,
    Samples,
    Sampling,
    WavePair,
)
from saklig.edition.weighting_statement import from_report as from_weighting
from saklig.edition.weighting_statement import to_report as to_weighting
from saklig.language.catalog import say
from saklig.study.breaks import Break, Cause
from saklig.study.file import study_from_dict, study_to_dict
from saklig.study.model import Study

FORMAT = "saklig edition 1"


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
    study, publication = study_from_dict(found["study"]), _to_publication(found["publication"])
    check_reports(publication.fieldwork, study)
    return study, publication


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
                **_from_sampling(response.sampling),
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
        **_from_waves(publication),
        **({"weightings": [from_weighting(each) for each in publication.weightings]} if publication.weightings else {}),
        **({"fieldwork": [from_report(each) for each in publication.fieldwork]} if publication.fieldwork else {}),
        **(
            {"correlations": [from_correlations(each) for each in publication.correlations]}
            if publication.correlations
            else {}
        ),
    }


def _from_sampling(sampling: Sampling | None) -> dict[str, object]:
    return {"sampling": asdict(sampling)} if sampling else {}


def _from_waves(publication: Publication) -> dict[str, object]:
    """Nothing for a study of one wave."""
    if not publication.pairs and not publication.breaks:
        return {}
    pairs = [{"wave": pair.wave, "wave2": pair.wave2, "samples": pair.samples.value} for pair in publication.pairs]
    breaks = [
        {
            "question": each.question,
            "earlier": each.earlier,
            "wave": each.wave,
            "cause": each.cause.value,
            "categories": list(each.added),
        }
        for each in publication.breaks
    ]
    told = {"correlations": [from_waves(each) for each in publication.wave_correlations]}
    return {"waves": {"compared": pairs, "breaks": breaks, **(told if publication.wave_correlations else {})}}


def _to_publication(form: object) -> Publication:
    at = Place(form, "publication")
    corrects, protection = at.get("corrects"), at.inside("protection")
    waves = at.inside("waves") if at.has("waves") else None
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
        fieldwork=tuple(to_report(each) for each in at.each("fieldwork")) if at.has("fieldwork") else (),
        correlations=tuple(to_correlations(each) for each in at.each("correlations")) if at.has("correlations") else (),
        wave_correlations=tuple(to_waves(each) for each in waves.each("correlations"))
        if waves and waves.has("correlations")
        else (),
        breaks=tuple(_to_break(each) for each in waves.each("breaks")) if waves else (),
        pairs=tuple(_to_pair(pair) for pair in waves.each("compared")) if waves else (),
        weightings=tuple(
            to_weighting(form, f"{STUDY_FILE}: publication.weightings[{n}]")
            for n, form in enumerate(at.of(list, "weightings") if at.has("weightings") else ())
        ),
    )


def _to_break(at: Place) -> Break:
    return Break(
        question=at.of(str, "question"),
        earlier=at.of(str, "earlier"),
        wave=at.of(str, "wave"),
        cause=at.one_of(Cause, "cause"),
        added=at.texts("categories"),
    )


def _to_pair(at: Place) -> WavePair:
    return WavePair(wave=at.of(str, "wave"), wave2=at.of(str, "wave2"), samples=at.one_of(Samples, "samples"))


def _to_correction(at: Place) -> Correction:
    return Correction(edition=at.of(str, "edition"), reason=at.of(str, "reason"))


def _to_response(at: Place) -> Response:
    return Response(
        wave=at.of(str, "wave"),
        respondents=at.of(int, "respondents"),
        by_stratum=at.mapping("by_stratum", (int,)),
        weighted=at.of(bool, "weighted"),
        clustered=at.of(bool, "clustered"),
        sampling=_to_sampling(at.inside("sampling")) if at.has("sampling") else None,
        replicates=at.of(int, "replicates") if at.has("replicates") else 0,
    )


def _to_sampling(at: Place) -> Sampling:
    return Sampling(
        strata=at.of(int, "strata"),
        lone=at.of(int, "lone"),
        stages=tuple(
            SampledStage(
                clusters=stage.of(bool, "clusters"),
                drawn=stage.of(int, "drawn"),
                answered=stage.of(int, "answered"),
                finite=stage.of(bool, "finite"),
            )
            for stage in at.each("stages")
        ),
    )
