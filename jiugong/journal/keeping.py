"""What this room keeps, why and how long (lib/keeping.py)."""

from jiugong.lib.keeping import Personal, Table, by, columns

TABLES = (
    Table(name="journal_entry", purpose="audit", keep="log", park="park", happened="at",
          personal={**columns("actor actor_name", Personal.ACCOUNT), **columns("subject facts", Personal.WORDS)}, plain=("verb",)),
    Table(name="journal_lookup", purpose="audit", keep="log", park="park", happened="at", person="person",
          personal={**columns("actor actor_name", Personal.ACCOUNT), "reason": Personal.WORDS}, plain=("fields",)),
    Table(name="journal_message", purpose="telling", keep="emergency", park="park", happened="written_at", person="to_person",
          changes=by("journal.read", "read_at acknowledged_at"),
          personal={**columns("written_by written_by_name", Personal.ACCOUNT), "facts": Personal.WORDS},
          plain=("client_id", "kind", "about")),
    Table(name="journal_notice", purpose="telling", keep="emergency", park="park", happened="written_at",
          changes=by("journal.keeper", "keeper_id"),
          personal={**columns("written_by written_by_name", Personal.ACCOUNT), **columns("title_zh title_en text_zh text_en",
                    Personal.WORDS), "attachment_name": Personal.WORDS, "attachment_sealed": Personal.SEALED},
          plain=("client_id", "kind", "attachment_type", "reach", "branches")),
    Table(name="journal_channel", purpose="telling", keep="emergency", park="park", sealed=False,
          why_unsealed="how a park sends, and not an event of a day",
          personal={"opened_by": Personal.ACCOUNT, "settings_sealed": Personal.KEY}, plain=("kind", "name", "kinds")),
    Table(name="journal_messagerules", purpose="telling", keep="emergency", park="park", sealed=False,
          why_unsealed="how a park sends, and not an event of a day", plain=("urgent", "words_zh", "words_en")),
    Table(name="journal_contactways", purpose="telling", keep="account", person="user__person", sealed=False,
          why_unsealed="where somebody is reached, and not an event of a day",
          personal={"mail_sealed": Personal.PHONE, "phone_sealed": Personal.PHONE}, plain=("language",)),
    Table(name="journal_delivery", purpose="telling", keep="emergency", park="park", happened="written_at",
          person="message__to_person", plain=("stage", "provider_id", "reason"),
          changes=by("journal.outbox", "key stage tries not_before lease_until sent_at delivered_at provider_id reason")),
    Table(name="journal_receipt", purpose="telling", keep="emergency", park="delivery__park", happened="at",
          person="delivery__message__to_person", personal={"by": Personal.ACCOUNT}, plain=("stage", "reason", "code")),
)
