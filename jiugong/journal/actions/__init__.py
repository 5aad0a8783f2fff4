"""What the journal does: keep notes and looks, write messages, send them, and make sure of notices."""

from jiugong.journal.actions.keeping import LET_GO, LetGo, keep_letting_go, keep_look, keep_note
from jiugong.journal.actions.messages import Draft, mark_read, write_messages

__all__ = ["LET_GO", "Draft", "LetGo", "keep_letting_go", "keep_look", "keep_note", "mark_read", "write_messages"]
