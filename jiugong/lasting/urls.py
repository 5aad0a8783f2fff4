"""The room's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.lasting import views

urlpatterns = [
    path("data", views.kept, name="data-kept"),
    path("data/end", views.ending, name="data-ending"),
    path("data/reports/<uuid:erasure>", views.report, name="erasure-report"),
    path("objections", views.objections, name="objections"),
    path("objections/<int:number>", views.objection, name="objection"),
]
