"""Click's help in the reader's language: its own words are English whatever the locale."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from saklig.language.catalog import N_, Translator

HEADINGS = {
    "Options": N_("Options"),
    "Commands": N_("Commands"),
    "Usage: ": N_("Usage: "),
    "Show this message and exit.": N_("Show this message and exit."),
}


class Formatter(click.HelpFormatter):
    """`translator` is set by `Translated.get_help`."""

    translator: Translator | None = None

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or self._said("Usage: "))

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(self._said(name)):
            yield

    def write_dl(self, rows: object, col_max: int = 30, col_spacing: int = 2) -> None:
        said = [(term, self._said(words)) for term, words in rows]  # type: ignore[attr-defined]
        super().write_dl(said, col_max, col_spacing)

    def _said(self, words: str) -> str:
        return self.translator(HEADINGS[words]) if self.translator and words in HEADINGS else words


class Group(click.Group):
    translator: Translator

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if isinstance(formatter, Formatter):
            formatter.translator = self.translator
        super().format_help(ctx, formatter)


class Command(click.Command):
    translator: Translator

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if isinstance(formatter, Formatter):
            formatter.translator = self.translator
        super().format_help(ctx, formatter)
