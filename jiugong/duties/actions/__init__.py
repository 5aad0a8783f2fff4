"""The only code that changes rows of duties. Verbs, by noun."""

from jiugong.duties.actions.checks import check
from jiugong.duties.actions.evidence import MOST_PIECES, Answer, Piece, record, record_all
from jiugong.duties.actions.excuses import excuse, withdraw, work_from_home

__all__ = ["MOST_PIECES", "Answer", "Piece", "check", "excuse", "record", "record_all", "withdraw", "work_from_home"]
