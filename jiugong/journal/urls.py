"""The journal's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.journal import views

urlpatterns = [
    path("journal", views.journal, name="journal"),
    path("journal/looks", views.look_ups, name="look-ups"),
]
