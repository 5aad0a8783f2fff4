"""The journal's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.journal.views import entries, messages

urlpatterns = [
    path("journal", entries.journal, name="journal"),
    path("messages", messages.messages, name="messages"),
    path("messages/read", messages.read, name="messages-read"),
    path("journal/looks", entries.look_ups, name="look-ups"),
]
