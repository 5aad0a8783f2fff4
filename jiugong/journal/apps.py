from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "jiugong.journal"
    label = "journal"

    def ready(self) -> None:
        """Plug in what keeps notes and looks (`lib/acting.py`), and say what is sealed."""
        from jiugong.journal import actions
        from jiugong.journal.models import Channel, ContactWays, Notice, PersonWays
        from jiugong.lib import acting
        from jiugong.registry.sealed import SealedColumn, add_sealed

        acting.keep_notes_with(actions.keep_note)
        acting.keep_looks_with(actions.keep_look)
        add_sealed(SealedColumn(Channel, "settings_sealed", "journal_channel.settings"),
                   SealedColumn(ContactWays, "mail_sealed", "journal_contactways.mail"),
                   SealedColumn(ContactWays, "phone_sealed", "journal_contactways.phone"),
                   SealedColumn(PersonWays, "mail_sealed", "journal_personways.mail"),
                   SealedColumn(PersonWays, "phone_sealed", "journal_personways.phone"),
                   SealedColumn(Notice, "attachment_sealed", "journal_notice.attachment"))
