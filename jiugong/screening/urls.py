"""Screening's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.screening import point_views, views

urlpatterns = [
    path("rounds", views.rounds, name="rounds"),
    path("rounds/open", views.open_a_round, name="round-open"),
    path("rounds/<int:number>", views.one_round, name="round"),
    path("points", point_views.points, name="points"),
    path("tubes/<path:code>", views.tube, name="tube"),
    path("scan", views.scan, name="scan"),
    path("scans/import", views.import_scan_file, name="scan-import"),
    path("results/import", views.import_result_file, name="result-import"),
]
