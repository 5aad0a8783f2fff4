"""A process of its own that opens one workbook and tells what stands in it.

A reader of sheets takes room for every cell up to the last one. A file of a thousand bytes that names the last cell of the largest
sheet, repeats a cell a million times, or unpacks to more than it says would take all memory of the machine; another stops the
reader altogether. Here that ends this process, and nobody notices but whoever sent it. It knows nothing of the house: no
settings, no database, no keys.
"""

import pickle
import resource
import sys
from io import BytesIO

from python_calamine import CalamineWorkbook, SheetTypeEnum

MEMORY = 2 * 2**30                         # bytes: 200,000 rows of 20 columns take a third of it
SECONDS = 60                               # of the processor
TOO_MUCH = 7                               # how it ends where the memory is not enough


def tell(most_rows: int) -> None:
    """Read a workbook from standard input and write its sheets to standard output, up to one that has too many rows."""
    book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    told: list[tuple[str, object, object]] = []
    for meta in book.sheets_metadata:
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        if sheet.total_height > most_rows:
            told.append((meta.name, sheet.total_height, None))
            break
        told.append((meta.name, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges))
    sys.stdout.buffer.write(pickle.dumps(told, protocol=pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        tell(int(sys.argv[1]))
    except MemoryError:
        sys.exit(TOO_MUCH)
