"""Pages about the publication itself: what can be downloaded, how to cite, how to verify, accessibility."""

from __future__ import annotations

from collections.abc import Sequence

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
    "facts.parquet": N_("All facts, one row an address (Parquet)"),
    "study.json": N_("The study: wordings, answers, method, protection (JSON)"),
    "datapackage.json": N_("Description of the files, with their hashes (Data Package 2)"),
    "README": N_("How to read, verify and cite the edition, in plain words"),
}
"""What every edition holds, and what each file is for."""


DIGG = "https://www.digg.se/tdosanmalan"
"""Where the Agency for Digital Government takes reports; the act demands a link to it."""


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
            _section("licence", _("Licence"), _said(licence)),
        ],
    )


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
                        "Every number has an address that does not change. Choose the number on its page: it opens "
                        "with its wording, base, interval and a ready citation."
                    )
                ),
                *((Code(label=_("An address"), text=example),) if example else ()),
                _said(
                    _(
                        "The part after @ in the study’s name is the edition. With it the address names this very "
                        "number for ever; without it the number of the latest edition."
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
                        "The edition’s name is a hash of its contents: one changed number gives another name. "
                        "Download the edition and let the program compute the hash and check that answers, nets and "
                        "margins agree."
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
                        "pages, completes what is marked like this, removes this paragraph and answers for the text."
                    )
                ),
            ),
            _section("about", _("About this statement"), *_about(context)),
            _section(
                "how-accessible",
                _("How accessible are the pages?"),
                _open(
                    _(
                        "Choose one: the pages meet the requirements fully / partly / not. [Until you have examined "
                        "them yourself: not assessed.]"
                    )
                ),
                _said(
                    _(
                        "The pages are made to meet WCAG 2.1, level AA (EN 301 549). Each picture has a text "
                        "alternative and a table with the same numbers. The pages work with a keyboard, without "
                        "JavaScript, at 400 per cent zoom, in dark mode and printed."
                    )
                ),
            ),
            _section(
                "instead",
                _("If you cannot use a part of the pages"),
                _said(_("You can ask for the contents in another form. Say which page, and in what form you need it.")),
                _contact(context),
                _open(_("[How soon you answer, for example: within two working days]")),
            ),
            _section(
                "report",
                _("Report deficiencies"),
                _said(
                    _(
                        "If you find something that is not described here, or think that the pages do not meet the "
                        "act, tell us by the same address."
                    )
                ),
            ),
            _section(
                "supervision",
                _("Supervision"),
                _said(
                    _(
                        "The Agency for Digital Government (Digg) supervises the act. If you are not content with how "
                        "we handle your report you can tell Digg."
                    )
                ),
                Links(links=(Link(text=Words(_("Report to Digg")), target=DIGG, outside=True),)),
            ),
            _section(
                "lacking",
                _("Contents that are not accessible"),
                _said(_("Known deficiencies in relation to the act:")),
                _said(_("Wide tables scroll sideways in a frame of their own on narrow screens.")),
                *_untranslated(context),
                _open(_("[What your own examination found; disproportionate burden (section 12), if you invoke it]")),
                _open(_("[Contents that the act does not cover (section 9), if there are any]")),
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
        "{name} answers for this publication, “{title}”. It shall be usable by everyone. This text says how it meets "
        "the act on the accessibility of digital public services, what is known to be lacking, and how to report it.",
        name=context.words(owner) if owner else _("[the name of the responsible body]"),
        title=context.words(context.study.title),
    )
    check = _("[Check that the body that is named here is the one that answers for the site]")
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
