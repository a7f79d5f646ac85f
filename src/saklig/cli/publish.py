"""saklig publish: everything from a study and its answers."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from saklig.cli.help import Command
from saklig.cli.terminal import json_option, progress, say_json
from saklig.language.catalog import N_, Translator, say

if TYPE_CHECKING:
    from saklig.compilation.publishing import Published

PUBLICATIONS = ("edition", "site")
ENGINES = ("auto", "memory", "duckdb")
SPARK = "spark"


class _Engine(click.Choice[str]):
    """Offers the engines that publish. Spark is let through, since why it does not is told where it is chosen."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return value if value == SPARK else super().convert(value, param, ctx)


def command(_: Translator) -> Command:
    def publish(
        study: Path,
        out: Path | None,
        only: str | None,
        draft: bool,
        corrects: str,
        reason: str,
        engine: str,
        as_json: bool,
    ) -> None:
        if bool(corrects) != bool(reason.strip()):
            raise click.UsageError(_("--corrects and --reason belong together: which edition, and why."))
        if corrects and draft:
            raise click.UsageError(_("A draft corrects nothing; leave out --draft or --corrects."))
        from saklig.compilation.compiling import read_and_bind
        from saklig.compilation.publishing import exclusively, publish_edition
        from saklig.compilation.sizing import chosen_engine

        counting: list[str] = []
        with progress(_, quiet=as_json) as show:
            bound = read_and_bind(
                study, show, before=lambda study, sources: counting.append(chosen_engine(study, sources, engine))
            )
            target = out or Path("out") / bound.study.id
            with exclusively(target):
                if only != "edition":
                    _check_site(_site_folder(target, draft))
                published = publish_edition(
                    bound,
                    target,
                    draft=draft,
                    corrects=corrects,
                    reason=reason.strip(),
                    progress=show,
                    engine=counting[0],
                )
                front = None
                if only != "edition":
                    show("site", 0, 1)
                    front = _write_site(published, target)
                    show("site", 1, 1)
        if as_json:
            say_json(_machine(published, front))
        else:
            _tell(_, published, front)

    made = Command(
        "publish",
        callback=publish,
        short_help=_("Publish the edition and its site"),
        help=_("Publishes a study: the edition, and the site that is made from it."),
        params=[
            click.Argument(["study"], type=click.Path(path_type=Path), metavar="STUDY"),
            click.Option(
                ["--out"],
                type=click.Path(path_type=Path, file_okay=False),
                help=_("The folder to publish in. [default: out/ and the study's id]"),
            ),
            click.Option(["--only"], type=click.Choice(PUBLICATIONS), help=_("Only this.")),
            click.Option(
                ["--draft"], is_flag=True, help=_("A draft: marked as one everywhere, beside what is published.")
            ),
            click.Option(["--corrects"], default="", metavar="EDITION", help=_("The edition that this one replaces.")),
            click.Option(["--reason"], default="", metavar="TEXT", help=_("Why, in a sentence that readers see.")),
            click.Option(
                ["--engine"],
                type=_Engine(ENGINES),
                default="auto",
                help=_("Who counts the answers: this program in memory, or DuckDB. The numbers are the same."),
            ),
            json_option(_),
        ],
    )
    made.translator = _
    return made


def _site_folder(out: Path, draft: bool) -> Path:
    from saklig.compilation.publishing import SITE

    return out / ("draft" if draft else SITE)


def _check_site(folder: Path) -> None:
    """The site's folder is swapped in whole: what somebody else keeps in a folder of that name must not go with it."""
    from saklig.compilation.publishing import PublishingError
    from saklig.edition.listing import EDITIONS_FILE

    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise PublishingError(
            say("{folder}: is no folder, and the site shall stand there; choose another --out", folder=folder)
        )
    if folder.is_dir() and any(folder.iterdir()) and not (folder / EDITIONS_FILE).is_file():
        raise PublishingError(
            say(
                "{folder}: holds files that are no site of this program, and the site shall stand there; move them, "
                "or choose another --out",
                folder=folder,
            )
        )


def _write_site(published: Published, out: Path) -> Path:
    """The site, swapped in whole; other editions' permanent pages are carried over. A draft has its own folder."""
    from saklig.edition.whole import remove_leftovers, whole_folder
    from saklig.publish.site.write import write_site

    edition = published.edition
    target = _site_folder(out, edition.publication.draft)
    remove_leftovers(out)
    with whole_folder(target) as partial:
        for kept in (target / "e").glob("*"):
            if kept.name != edition.short_id:
                shutil.copytree(kept, partial / "e" / kept.name, copy_function=_link)
        write_site(edition, partial, edition_folder=published.folder)
    return target / "index.html"


def _link(source: str, target: str) -> None:
    """What is for ever need not be copied, where the disk knows a file under two names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


TESTED = {
    "full": N_("Policy “{policy}”, tested for every respondent: {n} of {total} columns of numbers are withheld."),
    "counts": N_("Policy “{policy}”, tested in small groups: {n} of {total} columns of numbers are withheld."),
    "none": N_("Policy “{policy}”, not tested: {n} of {total} columns of numbers are withheld."),
}


def _machine(published: Published, front: Path | None) -> dict[str, object]:
    protection = published.edition.publication.protection
    return {
        "edition": published.edition.id,
        "folder": str(published.folder),
        "new": published.new,
        "draft": published.edition.publication.draft,
        "policy": protection.policy,
        "audit": protection.audit,
        "columns": protection.columns,
        "withheld": sum(protection.withheld.values()),
        "superseded": published.superseded or None,
        "front": str(front) if front else None,
    }


def _tell(_: Translator, published: Published, front: Path | None) -> None:
    edition = published.edition
    said = _("Edition {id}: {folder}", id=edition.short_id, folder=published.folder)
    click.echo(said if published.new else said + " " + _("(unchanged)"))
    protection = edition.publication.protection
    click.echo(
        _(
            TESTED[protection.audit],
            policy=protection.policy,
            n=sum(protection.withheld.values()),
            total=protection.columns,
        )
    )
    if published.superseded and not edition.publication.corrects:
        click.echo(
            _(
                "It supersedes {old}, which says so now, without a reason. "
                "Give readers one with --corrects {old} --reason TEXT.",
                old=published.superseded,
            )
        )
    if with_ := edition.publication.protection.audited_with:
        click.echo(_("Audited together with what was published before: {editions}.", editions=", ".join(with_)))
    if published.come_and_gone:
        click.echo(
            _.ngettext(
                "Nothing is published of {n} question: since an edition before it so few respondents have come or gone "
                "that the difference would tell their answers. Publish when more have answered.",
                "Nothing is published of {n} questions: since an edition before it so few respondents have come or "
                "gone that the difference would tell their answers. Publish when more have answered.",
                published.come_and_gone,
            )
        )
    if not published.recorded:
        click.echo(
            _(
                "What the edition was made of could not be kept beside the answers, since nothing may be written "
                "there: another edition cannot be published here until the folder can be written to and this one is "
                "published again."
            )
        )
    if front:
        click.echo(_("Open: {page}", page=front.resolve().as_uri()))
