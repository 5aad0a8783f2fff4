"""Papers and files of incidents for programs: what the pages give, with the same powers and the same journal."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router, Schema
from pydantic import Field

from jiugong.http import actor_of
from jiugong.lib.acting import Actor
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_meant
from jiugong.tracing.actions.reporting import say_sent
from jiugong.tracing.exports import exported
from jiugong.tracing.godata import as_zip, godata_files
from jiugong.tracing.incident_api import moment_in
from jiugong.tracing.models import Incident, Order, SentReport
from jiugong.tracing.paper_views import file_of, language_of
from jiugong.tracing.papers.handover import handover_of
from jiugong.tracing.papers.orders import orders_to_hand_out, papers_of, to_print
from jiugong.tracing.papers.reports import report_of
from jiugong.tracing.queries.incidents import incident_for
from jiugong.tracing.queries.orders import order_for
from jiugong.tracing.queries.reporting import must_see_whole
from jiugong.tracing.report_models import ReportKind

router = Router(tags=["tracing"])
Reports = Literal["first", "follow_up", "final"]


class SentIn(Schema):
    """That a report was sent, with an id that makes saying it twice safe."""

    park: str = ""
    client_id: str = Field(min_length=1, max_length=64)
    kind: Reports
    to: str = Field(max_length=200)
    at: str = Field("", description="ISO moment; absent is now.")


class WhyIn(Schema):
    park: str = ""
    reason: str
    form: Literal["xlsx", "pdf"] = "xlsx"


@router.get("/orders/{uid}/paper", summary="An order in official form as PDF; language zh-hans or en")
def get_order_paper(request: HttpRequest, uid: UUID, park: str = "", language: str = "") -> HttpResponse:
    actor = actor_of(request)
    here = park_meant(actor, park)
    found = to_print(Order.objects.filter(pk=order_for(actor, here, uid).pk))
    with translation.override(language_of(request)):
        return file_of(papers_of(found, here, actor=actor), f"order-{found[0].number}", "pdf")


@router.get("/incidents/{number}/orders/paper", summary="Every decided order of an incident that stands, in one PDF")
def get_order_papers(request: HttpRequest, number: int, park: str = "", kind: str = "", language: str = "") -> HttpResponse:
    actor, here, found = asked(request, park, number)
    with translation.override(language_of(request)):
        return file_of(papers_of(orders_to_hand_out(actor, found, kind), here, actor=actor), f"orders-{number}", "pdf")


@router.get("/incidents/{number}/reports", summary="Which reports were sent: when, to whom, by whom, with which figures")
def get_reports(request: HttpRequest, number: int, park: str = "") -> dict[str, Any]:
    actor, _here, found = asked(request, park, number)
    must_see_whole(actor, found)
    return {"reports": [_sent(each) for each in SentReport.objects.filter(incident=found).order_by("sent_at", "pk")]}


@router.post("/incidents/{number}/reports", summary="Say that a report was sent; the first and the final one meet their step")
def post_report(request: HttpRequest, number: int, sent: SentIn) -> dict[str, Any]:
    actor, here, found = asked(request, sent.park, number)
    return _sent(say_sent(found, ReportKind(sent.kind), to=sent.to, client_id=sent.client_id, at=moment_in(sent.at, here),
                          actor=actor))


@router.get("/incidents/{number}/reports/{kind}.{form}", summary="A report of now, as PDF or Word; language zh-hans or en")
def get_report(request: HttpRequest, number: int, kind: Reports, form: Literal["pdf", "docx"], park: str = "",
               language: str = "") -> HttpResponse:
    actor, _here, found = asked(request, park, number)
    with translation.override(language_of(request)):
        return file_of(report_of(found, ReportKind(kind), form, actor=actor), f"{kind}-{number}", form)


@router.post("/incidents/{number}/hand-over", summary="Cases and contacts with whole numbers, for a reason; all are journalled")
def post_handover(request: HttpRequest, number: int, sent: WhyIn) -> HttpResponse:
    actor, _here, found = asked(request, sent.park, number)
    return file_of(handover_of(found, sent.form, reason=sent.reason, actor=actor), f"hand-over-{number}", sent.form)


@router.get("/incidents/{number}/files/godata", summary="Go.Data's cases, contacts, contacts of contacts and relationships")
def get_godata(request: HttpRequest, number: int, park: str = "", packed: bool = False) -> Any:
    actor, _here, found = asked(request, park, number)
    files = godata_files(actor, found)
    return file_of(as_zip(files), f"godata-{number}", "zip") if packed else files


@router.get("/incidents/{number}/files/{which}.{form}", summary="The line list, or the pairs of case and contact, as a file")
def get_file(request: HttpRequest, number: int, which: Literal["line-list", "pairs"], form: Literal["xlsx", "csv"],
             park: str = "") -> HttpResponse:
    actor, _here, found = asked(request, park, number)
    return file_of(exported(actor, found, which, form), f"{which}-{number}", form)


def _sent(row: SentReport) -> dict[str, Any]:
    return {"kind": row.kind, "sent_at": row.sent_at, "to": row.sent_to, "by": row.sent_by_name, "figures": row.figures,
            "client_id": row.client_id}


def asked(request: HttpRequest, park: str, number: int) -> tuple[Actor, Park, Incident]:
    """Who asks, in which park, for which incident."""
    actor = actor_of(request)
    here = park_meant(actor, park)
    return actor, here, incident_for(actor, here, number)
