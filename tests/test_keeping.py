"""Every table of the database is declared: whose, why, how long, on which day it happened, what of it is personal."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from jiugong.lib import keeping
from jiugong.lib.table_words import TABLES

pytestmark = pytest.mark.pure
OF_THE_HOUSE = ("jiugong", "django")
TEXT = (models.CharField, models.TextField, models.BinaryField, models.JSONField)


def every_table() -> dict[str, type[models.Model]]:
    """The database's tables, those between two others that somebody fills included."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def ours() -> dict[str, type[models.Model]]:
    empty = {"auth_group_permissions"}                            # groups of Django's, which nobody has
    return {name: model for name, model in every_table().items() if name not in empty}


def lookup(model: type[models.Model], path: str) -> Any:
    """The field to which a path leads. Raises FieldDoesNotExist."""
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).remote_field.model        # type: ignore[union-attr]
    return model._meta.pk if last == "pk" else model._meta.get_field(last)


def test_every_table_is_declared_once_and_none_that_is_not_there() -> None:
    assert set(ours()) - set(keeping.tables()) == set(), "Decide in the room's keeping.py: whose, why, how long, which day."
    assert set(keeping.tables()) - set(every_table()) == set()


def test_every_table_has_a_name_for_people_and_no_two_have_the_same() -> None:
    assert set(TABLES) == set(keeping.tables()), "Say in lib/table_words.py what people call it."
    assert len({words.zh for words in TABLES.values()}) == len({words.en for words in TABLES.values()}) == len(TABLES)


@pytest.mark.parametrize("name", sorted(ours()))
def test_every_column_of_text_or_bytes_is_personal_or_plain(name: str) -> None:
    table, model = keeping.tables()[name], ours()[name]
    known = {field.column for field in model._meta.concrete_fields}
    wordy = {field.column for field in model._meta.concrete_fields if isinstance(field, TEXT)}
    decided = {*table.personal, *table.plain}

    assert wordy - decided == set(), "Is it about somebody? `personal` or `plain` in the room's keeping.py."
    assert decided - known == set()
    assert set(table.personal) & set(table.plain) == set()
    assert {*table.changes, *table.sealed_with, *table.sealed_with.values()} - known == set()


@pytest.mark.parametrize("name", sorted(ours()))
def test_paths_lead_where_they_say(name: str) -> None:
    table, model = keeping.tables()[name], ours()[name]

    if table.park and table.park != "pk":
        assert lookup(model, table.park).remote_field.model._meta.db_table == "registry_park"
    if table.person and table.person != "pk":
        assert lookup(model, table.person).remote_field.model._meta.db_table == "registry_person"
    if table.happened:
        assert isinstance(lookup(model, table.happened), models.DateField | models.DateTimeField)
    if table.holds:
        assert lookup(model, "since") and lookup(model, "until")
    assert table.purpose in keeping.PURPOSES
    assert table.keep in keeping.RETENTIONS


@pytest.mark.parametrize("name", sorted(ours()))
def test_what_is_not_sealed_says_why(name: str) -> None:
    table = keeping.tables()[name]

    assert table.sealed != bool(table.why_unsealed)


def test_what_no_source_gives_is_shown_as_an_assumption() -> None:
    assert all(each.ground or each.assumption for each in keeping.PURPOSES.values())
    assert all(each.ground or each.assumption for each in keeping.RETENTIONS.values())


@pytest.mark.parametrize("purpose", keeping.PURPOSES.values(), ids=list(keeping.PURPOSES))
def test_a_worker_reads_on_what_ground_in_his_language(purpose: keeping.Purpose) -> None:
    for said in filter(None, (purpose.ground, purpose.assumption)):
        assert said.en.isascii()
        assert "\u4e00" <= said.zh[0] <= "\u9fff" and not re.search(r"\b(art|law|of)\b", said.zh)


def test_files_beside_the_database_are_declared_too() -> None:
    assert {each.purpose for each in keeping.FILES} <= set(keeping.PURPOSES)
    assert {each.keep for each in keeping.FILES} <= set(keeping.RETENTIONS)
    assert len({each.path for each in keeping.FILES}) == len(keeping.FILES)
