"""Is every file of the history what its contract says, as it was written, and free of what an audit forbids?"""

from pathlib import Path
from typing import Any

from analytics import run
from jiugong.registry.models import Park
from jiugong.tracing.models import HistoryDay
from jiugong.tracing.queries.history import engine
from jiugong.tracing.queries.history_files import file_of, files_that_differ, is_intact


def check(park: Park) -> dict[str, Any]:
    """What is wrong with the files of a park, and which closed days are behind."""
    days = list(HistoryDay.objects.filter(park=park).select_related("park").order_by("day"))
    wrong = [{"day": each.day, "file": each.file, "what": each.what} for each in files_that_differ(park)]
    for each in days:
        if each.as_of is not None and each.rows and is_intact(each):
            wrong += [{"day": str(each.day), "file": "history/presence", "what": what}
                      for what in wrong_with(file_of(each), rows=each.rows)]
    return {"ok": not wrong, "days": len(days), "rows": sum(each.rows for each in days), "wrong": wrong,
            "behind": [each.day for each in days if each.is_behind]}


def wrong_with(file: Path, *, rows: int) -> list[str]:
    """What one file has that the contract does not know, and which audits find something in it."""
    import pyarrow.parquet as parquet

    kept = parquet.ParquetFile(file)
    if kept.schema_arrow.remove_metadata() != run.schema("presence"):
        return ["columns"]
    told = ["rows"] if kept.metadata.num_rows != rows else []
    return told + sorted(run.wrong(engine(), run.presence(files=[file])))
