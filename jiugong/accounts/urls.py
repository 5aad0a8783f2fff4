"""The addresses of accounts's pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def coming(request: HttpRequest, **_at: object) -> HttpResponse:
    """Stands here until the page does."""
    return render(request, "base.html")


urlpatterns = [
    path("accounts", coming, name="accounts"),
]
