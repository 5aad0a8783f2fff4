"""What the rulebook refuses."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class ReleaseSilent(Refusal):
    code = "rulebook.release_silent"
    message = _("%(release)s says nothing on %(day)s, so it cannot be adopted from that day. It holds %(held)s.")


class AdoptedOtherwise(Refusal):
    code = "rulebook.adopted_otherwise"
    message = _("From %(day)s the park already goes by %(release)s. Choose another day.")


class PlanNotWritable(Refusal):
    code = "rulebook.plan_not_writable"
    message = _("Version %(version)s of this plan is being read and does not change meanwhile. Wait for the answer.")


class PlanIncomplete(Refusal):
    code = "rulebook.plan_incomplete"
    message = _("These sections say nothing yet: %(sections)s. Write them, or write that they do not apply here.")


class PlanTooLong(Refusal):
    code = "rulebook.plan_too_long"
    message = _("A section of a plan takes up to %(most)s characters. Shorten it, or put details into an annex.")


class PlanMoved(Refusal):
    code = "rulebook.plan_moved"
    message = _("This version of the plan is no longer where it was: it is %(stage)s. Load the page again.")


class ReasonMissing(Refusal):
    code = "rulebook.reason_missing"
    message = _("Say why, in up to %(most)s characters: others will have to go by it.")


class ReferenceMissing(Refusal):
    code = "rulebook.reference_missing"
    message = _("Name the document that says so: its title, who issued it, and the day or month of publication such as 2022-05-03.")


class SupplementUnreadable(Refusal):
    code = "rulebook.supplement_unreadable"
    message = _("This local rule cannot be read: %(what)s %(do)s")


class SupplementExists(Refusal):
    code = "rulebook.supplement_exists"
    message = _("A local rule for %(rule)s already holds on these days, since %(since)s. End it first, or choose later days.")


class NotAnEnterprise(Refusal):
    code = "rulebook.not_an_enterprise"
    message = _("%(unit)s is not an enterprise. Enterprises are graded and have plans; their workshops and teams follow them.")
