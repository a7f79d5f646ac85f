"""What every page of a publication shares: the edition, its wave, the reader's language, source and marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from saklig.edition.edition import Edition
from saklig.edition.fieldwork import FieldworkReport
from saklig.edition.publication import Response
from saklig.language.catalog import Translator
from saklig.language.text import Text
from saklig.publish.outline import files
from saklig.publish.outline.model import Frame, Link, Words
from saklig.publish.outline.reading import Reading
from saklig.publish.outline.wording import Wording
from saklig.study.model import Question, Section, Study, Wave

FEW = 30
"""A base under which a share is uncertain, where the policy does not say another."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """`wave`: the one whose facts are told; `latest`: the one whose pages carry the questions' plain names."""

    reading: Reading
    wording: Wording
    wave: Wave
    latest: Wave

    @property
    def edition(self) -> Edition:
        return self.reading.edition

    @property
    def study(self) -> Study:
        return self.reading.edition.study

    @property
    def language(self) -> str:
        return self.wording.language

    @property
    def _(self) -> Translator:
        return self.wording._

    def words(self, text: Text) -> Words:
        return self.wording.words(text)

    def count(self, n: int) -> str:
        return self.wording.count(n)

    @property
    def response(self) -> Response | None:
        responses = self.edition.publication.responses
        return next((response for response in responses if response.wave == self.wave.id), None)

    @property
    def fieldwork(self) -> FieldworkReport | None:
        reports = self.edition.publication.fieldwork
        return next((report for report in reports if report.wave == self.wave.id), None)

    @property
    def invited(self) -> int | None:
        return _total(self.wave.invited, [stratum.invited for stratum in self.wave.strata])

    @property
    def population(self) -> int | None:
        return _total(self.wave.population, [stratum.population for stratum in self.wave.strata])

    @property
    def dates(self) -> str:
        return self.wording.dates(self.wave.start, self.wave.end)

    @property
    def mode(self) -> str:
        """In words: the wave's own, else the method's."""
        text = self.wave.mode or self.study.method.get("mode")
        return self.words(text).text if text else ""

    @property
    def marks(self) -> tuple[str, ...]:
        """What must be read before anything else on a page."""
        synthetic = (self._("Simulated answers, not facts"),) if self.study.synthetic else ()
        return synthetic + ((self._("Draft, not published"),) if self.edition.publication.draft else ())

    @property
    def edition_name(self) -> str:
        """The edition's id as it stands in addresses."""
        return self.edition.id[:16]

    def file(self, question: Question, **place: str) -> str:
        """The question's page in this wave, or where it was not asked then in the latest wave in which it was."""
        asked = [wave for wave in reversed(self.study.waves) if self.reading.asked(wave.id, question.id)]
        wave = self.wave if not asked or self.wave in asked else asked[0]
        return self.file_in(wave, question, **place)

    def file_in(self, wave: Wave, question: Question, **place: str) -> str:
        earlier = {} if wave == self.latest else {"study": self.study.id, "wave": wave.id}
        return files.question_file(question.id, **earlier, **place)

    @property
    def front_file(self) -> str:
        return files.front_file(self._earlier(self.wave))

    def section_file(self, section: str) -> str:
        return files.section_file(section, self._earlier(self.wave))

    def section_file_in(self, wave: Wave, section: Section) -> str:
        """Empty where none of its questions was asked in an earlier wave."""
        earlier = self._earlier(wave)
        if earlier and not any(self.reading.asked(earlier, question.id) for question in section.questions):
            return ""
        return files.section_file(section.id, earlier)

    def text_of(self, question: Question) -> Text:
        """The wording as it stood in this wave."""
        return self.study.text_of(question, self.wave.id)

    def _earlier(self, wave: Wave) -> str:
        return "" if wave == self.latest else wave.id

    def asked(self, question: Question) -> bool:
        return self.reading.asked(self.wave.id, question.id)

    def waves_of(self, question: Question) -> tuple[Wave, ...]:
        """Those in which it was asked, in the study's order."""
        return tuple(wave for wave in self.study.waves if self.reading.asked(wave.id, question.id))

    def switch(self, target: Callable[[Wave], str]) -> tuple[Link, ...]:
        """A link to each wave, the latest first; `target` gives its file, empty where it has none. One wave: none."""
        waves = [self.study.wave(wave) for wave in reversed(self.reading.waves)]
        return tuple(
            Link(text=self.words(wave.label), target=target(wave), note=self._of_wave(wave), current=wave == self.wave)
            for wave in waves
            if len(waves) > 1
        )

    def fronts(self) -> tuple[Link, ...]:
        return self.switch(lambda wave: files.front_file(self._earlier(wave)))

    def _of_wave(self, wave: Wave) -> str:
        """How many answered, and when."""
        there = replace(self, wave=wave)
        n = there.response.respondents if there.response else None
        answers = self._.ngettext("{n} answer", "{n} answers", n, n=self.count(n)) if n is not None else ""
        return ", ".join(part for part in (answers, there.dates) if part)

    def address(self, place: str, *, waves: bool = False) -> str:
        """The permanent address of a question, an item or (empty) the whole; `waves`: of no wave but of all."""
        study = self.study.id if waves else f"{self.study.id}.{self.wave.id}"
        return f"{study}@{self.edition_name}" + (f"/{place}" if place else "")

    def origin(self, waves: Sequence[Wave] = ()) -> str:
        """One line: institute, commissioner, population, n, mode, dates; what is not known is left out.

        `waves`: those that a picture speaks of, where it is more than this one.
        """
        return self._origin if not waves else self._origin_of(waves)

    @cached_property
    def _origin(self) -> str:
        """Of this wave: made once, since every picture says it."""
        return self._origin_of((self.wave,))

    def _origin_of(self, waves: Sequence[Wave]) -> str:
        _ = self._
        conductor, sponsor = (self.study.method.get(name) for name in ("conductor", "sponsor"))
        parts = [self.words(self.study.title).text]
        if conductor and sponsor:
            by = _("{conductor} for {sponsor}", conductor=self.words(conductor), sponsor=self.words(sponsor))
            parts.append(by)
        elif conductor or sponsor:
            parts.append(self.words(conductor or sponsor).text)  # type: ignore[arg-type]
        if self.study.population_name:
            parts.append(self.words(self.study.population_name).text)
        there = [replace(self, wave=wave) for wave in waves]
        counts = [context._of_wave(context.wave) for context in there]
        modes = dict.fromkeys(context.mode for context in there if context.mode)
        parts += [said for said in (*counts, *modes) if said]
        return " · ".join(part.strip().rstrip(".") for part in parts)

    def frame(
        self,
        id: str,
        title: Words,
        subtitle: str,
        base: str,
        alternative: str,
        *,
        place: str = "",
        heading: Words | None = None,
        waves: Sequence[Wave] = (),
    ) -> Frame:
        """`place`: the address from the question on; none for what speaks of the whole study, as `waves` of several."""
        address = self.address(place, waves=bool(waves) or not place)
        return Frame(
            heading=heading,
            id=id,
            language=self.language,
            title=title,
            subtitle=subtitle,
            base=base,
            alternative=alternative,
            source=f"{self._('Source: {source}', source=self.origin(waves))} · {address}",
            marks=self.marks,
            draft=self.edition.publication.draft,
            modelled=self.study.modelled is not None,
        )


def _total(whole: int | None, parts: list[int | None]) -> int | None:
    if whole is not None:
        return whole
    known = [part for part in parts if part is not None]
    return sum(known) if known and len(known) == len(parts) else None


def contexts(edition: Edition, language: str, reading: Reading | None = None) -> tuple[Context, ...]:
    """One for each wave with facts, the latest first."""
    reading = reading or Reading(edition)
    few = edition.publication.protection.values.get("uncertain_below", FEW)
    wording = Wording(language, int(few))
    waves = [edition.study.wave(wave) for wave in reading.waves] or [edition.study.waves[-1]]
    return tuple(Context(reading=reading, wording=wording, wave=wave, latest=waves[-1]) for wave in reversed(waves))
