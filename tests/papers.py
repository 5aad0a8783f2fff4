"""Reading printed papers back: what a camera sees on the first page of a PDF."""

import struct
import zlib
from pathlib import Path

import typst
import zxingcpp


def codes_on(content: bytes, folder: Path, *, page: int = 1) -> list[str]:
    """What a camera reads on the first page of a PDF, or on another one."""
    (folder / "sheet.pdf").write_bytes(content)
    (folder / "seen.typ").write_text('#set page(width: 210mm, height: 297mm, margin: 0pt)\n'
                                     f'#image("sheet.pdf", page: {page}, width: 210mm)')
    seen = typst.compile(folder / "seen.typ", root=folder, format="png", ppi=150)
    assert isinstance(seen, bytes)
    return [found.text for found in zxingcpp.read_barcodes(_grey(seen))]


def _grey(png: bytes) -> memoryview:
    """The red of each point of an eight-bit RGBA picture, as rows (PNG, section 9: each row tells by which neighbours)."""
    width, height = struct.unpack(">II", png[16:24])
    packed, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        packed += png[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw, size, above, reds = zlib.decompress(packed), 4 * width, bytearray(4 * width), bytearray()
    for start in range(0, height * (size + 1), size + 1):
        by, row = raw[start], bytearray(raw[start + 1:start + 1 + size])
        for n in range(size) if by else ():
            left, up, corner = row[n - 4] if n > 3 else 0, above[n], above[n - 4] if n > 3 else 0
            near = min((left, up, corner), key=lambda each: abs(left + up - corner - each))
            row[n] = row[n] + (0, left, up, (left + up) // 2, near)[by] & 255
        reds += row[::4]
        above = row
    return memoryview(bytes(reds)).cast("B", [height, width])
