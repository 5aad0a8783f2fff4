"""Nobody sets a person's status by hand: it is computed from evidence and rules, each time somebody asks.

In 2022 people were given red codes by order. Here no form, operation, command or action takes a standing or a verdict about a
person, no table keeps one, and the room that computes it writes nothing. What is entered is what happened: a temperature, a
swab, a result, an excuse with its reason.
"""

import argparse
import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

import jiugong
from jiugong.api import api
from jiugong.cli import parser
from jiugong.lib import clock
from jiugong.standing.logic import Holding
from jiugong.standing.queries import standing_of
from tests.cast import Town

HOUSE = Path(jiugong.__file__).parent
A_STANDING = {"standing", "verdict", "holding", "colour", "color", "code_colour", "health_code", "code_status", "red", "yellow",
              "green", "risk_of_person", "person_status", "is_contact", "contact_level", "controlled_until"}
VALUES = {Holding.OWES.value, Holding.RETEST.value, Holding.EXCUSED.value, "missing", "held", "red", "yellow", "green"}
# What is called so and says nothing of a person: each with its reason.
OTHERS = {("point", "standing"): "of a sampling point: its hours, its desks, from when until when"}


def sets_a_standing(name: str, values: tuple[str, ...] = ()) -> bool:
    """Would an input of this name, or with these choices, let somebody say what holds for a person?"""
    words = set(name.lower().replace("-", "_").split("_"))
    return name.lower().replace("-", "_") in A_STANDING or bool(words & {"standing", "verdict"}) or len(
        VALUES & {value.lower() for value in values}) >= 2


@pytest.mark.pure
@pytest.mark.parametrize(("name", "values"), [
    ("standing", ()), ("health_code", ()), ("person_status", ()), ("new-verdict", ()), ("colour", ()),
    ("what", ("red", "yellow", "green")), ("state", ("owes", "excused", "done"))])
def test_the_rule_knows_an_input_that_would_set_a_status(name: str, values: tuple[str, ...]) -> None:
    assert sets_a_standing(name, values)


@pytest.mark.pure
@pytest.mark.parametrize(("name", "values"), [
    ("temperature", ()), ("status", ("on_duty", "on_leave", "off_post", "isolated")), ("value", ("negative", "positive")),
    ("understanding_of", ()), ("reason", ()), ("result", ("negative", "positive", "invalid")), ("red_tape", ())])
def test_the_rule_lets_pass_what_happened_and_where_somebody_works(name: str, values: tuple[str, ...]) -> None:
    assert not sets_a_standing(name, values)


# every way in ---------------------------------------------------------------------------------------------------------

def modules(*names: str) -> Iterator[Any]:
    """The modules of all rooms of a kind: `actions`, `forms`."""
    for found in pkgutil.walk_packages([str(HOUSE)], "jiugong."):
        parts = found.name.split(".")
        if "tests" not in parts and "migrations" not in parts and any(each in parts or parts[-1].endswith(each) for each in names):
            yield importlib.import_module(found.name)


def of_forms() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for module in modules("forms"):
        for name, form in inspect.getmembers(module, inspect.isclass):
            if issubclass(form, forms.Form) and form.__module__ == module.__name__:
                for field, kind in form.base_fields.items():
                    choices = tuple(str(value) for value, _label in getattr(kind, "choices", ()) or ())
                    yield f"form {module.__name__}.{name}", field, choices


def of_operations() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    schema = api.get_openapi_schema()
    known = schema["components"]["schemas"]
    taken = {str(body).rpartition("/")[2].rstrip("'}") for methods in schema["paths"].values() for said in methods.values()
             for body in [said.get("requestBody", {}).get("content", {})] if body}
    seen: set[str] = set()
    while taken:
        name = taken.pop()
        seen.add(name)
        for field, said in known.get(name, {}).get("properties", {}).items():
            taken |= {ref for ref in _refs(said) if ref not in seen}
            yield f"operation {name}", field, tuple(str(each) for each in said.get("enum", ()))


def _refs(said: Any) -> set[str]:
    if isinstance(said, dict):
        own = {said["$ref"].rpartition("/")[2]} if "$ref" in said else set()
        return own.union(*(_refs(each) for each in said.values()))
    return set().union(*(_refs(each) for each in said)) if isinstance(said, list) else set()


def of_commands(tree: argparse.ArgumentParser | None = None, name: str = "command") -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for each in (tree or parser())._actions:
        if isinstance(each, argparse._SubParsersAction):
            for word, below in each.choices.items():
                yield from of_commands(below, f"{name} {word}")
        else:
            yield name, each.dest, tuple(str(choice) for choice in each.choices or ())


def of_actions() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for module in modules("actions"):
        for name, action in inspect.getmembers(module, inspect.isfunction):
            if action.__module__ == module.__name__ and not name.startswith("_"):
                for parameter in inspect.signature(action).parameters:
                    yield f"action {name}", parameter, ()


def of_pages() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What a view reads of a form that was posted, by its name."""
    for path in sorted(HOUSE.rglob("*.py")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args and isinstance(
                    node.args[0], ast.Constant) and ast.unparse(node.func.value).endswith("request.POST"):
                yield f"page {path.relative_to(HOUSE)}", str(node.args[0].value), ()


def test_no_input_anywhere_takes_a_standing_or_a_verdict_of_a_person() -> None:
    walked = [*of_forms(), *of_operations(), *of_commands(), *of_actions(), *of_pages()]

    found = [(where, name) for where, name, values in walked if sets_a_standing(name, values)
             and not any(part in where.lower() and name == word for part, word in OTHERS)]
    assert found == []
    counts = {kind: sum(where.startswith(kind) for where, _name, _values in walked)
              for kind in ("form", "operation", "command", "action", "page")}
    assert min(counts.values()) > 40, counts                              # the walk itself walks


def test_no_table_keeps_a_standing_of_a_person() -> None:
    kept = [f"{model._meta.db_table}.{field.name}" for model in apps.get_models() for field in model._meta.concrete_fields
            if sets_a_standing(field.name) and "settlement" not in model._meta.db_table]

    assert kept == []
    assert list(apps.get_app_config("standing").get_models()) == []


@pytest.mark.django_db
def test_asking_what_holds_for_somebody_writes_nothing(town: Town, this_morning: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        holds = standing_of(town.people["吴强"], clock.now())

    assert holds and all(each.because or each.what for each in holds)
    assert [each["sql"] for each in asked.captured_queries if not each["sql"].startswith("SELECT")] == []
