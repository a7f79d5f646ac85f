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

   An error or a remark is said where it is made, in the language that the program was told to speak:

       raise StudyError(say("{file}: there is no such file; …", file=path))
       findings.remark(place, say_n("{n} respondent with the weight 0", "{n} respondents with the weight 0", zero))

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

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property
from gettext import NullTranslations
from pathlib import Path

from saklig.language.text import printable

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
        return _filled(self._translations.gettext(message), values) if message else ""  # gettext's "" is the header

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


_spoken: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it `say` speaks `language`. Entered once, by whoever knows the reader; no edition depends on it."""
    token = _spoken.set(interface_language(language))
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language that `say` speaks: for numbers in what is said."""
    return _spoken.get()


def say(message: str, /, **values: object) -> str:
    """An error, a remark or a comment in the language that is spoken.

    Values are never translated. A text among them may come from a hostile file: it is put in one line and without
    control characters.
    """
    return translator(_spoken.get())(message, **{name: _harmless(value) for name, value in values.items()})


def say_n(singular: str, plural: str, n: int, /, **values: object) -> str:
    """`say` of a number of things; `{n}` is written as the language writes numbers unless it is given."""
    from saklig.language.numbers import count

    shown = {"n": count(n, _spoken.get())} | {name: _harmless(value) for name, value in values.items()}
    return translator(_spoken.get()).ngettext(singular, plural, n, **shown)


def _harmless(value: object) -> str:
    words = str(value)
    return printable(" ".join(words.splitlines())) if not words.isprintable() else words


def _filled(words: str, values: Mapping[str, object]) -> str:
    return words.format(**values) if values else words


@cache
def translator(language: str) -> Translator:
    """The interface in `language`, or in English where it has not been translated."""
    chosen = interface_language(language)
    return _translator(chosen)


@cache
def _translator(language: str) -> Translator:
    return Translator(language, NullTranslations() if language == "en" else _catalogs(language))


def _catalogs(language: str) -> NullTranslations:
    """The words of the command line, and the other rooms' as soon as one of theirs is asked for: help comes at once."""
    paths = sorted((LOCALE / language).glob("*.po"))
    first = [path for path in paths if path.name == "cli.po"]
    translations = _read(language, first)
    translations.add_fallback(_Later(language, [path for path in paths if path not in first]))
    return translations


class _Later(NullTranslations):
    """Catalogs that are read when the first string is looked up in them."""

    def __init__(self, language: str, paths: Sequence[Path]) -> None:
        super().__init__()
        self._language, self._paths = language, paths

    @cached_property
    def _all(self) -> NullTranslations:
        return _read(self._language, self._paths)

    def gettext(self, message: str) -> str:
        return self._all.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._all.ngettext(msgid1, msgid2, n)

    def pgettext(self, context: str, message: str) -> str:
        return self._all.pgettext(context, message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self._all.npgettext(context, msgid1, msgid2, n)


def _read(language: str, paths: Sequence[Path]) -> NullTranslations:
    """The .po files as one catalog, compiled in memory: no build step."""
    from gettext import GNUTranslations
    from io import BytesIO

    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    merged = Catalog(locale=language)
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if message.id:
                    merged[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return GNUTranslations(compiled)
