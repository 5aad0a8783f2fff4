"""What this room keeps, why and how long (lib/keeping.py)."""

from jiugong.lib.keeping import Personal, Table, by, columns

DECIDED = columns("decided_by decided_by_name", Personal.ACCOUNT)
PLAN_CHANGES = by("plans, adopting", "stage sections since until release because_id touched due_on drafted_by drafted_by_name "
                  "drafted_at submitted_at decided_by decided_by_name decided_at returned_because")
PLAN_PERSONAL = {**columns("drafted_by drafted_by_name decided_by decided_by_name", Personal.ACCOUNT),
                 **columns("sections returned_because", Personal.WORDS)}
TABLES = (
    Table(name="rulebook_adoption", purpose="rules", keep="record", park="park", happened="adopted_at",
          personal={"adopted_by": Personal.ACCOUNT}, plain=("release", "effect_fingerprint", "words_fingerprint")),
    Table(name="rulebook_supplement", purpose="rules", keep="record", park="park", happened="decided_at",
          changes=by("supplements", "rule value title issuer published url note until decided_by decided_by_name decided_at"),
          personal={**DECIDED, "note": Personal.WORDS},
          plain=("key", "rule", "value", "title", "issuer", "published", "url")),
    Table(name="rulebook_enterpriseplan", purpose="rules", keep="record", park="park", happened="drafted_at",
          changes={**PLAN_CHANGES, "regime": "plans"}, personal=PLAN_PERSONAL, plain=("stage", "release", "touched", "regime")),
    Table(name="rulebook_parkplan", purpose="rules", keep="record", park="park", happened="drafted_at",
          changes=PLAN_CHANGES, personal=PLAN_PERSONAL, plain=("stage", "release", "touched", "kind")),
    Table(name="rulebook_grading", purpose="rules", keep="record", park="park", happened="decided_at",
          changes=by("deciding", "until"), personal={**DECIDED, "reason": Personal.WORDS}, plain=("risk",)),
    Table(name="rulebook_zoning", purpose="rules", keep="record", park="park", happened="decided_at",
          changes=by("deciding", "until"), personal=DECIDED, plain=("level", "title", "issuer", "published")),
)
