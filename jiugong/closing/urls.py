"""Closing's pages below /parks/<park>/."""

from datetime import date

from django.urls import path, register_converter

from jiugong.closing import views


class DayInAddress:
    """A day as in 2022-07-22; any other text is no such address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(DayInAddress, "day")

urlpatterns = [
    path("days/", views.closed_days, name="closed-days"),
    path("days/verify", views.verify_days, name="verify-days"),
    path("days/<day:day>/", views.closed_day, name="closed-day"),
    path("days/<day:day>/missed/<int:count>/", views.day_misses, name="day-misses"),
]
