"""Tracing's pages, below /parks/<park>/. Each part of the room adds a list of its own."""

from django.urls import path

from jiugong.tracing import (
    contact_views,
    doubt_views,
    drill_views,
    flagged_views,
    ground_views,
    incident_views,
    interview_views,
    order_views,
    paper_views,
    presence_views,
    quiet_views,
    returning_views,
    risk_area_views,
    venue_views,
    whereabouts_views,
)

RISK = [
    path("flagged", flagged_views.flagged, name="flagged"),
    path("flagged/import", flagged_views.take, name="flagged-import"),
    path("flagged/return", flagged_views.return_all, name="flagged-return"),
    path("flagged/<int:number>", flagged_views.one, name="flagged-one"),
    path("flagged/<int:number>/confirm", flagged_views.confirm, name="flagged-confirm"),
    path("flagged/<int:number>/refuse", flagged_views.refuse, name="flagged-refuse"),
    path("flagged/<int:number>/found", flagged_views.mark, name="flagged-found"),
    path("flagged/<int:number>/act", flagged_views.act, name="flagged-act"),
    path("risk-areas", risk_area_views.risk_areas, name="risk-areas"),
    path("risk-areas/import", risk_area_views.take, name="risk-area-import"),
    path("returning", returning_views.returning, name="returning"),
    path("returning/import", returning_views.take, name="stay-import"),
    path("returning/<uuid:person>", returning_views.one, name="returning-one"),
    path("returning/<uuid:person>/stay", returning_views.tell, name="stay-tell"),
    path("returning/<uuid:person>/decide", returning_views.decide, name="returning-decide"),
    path("returning/stays/<int:stay>/withdraw", returning_views.withdraw, name="stay-withdraw"),
    path("quiet", quiet_views.quiet, name="quiet"),
    path("quiet/arrivals", quiet_views.arrivals, name="quiet-arrivals"),
    path("quiet/decide", quiet_views.decide_all, name="quiet-decide"),
    path("quiet/<int:number>/check", quiet_views.check, name="quiet-check"),
]

CHAIN = [
    path("incidents", incident_views.incidents, name="incidents"),
    path("incidents/<int:number>", incident_views.incident, name="incident"),
    path("incidents/<int:number>/wall", incident_views.wall, name="incident-wall"),
    path("incidents/<int:number>/told", incident_views.told, name="incident-told"),
    path("incidents/<int:number>/hold", incident_views.hold, name="incident-hold"),
    path("incidents/<int:number>/close", incident_views.close, name="incident-close"),
    path("incidents/<int:number>/steps/<slug:step>", incident_views.mark, name="incident-mark"),
    path("incidents/<int:number>/cases/<int:case>", incident_views.decide, name="case-decide"),
    path("incidents/<int:number>/cases/<int:case>/again", incident_views.again, name="case-again"),
    path("incidents/<int:number>/cases/<int:case>/contacts", contact_views.add, name="contact-add"),
    path("incidents/<int:number>/contacts", contact_views.contacts, name="contacts"),
    path("incidents/<int:number>/contacts/in-full", contact_views.in_full, name="contacts-in-full"),
    path("incidents/<int:number>/contacts/<int:contact>", contact_views.contact, name="contact"),
    path("incidents/<int:number>/contacts/<int:contact>/strike", contact_views.strike, name="contact-strike"),
    path("incidents/<int:number>/orders/sign", incident_views.sign_all, name="orders-sign"),
    path("incidents/<int:number>/orders/inform", incident_views.inform_everybody, name="orders-inform"),
    path("incidents/<int:number>/orders/settle", incident_views.settle_everybody, name="orders-settle"),
    path("orders", order_views.orders, name="orders"),
    path("orders/<uuid:order>", order_views.order, name="order"),
    path("orders/<uuid:order>/sign", order_views.signed, name="order-sign"),
    path("orders/<uuid:order>/inform", order_views.informed, name="order-inform"),
    path("orders/<uuid:order>/send", order_views.sent, name="order-send"),
    path("orders/<uuid:order>/receive", order_views.received, name="order-receive"),
    path("orders/<uuid:order>/settle", order_views.settled, name="order-settle"),
    path("orders/<uuid:order>/withdraw", order_views.taken_back, name="order-withdraw"),
]

DRILLS = [
    path("drills", drill_views.drills, name="drills"),
    path("drills/begin", drill_views.begin, name="drill-begin"),
    path("drills/<uuid:drill>", drill_views.drill, name="drill"),
    path("drills/<uuid:drill>/reveal", drill_views.reveal, name="drill-reveal"),
    path("drills/<uuid:drill>/end", drill_views.end, name="drill-end"),
]


WHEREABOUTS = [
    path("people/<uuid:person>/whereabouts", whereabouts_views.person_days, name="person-days"),
    path("presence/import", presence_views.presence_import, name="presence-import"),
    path("presence/import/<uuid:upload>", presence_views.presence_preview, name="presence-preview"),
    path("presence/import/<uuid:upload>/marked.xlsx", presence_views.presence_marked, name="presence-marked"),
]

VENUES = [
    path("venues", venue_views.venues, name="venues"),
    path("venues/places", venue_views.places, name="choose-places"),
    path("venues/<int:spot>", venue_views.venue, name="venue-spot"),
    path("venues/<int:spot>/code", venue_views.issue, name="venue-issue"),
    path("venues/<int:spot>/withdraw", venue_views.withdraw, name="venue-withdraw"),
    path("venues/<int:spot>/place", venue_views.put, name="venue-put"),
    path("venues/<int:spot>/sheet", venue_views.sheet, name="venue-sheet"),
]

DOUBTS = [
    path("verify", doubt_views.doubts, name="doubts"),
    path("verify/settle", doubt_views.settle, name="doubt-settle"),
]

GROUNDS = [
    path("contact-grounds", ground_views.contact_grounds, name="contact-grounds"),
    path("contact-grounds/<slug:name>/adopt", ground_views.adopt_ground, name="adopt-ground"),
]

INTERVIEWS = [
    path("incidents/<int:number>/cases/<int:case>/interview", interview_views.interview, name="interview"),
    path("incidents/<int:number>/cases/<int:case>/tracks", interview_views.track, name="interview-track"),
    path("incidents/<int:number>/cases/<int:case>/tracks/<int:track>/decide", interview_views.decide, name="interview-decide"),
    path("incidents/<int:number>/cases/<int:case>/tracks/<int:track>/companion", interview_views.companion,
         name="interview-companion"),
]

PAPERS = [
    path("orders/<uuid:order>/paper", paper_views.order, name="order-paper"),
    path("incidents/<int:number>/orders/paper", paper_views.orders, name="orders-paper"),
    path("incidents/<int:number>/papers", paper_views.papers, name="incident-papers"),
    path("incidents/<int:number>/reports/<slug:kind>.<slug:form>", paper_views.report, name="incident-report"),
    path("incidents/<int:number>/hand-over", paper_views.handover, name="incident-handover"),
    path("incidents/<int:number>/files/<slug:which>.<slug:form>", paper_views.export, name="incident-export"),
    path("incidents/<int:number>/pictures", paper_views.pictures, name="incident-pictures"),
]

urlpatterns = [*CHAIN, *RISK, *DRILLS, *WHEREABOUTS, *VENUES, *DOUBTS, *GROUNDS, *INTERVIEWS, *PAPERS]
