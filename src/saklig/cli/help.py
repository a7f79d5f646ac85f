"""Click's help in the reader's language: its own words are English whatever the locale."""

from __future__ import annotations

import re
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
PLACEHOLDERS = {
    "OPTIONS": N_("OPTIONS"),
    "COMMAND": N_("COMMAND"),
    "ARGS": N_("ARGS"),
    "FILE": N_("FILE"),
    "DIRECTORY": N_("DIRECTORY"),
    "FOLDER": N_("FOLDER"),
    "STUDY": N_("STUDY"),
    "EDITION": N_("EDITION"),
    "OLD": N_("OLD"),
    "NEW": N_("NEW"),
    "ADDRESS": N_("ADDRESS"),
    "BACKGROUND": N_("BACKGROUND"),
    "TEXT": N_("TEXT"),
    "[required]": N_("[required]"),
}
"""What stands in a usage for what is to be written there."""
_PLACEHOLDER = re.compile("|".join(rf"(?<![\w-]){re.escape(word)}(?!\w)" for word in PLACEHOLDERS))


def with_placeholders(words: str, translator: Translator) -> str:
    return _PLACEHOLDER.sub(lambda found: translator(PLACEHOLDERS[found[0]]), words)


class Formatter(click.HelpFormatter):
    """`translator` is set by `Translated.get_help`."""

    translator: Translator | None = None

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        shown = with_placeholders(args, self.translator) if self.translator else args
        super().write_usage(prog, shown, prefix or self._said("Usage: "))

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(self._said(name)):
            yield

    def write_dl(self, rows: object, col_max: int = 30, col_spacing: int = 2) -> None:
        said = [(self._said(term), self._said(words)) for term, words in rows]  # type: ignore[attr-defined]
        super().write_dl(said, col_max, col_spacing)

    def _said(self, words: str) -> str:
        if self.translator is None:
            return words
        return self.translator(HEADINGS[words]) if words in HEADINGS else with_placeholders(words, self.translator)


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
