"""What this room keeps, why and how long (lib/keeping.py).

The roster is dated, not written day by day: a closed day seals the rows that held on it, and people and places as they stood
when it was closed.
"""

from jiugong.lib.keeping import Personal, Table, by, columns

UNTIL = by("ended, or begun anew", "until")
TABLES = (
    Table(name="registry_park", purpose="roster", keep="record", park="pk", stands=True, plain=("name", "timezone")),
    Table(name="registry_place", purpose="roster", keep="record", park="park", stands=True,
          changes=by("units, grids", "parent_id name key address outline path"),
          plain=("kind", "name", "key", "address", "outline", "path")),
    Table(name="registry_siting", purpose="roster", keep="record", park="site__park", holds=True, changes=UNTIL),
    Table(name="registry_unit", purpose="roster", keep="record", park="park", holds=True,
          changes=by("units", "parent_id enterprise_id name key path enterprise_kind credit_code site_id remark since until"),
          personal={"remark": Personal.WORDS},
          plain=("kind", "name", "key", "path", "enterprise_kind", "credit_code")),
    Table(name="registry_person", purpose="roster", keep="emergency", park="park", person="pk", stands=True,
          changes=by("people, rosters", "name id_sealed id_index phone_sealed phone_index remark"),
          sealed_with={"id_sealed": "id_index", "phone_sealed": "phone_index"},
          personal={"name": Personal.NAME, "id_sealed": Personal.NUMBER, "phone_sealed": Personal.PHONE,
                    **columns("id_index phone_index", Personal.INDEX), "remark": Personal.WORDS}),
    Table(name="registry_posting", purpose="roster", keep="emergency", park="park", holds=True, person="person",
          changes=UNTIL, plain=("post", "shift", "status")),
    Table(name="registry_assignment", purpose="roster", keep="emergency", park="person__park", holds=True, person="person",
          changes=UNTIL, plain=("kind", "bed")),
    Table(name="registry_body", purpose="roster", keep="record", park="park", holds=True,
          changes=by("bodies", "name key duties until"),
          personal={"duties": Personal.WORDS}, plain=("kind", "name", "key")),
    Table(name="registry_bodymember", purpose="roster", keep="emergency", park="body__park", holds=True, person="person",
          changes=UNTIL, personal={"duty": Personal.WORDS}, plain=("tier",)),
    Table(name="registry_charge", purpose="roster", keep="emergency", park="park", holds=True, person="person",
          changes=by("charges", "since until"), plain=("role",)),
    Table(name="registry_badge", purpose="roster", keep="emergency", park="park", happened="issued_at", person="person",
          changes=by("badges.withdraw", "withdrawn_at withdrawn_because"),
          personal={"code": Personal.KEY, "issued_by": Personal.ACCOUNT, "withdrawn_because": Personal.WORDS},
          plain=("kind",)),
    Table(name="registry_badgetry", purpose="access", keep="working", park="badge__park", happened="at", person="badge__person",
          sealed=False, why_unsealed="counted for a while, then forgotten",
          personal=columns("address device", Personal.INDEX)),
    Table(name="registry_mapping", purpose="machinery", keep="record", park="park", sealed=False,
          why_unsealed="an answer that is given anew", plain=("name", "headings")),
    Table(name="registry_upload", purpose="machinery", keep="working", park="park", happened="uploaded_at", sealed=False,
          why_unsealed="gone after a day; its change is sealed where it wrote it",
          changes=by("taking", "taken_at told mapping"),
          personal={"sealed": Personal.SEALED, "name": Personal.WORDS, "uploaded_by": Personal.ACCOUNT},
          plain=("kind", "mapping", "told")),
)
