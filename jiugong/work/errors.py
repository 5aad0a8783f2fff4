"""Refusals of long work."""

from django.utils.translation import gettext_lazy as _

from jiugong.lib.refusal import Refusal


class JobUnknown(Refusal):
    code = "work.job_unknown"
    message = _("There is no such work of yours; it is forgotten after a day. Ask for it again.")


class JobNotReady(Refusal):
    code = "work.not_ready"
    message = _("This work is not done yet (%(stage)s). Ask again in %(retry_after)s seconds.")


class TooMuchWork(Refusal):
    code = "work.too_much"
    message = _("%(count)s pieces of your work are waiting already. Wait until one is done, or call one off.")
