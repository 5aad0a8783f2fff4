"""Where a value comes from: the documents that say it, or the reason why it was assumed. Never neither."""

import re
from dataclasses import dataclass

from jiugong.policy.plain import Plain
from jiugong.policy.reading import Entry

_PUBLISHED = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Words:
    """One text in the two languages of the house."""

    zh_hans: str
    en: str

    def as_data(self) -> dict[str, Plain]:
        """The text by language code."""
        return {"zh-hans": self.zh_hans, "en": self.en}


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A document of an authority: its title, who issued it, and the day (or month, or year) it was published."""

    title: str
    published: str
    issuer: str | None = None
    url: str | None = None

    def __str__(self) -> str:
        issuer = f"{self.issuer}，" if self.issuer else ""
        return f"《{self.title}》（{issuer}{self.published}）"

    def as_data(self) -> dict[str, Plain]:
        """The document as it is written in a pack, without what is not known."""
        known = {"title": self.title, "issuer": self.issuer, "published": self.published, "url": self.url}
        return {key: text for key, text in known.items() if text}


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a value rests on: documents, an assumption, or documents with something assumed beside them."""

    references: tuple[Reference, ...] = ()
    assumption: Words | None = None

    def __str__(self) -> str:
        assumed = (f"假定：{self.assumption.zh_hans}",) if self.assumption else ()
        return "；".join((*map(str, self.references), *assumed))

    def as_data(self) -> dict[str, Plain]:
        """The documents and the assumption as plain data; an absent one is left out."""
        data: dict[str, Plain] = {}
        if self.references:
            data["references"] = [reference.as_data() for reference in self.references]
        if self.assumption:
            data["assumption"] = self.assumption.as_data()
        return data


def read_words(entry: Entry) -> Words:
    """Read a text that must stand in both languages."""
    said = entry.fields("zh-hans", "en")
    return Words(zh_hans=said["zh-hans"].text(), en=said["en"].text())


def read_remark(entry: Entry) -> Words:
    """Read a text that may stand in one language only, as somebody wrote it."""
    if isinstance(entry.content, str):
        return Words(zh_hans=entry.text(), en=entry.text())
    return read_words(entry)


def read_reference(entry: Entry) -> Reference:
    """Read one document."""
    said = entry.fields("title", "published", optional=("issuer", "url"))
    if not _PUBLISHED.fullmatch(said["published"].text()):
        said["published"].wrong("This is not a day, a month or a year.",
                                "Write 2022-06-28, or 2022-06 or 2022 where no more is known.")
    return Reference(
        title=said["title"].text(), published=said["published"].text(),
        issuer=said["issuer"].text() if "issuer" in said else None,
        url=said["url"].text() if "url" in said else None,
    )


def read_basis(entry: Entry) -> Basis:
    """Read what a value rests on. A value with neither a reference nor an assumption does not load."""
    said = entry.pairs()
    if "reference" not in said and "assumption" not in said:
        entry.wrong("This rests on nothing.", "Add `reference:` (the document) or `assumption:` (why it is assumed).")
    references: tuple[Reference, ...] = ()
    if "reference" in said:
        cited = said["reference"]
        entries = cited.items() if isinstance(cited.content, tuple) else (cited,)
        references = tuple(read_reference(one) for one in entries)
        if not references:
            cited.wrong("No document is named here.", "Name one, or leave the key out.")
    return Basis(references=references, assumption=read_remark(said["assumption"]) if "assumption" in said else None)
