"""Tracing's pages, below /parks/<park>/. Each part of the room adds a list of its own."""

from django.urls import path

from jiugong.tracing import flagged_views, risk_area_views

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
]

urlpatterns = [*RISK]
