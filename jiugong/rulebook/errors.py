"""What the rulebook refuses."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class ReleaseSilent(Refusal):
    code = "rulebook.release_silent"
    message = _("%(release)s says nothing on %(day)s, so it cannot be adopted from that day. It holds %(held)s.")


class AdoptedOtherwise(Refusal):
    code = "rulebook.adopted_otherwise"
    message = _("From %(day)s the park already goes by %(release)s. Choose another day.")
