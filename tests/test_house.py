"""The house keeps its own rules: floors, walls, words and budgets (CONTRIBUTING.md says why)."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from packaging.requirements import Requirement
from packaging.version import Version

from tests.house import RULES, Rule

pytestmark = pytest.mark.pure

TOP = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())
NO_ROOMS = {"templates", "static", "locale", "__pycache__"}
ROOMS = sorted(folder.name for folder in (TOP / "jiugong").iterdir()
               if folder.is_dir() and folder.name not in NO_ROOMS and any(folder.glob("*.py")))
GROUND = {"lib", "policy"}                                      # plain Python: no tables, no floors below
SAY_NOTHING = {"utils", "helpers", "services", "managers", "signals", "mixins", "constants", "common", "misc"}
LONGEST_FILE, LONGEST_ROOM = 300, 1500
LOCKS = sorted(path.name for path in TOP.glob("requirements*.lock"))
NOT_OURS = {".git", ".venv", "var", "node_modules", "vendor", "__pycache__", "build", "dist"}


def floors() -> dict[str, int]:
    """Room → floor, as the import contract in pyproject.toml says: one definition for imports and foreign keys."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return {name.strip(" ()").rpartition(".")[2]: len(layers) - number
            for number, layer in enumerate(layers) for name in layer.split("|")}


def files(*patterns: str) -> Iterator[Path]:
    for path in sorted({path for pattern in patterns for path in TOP.glob(pattern)}):
        if path.is_file() and not NOT_OURS & set(path.relative_to(TOP).parts):
            yield path


def name_of(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


def python() -> list[Path]:
    return [path for path in files("*.py", "jiugong/**/*.py", "tests/**/*.py", "tools/**/*.py", "bench/**/*.py",
                                   "scenarios/**/*.py") if "migrations" not in path.parts]


def first_docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text())) or ""


# --- the rules as a table ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_rule_can_tell_good_from_bad(rule: Rule) -> None:
    assert [example for example in rule.bad if not any(rule.forbids(example))] == []
    assert [example for example in rule.good if any(rule.forbids(example))] == []


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    exempt = {path for pattern in rule.but for path in files(pattern)}
    broken = [f"{name_of(path)}:{line}" for path in files(*rule.where) if path not in exempt
              for line in rule.forbids(path.read_text(errors="ignore"))]

    assert not broken, f"{rule.because}:\n" + "\n".join(broken)


# --- floors and walls -------------------------------------------------------------------------------------------------

def test_imports_go_down_the_stairs() -> None:
    checked = subprocess.run([Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"],
                             cwd=TOP, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_room_stands_on_a_floor() -> None:
    assert set(ROOMS) - set(floors()) == set(), "Give the room its floor in pyproject.toml, [tool.importlinter]."
    assert {app.label for app in apps.get_app_configs() if app.name.startswith("jiugong.")} <= set(floors())


def test_foreign_keys_point_down() -> None:
    floor = floors()
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("jiugong.")}
    upward = [f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
              for model in apps.get_models() if model._meta.app_label in ours
              for field in model._meta.get_fields()
              if field.is_relation and not field.auto_created and field.related_model
              and (target := field.related_model._meta.app_label) in ours and target != model._meta.app_label
              and floor[target] >= floor[model._meta.app_label]]

    assert not upward, "A lower floor does not know who lives above:\n" + "\n".join(upward)


# --- rooms ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("room", ROOMS)
def test_a_room_introduces_itself(room: str) -> None:
    said = importlib.import_module(f"jiugong.{room}").__doc__ or ""

    lines = [line for line in said.splitlines() if line.strip()]
    assert 3 <= len(lines) <= 20, "Say in about five lines why the room exists."
    assert room in GROUND or "Words:" in said, "Name the words that the room uses: `Words: …`"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_its_page(room: str) -> None:
    assert (TOP / f"docs/rooms/{room}.md").exists()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_not_a_hall(room: str) -> None:
    inside = [path for path in files(f"jiugong/{room}/**/*.py") if not {"tests", "migrations"} & set(path.parts)]
    lines = sum(len(path.read_text().splitlines()) for path in inside)

    why = importlib.import_module(f"jiugong.{room}").__doc__ or ""
    assert lines <= LONGEST_ROOM or "Long because" in why, (
        f"{lines} lines. Split the room, or say in its first docstring: Long because …")


def test_module_names_say_what_is_inside() -> None:
    assert [name_of(path) for path in python() if path.stem in SAY_NOTHING
            or set(path.relative_to(TOP).parent.parts) & SAY_NOTHING] == []


def test_files_are_short_or_say_why() -> None:
    long = [f"{name_of(path)}: {lines} lines" for path in python()
            if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
            and "Long because" not in first_docstring(path)]

    assert not long, "Split by noun, or say in the first docstring: Long because …\n" + "\n".join(long)


# --- migrations -------------------------------------------------------------------------------------------------------

def test_migrations_are_named_for_what_they_do() -> None:
    assert [name_of(path) for path in files("jiugong/*/migrations/0*.py")
            if not re.fullmatch(r"\d{4}_[a-z][a-z0-9_]*", path.stem) or "_auto_" in path.stem] == []


def test_migrations_import_nothing_of_ours() -> None:
    """What they name must still be there in ten years. A field of our own deconstructs to the plain one it is."""
    ours = re.compile(r"^\s*(from|import)\s+jiugong\b", re.MULTILINE)

    assert [name_of(path) for path in files("jiugong/*/migrations/0*.py") if ours.search(path.read_text())] == []


# --- what a stranger finds first --------------------------------------------------------------------------------------

@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE",
                                  "docs/words.md", "docs/reference.md"])
def test_the_page_is_there(page: str) -> None:
    assert (TOP / page).read_text().strip()


def test_pages_bring_files_that_are_there() -> None:
    brought = {(name_of(page), file) for page in files("jiugong/templates/**/*.html", "jiugong/*/templates/**/*.html")
               for file in re.findall(r"{% static ['\"]([^'\"{]+)['\"]", page.read_text())}

    assert brought
    assert {each for each in brought if not (TOP / "jiugong" / "static" / each[1]).is_file()} == set()


def test_links_between_pages_lead_somewhere() -> None:
    broken = [f"{name_of(page)}: {target}" for page in files("*.md", "docs/**/*.md")
              for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
              if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()]

    assert not broken, "\n".join(broken)


# --- locks ------------------------------------------------------------------------------------------------------------

def pinned(lock: str) -> dict[str, Version]:
    return {name.lower(): Version(version)
            for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", (TOP / lock).read_text(), re.MULTILINE)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_hashed_and_names_no_host(lock: str) -> None:
    said = (TOP / lock).read_text()
    entries = [(entry.split()[0], entry) for entry in re.split(r"\n(?=\S)", said.strip())]

    assert [name for name, entry in entries if "==" not in name or "--hash=sha256:" not in entry] == []
    assert "://" not in said


@pytest.mark.parametrize(("lock", "needs"), [
    ("requirements.lock", PROJECT["project"]["dependencies"]),
    ("requirements-dev.lock", PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]),
])
def test_a_lock_answers_the_project(lock: str, needs: list[str]) -> None:
    have = pinned(lock)
    wanted = [Requirement(need) for need in needs]

    assert [str(need) for need in wanted if need.name.lower() not in have
            or not need.specifier.contains(have[need.name.lower()], prereleases=True)] == [], "Make the locks anew."


def test_uv_lock_stays_at_home() -> None:
    ignored = (TOP / ".gitignore").read_text().splitlines()

    assert "uv.lock" in ignored
