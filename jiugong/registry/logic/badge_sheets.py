"""Badges on paper: eight on an A4 page with cut lines, each with its QR code, name, enterprise and team."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

from jiugong.lib import papers

TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "registry" / "badges.typ"


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What stands on one badge: `code` is the text of its QR code, `text` what a finger can type."""

    name: str
    enterprise: str
    team: str
    code: str
    text: str


def sheets(badges: Sequence[Printed], *, park: str, words: Mapping[str, str]) -> bytes:
    """Badges as a PDF. `words` are the lines below each name, in the reader's language: `show` and `lost`."""
    rows = [asdict(badge) | {"picture": qr_picture(badge.code)} for badge in badges]
    return papers.pdf(TEMPLATE, {"park": park, "badges": rows, "words": dict(words)}, title=park)


def qr_picture(text: str, *, border: int = 0) -> str:
    """A QR code as SVG of its own size in modules; a quarter of it may be dirty and it still reads."""
    import segno  # only who prints or shows a code needs it

    drawn = BytesIO()
    segno.make(text, error="q", micro=False).save(drawn, kind="svg", border=border, xmldecl=False, svgns=True, omitsize=True,
                                                  nl=False)
    return drawn.getvalue().decode()
