"""What this room keeps, why and how long (lib/keeping.py). Figures and texts without anybody's name."""

from jiugong.lib.keeping import Personal, Table, by, columns

TABLES = (
    Table(name="briefs_brief", purpose="reporting", keep="record", park="park", happened="published_at",
          personal=columns("published_by published_by_name", Personal.ACCOUNT),
          plain=("client_id", "language", "figures", "before", "texts", "fingerprint")),
    Table(name="briefs_remit", purpose="reporting", keep="record", park="body__park", sealed=False,
          why_unsealed="a choice that is made anew", changes=by("briefs.choose", "keys due chosen_at chosen_by_name"),
          personal={"chosen_by_name": Personal.ACCOUNT}, plain=("keys",)),
    Table(name="briefs_filing", purpose="reporting", keep="record", park="park", happened="filed_at",
          changes=by("briefs.file", "replaced_at"), personal=columns("filed_by filed_by_name", Personal.ACCOUNT),
          plain=("client_id",)),
    Table(name="briefs_filedfigure", purpose="reporting", keep="record", park="filing__park", happened="filing__filed_at",
          personal={"why": Personal.WORDS}, plain=("key",)),
)
