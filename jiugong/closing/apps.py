from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "jiugong.closing"
    label = "closing"

    def ready(self) -> None:
        """Let every write of the house pass by whoever marks what is late, by whatever action it comes."""
        from django.db import connection

        from jiugong.closing import late
        from jiugong.lib.keeping import hear_of_raw_rows_with

        operations = type(connection.ops)
        operations.compiler_module = f"jiugong.closing.compilers.{connection.vendor}"
        hear_of_raw_rows_with(late.rows_were_appended, late.rows_were_appended_after, late.rows_end)
