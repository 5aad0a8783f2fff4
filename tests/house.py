"""The house rules as a table: why a rule is, where it holds, what it forbids, and a bad and a good example of it.

`tests/test_house.py` first proves on the examples that each rule can tell them apart, then reads the house. A rule
that matters becomes a row here; an exemption is a path with its reason.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

Lines = Iterator[int]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`forbids` gives the numbers of the lines that break the rule. `but` are the exemptions: path → reason."""

    because: str
    where: tuple[str, ...]
    forbids: Callable[[str], Lines]
    bad: tuple[str, ...]
    good: tuple[str, ...]
    but: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.because


# --- how a rule reads -------------------------------------------------------------------------------------------------

def text(pattern: str) -> Callable[[str], Lines]:
    """A rule that looks for a pattern in the text, whatever it is."""
    compiled = re.compile(pattern)

    def forbids(source: str) -> Lines:
        for found in compiled.finditer(source):
            yield source.count("\n", 0, found.start()) + 1
    return forbids


def code(breaks: Callable[[ast.AST], bool]) -> Callable[[str], Lines]:
    """A rule that looks at each node of a Python file."""
    def forbids(source: str) -> Lines:
        for node in ast.walk(ast.parse(source)):
            if breaks(node):
                yield getattr(node, "lineno", 1)
    return forbids


def dotted(node: ast.AST) -> str:
    """`datetime.datetime.now` of the expression that says so; empty where it is not a plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def called(node: ast.AST) -> str:
    return dotted(node.func) if isinstance(node, ast.Call) else ""


# --- what the rules look for ------------------------------------------------------------------------------------------

ASKS_FOR_TIME = re.compile(r"(^|\.)((datetime|timezone)\.(now|utcnow|today|localtime|localdate)|date\.today"
                           r"|time\.(time|time_ns|localtime|gmtime))$")
TRANSLATES = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
SKIPS = re.compile(r"(^|\.)(mark\.(skip|skipif|xfail)|pytest\.(skip|xfail|importorskip)|unittest\.skip\w*)$")
UNNAMED = re.compile(r"%(?!\(\w+\)[sd]|%)[sdrfi]|\{\w*\}")


def asks_for_time(node: ast.AST) -> bool:
    return bool(ASKS_FOR_TIME.search(called(node)))


def knows_a_request(node: ast.AST) -> bool:
    return getattr(node, "arg", None) == "request" or (isinstance(node, ast.Name) and node.id == "request")


def translates_what_nobody_can_translate(node: ast.AST) -> bool:
    """No plain sentence at all, or one whose places have no names."""
    if called(node).rpartition(".")[2] not in TRANSLATES or not isinstance(node, ast.Call) or not node.args:
        return False
    several = "ngettext" in called(node)
    return any(not isinstance(said, ast.Constant) or UNNAMED.search(str(said.value))
               for said in node.args[:2 if several else 1])


def reaches_for_nobody(node: ast.AST) -> bool:
    return called(node).rpartition(".")[2] == "Q" and isinstance(node, ast.Call) and any(
        "__" in (keyword.arg or "") and isinstance(keyword.value, ast.Constant) and keyword.value.value is None
        for keyword in node.keywords)


def listens_to_signals(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and bool(
        re.match(r"django\.(dispatch|db\.models\.signals|db\.backends\.signals|core\.signals)", node.module or ""))


def mocks_our_own(node: ast.AST) -> bool:
    return called(node).rpartition(".")[2] in ("patch", "object", "setattr") and isinstance(node, ast.Call) and bool(
        node.args) and isinstance(node.args[0], ast.Constant) and str(node.args[0].value).startswith("jiugong.")


def skips(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and bool(SKIPS.search(dotted(node)))


PRODUCT = ("jiugong/**/*.py",)
PAGES = ("jiugong/templates/**/*.html", "jiugong/*/templates/**/*.html")
EVERYTHING = ("*.*", "Makefile", ".ci/*", "docs/**/*.md", "tools/**/*", "tests/**/*.py", "bench/**/*", "packs/**/*",
              "scenarios/**/*.py", "jiugong/**/*.txt", "jiugong/**/*.py", "jiugong/**/*.html", "jiugong/static/*.*",
              "jiugong/locale/**/*.po")
NUMBER = "34130" + "2198507150015"

RULES = [
    Rule(because="there is one clock: only lib/clock.py asks the machine for the time",
         where=(*PRODUCT, "scenarios/**/*.py"), forbids=code(asks_for_time),
         bad=("timezone.now()", "datetime.datetime.now(UTC)", "date.today()", "time.time()"),
         good=("from jiugong.lib import clock\nat = clock.now()", "time.monotonic()", "datetime.combine(day, noon)"),
         but={"jiugong/lib/clock.py": "this is the clock"}),
    Rule(because="actions, queries, models and logic do not know that there is a web",
         where=tuple(f"jiugong/*/{part}" for name in ("actions", "queries", "models", "logic", "stages")
                     for part in (f"{name}.py", f"{name}/*.py")),
         forbids=code(knows_a_request),
         bad=("def seal(request, tube): ...", "def seal(tube):\n    return request.user"),
         good=("def seal(tube, *, actor): ...", "requested = 3", "self.request_id")),
    Rule(because="a sentence that is translated is a plain one, and its places have names", where=PRODUCT,
         forbids=code(translates_what_nobody_can_translate),
         bad=('_("Tube %s is full")', '_(f"Tube {code} is full")', "gettext(message)", '_("Tube {code} is full")',
              'ngettext("one tube", "%d tubes", n)'),
         good=('_("Tube %(code)s is full")', '_("100%% sampled")', 'ngettext("one tube", "%(count)d tubes", n)'),
         but={"jiugong/http.py": "speaks the refusals that lib and policy write without Django",
              "jiugong/cli.py": "speaks them on the command line"}),
    Rule(because="pages carry no style and no script of their own: a strict content policy holds", where=PAGES,
         forbids=text(r"""\sstyle=|<style\b|<script\b(?![^>]*\ssrc=)|\son[a-z]+=["']|\shx-on[:\w-]*="""),
         bad=('<p style="color: red">', "<script>alert(1)</script>", '<b onclick="go()">', '<b hx-on:click="go()">',
              "<style>"),
         good=('<script src="{% static "jiugong.js" %}" defer></script>', '<p class="late">', '<p data-style="x">')),
    Rule(because="pages fetch nothing from outside: a park's network may have no way out",
         where=(*PAGES, "jiugong/static/*.*"),
         forbids=text(r"""(?<!xmlns=["'])https?://(?!www\.w3\.org/)"""),
         bad=('<script src="https://cdn.example/x.js">', "@import url(http://fonts.example/a.css)"),
         good=('<svg xmlns="http://www.w3.org/2000/svg">', '<img src="{% static "a.svg" %}">')),
    Rule(because="only commands print; everything else returns, notes or refuses", where=PRODUCT,
         forbids=code(lambda node: called(node) == "print"),
         bad=('print("done")',), good=('self.stdout.write("done")', "blueprint(1)"),
         but={"jiugong/cli.py": "the command line", "jiugong/house_commands.py": "the command line",
              "jiugong/story_commands.py": "the command line", "jiugong/lib/commanding.py": "how a command speaks",
              "jiugong/*/commands.py": "the command line",
              "jiugong/*/commands/*.py": "the command line", "jiugong/*/management/commands/*.py": "the command line"}),
    Rule(because="Q(a__b=None) is IS NULL, and true where there is no a: compare the row's own column, or say __isnull",
         where=PRODUCT, forbids=code(reaches_for_nobody),
         bad=("Q(person__user=None)", "models.Q(on=day, unit__park=None)"),
         good=("Q(person__user__isnull=True)", "Q(person_id=person.pk)", "Q(until_on=None)")),
    Rule(because="no number that could be somebody's ID stands outside tests and scenarios",
         where=("jiugong/**/*.py", "jiugong/**/*.html", "jiugong/static/*.*", "jiugong/locale/**/*.po", "packs/**/*",
                "docs/**/*.md", "*.md", "bench/**/*.py"),
         forbids=text(r"(?<![\w.])[1-9]\d{16}[\dXx](?!\w)"),
         bad=(f'sample = "{NUMBER}"', f"{NUMBER[:-1]}X"), good=("18446744073709551615", "20220722083000", NUMBER[:12]),
         but={"jiugong/*/tests/*.py": "tests invent people", "jiugong/*/tests/**/*.py": "tests invent people"}),
    Rule(because="the project knows no machine but the reader's, and no package registry by name", where=EVERYTHING,
         forbids=text(r"(?<![\w.*-])/wo" r"rk(?![\w-])|\.\./sha" r"red"
                      r"|\bpy" r"pi\.org|registry\.np" r"mjs|pythonhos" r"ted\.org"),
         bad=("/wo" "rk/main", "see ../sha" "red/data", "https://py" "pi.org/simple"),
         good=("/workers", "workshop/work", "/parks/1/work-teams", "shared memory")),
    Rule(because="one thing follows from another on one page, reactions.py: no Django signals", where=PRODUCT,
         forbids=code(listens_to_signals),
         bad=("from django.db.models.signals import post_save", "from django.dispatch import receiver"),
         good=("from jiugong.lib.acting import on",)),
    Rule(because="our own code is not mocked: a test that needs it has found a seam in the wrong place",
         where=("tests/**/*.py", "jiugong/**/tests/**/*.py"), forbids=code(mocks_our_own),
         bad=('mock.patch("jiugong.lib.clock.now")', 'monkeypatch.setattr("jiugong.screening.actions.seal", None)'),
         good=("with clock.standing_at(moment): ...", 'monkeypatch.setenv("JIUGONG_DEMO", "1")')),
    Rule(because="a skipped test has its reason in one place: tests/skips.py",
         where=("tests/**/*.py", "jiugong/**/tests/**/*.py"), forbids=code(skips),
         bad=('@pytest.mark.skip(reason="later")\ndef test(): ...', "pytest.skip()", 'pytest.importorskip("duckdb")'),
         good=("from tests.skips import needs_camera", "@pytest.mark.browser\ndef test(): ..."),
         but={"tests/skips.py": "this is the place"}),
]
