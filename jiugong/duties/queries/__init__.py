"""The only code that asks for rows of duties. Nouns, scoped by the actor first."""

from jiugong.duties.queries.evidence import evidence_of
from jiugong.duties.queries.excuses import excuse_for, excused_people, excuses_of
from jiugong.duties.queries.owing import Due, asked_by, due_at, due_for
from jiugong.duties.queries.subjects import Subject, Subjects, Whom, subject_of

__all__ = [
    "Due", "Subject", "Subjects", "Whom", "asked_by", "due_at", "due_for", "evidence_of",
    "excuse_for", "excused_people", "excuses_of", "subject_of",
]
