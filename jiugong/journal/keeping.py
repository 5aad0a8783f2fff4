"""What this room keeps, why and how long (lib/keeping.py)."""

from jiugong.lib.keeping import Personal, Table, by, columns

TABLES = (
    Table(name="journal_entry", purpose="audit", keep="log", park="park", happened="at",
          personal={**columns("actor actor_name", Personal.ACCOUNT), **columns("subject facts", Personal.WORDS)}, plain=("verb",)),
    Table(name="journal_lookup", purpose="audit", keep="log", park="park", happened="at", person="person",
          personal={**columns("actor actor_name", Personal.ACCOUNT), "reason": Personal.WORDS}, plain=("fields",)),
    Table(name="journal_message", purpose="telling", keep="emergency", park="park", happened="written_at", person="to_person",
          changes=by("journal.read", "read_at"),
          personal={**columns("written_by written_by_name", Personal.ACCOUNT), "facts": Personal.WORDS},
          plain=("client_id", "kind", "about")),
)
