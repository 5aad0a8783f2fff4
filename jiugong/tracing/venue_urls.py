"""Below /v/: the screen at a door. Nobody is signed in there; the address holds the key of this one picture."""

from django.urls import path

from jiugong.tracing import venue_views

urlpatterns = [
    path("<str:code>/screen/<str:key>", venue_views.screen, name="venue-screen"),
    path("<str:code>/pictures/<str:key>", venue_views.pictures, name="venue-pictures"),
]
