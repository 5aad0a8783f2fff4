"""Squares to be scanned: the seed of an app, a link that signs in."""

from base64 import b64encode
from io import BytesIO


def svg_of(text: str) -> str:
    import segno  # only who shows a code needs it

    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", scale=5, border=2, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def code_of(text: str) -> str:
    """A code as the address of an image; pages load nothing from anywhere else."""
    return f"data:image/svg+xml;base64,{b64encode(svg_of(text).encode()).decode()}"
