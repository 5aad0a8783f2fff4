"""The rulebook's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.rulebook import views

urlpatterns = [
    path("rules", views.rules, name="rules"),
    path("rules/<str:key>", views.rule_pack, name="rule-pack"),
]
