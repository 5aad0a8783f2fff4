"""What the door asks for, and what is asked when somebody changes how he signs in."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiugong.accounts.actions.factors import code_is_right
from jiugong.accounts.actions.waiting import attempt
from jiugong.accounts.came import came
from jiugong.accounts.models import User
from jiugong.http import sentence_of
from jiugong.lib.refusal import Refusal

WRONG_CODE = _("This code is not right, or it was used already. Wait for the next one and try again.")
WRONG = _("Name and password do not go together. Look at both again.")


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(label=_("Signs in as"), max_length=80, widget=forms.TextInput(
        attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}))
    password = forms.CharField(label=_("Password"), max_length=200, strip=False,
                               widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class AskLinkForm(forms.Form):
    """Whom a link is for."""

    who = forms.CharField(label=_("Account, mail address or phone"), max_length=200, widget=forms.TextInput(
        attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}))


def _code_field() -> forms.CharField:
    return forms.CharField(label=pgettext_lazy("sign-in", "Code"), max_length=20, widget=forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
        help_text=_("Six digits of your app, or one of the codes on paper."))


def _judged(user: User, code: str) -> Authenticator:
    """The factor of which a code is. Guessing takes longer and longer here as well."""
    try:
        answer = attempt(f"user:{user.pk}", came(context.request), what="code")
    except Refusal as refusal:
        raise forms.ValidationError(sentence_of(refusal)) from refusal
    for factor in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN):
        if code_is_right(factor, code):
            answer.was_right()
            factor.user = user
            return factor
    raise forms.ValidationError(WRONG_CODE)


class CodeForm(mfa.AuthenticateForm):                                  # type: ignore[misc]
    """The second step of a sign-in."""

    code = _code_field()

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        self.authenticator = _judged(self.user, code)
        return code


class CodeAgainForm(mfa.ReauthenticateForm):                           # type: ignore[misc]
    """A code before something that only its owner may change."""

    code = _code_field()

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        self.authenticator = _judged(self.user, code)
        return code


class PasswordAgainForm(ReauthenticateForm):                           # type: ignore[misc]
    """The password before something that only its owner may change."""

    password = forms.CharField(label=_("Password"), strip=False, max_length=200,
                               widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}))

    def clean_password(self) -> str:
        try:
            return str(super().clean_password())
        except Refusal as refusal:
            raise forms.ValidationError(sentence_of(refusal)) from refusal
        except forms.ValidationError as reason:
            raise forms.ValidationError(_("This is not your password.")) from reason


class AppForm(ActivateTOTPForm):                                       # type: ignore[misc]
    """The first code of a new app."""

    code = forms.CharField(label=_("Code of the app"), max_length=20, widget=forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}))

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except forms.ValidationError as reason:
            raise forms.ValidationError(WRONG_CODE) from reason


class PasskeyForm(webauthn.AddWebAuthnForm):                           # type: ignore[misc]
    """A new passkey: its name, and what the device made. It opens the door alone, so the device asks who holds it."""

    name = forms.CharField(label=_("Name"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        try:
            return dict(super().clean())
        except (ValueError, TypeError, KeyError, AttributeError) as reason:
            raise forms.ValidationError(_("What the device sent is no passkey. Try again.")) from reason


class NewPasswordForm(forms.Form):
    """One's own new password."""

    password = forms.CharField(label=_("New password"), min_length=10, max_length=200, strip=False,
                               widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password
