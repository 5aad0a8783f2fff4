"""Which days a page of a brief or a figure asks for, and how a paper is handed over."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiugong.briefs.errors import LanguageUnknown
from jiugong.briefs.forms import PeriodForm
from jiugong.briefs.wording import LANGUAGES
from jiugong.lib import clock, days
from jiugong.registry.models import Park

LONG_PERIOD = 7                                              # days
TYPES = {"pdf": "application/pdf",
         "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def period_asked(request: HttpRequest, here: Park) -> tuple[date, date, PeriodForm]:
    """The days that the URL asks for, else today."""
    today = days.day_of(clock.now(), here.zone)
    form = PeriodForm({"first": request.GET.get("from") or today, "last": request.GET.get("to") or today})
    if not form.is_valid():
        return today, today, form
    return form.cleaned_data["first"], form.cleaned_data["last"], form


def language_asked(request: HttpRequest) -> str:
    """The language that the URL asks for, else the reader's. Raises LanguageUnknown."""
    asked = request.GET.get("language") or ("zh-hans" if (get_language() or "").startswith("zh") else "en")
    if asked not in LANGUAGES:
        raise LanguageUnknown(language=asked)
    return asked


def is_long_period(request: HttpRequest, **_what: Any) -> bool:
    """Does the URL ask for so many days that nobody should wait before a frozen page?"""
    try:
        first, last = (date.fromisoformat(request.GET.get(name, "")) for name in ("from", "to"))
    except ValueError:
        return False
    return (last - first).days + 1 >= LONG_PERIOD


def title_of_period(request: HttpRequest, **_what: Any) -> str:
    return _("Brief, %(first)s to %(last)s") % {"first": request.GET["from"], "last": request.GET["to"]}


def handed_over(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file, under a name that may be Chinese."""
    answer = HttpResponse(content, content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f"attachment; filename=\"brief.{kind}\"; filename*=UTF-8''{quote(name)}.{kind}"
    return answer
