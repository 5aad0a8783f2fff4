"""A brief as a Word file that an office can go on writing in: real styles, headings, tables, and Chinese fonts by name."""

from jiugong.briefs.papers.content import Paper
from jiugong.briefs.papers.pdf import COLUMNS
from jiugong.lib.word_papers import add_table, content_of, new_book


def brief_docx(paper: Paper) -> bytes:
    """Write a brief as Word."""
    book = new_book(title=paper.document["title"], author=paper.document["issuer"], is_chinese=paper.is_chinese,
                    comments=paper.fingerprint)
    book.add_paragraph(paper.document["title"], style="Title")
    book.add_paragraph(paper.number, style="Subtitle")
    colon = "：" if paper.is_chinese else ": "
    book.add_paragraph(f"{paper.word('issuer')}{colon}{paper.document['issuer']}    {paper.word('date')}{colon}{paper.signed_on}",
                       style="Subtitle")
    book.add_paragraph(paper.document["opening"], style="Body Text" if paper.is_chinese else "Normal")
    for part in paper.document["parts"]:
        book.add_paragraph(part["heading"], style="Heading 1")
        for at, clause in enumerate(part["clauses"], start=1):
            book.add_paragraph(paper.clause(at, clause), style="Body Text" if paper.is_chinese else "Normal")
        if part["table"]:
            words = len(part["table"]["head"]) - part["table"]["numbers"]
            add_table(book, part["table"]["head"], [[text for text, _key in row] for row in part["table"]["rows"]],
                      numbers=range(words, len(part["table"]["head"])))
        if part["figures"]:
            add_table(book, [paper.word(key) for key in COLUMNS], [
                [each["name"], f"{paper.figures[each['key']]:,}", each["unit"], f"{paper.before[each['key']]:,}",
                 paper.change(each["key"])] for each in part["figures"]], numbers=(1, 3, 4))
    book.add_paragraph(paper.word("annex"), style="Normal")
    for text in ("", paper.document["issuer"], paper.signed_on):
        book.add_paragraph(text, style="Signature")
    if paper.fingerprint:
        book.add_paragraph(f"{paper.word('published_by')}{colon}{paper.published_by}    "
                           f"{paper.word('fingerprint')}{colon}{paper.fingerprint}", style="Caption")
    return content_of(book)
