"""What stands on every paper of a brief, whatever the paper: a draft composed now, or a brief as it was published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from jiugong.briefs.models import Brief
from jiugong.briefs.queries import Composed
from jiugong.briefs.sentences import CHINESE, WORDS
from jiugong.briefs.wording import Document, Piece, document, in_words, number, numbered, said
from jiugong.lib import days


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A brief in one language with everything that is written on it."""

    document: Document
    figures: Mapping[str, int]
    before: Mapping[str, int]
    number: str
    signed_on: str
    fingerprint: str = ""
    published_by: str = ""

    @property
    def language(self) -> str:
        return self.document["language"]

    def word(self, key: str) -> str:
        """A word that stands on the paper beside what the brief says."""
        return WORDS[key].in_(self.language)

    def clause(self, at: int, clause: list[Piece]) -> str:
        """A clause with its number, as one text."""
        return numbered(at, self.language) + said(clause, self.figures)

    def difference(self, key: str) -> int:
        return self.figures[key] - self.before[key]

    def change(self, key: str) -> str:
        """The difference to the day before, with its sign."""
        difference = self.difference(key)
        return f"{difference:+,}" if difference else "0"

    @property
    def is_chinese(self) -> bool:
        return self.language == CHINESE


def draft(composed: Composed, language: str) -> Paper:
    """A brief that was composed and not published."""
    return Paper(document=document(composed, language), figures=composed.figures, before=composed.before,
                 number=WORDS["draft"].in_(language), signed_on=in_words(composed.scope.last, language))


def published(brief: Brief, language: str) -> Paper:
    """A brief as it was published."""
    numbered_as = number(brief.year, brief.number, language)
    if brief.corrects:
        numbered_as += WORDS["corrects"].in_(language).format(number=number(brief.corrects.year, brief.corrects.number, language))
    day = days.day_of(brief.published_at, brief.park.zone)
    return Paper(document=cast(Document, brief.texts[language]), figures=brief.figures, before=brief.before,
                 number=numbered_as, signed_on=in_words(day, language), fingerprint=brief.fingerprint,
                 published_by=brief.published_by_name)
