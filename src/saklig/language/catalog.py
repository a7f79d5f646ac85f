"""The interface's own words, in Swedish and English, through gettext.

How to add a string, in three steps:

1. Write it where it is used, in English, inside `_()`:

       _ = translator(language)
       _("Base: everyone who was asked, {n}", n=numbers.count(76))
       _.ngettext("{n} answer", "{n} answers", 76)                 # {n} is filled in from the count unless given
       _.pgettext("of a chart", "Title")                           # one English word, two Swedish ones
       LABELS = {"mean": N_("mean")}                               # translated later: _(LABELS["mean"])

   and in a Jinja template, after `template.render(**_.names, …)`:

       {{ _("Base: everyone who was asked, {n}", n=n) }}  {{ ngettext("{n} answer", "{n} answers", count) }}

   Names in braces are filled in by `str.format` and only where values are given; write whole sentences, never parts.

2. Add the Swedish words to `locale/sv/<room>.po` (site.po, picture.po, cli.po, study.po, …), by hand:

       msgid "Base: everyone who was asked, {n}"
       msgstr "Bas: samtliga tillfrågade, {n}"

       msgid "{n} answer"
       msgid_plural "{n} answers"
       msgstr[0] "{n} svar"
       msgstr[1] "{n} svar"

   All files of a language are read as one. A string of another room's file need not be repeated; where it is, the
   Swedish words must be the same.

3. Run `pytest tests/language`: it finds every string in the sources and templates and names those without Swedish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from pathlib import Path

INTERFACE_LANGUAGES = ("sv", "en")
LOCALE = Path(__file__).parent / "locale"


def N_(message: str) -> str:
    """Marks a string for translation where it stands; it is translated where it is shown."""
    return message


def interface_language(language: str) -> str:
    """The interface's language for a reader of `language` ("sv-FI" → "sv"); English where there is no other."""
    primary = language.replace("_", "-").split("-")[0].lower()
    return primary if primary in INTERFACE_LANGUAGES else "en"


@dataclass(frozen=True, eq=False)
class Translator:
    """English words in, the reader's words out. `language` is that of the words: "sv" or "en"."""

    language: str
    _translations: NullTranslations

    def __call__(self, message: str, /, **values: object) -> str:
        return _filled(self._translations.gettext(message), values)

    def ngettext(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        return _filled(self._translations.ngettext(singular, plural, n), {"n": n} | values)

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        return _filled(self._translations.pgettext(context, message), values)

    def npgettext(self, context: str, singular: str, plural: str, n: int, /, **values: object) -> str:
        return _filled(self._translations.npgettext(context, singular, plural, n), {"n": n} | values)

    @property
    def names(self) -> Mapping[str, Callable[..., str]]:
        """What a template calls: `_`, `ngettext`, `pgettext`, `npgettext`."""
        return {"_": self, "ngettext": self.ngettext, "pgettext": self.pgettext, "npgettext": self.npgettext}


def _filled(words: str, values: Mapping[str, object]) -> str:
    return words.format(**values) if values else words


@cache
def translator(language: str) -> Translator:
    """The interface in `language`, or in English where it has not been translated."""
    chosen = interface_language(language)
    return _translator(chosen)


@cache
def _translator(language: str) -> Translator:
    return Translator(language, NullTranslations() if language == "en" else _read(language))


def _read(language: str) -> NullTranslations:
    """Every .po file of the language as one catalog, compiled in memory: no build step, 27 ms with imports."""
    from gettext import GNUTranslations
    from io import BytesIO

    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    merged = Catalog(locale=language)
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if message.id:
                    merged[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return GNUTranslations(compiled)
