"""Draw the icons with which a phone shows us on its home screen: the nine squares of `jiugong/static/jiugong.svg`.

    python -m tools.icons
"""

import struct
import zlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "jiugong" / "static" / "field"
INK, PALE, WHITE, NOTHING = (23, 32, 44, 255), (151, 156, 162, 255), (255, 255, 255, 255), (0, 0, 0, 0)
UNITS = 24                                         # the drawing is 24 units wide
SQUARES = (5, 10, 15)                              # where squares begin, 4 units wide each
CORNER = 5

Colour = tuple[int, int, int, int]


def colour_at(x: float, y: float, *, full: bool) -> Colour:
    """The colour of one point. A `full` icon has no corners: phones cut it to the shape that they like."""
    inside_x, inside_y = min(x, UNITS - x), min(y, UNITS - y)
    if not full and inside_x < CORNER and inside_y < CORNER and (CORNER - inside_x) ** 2 + (CORNER - inside_y) ** 2 > CORNER ** 2:
        return NOTHING
    if full:                                       # what matters stays inside the middle four fifths
        x, y = (UNITS / 2 + (each - UNITS / 2) * 1.3 for each in (x, y))
    column, row = ([at for at in SQUARES if at <= each < at + 4] for each in (x, y))
    if not column or not row:
        return INK
    return WHITE if column == row == [10] else PALE


def picture(size: int, *, full: bool = False) -> bytes:
    """A PNG of so many pixels."""
    rows = []
    for y in range(size):
        line = bytearray([0])
        for x in range(size):
            line += bytes(colour_at((x + .5) * UNITS / size, (y + .5) * UNITS / size, full=full))
        rows.append(bytes(line))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _part(b"IHDR", header) + _part(b"IDAT", zlib.compress(b"".join(rows), 9)) + _part(b"IEND", b"")


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for size in (180, 192, 512):
        (FOLDER / f"icon-{size}.png").write_bytes(picture(size))
    (FOLDER / "icon-maskable-512.png").write_bytes(picture(512, full=True))


if __name__ == "__main__":
    main()
