"""Which days a page of a brief or a figure asks for, and how a paper is handed over."""

from datetime import date
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from jiugong.briefs.errors import LanguageUnknown
from jiugong.briefs.forms import PeriodForm
from jiugong.briefs.wording import LANGUAGES
from jiugong.lib import clock, days
from jiugong.registry.models import Park

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


def handed_over(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file, under a name that may be Chinese."""
    answer = HttpResponse(content, content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f"attachment; filename=\"brief.{kind}\"; filename*=UTF-8''{quote(name)}.{kind}"
    return answer
