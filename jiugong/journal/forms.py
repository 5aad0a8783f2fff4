"""What the journal's pages ask for: a notice, a channel, the rules by which a park sends, where somebody is reached."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiugong.accounts.models import User
from jiugong.journal.actions.notices import LONGEST_TEXT, LONGEST_TITLE, Words
from jiugong.journal.logic.attachments import MOST_BYTES
from jiugong.journal.logic.reach import Reach
from jiugong.journal.models import Channel, ChannelKind, NoticeKind
from jiugong.journal.queries.notices import keepers_offered, offered_to
from jiugong.journal.sending_words import SORTS
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.models import Park
from jiugong.registry.queries.people import roster_on, today_in
from jiugong.registry.queries.units import enterprises_of, grids_of

LOCAL = "%Y-%m-%dT%H:%M"
ACCEPTED = ".pdf,.docx,.png,.jpg,.jpeg"
MANY = forms.CheckboxSelectMultiple


class NoticeForm(forms.Form):
    """A notice: what it says, to whom, until when, and who makes sure that it arrives."""

    client_id = forms.CharField(widget=forms.HiddenInput, min_length=6, max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=NoticeKind.choices)
    title_zh = forms.CharField(label=pgettext_lazy("a notice", "Title"), max_length=LONGEST_TITLE)
    text_zh = forms.CharField(label=_("Text"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 8}))
    title_en = forms.CharField(label=_("Title in English"), max_length=LONGEST_TITLE, required=False)
    text_en = forms.CharField(label=_("Text in English"), max_length=LONGEST_TEXT, required=False,
                              widget=forms.Textarea({"rows": 5}))
    attachment = forms.FileField(label=_("Attachment"), required=False, widget=forms.FileInput({"accept": ACCEPTED}),
                                 help_text=_("A PDF, a Word document or a picture of at most 5 MB."))
    must_acknowledge = forms.BooleanField(label=_("Everybody has to confirm that he has understood it"), required=False)
    deadline_at = forms.DateTimeField(label=_("To be read until"), required=False,
                                      widget=forms.DateTimeInput({"type": "datetime-local"}, LOCAL))
    keeper = forms.ChoiceField(label=_("Who makes sure that it arrives"))
    grids = forms.MultipleChoiceField(label=_("Only these grids"), required=False, widget=MANY)
    units = forms.MultipleChoiceField(label=_("Only these enterprises"), required=False, widget=MANY)
    workers = forms.BooleanField(label=_("Everybody on the roster there"), required=False, initial=True)
    posts = forms.MultipleChoiceField(label=_("Only these posts"), required=False, widget=MANY)
    key_posts = forms.BooleanField(label=_("Key posts only"), required=False)
    roles = forms.MultipleChoiceField(label=_("Accounts with these roles"), required=False, widget=MANY)

    def __init__(self, *given: Any, park: Park, actor: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.park = park
        reach = actor.reach(Can.SEND_NOTICES)
        self.keepers = {str(user.pk): user for user in keepers_offered(actor, park)}
        posts = roster_on(park, today_in(park), reach).exclude(post="").order_by("post").values_list("post", flat=True).distinct()
        for name, choices in (
                ("keeper", [(pk, user.name) for pk, user in self.keepers.items()]), ("posts", [(each, each) for each in posts]),
                ("grids", [(str(each.pk), each.name) for each in grids_of(park, reach)]),
                ("units", [(str(each.uid), each.name) for each in enterprises_of(park, reach, today_in(park))]),
                ("roles", [(role.value, role.label) for role in offered_to(actor, park)])):
            self.fields[name].choices = choices                              # type: ignore[attr-defined]

    def full_clean(self) -> None:
        with timezone.override(self.park.zone):
            super().full_clean()

    def reach(self) -> Reach:
        """Whom it is for. What a form leaves out is read as far as it can be, so that a preview needs no text."""
        said = self.cleaned_data
        return Reach(units=tuple(said.get("units", ())), grids=tuple(int(each) for each in said.get("grids", ())),
                     workers=bool(said.get("workers")), posts=tuple(said.get("posts", ())), key_posts=bool(said.get("key_posts")),
                     roles=tuple(said.get("roles", ())))

    def words(self) -> Words:
        """What it says."""
        said, file = self.cleaned_data, self.cleaned_data.get("attachment")
        return Words(kind=said["kind"], title_zh=said["title_zh"], text_zh=said["text_zh"], title_en=said["title_en"],
                     text_en=said["text_en"], must_acknowledge=said["must_acknowledge"], deadline_at=said["deadline_at"],
                     attachment_name=file.name if file else "", attachment=file.read(MOST_BYTES + 1) if file else b"")

    def chosen_keeper(self) -> User:
        return self.keepers[self.cleaned_data["keeper"]]


class RobotForm(forms.Form):
    """A robot of a group: the address that its maker shows, and its secret where it signs."""

    name = forms.CharField(label=_("Name of the channel"), max_length=60)
    url = forms.CharField(label=_("Webhook address"), max_length=500, widget=forms.PasswordInput({"autocomplete": "off"}),
                          help_text=_("As the robot's own page shows it. Empty: it stays as it is."), required=False)
    secret = forms.CharField(label=_("Secret"), max_length=200, required=False, widget=forms.PasswordInput({"autocomplete": "off"}),
                             help_text=_("Only where the robot signs. Empty: it stays as it is."))
    kinds = forms.MultipleChoiceField(label=_("What goes this way"), choices=list(SORTS.items()), required=False, widget=MANY)


class MailForm(forms.Form):
    """Mail goes through the server of this installation."""

    name = forms.CharField(label=_("Name of the channel"), max_length=60)
    kinds = forms.MultipleChoiceField(label=_("What goes this way"), choices=list(SORTS.items()), required=False, widget=MANY)


class SmsForm(forms.Form):
    """An SMS gateway, as a template of one request and a test of its answer."""

    name = forms.CharField(label=_("Name of the channel"), max_length=60)
    method = forms.ChoiceField(label=_("Method"), choices=[(each, each) for each in ("POST", "GET", "PUT")])
    url = forms.CharField(label=_("Address"), max_length=500,
                          help_text=_("In braces stand the places phone, text, title, link and key."))
    headers = forms.CharField(label=_("Headers"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}),
                              help_text=_("One a line. They are shown to nobody again. Empty: they stay as they are."))
    body = forms.CharField(label=_("Body of the request"), max_length=4000, required=False, widget=forms.Textarea({"rows": 4}),
                           help_text=_("JSON or a form; each place is written as it needs."))
    success_path = forms.CharField(label=_("Where the answer says that it was taken"), max_length=100, required=False,
                                   help_text=_("A path in its JSON, as in data.0.code. Empty: somewhere in the text."))
    success_value = forms.CharField(label=_("What stands there then"), max_length=100)
    id_path = forms.CharField(label=_("Where it gives its number"), max_length=100, required=False)
    knows_keys = forms.BooleanField(label=_("It does a thing once for one Idempotency-Key, as its maker says"),
                                    required=False)
    receipt_key_path = forms.CharField(label=_("In a receipt: our key or its number"), max_length=100, required=False)
    receipt_status_path = forms.CharField(label=_("In a receipt: its state"), max_length=100, required=False)
    receipt_status_ok = forms.CharField(label=_("In a receipt: the state of what arrived"), max_length=100, required=False)
    kinds = forms.MultipleChoiceField(label=_("What goes this way"), choices=list(SORTS.items()), required=False, widget=MANY)


FORMS: dict[str, type[forms.Form]] = {ChannelKind.MAIL: MailForm, ChannelKind.SMS: SmsForm}


def form_of(kind: str, channel: Channel | None = None, data: Any = None) -> forms.Form:
    """The form of a kind of channel. Of what is there already, secrets are not shown again."""
    known: dict[str, Any] = {}
    if channel:
        kept = channel.settings()
        hidden = {"secret", "headers", "receipt_secret", *(["url"] if channel.is_robot else [])}
        known = {**{key: value for key, value in kept.items() if key not in hidden}, "name": channel.name, "kinds": channel.kinds,
                 "knows_keys": channel.knows_keys}
    form = FORMS.get(kind, RobotForm)(data, initial=known)
    if channel is None and "url" in form.fields:
        form.fields["url"].required = True
    return form


class RulesForm(forms.Form):
    """When it is quiet, what may go all the same, and in which words the park writes."""

    quiet_from = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    quiet_until = forms.TimeField(label=_("Quiet until"), widget=forms.TimeInput({"type": "time"}, "%H:%M"),
                                  help_text=_("The same twice: never quiet."))
    urgent = forms.MultipleChoiceField(label=_("Goes in quiet hours too"), choices=list(SORTS.items()), required=False, widget=MANY)
    words_zh = forms.CharField(label=_("Words in Chinese"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    words_en = forms.CharField(label=_("Words in English"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
                               help_text=_("In braces stand the places park, kind, title and link. Empty: the house's own words."))


class WaysForm(forms.Form):
    """Where a user is reached."""

    mail = forms.CharField(label=_("Mail"), max_length=200, required=False, widget=forms.EmailInput({"autocomplete": "email"}))
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False,
                            widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class EnterWaysForm(WaysForm):
    """Where somebody else is reached. What stands there is not shown again: empty leaves it as it is."""

    mail = forms.CharField(label=_("Mail"), max_length=200, required=False, help_text=_("Empty: it stays as it is."),
                           widget=forms.EmailInput({"autocomplete": "off"}))
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False, help_text=_("Empty: it stays as it is."),
                            widget=forms.TextInput({"type": "tel", "autocomplete": "off"}))
    remove = forms.MultipleChoiceField(label=_("Forget"), choices=[("mail", _("Mail")), ("phone", _("Phone"))], required=False,
                                       widget=MANY)

    def given(self) -> dict[str, str | None]:
        """What the action takes: None stays, empty is forgotten."""
        said = self.cleaned_data
        return {**{kind: "" if kind in said["remove"] else said[kind] or None for kind in ("mail", "phone")},
                "language": said["language"]}


class LookForm(forms.Form):
    """Why somebody looks at an address in full."""

    reason = forms.CharField(label=_("Reason (kept with your name)"), max_length=300)
