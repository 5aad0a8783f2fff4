"""What the rulebook's pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiugong.policy import Pack
from jiugong.rulebook.wording import spoken


class AdoptForm(forms.Form):
    """Which release holds, from which day."""

    release = forms.ChoiceField(label=_("Release"))
    from_day = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, packs: tuple[Pack, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["release"].choices = [(pack.key, f"{spoken(pack.title)} ({pack.key})")  # type: ignore[attr-defined]
                                          for pack in packs]
