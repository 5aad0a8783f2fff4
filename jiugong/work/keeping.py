"""What this room keeps, why and how long (lib/keeping.py)."""

from jiugong.lib.keeping import Personal, Table, by, columns

TABLES = (
    Table(name="work_job", purpose="machinery", keep="working", happened="asked_at", sealed=False,
          why_unsealed="gone after a day; its change is sealed where it wrote it",
          changes=by("work.actions", "stage tries began_at ended_at answer_sealed"),
          personal={**columns("asked_sealed answer_sealed", Personal.SEALED), "owner": Personal.ACCOUNT, "title": Personal.WORDS},
          plain=("view", "likeness", "home", "stage")),
)
