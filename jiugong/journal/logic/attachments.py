"""What may be attached to a notice, told by what is in it and not by its name: a PDF, a Word document, a picture."""

import re
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TELLS = (".rels", "[content_types].xml")                       # the parts of a document that say what it is made of
A_TIE = re.compile(rb"""<(?:\w+:)?Relationship\b(?:"[^"]*"|'[^']*'|[^>"'])*>""")
OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External""", re.IGNORECASE)
A_LINK = re.compile(rb"""Type\s*=\s*["'][^"']*/hyperlink["']""")
ENDINGS = {"application/pdf": ".pdf", WORD: ".docx", "image/png": ".png", "image/jpeg": ".jpg"}


def kind_of(content: bytes) -> str:
    """The type of a content that may be attached; empty for everything else, for what is too large, and for macros."""
    if not content or len(content) > MOST_BYTES:
        return ""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return WORD if content.startswith(b"PK") and _is_word(content) else ""


def _is_word(content: bytes) -> bool:
    try:
        with ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if not {"[Content_Types].xml", "word/document.xml"} <= names or sum(part.file_size for part in parts) > MOST_UNPACKED:
                return False
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return False
            return not any(_does_more(packed.read(part)) for part in parts if part.filename.lower().endswith(TELLS))
    except (BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        return False


def _does_more(told: bytes) -> bool:
    """Does a document run something, or fetch something when it is opened, as a template with macros or a picture that counts who
    opened it? A link that somebody presses may lead outside.
    """
    if b"\0" in told or b"vbaproject" in told.lower() or b"macroenabled" in told.lower():
        return True
    return any(b"&#" in tie or (OUTSIDE.search(tie) and not A_LINK.search(tie)) for tie in A_TIE.findall(told))


def name_for(name: str, kind: str) -> str:
    """A name under which the file may be kept on any device: no folders, no signs that steer, the ending of its true type."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    stem = "".join(sign for sign in bare if sign.isprintable() and sign not in '<>:"|?*').strip(". ")
    ending = ENDINGS[kind]
    known = (ending, ".jpeg") if ending == ".jpg" else (ending,)
    for each in known:
        if stem.lower().endswith(each):
            stem = stem[:-len(each)]
    return f"{stem[:100].strip('. ') or 'attachment'}{ending}"
