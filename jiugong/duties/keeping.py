"""What this room keeps, why and how long (lib/keeping.py)."""

from jiugong.lib.keeping import Personal, Table, by, columns

TABLES = (
    Table(name="duties_evidence", purpose="duties", keep="emergency", park="park", happened="happened_at", person="person",
          personal={"data": Personal.HEALTH, "recorded_by": Personal.ACCOUNT}, plain=("kind", "client_id")),
    Table(name="duties_check", purpose="duties", keep="emergency", park="evidence__park", happened="checked_at",
          person="evidence__person",
          personal={**columns("checked_by checked_by_name", Personal.ACCOUNT), "remark": Personal.WORDS}),
    Table(name="duties_excuse", purpose="duties", keep="emergency", park="park", happened="decided_at", person="person",
          changes=by("excuses.withdraw", "withdrawn_at"),
          personal={**columns("decided_by decided_by_name", Personal.ACCOUNT), "reason": Personal.HEALTH}, plain=("duty",)),
)
