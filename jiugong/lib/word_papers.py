"""Papers as Word files that an office can go on writing in: real styles, headings, tables, and Chinese fonts by name."""

from collections.abc import Container, Sequence
from io import BytesIO
from typing import Any

# the fonts that offices file in (GB/T 9704): title, heading, text; a machine without them shows its own
TITLE, HEADING, TEXT, LATIN = "方正小标宋简体", "黑体", "仿宋", "Times New Roman"


def new_book(*, title: str, author: str, is_chinese: bool, comments: str = "") -> Any:
    """An empty paper, its styles dressed. Its styles: Title, Subtitle, Heading 1, Body Text, Normal, Signature, Caption."""
    from docx import Document as new_document  # lxml is 10 MB that only who writes Word needs

    book = new_document()
    _dress(book)
    book.core_properties.title, book.core_properties.author = title, author
    book.core_properties.language, book.core_properties.comments = ("zh-CN" if is_chinese else "en-GB"), comments
    return book


def content_of(book: Any) -> bytes:
    """The paper as a file."""
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _dress(book: Any) -> None:
    """Give the styles their fonts, sizes and spaces, and the page its size and margins."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    page = book.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(28), Mm(26), Mm(37), Mm(35)
    book.styles.add_style("Signature", WD_STYLE_TYPE.PARAGRAPH).base_style = book.styles["Normal"]
    for name, font, size, bold in (("Normal", TEXT, 14, False), ("Body Text", TEXT, 14, False), ("Title", TITLE, 22, True),
                                   ("Subtitle", TEXT, 12, False), ("Heading 1", HEADING, 15, True),
                                   ("Signature", TEXT, 14, False), ("Caption", TEXT, 9, False)):
        style = book.styles[name]
        _font(style, font)
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = _black()
        style.paragraph_format.line_spacing, style.paragraph_format.space_after = 1.4, Pt(4)
    book.styles["Body Text"].paragraph_format.first_line_indent = Pt(28)          # two signs of the text
    book.styles["Heading 1"].paragraph_format.keep_with_next = True
    for name in ("Title", "Subtitle"):
        book.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _no_border(book.styles[name])
    book.styles["Signature"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    book.styles["Signature"].paragraph_format.keep_with_next = True


def _font(style: Any, chinese: str) -> None:
    """Latin and Chinese signs have a font each, and a style's theme fonts would win over both."""
    from docx.oxml.ns import qn

    style.font.name = LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), chinese)


def _no_border(style: Any) -> None:
    from docx.oxml.ns import qn

    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _black() -> Any:
    from docx.shared import RGBColor

    return RGBColor(0, 0, 0)


def add_table(book: Any, head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Container[int] = ()) -> None:
    """A ruled table with its heading on every page; columns of `numbers` stand to the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    table = book.add_table(rows=1, cols=len(head), style="Table Grid")
    repeat = OxmlElement("w:tblHeader")                          # the heading stands again on every page
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for at, line in enumerate((head, *rows)):
        cells = table.rows[0].cells if at == 0 else table.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, line, strict=True)):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.bold, run.font.size = at == 0, Pt(11)
            paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), 1.1
            if column in numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    book.add_paragraph("", style="Caption")
