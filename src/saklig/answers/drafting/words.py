"""Words by which data files in Swedish and English say what a value or a column is."""

from __future__ import annotations

import re
from enum import StrEnum


class Meaning(StrEnum):
    """What the label of a value says that is not an answer."""

    NOT_ASKED = "not asked"
    DONT_KNOW = "don't know"
    REFUSED = "refused"
    NO_ANSWER = "no answer"


# One label may join several of them ("DK,NA,IAP"); the first that is found decides.
_MEANINGS: tuple[tuple[Meaning, str], ...] = (
    (
        Meaning.NOT_ASKED,
        r"iap|inapplicable|inap|not applicable|n/?a \(not asked\)|not asked|n\.?i\.?u\.?(?: .*)?|not in universe|"
        r"ej tillfrågad|inte tillfrågad|ej aktuell|ej tillämpligt|skipped by routing|filtered out|bortfiltrerad",
    ),
    (
        Meaning.DONT_KNOW,
        r"dk|don['’`´? ]?t know(?:[ /].*)?|do not know|can['’`´? ]?t (?:choose|say)|cannot (?:choose|say)|not sure|"
        r"unsure|no opinion|vet (?:ej|inte)|ingen (?:åsikt|uppfattning)|osäker|kan (?:ej|inte) (?:svara|ta ställning)",
    ),
    (
        Meaning.REFUSED,
        r"ref|refused|refusal|refused? to answer|prefer(?:red)? not to (?:say|answer|disclose)|declined(?: to answer)?|"
        r"(?:vill|önskar) (?:ej|inte) (?:svara|uppge)|vägrar(?: svara)?|avböjer(?: att svara)?",
    ),
    (
        Meaning.NO_ANSWER,
        r"na|n\.a\.|n/a|no answer|not answered|no response|non-?response|not available|not stated|not ascertained|"
        r"missing(?:\.? \(.*| data| value)?|system missing|skipped|not assigned|blank|uppgift saknas|svar saknas|"
        r"ej svar|inget svar|ej besvarad|obesvarad|internt bortfall|bortfall|saknas",
    ),
)
_MEANING_PATTERNS = tuple((meaning, re.compile(pattern, re.IGNORECASE)) for meaning, pattern in _MEANINGS)
_NUMBERED = re.compile(r"^-?\d+\s*[.):=–-]?\s+(?=\D)")
_JOINED = re.compile(r"\s*[,/;]\s*|\s+(?:or|eller|and|och)\s+")


def meaning_of(label: str) -> Meaning | None:
    """What is not an answer in a label; None for an answer. A joined label counts only if every part of it is known."""
    words = _NUMBERED.sub("", label.strip(" .()[]*–-"))
    if found := _one_meaning(words):
        return found
    parts = [_one_meaning(part) for part in _JOINED.split(words)]
    if len(parts) < 2 or None in parts:
        return None
    return next(meaning for meaning, _ in _MEANING_PATTERNS if meaning in parts)


def _one_meaning(words: str) -> Meaning | None:
    return next((meaning for meaning, pattern in _MEANING_PATTERNS if pattern.fullmatch(words.strip())), None)


NONE_OF_THEM = re.compile(
    r"none(?: of (?:the above|these|them))?|nothing|not any(?: of these)?|inget(?: av (?:ovanstående|dessa|detta))?|"
    r"ingen(?: av (?:ovanstående|dessa))?|inga(?: av (?:ovanstående|dessa))?",
    re.IGNORECASE,
)
"""A category of a select-all question that excludes the others."""

LAST = re.compile(
    r"(?:some(?:thing)? )?other\b.*|annat?\b.*|andra\b.*|övrig[at]?\b.*|" + NONE_OF_THEM.pattern, re.IGNORECASE
)
"""Categories that questionnaires put last."""

# Wordings of rating scales, from one end to the other.
_SCALES: tuple[tuple[str, ...], ...] = (
    (
        r"(?:completely|totally|strongly|fully) (?:agree|support|favou?r)\b.*|strong(?:ly)? agree|agree strongly",
        r"(?:mostly|tend to) agree|agree|support\b.*|favou?r",
        r"(?:somewhat|slightly|partly) agree|agree somewhat",
        r"neither\b.*|neutral|no preference",
        r"(?:somewhat|slightly|partly) disagree|disagree somewhat",
        r"(?:mostly|tend to) disagree|disagree|oppose\b.*|against",
        r"(?:completely|totally|strongly) (?:disagree|oppose|against)\b.*|strong(?:ly)? disagree|disagree strongly",
    ),
    (
        r"(?:extremely|very|completely) .+",
        r"(?:fairly|pretty|quite|rather|mostly) .+",
        r"somewhat (?!un|dis|not).+|moderately .+",
        r"neither .+|neutral|mixed",
        r"(?:slightly|a little) .+",
        r"somewhat (?:un|dis).+",
        r"not (?:very|so|too|particularly) .+",
        r"(?:extremely|very|completely) (?:un|dis).+",
        r"not at all(?: .+)?|not .+ at all|not [a-z]+",
    ),
    (
        r"(?:almost )?always",
        r"most of the time|(?:very )?often|usually|frequently",
        r"about half the time",
        r"sometimes|occasionally|once in a while",
        r"rarely|seldom|hardly ever",
        r"(?:almost )?never\b.*",
    ),
    (
        r"a (?:great deal|lot)",
        r"some|only some|quite a bit",
        r"(?:only )?a little|hardly any",
        r"(?:nothing|none)(?: at all)?",
    ),
    (r"excellent", r"very good", r"good", r"fair", r"poor|bad", r"very (?:poor|bad)"),
    (r"too (?:little|few|low)\b.*", r"about (?:the )?right|(?:about )?the right amount", r"too (?:much|many|high)\b.*"),
    (
        r"(?:instämmer|håller med) (?:helt|fullständigt|absolut)|helt|i mycket (?:stor|hög) (?:utsträckning|grad)",
        r"instämmer (?:till )?(?:stor del|delvis|i huvudsak|ganska mycket)|i (?:ganska )?(?:stor|"
        r"hög) (?:utsträckning|grad)",
        r"(?:varken .+)|neutral|i viss (?:utsträckning|grad|mån)",
        r"instämmer (?:knappast|i liten .+)|tar delvis avstånd|i (?:ganska )?(?:liten|låg) (?:utsträckning|grad)",
        r"instämmer (?:inte|ej)(?: alls)?|tar helt avstånd|inte alls|i mycket (?:liten|låg) (?:utsträckning|grad)",
    ),
    (
        r"(?:mycket|väldigt) (?!o|miss|då).+",
        r"(?:ganska|rätt) (?!o|miss|då).+",
        r"varken .+|neutral|medel",
        r"(?:ganska|rätt) (?:o|miss|då).+",
        r"inte (?:särskilt|så) .+",
        r"(?:mycket|väldigt) (?:o|miss|då).+",
        r"inte alls(?: .+)?",
    ),
    (r"alltid", r"(?:mycket )?ofta", r"ibland", r"sällan", r"aldrig"),
    (r"ja\b.*|sant", r"kanske|delvis", r"nej\b.*|falskt"),
    (r"yes\b.*|true", r"maybe|partly", r"no\b.*|false"),
)
_SCALE_PATTERNS = tuple(tuple(re.compile(step, re.IGNORECASE) for step in scale) for scale in _SCALES)
_YES_NO = 2  # the last of them order answers, yet rate nothing


_ORDERED_ONLY: tuple[tuple[str, ...], ...] = (
    (
        r"(?:less than|did not (?:complete|finish)) high school.*|no (?:formal )?(?:education|schooling).*|"
        r"grundskola.*|förgymnasial.*",
        r"high school.*|gymnasi.*",
        r"some college.*|associate.*|eftergymnasial.*kortare.*|yrkeshögskola.*",
        r"bachelor.*|college (?:graduate|degree|or more).*|universitet.*|högskola.*|eftergymnasial.*",
        r"(?:post[- ]?)?graduate.*|master.*|doctor.*|forskarutbildning.*",
    ),
)
_ORDER_PATTERNS = (
    *_SCALE_PATTERNS,
    *(tuple(re.compile(step, re.IGNORECASE) for step in scale) for scale in _ORDERED_ONLY),
)


_STRENGTHS = (r"\bvery\b|\bextremely\b|\bmycket\b", r"\bfairly\b|\bganska\b", r"\bsomewhat\b|\bnågot\b|\bdelvis\b")


def scale_order(labels: list[str]) -> list[tuple[float, ...]] | None:
    """The place of each label on a known scale, or None where there is none for them, or all lie on one step.

    One label in four may lie outside the scale ("Unfamiliar") and comes last. On one step, "Yes, very" comes before
    "Yes, somewhat".
    """
    outside = len(labels) // 4
    for scale in _ORDER_PATTERNS:
        places = [_place(label.strip(), scale) for label in labels]
        known = {place for place in places if place is not None}
        if len(known) > 1 and places.count(None) <= outside:
            steps = [len(scale) if place is None else place for place in places]
            return [(float(step), _strength(label, step, scale)) for step, label in zip(steps, labels, strict=True)]
    return None


def _strength(label: str, step: int, scale: tuple[re.Pattern[str], ...]) -> float:
    """Rising from the one end of a scale to the other: strong words stand at either end."""
    found = (at for at, words in enumerate(_STRENGTHS) if re.search(words, label, re.IGNORECASE))
    weakness = float(next(found, len(_STRENGTHS)))
    return weakness if 2 * step < len(scale) else -weakness


def is_rating(labels: list[str]) -> bool:
    """Whether labels, in their order, run along a rating scale (agree … disagree) in either direction."""
    places = _order(labels, _SCALE_PATTERNS[:-_YES_NO])
    return len(labels) >= 3 and places is not None and places in (sorted(places), sorted(places, reverse=True))


def _order(labels: list[str], scales: tuple[tuple[re.Pattern[str], ...], ...]) -> list[int] | None:
    for scale in scales:
        places = [_place(label.strip(), scale) for label in labels]
        if None not in places and len(set(places)) > 1:
            return [place for place in places if place is not None]
    return None


def _place(label: str, scale: tuple[re.Pattern[str], ...]) -> int | None:
    # Later steps are the narrower patterns ("very un…" after "very …"), so the last that fits is the one meant.
    return next((step for step in reversed(range(len(scale))) if scale[step].fullmatch(label)), None)


_SWEDISH = re.compile(r"[åäöÅÄÖ]|\b(?:och|är|inte|hur|vilken|vilka|du|din|ditt|ej|svar)\b", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|and|you|your|how|which|what|not|do|of|is|are)\b", re.IGNORECASE)


def language_of(texts: list[str]) -> str:
    """ "sv" or "en", by their commonest words; "en" where they say nothing."""
    swedish = sum(len(_SWEDISH.findall(text)) for text in texts)
    english = sum(len(_ENGLISH.findall(text)) for text in texts)
    return "sv" if swedish > english else "en"
