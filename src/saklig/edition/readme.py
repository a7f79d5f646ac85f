"""The README of an edition: how to read, verify and cite it, in plain words."""

from __future__ import annotations

from textwrap import fill

from saklig.edition.citing import cite_edition
from saklig.edition.edition import Edition
from saklig.language import numbers
from saklig.language.catalog import N_, interface_language, translator

_ABOUT = N_(
    "This folder is an edition: the published facts of a survey, and what they are facts about. It holds no "
    "respondent's answers. It never changes; a correction is a new edition with another id."
)
_TO_READ = N_(
    "To read. study.json holds the study: the questions in the words in which they were asked, the answer "
    "options, the method, and how respondents are protected. facts.parquet has one row for each number: its "
    "address (wave, question, item, category, statistic, groups), the unweighted count and base, and the value, "
    "standard error and interval as whole numbers in units of 10 to the power of −decimals. A share is in per "
    "cent. A row whose status is “withheld” has no numbers, to protect respondents. datapackage.json describes "
    "every column."
)
_TO_VERIFY = N_(
    "To verify. “saklig verify FOLDER” checks the hashes of the files, the edition's id and that the numbers "
    "agree with each other; with the answers, it computes every number anew. Without the program: the SHA-256 of "
    "each file stands in datapackage.json, and the edition's id is the SHA-256 of study.json followed by the rows"
    " as text (a line with the names of the columns, then a line for each row; columns parted by tabs, lines "
    "ended by a line feed, nothing where a number is absent)."
)


def readme(edition: Edition) -> str:
    """In the study's first language where the interface speaks it, and in English."""
    languages = dict.fromkeys((interface_language(edition.study.languages[0]), "en"))
    return "\n\n\n".join(_in(edition, language) for language in languages)


def _in(edition: Edition, language: str) -> str:
    _ = translator(language)
    title = edition.study.title.best(language)[0]
    corrects = edition.publication.corrects
    paragraphs = [
        _(_ABOUT),
        _("Edition {id}, {n} numbers.", id=edition.id, n=numbers.count(len(edition.facts), language)),
        _("THE ANSWERS ARE SIMULATED. Nothing here is a fact.") if edition.study.synthetic else "",
        _("THIS IS A DRAFT. It is not published and must not be cited.") if edition.publication.draft else "",
        _("It replaces the edition {id}, for this reason: {reason}", id=corrects.edition, reason=corrects.reason)
        if corrects
        else "",
        _(_TO_READ),
        _(_TO_VERIFY),
        _("To cite:"),
    ]
    wrapped = [
        fill(paragraph, width=80, break_long_words=False, break_on_hyphens=False)
        for paragraph in paragraphs
        if paragraph
    ]
    return "\n\n".join((f"{title}\n{'=' * min(len(title), 80)}", *wrapped, cite_edition(edition, language).text)) + "\n"
