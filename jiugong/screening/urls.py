"""Screening's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.screening import advice_views, point_views, round_views, views

urlpatterns = [
    path("rounds", round_views.rounds, name="rounds"),
    path("rounds/open", round_views.open_a_round, name="round-open"),
    path("rounds/<int:number>", round_views.one_round, name="round"),
    path("rounds/<int:number>/figures", round_views.round_figures, name="round-figures"),
    path("rounds/<int:number>/missing", round_views.round_missing, name="round-missing"),
    path("points", point_views.points, name="points"),
    path("points/import", views.import_point_file, name="point-import"),
    path("points/<int:point>", point_views.point, name="point"),
    path("advice/pool", advice_views.pool_advice, name="pool-advice"),
    path("advice/points", advice_views.points_advice, name="points-advice"),
    path("tubes/<path:code>", views.tube, name="tube"),
    path("scan", views.scan, name="scan"),
    path("scans/import", views.import_scan_file, name="scan-import"),
    path("results/import", views.import_result_file, name="result-import"),
]
