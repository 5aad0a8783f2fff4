"""The journal's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.journal.views import channels, deliveries, entries, messages, notices, reading, ways

urlpatterns = [
    path("journal", entries.journal, name="journal"),
    path("messages", messages.messages, name="messages"),
    path("messages/read", messages.read, name="messages-read"),
    path("messages/ways", ways.ways, name="ways"),
    path("messages/ways/<str:kind>/show", ways.way_show, name="way-show"),
    path("people/<uuid:person>/ways", ways.person_ways, name="person-ways"),
    path("accounts/<int:user>/ways", ways.account_ways, name="account-ways"),
    path("journal/looks", entries.look_ups, name="look-ups"),
    path("channels", channels.channels, name="channels"),
    path("channels/rules", channels.rules, name="message-rules"),
    path("channels/new", channels.channel_new, name="channel-new"),
    path("channels/<uuid:uid>", channels.channel, name="channel"),
    path("channels/<uuid:uid>/close", channels.channel_close, name="channel-close"),
    path("channels/<uuid:uid>/test", channels.channel_test, name="channel-test"),
    path("deliveries", deliveries.deliveries, name="deliveries"),
    path("deliveries/<uuid:key>/decide", deliveries.delivery_decide, name="delivery-decide"),
    path("notices", notices.notices, name="notices"),
    path("notices/new", notices.notice_new, name="notice-new"),
    path("notices/preview", notices.notice_preview, name="notice-preview"),
    path("notices/<uuid:uid>", reading.notice, name="notice"),
    path("notices/<uuid:uid>/open", reading.notice_open, name="notice-open"),
    path("notices/<uuid:uid>/acknowledge", reading.notice_acknowledge, name="notice-acknowledge"),
    path("notices/<uuid:uid>/file", reading.notice_file, name="notice-file"),
    path("notices/<uuid:uid>/reach", notices.notice_reach, name="notice-reach"),
    path("notices/<uuid:uid>/remind", notices.notice_remind, name="notice-remind"),
    path("notices/<uuid:uid>/keeper", notices.notice_hand_over, name="notice-hand-over"),
]
