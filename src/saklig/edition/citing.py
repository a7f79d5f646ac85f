"""How an edition, or one fact of it, is cited: as text, as BibTeX and as CSL-JSON (citationstyles.org).

The year is that of the latest fieldwork, since an edition knows no clock. What a study does not say is left out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from saklig.edition.edition import Edition
from saklig.edition.facts import IN_UNITS, Fact, Status
from saklig.edition.publication import Ground, Publication
from saklig.language import numbers
from saklig.language.catalog import N_, translator
from saklig.language.phrases import interval, points
from saklig.language.text import Text
from saklig.study.address import Address
from saklig.study.model import Question, Study


@dataclass(frozen=True)
class Citation:
    """`text` is a sentence; `bibtex` and `csl_json` are files' contents."""

    text: str
    bibtex: str
    csl_json: str


SAID, ADDRESS, KEY = "⟦said⟧", "⟦address⟧", "⟦key⟧"
"""What stands in a form in the place of a fact's words, its address and its BibTeX key (the address's `slug`)."""


def cite_edition(edition: Edition, language: str) -> Citation:
    return _citation(edition, language, "", f"{edition.study.id}@{edition.short_id}")


def cite_place(edition: Edition, address: str, language: str) -> Citation:
    """Of what is no single fact: a question, an item. `address` is not looked up."""
    return _citation(edition, language, "", address)


def cite_fact(edition: Edition, address: Address, language: str) -> Citation:
    """Raises NoSuchFact for an address without a fact."""
    fact = edition.fact(address)
    return _citation(
        edition, language, describe(edition.study, fact, language, edition.publication), str(edition.address(fact))
    )


def citation_form(edition: Edition, language: str) -> Citation:
    """The citation of any fact, to be filled in: a page's script cites a thousand numbers from one form.

    In `bibtex` the words and the address are to be written as TeX (`TEX`), in `csl_json` as JSON.
    """
    return _citation(edition, language, SAID, ADDRESS, key=KEY)


def slug(address: str) -> str:
    """An address as a BibTeX key."""
    return re.sub(r"[^a-z0-9]+", "-", address).strip("-")


def describe(study: Study, fact: Fact, language: str, publication: Publication | None = None) -> str:
    """One fact in words: the question's wording in its wave, of whom, what, how sure. `publication` as in `number`.

    “Hur digital är kommunen?” 2–3, Storlek: Liten, 2021: 64 % (95-procentigt konfidensintervall 43–80 %, bas 25)
    """
    question = study.question(fact.question)
    said = quoted(study, question, fact.item, fact.wave2 or fact.wave, language)
    groups = [
        group_name(study, by, group, language, versus)
        for by, group, versus in ((fact.by1, fact.group1, fact.versus), (fact.by2, fact.group2, ""))
        if by
    ]
    row = f"{said} {row_name(question, fact.category, fact.stat, language)}".rstrip()
    waves = [_best(study.wave(wave).label, language) for wave in (fact.wave, fact.wave2) if wave]
    return ", ".join((row, *groups, "–".join(waves))) + f": {number(study, fact, language, publication)}"


def quoted(study: Study, question: Question, item: str, wave: str, language: str) -> str:
    """The literal wording in a wave, an item's after it."""
    words = [_best(study.text_of(question, wave), language)]
    words += [_best(each.text, language) for each in question.items if each.id == item]
    return translator(language)("“{text}”", text=" ".join(words))


def number(study: Study, fact: Fact, language: str, publication: Publication | None = None) -> str:
    """The published number with its unit, its interval and its base, or why there is none.

    `publication`: the edition's, which knows whether two waves are independent; a number of one wave needs none.
    """
    _ = translator(language)
    if fact.status is not Status.PUBLISHED or fact.value is None:
        return why_not(fact.status, language)
    question = study.question(fact.question)
    shares = _is_share(fact)
    unit = "" if shares or not question.unit else _best(question.unit, language)
    change = fact.stat.endswith("difference")
    if fact.stat == "balance" or (change and (unit == "%" or not fact.stat.startswith(IN_UNITS))):
        shown = points(fact.value, fact.decimals, language)
    elif shares or unit == "%":
        shown = numbers.percent(fact.value, fact.decimals, language)
    elif change:
        shown = numbers.signed(fact.value, fact.decimals, language) + (f"\u00a0{unit}" if unit else "")
    else:
        shown = numbers.decimal(fact.value, fact.decimals, language) + (f"\u00a0{unit}" if unit else "")
    said = []
    if fact.lower is not None and fact.upper is not None:
        write = numbers.percent_interval if shares else interval
        between = write(fact.lower, fact.upper, fact.decimals, language)
        ground = publication.ground(fact.wave, fact.wave2) if publication and change else Ground.INDEPENDENT
        modelled = _("modelled interval {interval}", interval=between)
        said.append(
            modelled
            if study.modelled is not None
            else _("95% confidence interval, at its widest {interval}", interval=between)
            if ground is Ground.WIDEST
            else _("95% confidence interval {interval}", interval=between)
        )
    if fact.base is not None:
        said.append(_("base {n}", n=numbers.count(fact.base, language)))
    return shown + (f" ({', '.join(said)})" if said else "")


_STATUS = {
    Status.WITHHELD: N_("not published, to protect respondents"),
    Status.NOT_ASKED: N_("was not asked"),
    Status.NO_ANSWERS: N_("nobody answered"),
}
_STATS = {
    "mean": N_("mean"),
    "median": N_("median"),
    "q1": N_("lower quartile"),
    "q3": N_("upper quartile"),
    "balance": N_("balance"),
}


def _is_share(fact: Fact) -> bool:
    return fact.stat in ("", "first") or (fact.stat.startswith("top-") and not fact.stat.endswith("difference"))


def row_name(question: Question, category: str, stat: str, language: str) -> str:
    """The answer, net or class as it was shown, and the statistic if it is no plain share."""
    _ = translator(language)
    if stat.endswith("difference"):
        measured = row_name(question, category, stat.removesuffix("difference").rstrip("-"), language)
        return ", ".join(part for part in (measured, _("difference")) if part)
    answer = _answer(question, category, language) or (_("No answer") if category else "")
    if stat == "first":
        return _("{answer}, placed first", answer=answer)
    if stat.startswith("top-"):
        return _("{answer}, among the first {k}", answer=answer, k=stat.removeprefix("top-"))
    return ", ".join(part for part in (answer, _(_STATS[stat]) if stat else "") if part)


def _answer(question: Question, category: str, language: str) -> str:
    """The label of a category, a class or a net; empty where the study has none."""
    for each in question.codes.categories if question.codes else ():
        if each.id == category:
            label = _best(each.label, language)
            before = question.codes.number_before(each, label) if question.codes else ""
            return f"{before} {label}" if before else label
    labels = {net.id: net.label for net in question.nets} | {each.id: each.label for each in question.classes}
    return _best(labels[category], language) if category in labels else ""


def group_name(study: Study, by: str, group: str, language: str, versus: str = "") -> str:
    """A group with its background variable; `versus`: the group that it is compared with."""
    background = study.background(by)
    labels = {entry.id: _best(entry.label, language) for entry in background.groups}
    labels |= {fold.id: _best(fold.label, language) for fold in background.fold}
    compared = f" – {labels.get(versus, versus)}" if versus else ""
    return f"{_best(background.label, language)}: {labels.get(group, group)}{compared}"


def why_not(status: Status, language: str) -> str:
    """What is said in the place of a number that is not there."""
    return translator(language)(_STATUS[status])


def _citation(edition: Edition, language: str, fact: str, address: str, key: str = "") -> Citation:
    _ = translator(language)
    study = edition.study
    author = " & ".join(
        dict.fromkeys(
            _best(text, language).rstrip(".") for text in map(study.method.get, ("conductor", "sponsor")) if text
        )
    )
    title = _best(study.title, language)
    year = max((wave.end or wave.start for wave in study.waves), default="")[:4]
    marks = [_("Simulated answers, not facts")] * study.synthetic + [_("Draft")] * edition.publication.draft
    about = [_("data set"), *marks]
    version = _("edition {id}", id=edition.short_id)
    dated = f"({year or _('no date')})"
    lead = f"{author} {dated}. {title}" if author else f"{title} {dated}"
    text = f"{lead} [{'; '.join(about)}]. {version[:1].upper()}{version[1:]}."
    text += f" {fact.rstrip('.')}. {address}" if fact else f" {address}"
    return Citation(
        text=text,
        bibtex=_bibtex(key or slug(address), author, title, year, version, address, [*marks, fact]),
        csl_json=_csl(address, author, title, year, edition.short_id, language, [*marks, fact]),
    )


def _bibtex(key: str, author: str, title: str, year: str, version: str, address: str, notes: list[str]) -> str:
    # Double braces keep a name of several words one name, and a title's capitals as they are.
    fields = {
        "author": f"{{{_tex(author)}}}" if author else "",
        "title": f"{{{_tex(title)}}}",
        "year": year,
        "version": _tex(version),
        "note": _tex(". ".join(filter(None, notes))),
        "howpublished": f"\\texttt{{{_tex(address)}}}",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{lines}\n}}\n"


TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\n": " ",
}  # fmt: skip


def _tex(text: str) -> str:
    return "".join(TEX.get(letter, letter) for letter in text)


def _csl(address: str, author: str, title: str, year: str, version: str, language: str, notes: list[str]) -> str:
    entry: dict[str, object] = {
        "id": address,
        "type": "dataset",
        "title": title,
        "version": version,
        "language": language,
    }
    if author:
        entry["author"] = [{"literal": author}]
    if year:
        entry["issued"] = {"date-parts": [[int(year)]]}
    entry["number"] = address
    if note := ". ".join(filter(None, notes)):
        entry["note"] = note
    return json.dumps([entry], ensure_ascii=False, indent=1) + "\n"


def _best(text: Text, language: str) -> str:
    return text.best(language)[0]
