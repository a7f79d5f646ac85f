"""Pages about the publication itself: what can be downloaded, how to cite, how to verify, accessibility."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from saklig.language.catalog import N_
from saklig.publish.outline.context import Context
from saklig.publish.outline.files import FILES
from saklig.publish.outline.model import (
    Block,
    Code,
    Link,
    Links,
    Page,
    PageKind,
    Paragraph,
    Section,
    Term,
    Terms,
    Words,
)

EDITION_FILES = {
    "facts.parquet": N_("All facts, one row for each address (Parquet)"),
    "study.json": N_("The study: wordings, answers, method, protection (JSON)"),
    "datapackage.json": N_("Description of the files, with their checksums (Data Package 2)"),
    "README": N_("Read me: how to read, verify and cite the edition (text)"),
}
"""What every edition holds, and what each file is for."""

IN_SHORT = {
    "facts.parquet": N_("All facts (Parquet)"),
    "study.json": N_("Questions and method (JSON)"),
    "datapackage.json": N_("Description of the files (JSON)"),
    "README": N_("Read me (text)"),
}
"""What is said of them on a button."""


DIGG = "https://www.digg.se/tdosanmalan"
"""Where the Agency for Digital Government takes reports; the act demands a link to it."""


CC_ZERO = {"CC0-1.0": "publicdomain/zero/1.0"}


def _page(context: Context, kind: PageKind, title: str, sections: Sequence[Section], said: str = "") -> Page:
    return Page(
        kind=kind,
        file=FILES[kind],
        language=context.language,
        title=Words(title),
        label=Words(title),
        standfirst=(Words(said),) if said else (),
        sections=tuple(sections),
    )


def _section(id: str, heading: str, *blocks: Block) -> Section:
    return Section(id=id, heading=Words(heading), blocks=blocks)


def _said(text: str) -> Paragraph:
    return Paragraph(words=Words(text))


def downloads_page(context: Context, files: Sequence[tuple[str, str, str]]) -> Page:
    """`files`: (link target, what it is, its size in words)."""
    _ = context._
    links = tuple(Link(text=Words(name), target=target, note=size, download=True) for target, name, size in files)
    licence = _(
        "The facts may be used freely under the licence {licence}. State the source.", licence=context.study.licence
    )
    return _page(
        context,
        PageKind.DOWNLOADS,
        _("Downloads"),
        [
            _section("edition", _("The edition"), Links(links=links)),
            _section("licence", _("Licence"), _said(licence), *_licence_text(context)),
        ],
    )


def _licence_text(context: Context) -> Iterator[Links]:
    """Where the licence can be read, of those of Creative Commons, whose names (SPDX) tell it."""
    licence = context.study.licence
    found = re.fullmatch(r"CC-(BY[A-Z-]*)-(\d\.\d)", licence)
    place = f"licenses/{found[1].lower()}/{found[2]}" if found else CC_ZERO.get(licence, "")
    if place:
        text = Words(context._("The licence’s text: {licence}", licence=licence))
        yield Links(links=(Link(text=text, target=f"https://creativecommons.org/{place}/", outside=True),))


def cite_page(context: Context, citation: Sequence[tuple[str, str]]) -> Page:
    """`citation`: (form, text) for the whole publication."""
    _ = context._
    forms = tuple(Code(label=label, text=text) for label, text in citation)
    example = _example(context)
    return _page(
        context,
        PageKind.CITE,
        _("How to cite"),
        [
            _section("publication", _("The whole publication"), *forms),
            _section(
                "fact",
                _("A single fact"),
                _said(
                    _(
                        "Every number has an address that does not change. Choose the number on the question’s page: "
                        "it opens with the wording, base, interval and a ready citation."
                    )
                ),
                *((Code(label=_("An address"), text=example),) if example else ()),
                _said(
                    _(
                        "The part after @ in the study’s name is the edition. With it, the address always means this "
                        "very number; without it, the number in the latest edition."
                    )
                ),
            ),
        ],
    )


def _example(context: Context) -> str:
    """The first number of the publication, addressed in full."""
    for question in context.study.questions:
        facts = context.reading.question(context.wave.id, question.id)
        for item, category, _stat, _groups in facts.everybody:
            if category:
                place = f"{question.id}.{item}" if item else question.id
                return f"{context.study.id}.{context.wave.id}@{context.edition_name}/{place}/{category}"
    return ""


def verify_page(context: Context) -> Page:
    _, edition = context._, context.edition
    terms = (
        Term(name=_("Edition"), values=(Words(edition.id),)),
        *((_corrects(context),) if edition.publication.corrects else ()),
    )
    return _page(
        context,
        PageKind.VERIFY,
        _("How to verify the numbers"),
        [
            _section("edition", _("This edition"), Terms(terms=terms)),
            _section(
                "everyone",
                _("For everyone"),
                _said(
                    _(
                        "The edition’s name is a checksum of its contents: a single changed number gives another "
                        "name. Download the edition’s files into a folder called “edition”, and let the program saklig "
                        "compute the checksum and check that answers, nets and margins agree."
                    )
                ),
                Code(label=_("Command"), text="saklig verify edition/"),
            ),
            _section(
                "answers",
                _("For those who may use the answers"),
                _said(_("Whoever is lawfully given the answers can compute every fact again and compare.")),
                Code(label=_("Command"), text="saklig verify edition/ --answers study.toml"),
            ),
        ],
    )


def _corrects(context: Context) -> Term:
    corrects = context.edition.publication.corrects
    assert corrects is not None
    values = (Words(corrects.edition[:16]), Words(corrects.reason))
    return Term(name=context._("Replaces"), values=values)


def accessibility_page(context: Context) -> Page:
    """The draft of the statement that Swedish public bodies must publish (act 2018:1937, sections 13 and 14).

    The parts and their order are those of the Agency for Digital Government's template; what only the owner of the
    site knows is left open and marked.
    """
    _ = context._
    return _page(
        context,
        PageKind.ACCESSIBILITY,
        _("Accessibility statement"),
        [
            _section(
                "draft",
                _("Draft"),
                _open(
                    _(
                        "This is a draft, written by the program. The body that publishes the survey examines the "
                        "pages, fills in what is marked like this, removes this paragraph and takes responsibility "
                        "for the text."
                    )
                ),
            ),
            _section("about", _("About this statement"), *_about(context)),
            _section(
                "how-accessible",
                _("How accessible are the pages?"),
                _open(
                    _(
                        "[Choose one: the pages comply fully / partly / do not comply with the act. Until you have "
                        "examined them yourselves: not assessed.]"
                    )
                ),
                _said(
                    _(
                        "The pages are made to meet WCAG 2.1, level AA (EN 301 549). Each picture has a text "
                        "alternative and a table with the same numbers. The pages work with a keyboard, without "
                        "JavaScript, at 400 per cent zoom, in dark mode and printed. Wide tables scroll sideways in a "
                        "frame of their own on narrow screens, which the guidelines allow for tables of data."
                    )
                ),
            ),
            _section(
                "instead",
                _("If you cannot use a part of the pages"),
                _said(
                    _("You can ask for the content in another form. Say which page it concerns and what form you need.")
                ),
                _contact(context),
                _open(_("[How soon you answer, for example: within two working days]")),
            ),
            _section(
                "report",
                _("Report deficiencies"),
                _said(
                    _(
                        "If you find deficiencies that are not described here, or think that the pages do not comply "
                        "with the act, contact us at the same address."
                    )
                ),
            ),
            _section(
                "supervision",
                _("Supervision"),
                _said(
                    _(
                        "The Agency for Digital Government (Digg) supervises compliance with the act. If you are not "
                        "satisfied with how we handle your report you can notify Digg."
                    )
                ),
                Links(links=(Link(text=Words(_("Notify Digg")), target=DIGG, outside=True),)),
            ),
            _section(
                "lacking",
                _("Content that is not accessible"),
                _said(_("The program’s own tests have found no deficiencies in relation to the act.")),
                *_untranslated(context),
                _open(_("[What your own examination found; disproportionate burden (section 12), if you invoke it]")),
                _open(_("[Content that the act does not cover (section 9), if there is any]")),
            ),
            _section(
                "tested",
                _("How the pages were tested"),
                _said(
                    _(
                        "The program’s own tests examine every kind of page with axe-core, in light and dark mode, by "
                        "keyboard and at a width of 320 pixels."
                    )
                ),
                _open(_("[Who examined these very pages, how, and the date of the latest examination]")),
                _open(_("[The date when the pages were published, and when this statement was last changed]")),
            ),
        ],
    )


def _about(context: Context) -> tuple[Paragraph, ...]:
    _ = context._
    owner = context.study.method.get("sponsor") or context.study.method.get("conductor")
    said = _(
        "{name} is responsible for this publication, “{title}”. Everyone must be able to use it. This statement "
        "describes how it complies with the act on the accessibility of digital public services, which deficiencies "
        "are known, and how to report others.",
        name=context.words(owner) if owner else _("[the name of the responsible body]"),
        title=context.words(context.study.title),
    )
    check = _("[Check that the body named here is the one responsible for the site]")
    return (_said(said), _open(check))


def _contact(context: Context) -> Terms:
    contact = context.study.contact
    unknown = Words(context._("[e-mail address, telephone number, postal address]"))
    value = context.words(contact) if contact else unknown
    return Terms(terms=(Term(name=context._("Contact"), values=(value,), absent=not contact),))


def _open(text: str) -> Paragraph:
    return Paragraph(words=Words(text), to_fill_in=True)


def _untranslated(context: Context) -> tuple[Paragraph, ...]:
    missing = context.edition.publication.missing_translations
    if not missing:
        return ()
    n = len(missing)
    said = context._.ngettext(
        "{n} text has not been translated and is shown in its original language.",
        "{n} texts have not been translated and are shown in their original language.",
        n,
        n=context.count(n),
    )
    return (_said(said),)
