"""Adopting a way of meeting: from when it holds, and the document that says so."""

from django.utils.translation import gettext_lazy as _

from jiugong.rulebook.forms import DocumentForm, a_day


class AdoptForm(DocumentForm):
    """From when a suggestion holds, and by which document."""

    since = a_day(label=_("Holds from"))
    field_order = ("since", "title", "issuer", "published")
