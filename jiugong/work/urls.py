"""Long work, below /jobs: everybody's own, whatever park it is about."""

from django.urls import path

from jiugong.work import views

urlpatterns = [
    path("", views.mine, name="work"),
    path("<uuid:uid>", views.one, name="work-job"),
    path("<uuid:uid>/answer", views.answer, name="work-answer"),
    path("<uuid:uid>/cancel", views.call_off, name="work-cancel"),
]
