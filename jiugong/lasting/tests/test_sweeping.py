"""Sweeping PostgreSQL's files waits for whoever could still see what was deleted, wherever on the server he writes."""

import os
import threading

import psycopg
import pytest
from django.db import connection

from jiugong.lasting.actions.sweeping import sweep
from tests.skips import only_where_two_write


@only_where_two_write
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("database", ["postgres", "ours"])
def test_a_sweep_waits_for_a_write_that_goes_on_in_this_database_or_in_another(database):
    swept = threading.Event()

    def begin_to_sweep() -> None:
        try:
            sweep(connection, {})
            swept.set()
        finally:
            connection.close()
    server = os.environ["JIUGONG_DATABASE_URL"].rpartition("/")[0]
    named = connection.settings_dict["NAME"] if database == "ours" else database
    sweeping = threading.Thread(target=begin_to_sweep)
    with psycopg.connect(f"{server}/{named}") as writing:
        writing.execute("SELECT pg_current_xact_id()")
        sweeping.start()

        assert not swept.wait(1.5)
        writing.commit()

    assert swept.wait(60)
    sweeping.join()
