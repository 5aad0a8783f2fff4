"""A brief as PDF, set by typst."""

from pathlib import Path

from jiugong.briefs.papers.content import Paper
from jiugong.briefs.wording import Table
from jiugong.lib import papers

TEMPLATE = Path(__file__).with_name("brief.typ")
COLUMNS = ("figure", "value", "unit", "before", "difference")


def brief_pdf(paper: Paper) -> bytes:
    """Set a brief on A4."""
    return papers.pdf(TEMPLATE, as_data(paper), title=paper.document["title"])


def as_data(paper: Paper) -> dict[str, object]:
    """Everything that stands on the paper, in the order in which it stands there."""
    return {
        "language": paper.language, "title": paper.document["title"], "number": paper.number,
        "issuer": paper.document["issuer"], "signed_on": paper.signed_on, "opening": paper.document["opening"],
        "colon": "：" if paper.is_chinese else ": ", "page": paper.word("page"), "annex": paper.word("annex"),
        "labels": {key: paper.word(key) for key in ("issuer", "published_by", "fingerprint")},
        "columns": [paper.word(key) for key in COLUMNS], "fingerprint": paper.fingerprint,
        "published_by": paper.published_by,
        "parts": [{
            "heading": part["heading"], "table": _plain(part["table"]),
            "clauses": [paper.clause(at, clause) for at, clause in enumerate(part["clauses"], start=1)],
            "figures": [{"name": each["name"], "unit": each["unit"], "value": f"{paper.figures[each['key']]:,}",
                         "before": f"{paper.before[each['key']]:,}", "difference": paper.change(each["key"])}
                        for each in part["figures"]]} for part in paper.document["parts"]]}


def _plain(table: Table | None) -> dict[str, object] | None:
    """A table as texts, with the widths and sides of its columns."""
    if table is None:
        return None
    words = len(table["head"]) - table["numbers"]
    return {"head": table["head"], "rows": [[text for text, _key in row] for row in table["rows"]], "words": words,
            "numbers": table["numbers"]}
