"""Reading printed papers back: what a camera sees on the first page of a PDF."""

import struct
import zlib
from itertools import accumulate
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
    raw, size, above, reds = zlib.decompress(packed), 4 * width, bytes(width), bytearray()
    for start in range(0, height * (size + 1), size + 1):
        above = _row(raw[start], raw[start + 1:start + 1 + size:4], above)
        reds += above
    return memoryview(bytes(reds)).cast("B", [height, width])


def _row(by: int, told: bytes, above: bytes) -> bytes:
    """One colour of a row from what is told of it: as it is, or beside the point at its left, above it, or both."""
    if by == 0 or (by == 2 and not any(told)):
        return above if by else told
    if by == 1:
        summed: list[int] = list(accumulate(told, lambda left, one: left + one & 255))
        return bytes(summed)
    if by == 2:
        return bytes(one + up & 255 for one, up in zip(told, above, strict=True))
    row, left, corner = bytearray(), 0, 0
    for one, up in zip(told, above, strict=True):
        if by == 3:
            near = (left + up) // 2
        else:                                          # Paeth's: the one that is nearest to left + up - corner
            to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - corner - corner)
            near = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
        left, corner = one + near & 255, up
        row.append(left)
    return bytes(row)
