"""Screening's pages, below /parks/<park>/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
