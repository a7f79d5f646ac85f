"""Columns that could name a respondent, found by their names and by what stands in them; a draft leaves them out.

A name alone does not suffice: a column whose values the file labels as codes ("Telephone in household: 1 yes, 2 no")
holds answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from saklig.answers.drafting.naming import clean
from saklig.answers.lookup import value_counts
from saklig.answers.marked import NOT_CHOSEN_WORDS
from saklig.answers.matching import canonical, is_blank
from saklig.answers.model import Value, Variable
from saklig.language.catalog import N_
from saklig.language.text import unprintable

_NAMES: tuple[tuple[str, str], ...] = (
    (N_("an e-mail address"), r"e ?mails?|mail|epost|e post|e ?mail ?address|epostadress|mejl"),
    (
        N_("a telephone number"),
        r"(?:tele)?phone(?: ?(?:no|nr|number))?|tel(?:nr)?|telefon(?: ?(?:nr|nummer))?|mobil(?:nr|nummer)?|cell ?phone",
    ),
    (N_("an IP address"), r"ip|ip ?add?res+|ip ?nr"),
    (
        N_("a personal identity number"),
        r"personnummer|person ?nr|pnr|ssn|social security(?: number)?|samordningsnummer|national id",
    ),
    (
        N_("a name"),
        r"(?:first|last|sur|full|given|family|user|respondent|contact)? ?names?|(?:för|efter)?namn|kontaktperson",
    ),
    (
        N_("an address"),
        r"(?:street|postal|home|mailing)? ?address|adress|gatuadress|gata|street|zip(?: ?code)?|"
        r"post ?code|postnr|postnummer|postal code|ort|postort",
    ),
    (
        N_("a position on the map"),
        r"lat(?:itude)?|lon(?:g(?:itude)?)?|lng|gps|coordinates?|koordinat(?:er)?|geo ?(?:location|"
        r"tag)|location ?(?:latitude|longitude)",
    ),
    (
        N_("a date of birth"),
        r"birth ?(?:date|day|month|year)|(?:date|day|month) of birth|dob|"
        r"födelse(?:datum|dag|månad|år)|fodelsedatum",
    ),
    (
        N_("a respondent’s number"),
        r"(?:(?:respondent|resp|case|record|response|user|person|subject|participant|panel|panelist|member|household|"
        r"unique|interview|session|collector|customer|contact)(?:ent)? ?)?"
        r"(?:id|uuid|guid|idnr|idno)(?: ?(?:nr|no|number|l\d.*))?|"
        r"(?:record|case|serial|respondent|respondnt id|interview) ?(?:no|nr|number)|"
        r"(?:(?:sequential|household|person|unit|case) )*(?:serial|sequence|sequential) ?(?:no|nr|number)\b.*|"
        r"person ?(?:no|nr|num|number)\b.*|pernum|löpnr|löpnummer|lopnr|token|serial|"
        r"seed|external ?reference|custom ?data(?: ?\d)?",
    ),
    (
        N_("a date or time"),
        r"(?:start|end|submit|interview|created?|modified|completed?|recorded?|answer)? ?"
        r"(?:date|time|timestamp|datestamp)(?: ?(?:stamp|of .+|created|modified|started|ended))?|"
        r"(?:start|end) ?(?:tid|datum)|datum|tidpunkt|tidsstämpel|"
        r"duration|varaktighet|start ?date|end ?date",
    ),
    (
        N_("what the respondent’s device told"),
        r"user ?agent|browser|device(?: ?(?:id|type))?|operating ?system|referr?er",
    ),
)
_NAME_PATTERNS = tuple((what, re.compile(pattern, re.IGNORECASE)) for what, pattern in _NAMES)

_EMAIL = re.compile(r"\S+@\S+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?:\+\d{1,3}|0)[\d\s()/\-]{6,16}\d")
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]*", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_POSITION = re.compile(r"[-+]?\d{1,2}\.\d{3,}\s*[,;]\s*[-+]?\d{1,3}\.\d{3,}")
_IDENTITY_NUMBER = re.compile(r"(?:19|20)?(\d{6})[-+ ]?(\d{4})")
_TIME = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AP]M)?)?.*|"
    r"\d{1,2}:\d\d(?::\d\d)?|\d+ days .*"
)


def _is_identity_number(text: str) -> bool:
    """A Swedish personal identity number: a date and Luhn's check digit."""
    match = _IDENTITY_NUMBER.fullmatch(text.strip())
    if not match or not (1 <= int(match[1][2:4]) <= 12 and 1 <= int(match[1][4:6]) % 60 <= 31):
        return False
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(match[1] + match[2])]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


# What a value looks like; how large a share of the distinct values must look so (a single e-mail address suffices).
_CONTENTS: tuple[tuple[str, Callable[[str], object], float], ...] = (
    (N_("an e-mail address"), _EMAIL.search, 0.0),
    (N_("a personal identity number"), _is_identity_number, 0.02),
    (N_("an IP address"), _IP.fullmatch, 0.2),
    (N_("a respondent’s number"), _UUID.fullmatch, 0.2),
    (N_("a position on the map"), _POSITION.fullmatch, 0.2),
    (N_("a telephone number"), _PHONE.fullmatch, 0.5),
    (N_("a date or time"), _TIME.fullmatch, 0.5),
)

OWN_WORDS = N_("answers in the respondent’s own words")
MANY_VALUES = 60  # more different texts are people's own words
LONG_TEXT = 200
RARE = 3  # a value that fewer gave may be one person's own words
RARE_SHARE = 0.34
OFTEN_GIVEN = 2  # the mean number of respondents per text that a list of answers has at least
FEW_FOR_NUMBER = 20  # below it a column of different whole numbers need not be a respondent's number


_WRITTEN = re.compile(
    r"(?:.*[_.\[ ])?(?:other|annat)[_. ]?(?:text)?\]?|.*[_. ]text|"
    r".*(?:comments?|kommentar(?:er)?|free ?text|fritext|verbatim)\)?\]?|"
    r".*\b(?:please specify|specify|vänligen ange|ange vad|precisera|specificera|in your own words|med egna ord)\b.*",
    re.IGNORECASE,
)
"""Names and labels of fields that people write in: `Q5_other`, `Q7_TEXT`, "Other (please specify)"."""


def is_written(variable: Variable) -> bool:
    """Whether people wrote in the column, by its name or label; an option that was only ticked repeats its label."""
    label = clean(variable.label)
    if variable.labels or not any(_WRITTEN.fullmatch(words.strip(" .:?")) for words in (variable.name, label)):
        return False
    texts = [
        str(value).strip()
        for value, count in zip(variable.values, value_counts(variable), strict=False)
        if count and isinstance(value, str) and not is_blank(value)
    ]
    ticked = ({"x", "yes", "ja", "true", "1", "selected"} | NOT_CHOSEN_WORDS) - {""}
    return any(text.casefold() not in ticked and text not in label and not _WRITTEN.fullmatch(text) for text in texts)


def identifying(variable: Variable) -> str:
    """What in the column could name a respondent, in words to be said; empty where nothing was found."""
    counts = value_counts(variable)
    labelled = {canonical(value) for value in (*variable.labels, *variable.missing)}
    bare = [
        (value, int(counts[index]))
        for index, value in enumerate(variable.values)
        if counts[index] and canonical(value) not in labelled and not is_blank(value)
    ]
    if variable.is_date:
        return N_("a date or time")
    if _BIRTH.fullmatch(variable.name.strip()):  # also where the months are labelled
        return N_("a date of birth")
    if not bare:
        return ""
    return _by_content(bare) or _by_name(variable, bare) or _by_uniqueness(variable, bare, int(counts[:-1].sum()))


def _by_content(bare: list[tuple[Value, int]]) -> str:
    texts = [str(value) for value, _ in bare if isinstance(value, str) or abs(value) > 10**8]
    for what, looks_so, share in _CONTENTS:
        found = sum(1 for text in texts if looks_so(text.strip()))
        if found and found >= share * len(bare):
            return what
    return ""


_BIRTH = re.compile(
    r"[A-Za-z]?(?:DOB|Birth|birth|BIRTH)_?(?:Day|Month|Year|DAY|MONTH|YEAR|day|month|year)(?:[_N]?\d+)?"
)


def _by_name(variable: Variable, bare: list[tuple[Value, int]]) -> str:
    """The column's name or label says so, and its values are not a handful of codes."""
    if len(bare) < 3 and sum(count for _, count in bare) > 2 * len(bare):
        return ""
    names = {_spaced(variable.name), clean(variable.label).strip(" .:?").casefold()} - {""}
    return next((what for what, pattern in _NAME_PATTERNS if any(pattern.fullmatch(name) for name in names)), "")


def _spaced(name: str) -> str:
    parted = re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", name)
    return " ".join(re.split(r"[\s_.\-]+", parted)).strip().casefold()


def _by_uniqueness(variable: Variable, bare: list[tuple[Value, int]], answered: int) -> str:
    whole = all(isinstance(value, int) for value, _ in bare)
    if whole and answered > FEW_FOR_NUMBER and len(bare) == answered and not variable.labels:
        return N_("a respondent’s number")
    texts = [(value, count) for value, count in bare if isinstance(value, str)]
    if len(texts) < len(bare) / 2 or not texts:
        return ""
    rare = sum(1 for _, count in texts if count < RARE)
    too_rare = rare > RARE_SHARE * len(texts) and rare > 2
    seldom = sum(count for _, count in texts) < OFTEN_GIVEN * len(texts) and len(texts) > 1
    only_rare = rare == len(texts) and len(texts) > 1 and len(variable.codes) > FEW_FOR_NUMBER
    if len(texts) > MANY_VALUES or seldom or too_rare or only_rare or max(len(text) for text, _ in texts) > LONG_TEXT:
        return OWN_WORDS
    return ""


def unwritable(variable: Variable) -> str:
    """Why no study file can name a column or its codes; empty where one can."""
    texts = [variable.name, *(value for value in (*variable.values, *variable.labels) if isinstance(value, str))]
    return N_("holds control characters, as damaged text does") if any(map(unprintable, texts)) else ""


def says_nothing(variable: Variable) -> str:
    """Why a column cannot be a question: nobody has a value, or an unlabelled one is everybody's."""
    counts = value_counts(variable)
    missing = {canonical(value) for value in variable.missing}
    given = [
        index
        for index in np.flatnonzero(counts[:-1]).tolist()
        if canonical(variable.values[index]) not in missing and not is_blank(variable.values[index])
    ]
    if not given:
        return N_("nobody has a value")
    if len(given) == 1 and not variable.labels and counts[given[0]] == counts.sum():
        if str(variable.values[given[0]]).strip().casefold() in NOT_CHOSEN_WORDS:  # an option that nobody chose
            return ""
        return N_("the same for everyone")
    return ""
