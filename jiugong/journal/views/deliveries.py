"""What leaves the house, for whoever keeps the channels: how far each is, what a person must decide; and receipts of gateways."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as said
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from jiugong.http import actor_of
from jiugong.journal.actions.deciding import channel_called, say_arrived, send_again, take_receipt
from jiugong.journal.errors import ReceiptUnknown
from jiugong.journal.faces import delivery_rows
from jiugong.journal.models import DeliveryStage
from jiugong.journal.queries.channels import channels_of, deliveries_of, delivery_for, to_decide_in
from jiugong.lib import clock, days
from jiugong.registry.queries.doors import park_for
from jiugong.registry.views.lists import chosen_of, filter_by, page_of, wants_workbook, workbook_of

LONGEST_RECEIPT = 64 * 1024
TO_DECIDE = "to_decide"


@require_GET
def deliveries(request: HttpRequest, park: UUID) -> HttpResponse:
    """What is on its way or was, the newest first."""
    actor = actor_of(request)
    here = park_for(actor, park)
    rows, listed = deliveries_of(actor, here), list(channels_of(actor, here))
    text = request.GET.get("q", "").replace("\0", "").strip()
    stages = [(TO_DECIDE, _("Waits for a decision")), *DeliveryStage.choices]
    stage = chosen_of(request, "stage", dict(stages))
    channel = chosen_of(request, "channel", {str(each.pk) for each in listed})
    if text:
        rows = (rows.filter(message__to_person__name__icontains=text) | rows.filter(message__to_user__name__icontains=text)
                | rows.filter(channel__name__icontains=text))
    if stage:
        rows = rows.filter(pk__in=to_decide_in(here).values("pk")) if stage == TO_DECIDE else rows.filter(stage=stage)
    if channel:
        rows = rows.filter(channel=int(channel))
    if wants_workbook(request):
        return workbook_of(_("Sent messages"), [pgettext("a message", "To"), _("Kind"), pgettext("a notice", "Title"), _("Channel"),
                                                _("Stage"), _("Why"), _("Tries"), pgettext("a message", "Written"),
                                                pgettext("when", "Sent"), pgettext("when", "Delivered")],
                           [[each[key] for key in ("to", "sort", "title", "channel", "stage", "reason", "tries", "written", "sent",
                                                   "delivered")] for each in delivery_rows(rows, here)],
                           days.day_of(clock.now(), here.zone))
    page = page_of(request, rows)
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["as"] = "xlsx"
    return render(request, "journal/deliveries.html", {
        "page": page, "rows": delivery_rows(page, here), "search": text, "uid": here.uid, "export_url": f"?{asked.urlencode()}",
        "clear_url": request.path if text or stage or channel else "", "filters": [
            filter_by("stage", _("Stage"), stages, stage),
            filter_by("channel", _("Channel"), [(str(each.pk), each.name) for each in listed], channel)]})


@require_POST
def delivery_decide(request: HttpRequest, park: UUID, key: UUID) -> HttpResponse:
    """Send it again, or say that it arrived."""
    actor = actor_of(request)
    here = park_for(actor, park)
    delivery = delivery_for(actor, here, key)
    if request.POST.get("do") == "arrived":
        say_arrived(delivery, actor=actor)
        said.success(request, _("It is kept as arrived, with your name."))
    else:
        send_again(delivery, actor=actor)
        said.success(request, _("It waits to be sent again, with the same key."))
    back = urlencode([(name, value) for name, value in request.POST.items() if name in ("q", "stage", "channel", "page")])
    return redirect(f"{reverse('deliveries', args=[here.uid])}{'?' + back if back else ''}")


@csrf_exempt
@login_not_required
@require_POST
def receipt(request: HttpRequest, uid: UUID, secret: str) -> HttpResponse:
    """A gateway tells what became of something that it took. Its address holds a secret; whoever has another finds nothing here."""
    channel = channel_called(uid, secret)
    if len(request.body) > LONGEST_RECEIPT:
        raise ReceiptUnknown()
    told: Any
    try:
        told = json.loads(request.body)
    except ValueError:
        told = request.POST.dict()
    if not isinstance(told, dict | list):
        raise ReceiptUnknown()
    delivery = take_receipt(channel, told)
    return JsonResponse({"stage": delivery.stage})
