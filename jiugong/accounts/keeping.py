"""What this room keeps, why and how long (lib/keeping.py). Django's own tables of sign-in are declared here too."""

from jiugong.lib.keeping import Personal, Table, by

TABLES = (
    Table(name="accounts_user", purpose="access", keep="account", person="person",
          changes=by("accounts", "password last_login username name person_id is_active is_demo"),
          personal={"password": Personal.KEY, "username": Personal.NAME, "name": Personal.NAME}),
    Table(name="accounts_membership", purpose="access", keep="log", park="park", happened="since_at", person="user__person",
          changes=by("accounts.revoke", "until_at"), plain=("role",)),
    Table(name="accounts_token", purpose="access", keep="account", happened="created_at", person="user__person",
          changes=by("accounts.end_token", "expires_at"),
          personal={"hash": Personal.KEY, "name": Personal.WORDS}),
    Table(name="django_session", purpose="access", keep="working", sealed=False, why_unsealed="ends with the sign-in",
          changes=by("Django", "session_data expire_date"),
          personal={"session_key": Personal.KEY, "session_data": Personal.KEY}),
    Table(name="auth_permission", purpose="machinery", keep="record", plain=("name", "codename")),
    Table(name="auth_group", purpose="machinery", keep="record", plain=("name",)),
    Table(name="django_content_type", purpose="machinery", keep="record", plain=("app_label", "model")),
)
