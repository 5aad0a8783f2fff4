"""What this room keeps, why and how long (lib/keeping.py). Nobody's data: files, their sizes and sums."""

from jiugong.lib.keeping import Personal, Table, by, columns

TABLES = (
    Table(name="lasting_backup", purpose="machinery", keep="record", happened="made_at", sealed=False,
          why_unsealed="a list of files; each change of it stands in the journal",
          changes=by("backing_up", "erased_at erased_because"), personal={"made_by": Personal.ACCOUNT},
          plain=("path", "sha256", "key", "erased_because")),
    Table(name="lasting_drill", purpose="machinery", keep="record", happened="at", sealed=False,
          why_unsealed="a list of trials; each stands in the journal", personal={"by": Personal.ACCOUNT}, plain=("found",)),
    # The names of the two who decide stay, with the report: they are its proof.
    Table(name="lasting_ending", purpose="audit", keep="record", park="park", happened="proposed_at",
          changes=by("endings", "confirmed_by confirmed_by_name confirmed_at withdrawn_at"),
          personal={**columns("proposed_by proposed_by_name confirmed_by confirmed_by_name", Personal.ACCOUNT),
                    "reason": Personal.WORDS}),
    Table(name="lasting_erasure", purpose="audit", keep="record", park="park", happened="proposed_at",
          changes=by("erasing", "stage listed list_sha256 released_by released_by_name released_at auditor steps done ended_at "
                                "report"),
          personal=columns("proposed_by proposed_by_name released_by released_by_name auditor", Personal.ACCOUNT),
          plain=("stage", "listed", "list_sha256", "steps", "done", "report")),
    Table(name="lasting_objection", purpose="audit", keep="emergency", park="park", happened="written_at", person="person",
          changes=by("objecting.answer", "granted answer answered_at answered_by answered_by_name"),
          personal={**columns("text answer", Personal.WORDS), **columns("answered_by answered_by_name", Personal.ACCOUNT)},
          plain=("client_id", "purpose")),
)
