"""What this room keeps, why and how long (lib/keeping.py). Nobody's data: files, their sizes and sums."""

from jiugong.lib.keeping import Personal, Table, by

TABLES = (
    Table(name="lasting_backup", purpose="machinery", keep="record", happened="made_at", sealed=False,
          why_unsealed="a list of files; each change of it stands in the journal",
          changes=by("backing_up", "erased_at erased_because"), personal={"made_by": Personal.ACCOUNT},
          plain=("path", "sha256", "key", "erased_because")),
    Table(name="lasting_drill", purpose="machinery", keep="record", happened="at", sealed=False,
          why_unsealed="a list of trials; each stands in the journal", personal={"by": Personal.ACCOUNT}, plain=("found",)),
)
