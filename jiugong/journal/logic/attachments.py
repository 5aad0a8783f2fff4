"""What may be attached to a notice, told by what is in it and not by its name: a PDF, a Word document, a picture."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
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
            names = {part.filename for part in packed.infolist()}
            size = sum(part.file_size for part in packed.infolist())
    except (BadZipFile, ValueError, OSError):
        return False
    return ({"[Content_Types].xml", "word/document.xml"} <= names and size <= MOST_UNPACKED
            and not any(name.endswith("vbaProject.bin") for name in names))


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
