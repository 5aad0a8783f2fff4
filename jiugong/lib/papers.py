"""Papers: PDF files set by typst. Text is handed over as data, never joined into the source, so it can say anything.

The Chinese font lies beside the pages' own files; a name with a sign that it lacks falls back to the machine's fonts.
"""

import json
from collections.abc import Mapping
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "noto-sans-sc"


def pdf(template: Path, data: Mapping[str, object], *, title: str = "") -> bytes:
    """Set a typst template as PDF. The template reads `json(bytes(sys.inputs.data))`; the font is "Noto Sans SC".

    Pictures (QR codes as SVG text, for instance) go in `data` and are read with `image(bytes(…))`.
    """
    import typst  # 30 MB that only who prints needs

    made = typst.compile(template, root=template.parent, font_paths=[FONTS], format="pdf",
                         sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str), "title": title})
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made
