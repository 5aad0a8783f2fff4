"""Collect the sentences that people see, and keep jiugong/locale in step with them. Needs no gettext on the machine.

    python -m tools.messages            update django.po (translations stay) and compile django.mo

English sentences in code and templates are the msgids. `lib` and `policy` know no Django: there the `message` of a
refusal is a plain string, translated where refusals are spoken (`jiugong/http.py`, `jiugong/cli.py`), and found here.
What is not translated yet is listed at the end, and `tests/test_translations.py` fails until it is.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import polib
from babel.messages.extract import extract_python

TOP = Path(__file__).resolve().parent.parent
CATALOG = TOP / "jiugong" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLAIN_ROOMS = ("lib", "policy")
NOT_SHOWN = {"tests", "migrations", "static", "__pycache__"}
PLACES = re.compile(r"%\((\w+)\)[sd]")
TRANSLATORS = dict.fromkeys(
    ["_", *(f"{kind}gettext{when}" for kind in ("", "n", "p", "np") for when in ("", "_lazy")), "gettext_noop"])
METADATA = {"Project-Id-Version": "jiugong", "Language": "zh_Hans", "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=1; plural=0;"}


@dataclass(frozen=True, order=True)
class Sentence:
    """What is to be translated: its text, its plural where it has one, and the context that tells two apart."""

    text: str
    plural: str = ""
    context: str = ""

    def places(self) -> set[str]:
        """The named places that a translation must keep."""
        return set(PLACES.findall(self.text)) | set(PLACES.findall(self.plural))


def collected() -> dict[Sentence, list[str]]:
    """Every sentence of the product, with the files that say it."""
    found: dict[Sentence, set[str]] = {}
    for path in sorted((TOP / "jiugong").rglob("*")):
        if path.suffix in (".py", ".html", ".txt") and not NOT_SHOWN & set(path.relative_to(TOP).parts):
            for sentence in _sentences(path):
                found.setdefault(sentence, set()).add(path.relative_to(TOP).as_posix())
    return {sentence: sorted(found[sentence]) for sentence in sorted(found)}


def updated(catalog: polib.POFile) -> polib.POFile:
    """A catalogue with exactly the sentences of today; translations come along where the sentence is the same."""
    known = {sentence_of(entry): entry for entry in catalog if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=120)
    fresh.metadata = METADATA
    for sentence, files in collected().items():
        entry = polib.POEntry(msgid=sentence.text, msgctxt=sentence.context or None,
                              occurrences=[(file, "") for file in files])
        if PLACES.search(sentence.text + sentence.plural):
            entry.flags.append("python-format")
        before = known.get(sentence)
        if sentence.plural:
            entry.msgid_plural = sentence.plural
            entry.msgstr_plural = {0: before.msgstr_plural.get(0, "") if before else ""}
        else:
            entry.msgstr = before.msgstr if before else ""
        fresh.append(entry)
    return fresh


def read() -> polib.POFile:
    return polib.pofile(str(CATALOG)) if CATALOG.exists() else polib.POFile()


def missing(catalog: polib.POFile) -> list[str]:
    """The sentences without a translation that could be used."""
    return [entry.msgid for entry in catalog if not entry.obsolete and not entry.translated()]


def write(catalog: polib.POFile) -> None:
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    catalog.save(str(CATALOG))
    catalog.save_as_mofile(str(CATALOG.with_suffix(".mo")))


# --- where sentences stand --------------------------------------------------------------------------------------------

def _sentences(path: Path) -> Iterator[Sentence]:
    source = path.read_text()
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    for line, function, texts, _ in extract_python(io.BytesIO(source.encode()), TRANSLATORS, [], {}):
        said = cast("str | tuple[str, ...] | None", texts)     # one text comes bare, whatever Babel's types say
        if said is None:                                       # a sentence that came from elsewhere is spoken here
            continue
        yield _sentence(str(function), [said] if isinstance(said, str) else [*said], where=f"{path}:{line}")
    if path.suffix == ".py" and path.relative_to(TOP).parts[1] in PLAIN_ROOMS:
        yield from _plain_messages(source)


def _sentence(function: str, said: list[str], *, where: str) -> Sentence:
    context = said.pop(0) if "pgettext" in function else ""
    if not said or not said[0]:
        raise SystemExit(f"{where}: a sentence that is translated must be a plain string.")
    plural = said[1] if function.startswith("n") and len(said) > 1 else ""
    return Sentence(text=said[0], plural=plural or "", context=context or "")


def _plain_messages(source: str) -> Iterator[Sentence]:
    for kind in ast.walk(ast.parse(source)):
        if isinstance(kind, ast.ClassDef):
            for line in kind.body:
                match line:
                    case (ast.Assign(targets=[ast.Name(id="message")], value=ast.Constant(value=str(said)))
                          | ast.AnnAssign(target=ast.Name(id="message"), value=ast.Constant(value=str(said)))):
                        yield Sentence(text=said)


def sentence_of(entry: polib.POEntry) -> Sentence:
    return Sentence(text=entry.msgid, plural=entry.msgid_plural or "", context=entry.msgctxt or "")


def main() -> int:
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    catalog = updated(read())
    write(catalog)
    todo = missing(catalog)
    print(f"{len(catalog)} sentences, {len(todo)} without a translation" + (":" if todo else "."))
    for sentence in todo:
        print(f"  {sentence}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
