from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "jiugong.journal"
    label = "journal"

    def ready(self) -> None:
        """Plug in what keeps notes and looks (`lib/acting.py`)."""
        from jiugong.journal import actions
        from jiugong.lib import acting

        acting.keep_notes_with(actions.keep_note)
        acting.keep_looks_with(actions.keep_look)
