"""The journal's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.journal import message_views, views

urlpatterns = [
    path("journal", views.journal, name="journal"),
    path("messages", message_views.messages, name="messages"),
    path("messages/read", message_views.read, name="messages-read"),
    path("journal/looks", views.look_ups, name="look-ups"),
]
