"""Write docs/reference.md from the code: settings, capabilities, refusals, commands, figures, stages.

    python -m tools.reference

A section whose room does not exist yet is left out; `tests/test_reference.py` says when the page is stale.
"""

import argparse
import os
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

from jiugong.lib.refusal import Refusal

TOP = Path(__file__).resolve().parent.parent
PAGE = TOP / "docs" / "reference.md"
HEAD = """# Reference

Made from the code by `make fix`; do not edit. Settings come from the environment only. What a capability or a refusal
is *for* stands beside it in the code.
"""

Section = tuple[str, list[str]]


def page() -> str:
    """The whole page as it should be, in English."""
    _open_the_house()
    from django.utils import translation

    parts = [HEAD]
    with translation.override("en"):
        for title, lines in (settings(), capabilities(), stages(), figures(), refusals(), commands(), kept()):
            if lines:
                parts.append("\n".join([f"## {title}", "", *lines, ""]))
    return "\n".join(parts)


# --- sections ---------------------------------------------------------------------------------------------------------

def settings() -> Section:
    known = getattr(_module("jiugong.settings"), "SETTINGS", [])
    rows = [(f"`{each.name}`", _type_name(each.type), f"`{each.default}`" if str(each.default) else "–", each.meaning)
            for each in known]
    return "Settings", _table(("name", "type", "default", "meaning"), rows)


def capabilities() -> Section:
    powers, roles = _module("jiugong.lib.can"), getattr(_module("jiugong.accounts.roles"), "ROLES", {})
    if powers is None:
        return "Capabilities", []
    head = ("capability", *(f"{role.label}" for role in roles))
    rows = [(f"`{power.value}`", *("✓" if power in held else "" for held in roles.values())) for power in powers.Can]
    return "Capabilities and who holds them", _table(head, rows)


def stages() -> Section:
    lines: list[str] = []
    for name in _modules("stages"):
        life = getattr(_module(name), "NEXT", None)
        if isinstance(life, Mapping):
            rows = [(f"`{stage}`", ", ".join(f"`{after}`" for after in sorted(afters)) or "(the end)")
                    for stage, afters in life.items()]
            lines += ["", f"### {name.split('.')[1]}", "", *_table(("stage", "may become"), rows)]
    return "Stages", lines[1:]


def figures() -> Section:
    known = getattr(_module("jiugong.briefs.figures"), "FIGURES", [])
    every = known.values() if isinstance(known, Mapping) else known
    rows = [(f"`{each.key}`", each.zh, each.en, getattr(each, "unit_zh", "")) for each in every]
    return "Figures", _table(("key", "zh", "en", "unit"), rows)


def refusals() -> Section:
    for name in _modules("*"):
        _module(name)                                  # whoever refuses must have been read to be found
    rows = sorted({(f"`{each.code}`", _one_line(str(each.message))) for each in _heirs(Refusal)
                   if each.__module__.startswith("jiugong.") and ".tests." not in each.__module__
                   and "code" in vars(each)})
    return "Refusals", _table(("code", "sentence"), rows)


def commands() -> Section:
    make = getattr(_module("jiugong.cli"), "parser", None)
    rows = [(f"`{words}`", said) for words, said in _walk(make())] if make else []
    return "Commands", _table(("command", "what it does"), rows)


def kept() -> Section:
    known = _module("jiugong.lib.keeping")
    if known is None:
        return "What is kept", []
    rows = []
    for table in sorted(known.tables().values(), key=lambda each: each.name):
        keep, purpose = known.RETENTIONS[table.keep], known.PURPOSES[table.purpose]
        day = table.happened or ("held on the day" if table.holds else "stood at its close" if table.stands else "–")
        seal = "sealed" if table.is_sealed_by_day else table.why_unsealed or "no day"
        told = ", ".join(f"{column} ({kind})" for column, kind in table.personal.items())
        rows.append((f"`{table.name}`", f"`{table.park}`" if table.park else "–", day, seal, ", ".join(table.changes) or "–",
                     told or "–", purpose.en, keep.en))
    rows += [(f"`{each.path}`", "–", "–", "a file", "–", each.holds, known.PURPOSES[each.purpose].en,
              known.RETENTIONS[each.keep].en)
             for each in known.FILES]
    return "What is kept", _table(("table", "park", "happened", "in the seal", "may change", "personal", "purpose", "kept"), rows)


# --- how it reads the house -------------------------------------------------------------------------------------------

def _open_the_house() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiugong.settings")
    import django

    django.setup()
    for door in ("jiugong.urls", "jiugong.house_commands", "jiugong.story_commands", "scenarios.opening"):
        import_module(door)                  # refusals that stand at the door are heirs only once they were read


def _module(name: str) -> ModuleType | None:
    """The module, or nothing where it does not exist yet. An error inside it is an error."""
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name and name.startswith(missing.name):
            return None
        raise


def _modules(tail: str) -> list[str]:
    """Every room's module (or every file of its package) of that name."""
    rooms = TOP / "jiugong"
    found = [path.relative_to(TOP) for path in (*rooms.glob(f"*/{tail}.py"), *rooms.glob(f"*/{tail}/*.py"))]
    return sorted({".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in found
                   if not {"tests", "migrations", "management"} & set(path.parts)})


def _heirs(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for heir in kind.__subclasses__():
        yield heir
        yield from _heirs(heir)


def _walk(parser: argparse.ArgumentParser, said: str = "") -> Iterator[tuple[str, str]]:
    branches = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not branches:
        usage = " ".join(parser.format_usage().removeprefix("usage:").split()).replace(" [-h]", "")
        yield usage, said or parser.description or ""
    for branch in branches:
        helps = {each.dest: each.help or "" for each in branch._choices_actions}
        for name, below in branch.choices.items():
            yield from _walk(below, helps.get(name, ""))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    body = [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    titles = list(head)
    return [f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}", *body] if body else []


def _cell(text: object) -> str:
    return _one_line(str(text)).replace("|", "\\|")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _type_name(kind: object) -> str:
    return getattr(kind, "__name__", str(kind))


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page())
