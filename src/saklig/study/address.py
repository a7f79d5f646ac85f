"""The permanent address of a fact: `kommun.2021/q2_3.a/5@storlek=under-15000,del=norrland`.

    address  = study "/" question ["/" id] ["~" stat] ["@" group {"," group}] ;
    study    = id ["." id [".." id]] ["@" edition] ;      (* wave or two waves *)
    question = id ["." id] ;                              (* grid item *)
    group    = id "=" id [".." id] ;
    id       = alnum {alnum | "_" | "-"} ;  alnum = "a".."z" | "0".."9" ;
    edition  = 16 * hex ;
    stat     = measure | [measure "-"] "difference" ;     (* that of a share has no measure before it *)
    measure  = "mean" | "median" | "q1" | "q3" | "first" | "top-" digit {digit} | "balance" ;

No category and no statistic: the address is the question's; with two waves, of its changes between them. Anywhere
else `..` stands only with a difference, and at most once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from saklig.language.catalog import say
from saklig.study.problems import noun

ID = r"[a-z0-9][a-z0-9_-]*"
LONGEST_ID = 64
DEVICE_NAMES = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})
REFUSED = DEVICE_NAMES | {"index"}

_LETTERS = {ord(letter): plain for letter, plain in zip("øæßłđþ", ("o", "ae", "ss", "l", "d", "th"), strict=True)}
_ID = re.compile(ID)
_EDITION = re.compile(r"[0-9a-f]{16}")
_MEASURE = "mean|median|q1|q3|first|top-[1-9][0-9]?|balance"
STAT = re.compile(rf"(?:{_MEASURE})(?:-difference)?|difference")
_STUDY = re.compile(rf"({ID})(?:\.({ID})(?:\.\.({ID}))?)?(?:@(.*))?")
_GROUP = re.compile(rf"({ID})=({ID})(?:\.\.({ID}))?")


class AddressError(ValueError):
    """An address, or an id in it, that the grammar refuses."""


def check_id(text: str, what: str = "id") -> str:
    """Returns `text` if it is an id; raises AddressError with what is wrong and how to write it instead."""
    if not _ID.fullmatch(text):
        raise AddressError(
            say(
                "the {what} “{text}” is not an id: use small letters a–z, digits, “_” and “-”, and begin "
                "with a letter or a digit; for example “{suggestion}”",
                what=noun(what),
                text=text,
                suggestion=suggest_id(text),
            )
        )
    if len(text) > LONGEST_ID:
        raise AddressError(
            say(
                "the {what} “{text}” is {length} characters long; at most {most} are allowed",
                what=noun(what),
                text=text,
                length=len(text),
                most=LONGEST_ID,
            )
        )
    if text in REFUSED:
        raise AddressError(
            say(
                "the {what} “{text}” cannot be used, since a file of that name cannot be published "
                "everywhere; for example “{suggestion}”",
                what=noun(what),
                text=text,
                suggestion=text + "-1",
            )
        )
    return text


def suggest_id(text: str) -> str:
    """An id that looks like `text`: `Under 15 000` gives `under-15-000`, −9 gives `m9`."""
    import unicodedata

    text = text.strip().lower().replace("−", "-")
    if re.fullmatch(r"-\d+([.,]\d+)?", text):
        text = "m" + text[1:]
    text = text.translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:LONGEST_ID].rstrip("-_")
    if not found:
        return "x"
    return found + "-1" if found in REFUSED else found


@dataclass(frozen=True, order=True)
class GroupAddress:
    """A group of a background variable; `versus` is the group that it is compared with, or empty."""

    background: str
    group: str
    versus: str = ""

    def __str__(self) -> str:
        return f"{self.background}={self.group}" + (f"..{self.versus}" if self.versus else "")


@dataclass(frozen=True)
class Address:
    """The parts of an address; empty where absent. Checks itself: an Address that exists is well-formed."""

    study: str
    question: str
    wave: str = ""
    wave2: str = ""
    edition: str = ""
    item: str = ""
    category: str = ""
    stat: str = ""
    groups: tuple[GroupAddress, ...] = ()

    def __post_init__(self) -> None:
        check_id(self.study, "study")
        check_id(self.question, "question")
        for name in ("wave", "wave2", "item", "category"):
            if value := getattr(self, name):
                check_id(value, name.rstrip("2"))
        if self.wave2 and not self.wave:
            raise AddressError(say("two waves are compared, but only the second is named"))
        if self.edition and not _EDITION.fullmatch(self.edition):
            raise AddressError(say("the edition “{edition}” is not 16 characters of 0–9 and a–f", edition=self.edition))
        if self.stat and not STAT.fullmatch(self.stat):
            raise AddressError(
                say(
                    "there is no statistic “{stat}”; there are mean, median, q1, q3, first, top-3 (or "
                    "another number), balance, difference, and mean-difference and so on",
                    stat=self.stat,
                )
            )
        for group in self.groups:
            check_id(group.background, "background variable")
            check_id(group.group, "group")
            if group.versus:
                check_id(group.versus, "group")
        backgrounds = [group.background for group in self.groups]
        if len(set(backgrounds)) != len(backgrounds):
            raise AddressError(say("the background variable “{background}” is named twice", background=backgrounds[0]))
        if len(self.groups) > 2:
            raise AddressError(say("facts are broken down by at most two background variables"))
        compared = sum(bool(group.versus) for group in self.groups) + bool(self.wave2)
        if compared > 1:
            raise AddressError(say("“..” stands more than once; two numbers are compared in one respect at a time"))
        of_question = bool(self.wave2) and not self.category and not self.stat
        if bool(compared) != self.stat.endswith("difference") and not of_question:
            raise AddressError(say("“..” and “~difference” belong together: `kommun.2021..2023/q4_1/4-5~difference`"))

    @property
    def fragment(self) -> str:
        """The part that names a place on the question's page: the address from the question on."""
        text = self.question + (f".{self.item}" if self.item else "")
        text += f"/{self.category}" if self.category else ""
        text += f"~{self.stat}" if self.stat else ""
        return text + (f"@{','.join(map(str, self.groups))}" if self.groups else "")

    def __str__(self) -> str:
        study = self.study + (f".{self.wave}" if self.wave else "") + (f"..{self.wave2}" if self.wave2 else "")
        return study + (f"@{self.edition}" if self.edition else "") + "/" + self.fragment

    def in_edition(self, edition: str) -> Address:
        return replace(self, edition=edition[:16])


def parse_address(text: str) -> Address:
    """Reads an address; raises AddressError naming the part that is wrong."""
    study_part, slash, rest = text.partition("/")
    if not slash or not rest:
        raise AddressError(
            say("“{text}” is not an address: it has the form study/question/category@background=group", text=text)
        )
    study = _STUDY.fullmatch(study_part)
    if not study:
        raise AddressError(
            say("the part before “/” in “{text}” is not a study: study, study.wave or study@edition", text=text)
        )
    if study[4] == "":
        raise AddressError(say("the edition after “@” is missing in “{text}”", text=text))
    fact, at, group_part = rest.partition("@")
    fact, tilde, stat = fact.partition("~")
    question, slash, category = fact.partition("/")
    question, dot, item = question.partition(".")
    for mark, value, what in (("@", group_part, "group"), ("~", stat, "statistic"), ("/", category, "category")):
        if {"@": at, "~": tilde, "/": slash}[mark] and not value:
            raise AddressError(
                say("the {what} after “{mark}” is missing in “{text}”", what=noun(what), mark=mark, text=text)
            )
    if dot and not item:
        raise AddressError(say("the grid item after “.” is missing in “{text}”", text=text))
    groups = []
    for part in group_part.split(",") if at else ():
        group = _GROUP.fullmatch(part)
        if not group:
            raise AddressError(
                say("“{part}” in “{text}” is not a group: it has the form background=group", part=part, text=text)
            )
        groups.append(GroupAddress(group[1], group[2], group[3] or ""))
    return Address(
        study=study[1],
        wave=study[2] or "",
        wave2=study[3] or "",
        edition=study[4] or "",
        question=question,
        item=item,
        category=category,
        stat=stat,
        groups=tuple(groups),
    )
