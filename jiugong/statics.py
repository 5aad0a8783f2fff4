"""Where our own scripts, styles and pictures are found: each address carries the beginning of what the file holds.

So a phone may keep a file for as long as it likes, a page and its script are never of two versions, and whatever was kept
for an older page stays good for that page.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

SIGNS = 12


class MarkedFiles(StaticFilesStorage):
    """Addresses such as `/static/scan.js?v=8c1f…`. A file that is not there has no mark, and its address still works."""

    def url(self, name: str | None) -> str:
        plain: str = super().url(name)
        mark = _mark(name or "") if not settings.DEBUG else _mark.__wrapped__(name or "")
        return f"{plain}?v={mark}" if mark else plain


@lru_cache(maxsize=4096)
def _mark(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:SIGNS]
