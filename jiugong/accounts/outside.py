"""Identities of other houses: which ways of signing in are configured. Without a setting there is none."""

from typing import Any

from django.http import HttpRequest


def outside_ways(request: HttpRequest) -> list[dict[str, Any]]:
    """The configured ways: a name and the address that begins them."""
    return []
