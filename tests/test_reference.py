"""The reference page says what the code says."""

import pytest

from tools import reference


@pytest.mark.pure
def test_the_reference_is_up_to_date() -> None:
    written = reference.PAGE.read_text() if reference.PAGE.exists() else ""

    assert written == reference.page(), "docs/reference.md is stale. Remake it with: make fix"
