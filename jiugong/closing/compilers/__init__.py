"""What Django's own compilers do, and then a look whether a row of a closed day was written (`late.py`).

Here, because every write of the house passes here: an action that is written tomorrow cannot forget it. Django asks a
database's operations for the module of its compilers (`compiler_module`); `apps.py` says these.
"""

from typing import Any

from jiugong.closing import late


class Inserting:
    """Beside an INSERT: rows of a closed day are marked late."""

    query: Any

    def execute_sql(self, returning_fields: Any = None) -> Any:
        rows = super().execute_sql(returning_fields)                          # type: ignore[misc]
        if late.is_watched(self.query.model):
            late.rows_were_inserted(self.query.model, self.query.objs, returning_fields, rows)
        return rows


class Updating:
    """Beside an UPDATE: what the house itself changed in a closed day is written down."""

    query: Any

    def execute_sql(self, result_type: Any) -> Any:
        watched = late.is_watched(self.query.model) and not late.only_ciphertexts(self.query)
        before = late.rows_of(self.query) if watched else None
        count = super().execute_sql(result_type)                              # type: ignore[misc]
        if before:
            late.rows_were_changed(self.query.model, before)
        return count


class Deleting:
    """Beside a DELETE, such as retention's."""

    query: Any

    def execute_sql(self, result_type: Any, **how: Any) -> Any:
        before = late.rows_of(self.query) if late.is_watched(self.query.model) else None
        count = super().execute_sql(result_type, **how)                       # type: ignore[misc]
        if before:
            late.rows_were_removed(self.query.model, before)
        return count
