"""What accounts refuses."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class UserExists(Refusal):
    code = "accounts.user_exists"
    message = _("There is already a user %(username)s. Choose another name.")


class UserUnknown(Refusal):
    code = "accounts.user_unknown"
    message = _("There is no user %(username)s here.")


class PasswordWeak(Refusal):
    code = "accounts.password_weak"
    message = _("This password is too weak: %(reasons)s")


class SomebodyElse(Refusal):
    code = "accounts.somebody_else"
    message = _("This was made by somebody else than %(name)s, who is signed in here now. "
                "It is sent when its maker signs in again.")


class PersonElsewhere(Refusal):
    code = "accounts.person_elsewhere"
    message = _("%(person)s is on the roster of another park. Choose somebody of this one.")


class PersonTied(Refusal):
    code = "accounts.person_tied"
    message = _("%(person)s has an account already: %(username)s. Give that one what is needed.")


class UserTied(Refusal):
    code = "accounts.user_tied"
    message = _("%(user)s is tied to somebody on the roster already. An account is one person's: invite a new one for another.")


class PersonNotOne(Refusal):
    code = "accounts.person_not_one"
    message = _("%(found)s people of this park are meant. Give an ID number or a phone that only one has.")


WEAK = {                                     # by Django's codes; what is not here is said in Django's own words
    "password_too_short": _("It needs at least %(min_length)d characters."),
    "password_too_common": _("It is one of the common ones."),
    "password_entirely_numeric": _("It is only digits."),
    "password_too_similar": _("It is too much like the name."),
}


class RoleBeyondYours(Refusal):
    code = "accounts.role_beyond_yours"
    message = _("%(role)s holds powers that you do not hold there (%(powers)s), so you cannot give it.")


class UserBeyondYours(Refusal):
    code = "accounts.user_beyond_yours"
    message = _("%(user)s also holds roles that you could not give. Ask whoever runs this server.")


class WaitFirst(Refusal):
    code = "accounts.wait_first"
    message = _("Too many wrong answers from here. Try again in %(seconds)s seconds. Whoever signs in on a device of his own "
                "does not wait for the mistakes of others.")


class LinkGone(Refusal):
    code = "accounts.link_gone"
    message = _("This link opens nothing any more: it was used, is late, or a newer one was made. Ask for a new one.")


class LinkNotForRole(Refusal):
    code = "accounts.link_not_for_role"
    message = _("%(user)s needs a second factor, so a link alone must not sign in. Give a password; the rest is set up "
                "at the door.")


class SecondFactorFirst(Refusal):
    code = "accounts.second_factor_first"
    message = _("Your role sees more than your own team, so it needs a second factor. Set up a passkey or the codes of an app, "
                "then go on.")


class LastFactor(Refusal):
    code = "accounts.last_factor"
    message = _("Your role needs a second factor, and this is the last one. Set up another before you take it away.")


class ShiftIsOver(Refusal):
    code = "accounts.shift_is_over"
    message = _("This shift would be over already, or before it begins. Look at its day and its hours.")


class ShiftTwice(Refusal):
    code = "accounts.shift_twice"
    message = _("%(user)s is on duty in this role at that time already. Take the other shift back first, or choose other hours.")


class ShiftIdReused(Refusal):
    code = "accounts.shift_id_reused"
    message = _("This id was used for another shift. Make a new one.")


class NothingToHandOver(Refusal):
    code = "accounts.nothing_to_hand_over"
    message = _("There is nothing to hand over: the shift has not begun, nothing is written, or the next has read it already.")


class NotAnOperator(Refusal):
    code = "accounts.not_an_operator"
    message = _("%(user)s is not an operator. Operators are named at the command line of this server.")


class SaysNoReason(Refusal):
    code = "accounts.says_no_reason"
    message = _("Say why: whoever reads the journal afterwards must understand it.")
