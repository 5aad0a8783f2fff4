"""What the journal is asked: entries, looks, messages, what waits to be sent, notices."""

from jiugong.journal.queries.entries import entries_of, look_ups_of, looks_at
from jiugong.journal.queries.messages import messages_for, messages_to, reminders_about, unread_for

__all__ = ["entries_of", "look_ups_of", "looks_at", "messages_for", "messages_to", "reminders_about", "unread_for"]
