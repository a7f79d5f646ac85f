"""The rules that a study obeys before it exists."""

from __future__ import annotations

import datetime
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from saklig.language.catalog import say
from saklig.language.text import unprintable
from saklig.study.findings import LANGUAGE, Findings, Place, check_ranges, nearest_words
from saklig.study.problems import StudyError
from saklig.study.question_checks import check_questions
from saklig.study.sample_checks import check_sample
from saklig.study.survey import COUNTS, METHOD_FIELDS, Distance, WeightingMethod
from saklig.study.texts import texts

if TYPE_CHECKING:
    from saklig.study.model import Study
    from saklig.study.survey import Background, Perspective, Stratum, Wave, Weighting

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check_study(study: Study) -> None:
    """Raises StudyError naming every contradiction, each with its place and what to do."""
    findings = Findings()
    findings.ids((), "study", [study.id])
    _check_texts(study, findings)
    findings.ids((), "wave", [wave.id for wave in study.waves])
    findings.ids((), "background", [background.id for background in study.backgrounds])
    findings.ids((), "section", [section.id for section in study.sections])
    findings.ids((), "perspective", [perspective.id for perspective in study.perspectives])
    if not study.waves:
        findings.add((), say("the study has no wave of answers; write [[wave]]"))
    if not study.sections:
        findings.add((), say("the study has no questions; write [[section]] and [[section.question]]"))
    for wave in study.waves:
        _check_wave(wave, findings)
    check_sample(study, findings)
    _check_order(study, findings)
    for background in study.backgrounds:
        _check_background(background, study, findings)
    _check_pairs(study, findings)
    check_questions(study, findings)
    for perspective in study.perspectives:
        _check_perspective(perspective, study, findings)
    if findings.problems:
        raise StudyError.of(findings.problems)


def _check_texts(study: Study, findings: Findings) -> None:
    for language in study.languages:
        if not LANGUAGE.fullmatch(language):
            findings.add(
                (),
                say("“{language}” is not a language; write it as sv, en or sr-Latn", language=language[:20]),
                "languages",
            )
    if not study.languages:
        findings.add((), say('no language is named; write languages = ["sv"] or languages = ["en"]'), "languages")
    if len(set(study.languages)) < len(study.languages):
        findings.add((), say("a language stands twice; keep one"), "languages")
    findings.known(("method",), "item of method", (name for name, _ in study.method.texts), METHOD_FIELDS, "")
    used: set[str] = set()
    for place, key, text in texts(study):
        used.update(text.languages)
        if not set(study.languages).intersection(text.languages):
            there = nearest_words(text.languages[0], study.languages)
            findings.add(
                place,
                say(
                    "has words only in “{language}”, no language of the study; {remedy}",
                    language=text.languages[0][:20],
                    remedy=there,
                ),
                key,
            )
        for _, words in text.words:
            if found := unprintable(words):
                findings.add(
                    place, say("holds the control character U+{number}; take it out", number=f"{ord(found):04X}"), key
                )
    for language in study.languages:
        if language not in used:
            findings.add(
                (),
                say("nothing is written in “{language}”; leave it out until something is", language=language[:20]),
                "languages",
            )


# waves


def _check_wave(wave: Wave, findings: Findings) -> None:
    place = (f"wave {wave.id}",)
    days = []
    for key in ("start", "end"):
        if not (day := getattr(wave, key)):
            continue
        try:
            if not _DATE.fullmatch(day):
                raise ValueError
            days.append(datetime.date.fromisoformat(day))
        except ValueError:
            findings.add(place, say("“{day}” is not a date; write it as 2021-09-24", day=day[:20]), key)
    if len(days) == 2 and days[0] > days[1]:
        findings.add(place, say("the end is before the start; change one of them"), "end")
    if wave.weighting is not None:
        _check_weighting(wave.weighting, (*place, "weighting"), findings)
    findings.ids(place, "stratum", [stratum.id for stratum in wave.strata])
    _check_eligibility(wave, (*place, "fieldwork"), findings)
    units: list[tuple[Wave | Stratum, Place]] = [(wave, place)]
    units.extend((stratum, (*place, f"stratum {stratum.id}")) for stratum in wave.strata)
    for unit, where in units:
        for key in COUNTS:
            count = getattr(unit, key)
            if count is not None and count < 0:
                findings.add(where, say("{count} is negative; it is a number of units", count=count), key)
        if unit.population is not None and unit.invited is not None and unit.population < unit.invited:
            findings.add(
                where,
                say(
                    "{invited} were invited, but the population is {population}; one of the numbers is wrong",
                    invited=unit.invited,
                    population=unit.population,
                ),
                "population",
            )
    for key in COUNTS:
        counts = [getattr(stratum, key) for stratum in wave.strata]
        total = getattr(wave, key)
        if counts and None not in counts and total != sum(counts):
            findings.add(
                place,
                say("is {total}, but the strata sum to {sum}; leave out the total", total=total, sum=sum(counts)),
                key,
            )


def _check_weighting(made: Weighting, place: Place, findings: Findings) -> None:
    calibrated = made.method is WeightingMethod.CALIBRATE
    if made.distance is not Distance.LINEAR and not calibrated:
        findings.add(place, say('belongs to method = "calibrate"; leave it out, or calibrate'), "distance")
    if made.distance is Distance.LOGIT and made.bounds is None:
        findings.add(place, say("logit needs bounds; write bounds = [0.3, 3]"), "distance")
    if made.bounds is not None and not calibrated:
        findings.add(place, say('belongs to method = "calibrate"; leave it out, or calibrate'), "bounds")
    elif made.bounds is not None and not 0 <= made.bounds[0] < 1 < made.bounds[1]:
        findings.add(
            place,
            say("the factors by which weights may change lie below and above 1: bounds = [0.3, 3]"),
            "bounds",
        )
    if made.trim is not None and not 0 <= made.trim[0] < 1 < made.trim[1]:
        findings.add(
            place,
            say("the smallest and the largest weight, in mean weights, lie below and above 1: trim = [0.3, 3]"),
            "trim",
        )


def _check_eligibility(wave: Wave, place: Place, findings: Findings) -> None:
    if wave.eligibility is None:
        return
    if not 0 <= wave.eligibility.share <= 1:
        findings.add(
            place,
            say(
                "{share} is no share; of the cases of unknown eligibility between 0 (none) and 1 (all) are eligible",
                share=f"{wave.eligibility.share:g}",
            ),
            "eligibility",
        )
    if wave.eligibility.reason is None:
        findings.add(
            place,
            say('the reason is missing; write reason = "…", or leave `eligibility` out to have it estimated'),
            "eligibility",
        )


def _check_order(study: Study, findings: Findings) -> None:
    """A change is from one wave to the next, so they stand in the order of time."""
    for wave in study.waves[:1]:
        for key, given in (("change", wave.change is not None), ("independent", wave.independent)):
            if given:
                findings.add(
                    (f"wave {wave.id}",), say("is the first wave; no wave before it can be compared; take it out"), key
                )
    dated = [wave for wave in study.waves if _DATE.fullmatch(wave.start)]
    for earlier, wave in pairwise(dated):
        if wave.start < earlier.start:
            findings.add(
                (f"wave {wave.id}",),
                say(
                    "starts before the wave “{earlier}”, which stands before it; write the waves in the order of time",
                    earlier=earlier.id,
                ),
                "start",
            )


# background variables


def _check_background(background: Background, study: Study, findings: Findings) -> None:
    place = (f"background {background.id}",)
    findings.ids(place, "group", [*(group.id for group in background.groups), *(fold.id for fold in background.fold)])
    findings.known(place, "wave", background.waves, (wave.id for wave in study.waves), "waves")
    if not background.groups:
        findings.add(place, say("has no groups; write groups = [ … ]"))
    seen: dict[object, str] = {}
    for group in background.groups:
        for code in group.codes:
            if code in seen:
                findings.add(
                    (*place, f"group {group.id}"),
                    say("the code {code} is in the group “{group}” already; keep one", code=code, group=seen[code]),
                )
            seen[code] = group.id
    check_ranges(place, "group", [(group.id, group.lower, group.upper) for group in background.groups], findings)
    _check_folds(background, place, findings)


def _check_folds(background: Background, place: Place, findings: Findings) -> None:
    standing = {group.id for group in background.groups}
    folded: dict[str, str] = {}
    for fold in background.fold:
        where = (*place, f"fold {fold.id}")
        if len(set(fold.of)) < 2:
            findings.add(where, say('folds fewer than two groups; write of = ["…", "…"]'), "of")
        for group in dict.fromkeys(fold.of):
            if group in folded:
                findings.add(
                    where,
                    say(
                        "the group “{group}” is folded into “{fold}” already; name that",
                        group=group,
                        fold=folded[group],
                    ),
                    "of",
                )
            elif group not in standing:
                findings.add(
                    where,
                    say(
                        "there is no group “{group}”; {remedy}",
                        group=group[:80],
                        remedy=nearest_words(group, sorted(standing)),
                    ),
                    "of",
                )
        standing = (standing - set(fold.of)) | {fold.id}
        folded |= dict.fromkeys(fold.of, fold.id)


def _check_pairs(study: Study, findings: Findings) -> None:
    order = {background.id: number for number, background in enumerate(study.backgrounds)}
    for first, second in study.pairs:
        findings.known((), "background variable", (first, second), order, "pairs")
        if first in order and second in order and order[first] >= order[second]:
            findings.add((), _pair_in_words(first, second), "pairs")
    if len(set(study.pairs)) < len(study.pairs):
        findings.add((), say("a pair stands twice; keep one"), "pairs")


def _pair_in_words(first: str, second: str) -> str:
    if first == second:
        return say("the pair {first}, {second} names one background variable twice", first=first, second=second)
    return say(
        'the pair {first}, {second} is not in order; write ["{second}", "{first}"], as the backgrounds stand',
        first=first,
        second=second,
    )


# perspectives


def _check_perspective(perspective: Perspective, study: Study, findings: Findings) -> None:
    place = (f"perspective {perspective.id}",)
    boxes = [box.id for box in perspective.boxes]
    findings.ids(place, "box", boxes)
    if not boxes:
        findings.add(place, say("has no boxes; write [[perspective.box]]"))
    taken: dict[tuple[int, int], str] = {}
    for box in perspective.boxes:
        where = (*place, f"box {box.id}")
        findings.known(where, "section", box.sections, (section.id for section in study.sections), "sections")
        findings.known(where, "question", box.questions, (question.id for question in study.questions), "questions")
        if min(box.at) < 1 or max(box.at) > 99:
            findings.add(
                where, say("column and row are counted from 1, to 99 at most; they are {at}", at=list(box.at)), "at"
            )
        if box.at in taken:
            findings.add(where, say("stands where the box “{box}” stands; move one of them", box=taken[box.at]), "at")
        taken[box.at] = box.id
    for number, arrow in enumerate(perspective.arrows, start=1):
        where = (*place, f"arrow {number}")
        findings.known(where, "box", [arrow.origin], boxes, "from")
        findings.known(where, "box", [arrow.target], boxes, "to")
        if arrow.origin == arrow.target:
            findings.add(where, say("leads from a box to itself; name another box"), "to")
