"""What restricts somebody, on his own page: he objects in his own words, and reads the answer there."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiugong.http import sentence_of
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Badge
from jiugong.registry.queries.badges import address_of
from jiugong.standing.actions import himself
from jiugong.standing.views.worker import for_the_holder
from jiugong.tracing.actions.objecting import object_to
from jiugong.tracing.queries.own import own_order_for


@login_not_required
@require_POST
def objected(request: HttpRequest, shown: str, uid: UUID) -> HttpResponse:
    """An objection is kept as it was written; the same words again change nothing."""
    def opened(request: HttpRequest, badge: Badge) -> HttpResponse:
        try:
            object_to(own_order_for(badge.person, uid), words=request.POST.get("words", ""), actor=himself(badge.person))
            messages.success(request, _("Your objection is kept. People answer it, and the answer stands here."))
        except Refusal as refusal:
            messages.error(request, sentence_of(refusal))
        answer = redirect("me", shown=address_of(badge))
        answer.status_code = 303
        return answer
    return for_the_holder(opened)(request, shown)
