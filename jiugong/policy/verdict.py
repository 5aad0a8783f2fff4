"""A verdict is an answer that keeps its reasons, and says which release gave it."""

from dataclasses import dataclass

from jiugong.policy.citations import Basis
from jiugong.policy.plain import Plain


@dataclass(frozen=True, kw_only=True)
class Because:
    """One comparison that led to an answer: which fact, what was found, what was needed, and who says so."""

    fact: str
    found: Plain
    needed: Plain
    by_which_document: Basis
    met: bool

    def as_data(self) -> dict[str, Plain]:
        """The reason as plain data."""
        return {"fact": self.fact, "found": self.found, "needed": self.needed, "met": self.met,
                "by_which_document": self.by_which_document.as_data()}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """An answer with every comparison behind it, met or not, the release that gave it and that release's fingerprint.

    `fingerprint` is the fingerprint of effect: while it stays the same, the same question has the same answer.
    """

    answer: Plain
    because: tuple[Because, ...]
    release: str
    fingerprint: str

    def as_data(self) -> dict[str, Plain]:
        """The verdict as it is stored and sent."""
        return {"answer": self.answer, "because": [reason.as_data() for reason in self.because],
                "release": self.release, "fingerprint": self.fingerprint}
