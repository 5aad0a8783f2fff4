"""A worker's own page, below /me/: the code in the address is the key, and there is no account."""

from django.urls import path

from jiugong.standing.views import worker

urlpatterns = [
    path("", worker.start, name="me-start"),
    path("<str:shown>", worker.own, name="me"),
    path("<str:shown>/open", worker.answer_the_door, name="me-open"),
    path("<str:shown>/report", worker.report, name="me-report"),
    path("<str:shown>/antigen", worker.antigen, name="me-antigen"),
    path("<str:shown>/read", worker.read, name="me-read"),
]
