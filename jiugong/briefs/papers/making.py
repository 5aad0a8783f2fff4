"""Which paper is made how, and under which name it is handed over."""

from jiugong.briefs.errors import PaperUnknown
from jiugong.briefs.papers.annex import brief_xlsx
from jiugong.briefs.papers.content import Paper
from jiugong.briefs.papers.pdf import brief_pdf
from jiugong.briefs.papers.word import brief_docx
from jiugong.briefs.scope import Scope
from jiugong.briefs.wording import KEYS
from jiugong.lib.acting import Actor

KINDS = ("pdf", "docx", "xlsx")


def must_be_known(kind: str) -> None:
    """Refuse a kind of paper that nobody makes. Raises PaperUnknown."""
    if kind not in KINDS:
        raise PaperUnknown(kind=kind)


def made(paper: Paper, kind: str, scope: Scope, *, actor: Actor) -> bytes:
    """A brief as PDF, as Word, or its annex as Excel. Raises PaperUnknown."""
    must_be_known(kind)
    if kind == "pdf":
        return brief_pdf(paper)
    if kind == "docx":
        return brief_docx(paper)
    keys = [key for key in KEYS if key in paper.figures]
    return brief_xlsx(paper, keys, scope, actor=actor, reason=f"{paper.document['title']} {paper.number}")
