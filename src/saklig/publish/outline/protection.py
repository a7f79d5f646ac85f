"""The protection page: the policy with its numbers, what it promises, and how much is withheld by which rule."""

from __future__ import annotations

from collections.abc import Iterator

from saklig.language.catalog import N_
from saklig.publish.outline.context import Context
from saklig.publish.outline.files import FILES
from saklig.publish.outline.model import Block, Column, Page, PageKind, Paragraph, Row, Section, Table, Words

POLICIES = {
    "organisations": N_(
        "The policy “organisations”: for respondents who are few, named or known to the public. A reader is assumed "
        "to know who took part, their background and weights, and one answer of their own."
    ),
    "sample": N_(
        "The policy “sample”: for a sample of many people. A reader is assumed to know the population and its "
        "backgrounds, but not who took part."
    ),
    "public": N_("The policy “public”: the answers were given in public. Nothing is withheld."),
}

GUARANTEE = N_(
    "For every respondent and confidential question there is another set of answers, giving exactly the same edition, "
    "in which that respondent's answer differs, even for a reader who knows who took part, their backgrounds, the "
    "weights and one answer of their own. This does not hide that an option was not chosen, does not bound how "
    "probable a guess may be, and does not hold against respondents who pool their answers."
)

AUDITS = {
    "full": N_("The guarantee was tested for every respondent and confidential question before publication."),
    "counts": N_(
        "The rules were applied to all groups. In small groups it was also tested, on unweighted counts, that no "
        "respondent’s answer can be worked out; the weights are assumed to be secret."
    ),
    "none": N_("No test was made: the answers are public, or are protected by the rules alone."),
}

RULES = {
    "gate": N_("Too few were asked or answered"),
    "siblings": N_("Could be derived by subtracting other groups"),
    "parent": N_("Part of a group that is withheld"),
    "dominance": N_("All, or all but one, gave the same answer"),
    "differences": N_("Could be derived from groups that contain each other"),
    "audit": N_("Did not pass the test"),
}

VALUES = {
    "threshold": N_("Smallest base that is published"),
    "fold_below": N_("Background groups with fewer respondents are merged"),
    "dominance_below": N_("Whether all gave the same answer is tested below a base of"),
    "median_from": N_("Medians are published from a base of"),
    "quartiles_from": N_("Quartiles are published from a base of"),
    "decimals_from": N_("Shares have one decimal from a base of"),
    "uncertain_below": N_("Shares are marked as uncertain below a base of"),
    "pairs_from": N_("Pairs of background variables are published from this many respondents"),
    "audit_to": N_("Every respondent is tested, if there are at most"),
    "audit_below": N_("If there are more, those in groups smaller than"),
}


WHERE_SECRET = ("audit_to", "audit_below")
"""Values that say who is audited where it is secret who took part; where that is known, everybody is."""

TIMES_THRESHOLD = ("dominance_below", "median_from", "quartiles_from")
"""Values that a policy gives in smallest bases; they are told in answers."""


def protection_page(context: Context) -> Page:
    _ = context._
    said = _("How those who answered are protected: no one’s answers can be read out of the publication.")
    return Page(
        kind=PageKind.PROTECTION,
        file=FILES[PageKind.PROTECTION],
        language=context.language,
        title=Words(_("What is not shown, and why")),
        label=Words(_("What is not shown, and why")),
        standfirst=(Words(said),),
        sections=tuple(_sections(context)),
    )


def _sections(context: Context) -> Iterator[Section]:
    _, protection = context._, context.edition.publication.protection
    policy = POLICIES.get(protection.policy)
    said: list[Block] = [Paragraph(words=Words(_(policy) if policy else protection.policy))]
    if protection.audit == "full":
        said.append(Paragraph(words=Words(_("“{text}”", text=_(GUARANTEE)))))
    said.append(Paragraph(words=Words(_(AUDITS.get(protection.audit, AUDITS["none"])))))
    if protection.audited_with:
        editions = ", ".join(protection.audited_with)
        together = _(
            "This holds for the edition together with those that were published before it: {editions}.",
            editions=editions,
        )
        said.append(Paragraph(words=Words(together)))
    if protection.audited:
        n = context.count(protection.audited)
        said.append(Paragraph(words=Words(_("Pairs of a respondent and a question that were tested: {n}.", n=n))))
    said += [Paragraph(words=Words(words)) for words in _of_reports(context)]
    yield Section(id="guarantee", heading=Words(_("What is promised")), blocks=tuple(said))
    yield Section(
        id="signs",
        heading=Words(_("How it shows")),
        blocks=(
            Paragraph(
                words=Words(
                    _(
                        "A number that is withheld is written “..” in tables and “withheld” in pictures. A withheld "
                        "number never states its own reason, since the reason would tell something about the answers."
                    )
                )
            ),
        ),
    )
    yield Section(id="withheld", heading=Words(_("How much is withheld")), blocks=(_withheld(context),))
    if protection.folded:
        yield Section(id="folded", heading=Words(_("Merged groups")), blocks=(_folded(context),))
    yield Section(id="values", heading=Words(_("The policy’s limits")), blocks=(_values(context),))


def _of_reports(context: Context) -> Iterator[str]:
    _, publication = context._, context.edition.publication
    if publication.fieldwork:
        yield _(
            "Those who were invited and did not answer are protected too: small numbers of how their cases ended are "
            "withheld, with whatever would give them back."
        )
    if publication.weightings:
        yield _(
            "What is said of the weights adds no number of respondents to those that are published anyway, and no "
            "single weight is told."
        )


def _withheld(context: Context) -> Table:
    _, protection = context._, context.edition.publication.protection
    # An edition that was read has them in the alphabet's order, one that was just made has not.
    rules = [rule for rule in RULES if rule in protection.withheld] + sorted(protection.withheld.keys() - RULES)
    rows = [
        Row(label=Words(_(RULES[rule]) if rule in RULES else rule), cells=(context.count(protection.withheld[rule]),))
        for rule in rules
    ]
    total = sum(protection.withheld.values())
    of = _("{n} of {total}", n=context.count(total), total=context.count(protection.columns))
    rows.append(Row(label=Words(_("All rules together")), cells=(of,)))
    columns = (Column(label=Words(_("Withheld groups"))),)
    note = _("A group here is one column: one question’s answers in one group of respondents.")
    return Table(
        id="withheld-table",
        caption=_("Groups withheld, by the rule that withheld them first"),
        stub=_("Rule"),
        columns=columns,
        rows=tuple(rows),
        notes=(note,),
    )


def _folded(context: Context) -> Table:
    rows = []
    for background_id, fold_id in context.edition.publication.protection.folded:
        background = context.study.background(background_id)
        labels = {fold.id: fold.label for fold in background.fold} | {g.id: g.label for g in background.groups}
        label = labels.get(fold_id)
        rows.append(
            Row(label=context.words(background.label), cells=(context.words(label) if label else Words(fold_id),))
        )
    columns = (Column(label=Words(context._("Merged into")), numeric=False),)
    caption = context._("Groups that were too small and are shown together")
    stub = context._("Background variable")
    return Table(id="folded-table", caption=caption, stub=stub, columns=columns, rows=tuple(rows))


def _values(context: Context) -> Table:
    values = context.edition.publication.protection.values
    unused = WHERE_SECRET if values.get("participation") != "secret" else ()
    shown = {name: value for name, value in values.items() if isinstance(value, int) and name not in unused}
    times = {name: shown.get("threshold", 1) for name in TIMES_THRESHOLD}
    rows = tuple(
        Row(label=Words(context._(label)), cells=(context.count(shown[name] * times.get(name, 1)),))
        for name, label in VALUES.items()
        if name in shown
    )
    columns = (Column(label=Words(context._("Value"))),)
    caption = context._("Policy: {name}", name=context.edition.publication.protection.policy)
    return Table(id="values-table", caption=caption, stub=context._("Rule"), columns=columns, rows=rows)
