"""Why a test is left out, each reason in one place."""

import pytest
from django.db import connection

only_where_two_write = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write after the other")
only_where_a_text_may_be_any_bytes = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL holds no such text")
