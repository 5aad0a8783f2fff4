"""What this room keeps, why and how long (lib/keeping.py). The seal's own tables are covered by the seal itself."""

from jiugong.lib.keeping import Personal, Table, by, columns

SEAL = "the seal covers it"
TABLES = (
    Table(name="closing_closing", purpose="audit", keep="record", park="park", sealed=False, why_unsealed=SEAL,
          changes=by("actions.close_day", "seal_row"),
          personal=columns("begun_by begun_by_name", Personal.ACCOUNT), plain=("mac",)),
    Table(name="closing_seal", purpose="audit", keep="record", park="park", sealed=False, why_unsealed=SEAL,
          changes=by("actions.close_day", "content mac"), personal=columns("sealed_by sealed_by_name", Personal.ACCOUNT),
          plain=("release", "content", "mac")),
    Table(name="closing_sealedtable", purpose="audit", keep="record", park="seal__park", sealed=False, why_unsealed=SEAL,
          plain=("table", "digest", "blob")),
    Table(name="closing_count", purpose="reporting", keep="record", park="seal__park", sealed=False, why_unsealed=SEAL,
          plain=("kind", "key", "window", "subject", "title_zh", "title_en")),
    Table(name="closing_miss", purpose="duties", keep="emergency", park="count__seal__park", person="person", sealed=False,
          why_unsealed=SEAL),
    Table(name="closing_afterword", purpose="audit", keep="record", park="park", happened="at",
          plain=("table", "what", "digest", "mac")),
    Table(name="closing_check", purpose="audit", keep="record", park="park", happened="at",
          personal=columns("checked_by checked_by_name", Personal.ACCOUNT), plain=("differs",)),
)
