"""Screening's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.screening import advice_views, box_views, laboratory_views, point_views, round_views, views

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
    path("laboratories", laboratory_views.laboratories, name="laboratories"),
    path("laboratories/late", laboratory_views.turn_round, name="turn-round"),
    path("laboratories/<int:laboratory>", laboratory_views.laboratory, name="laboratory"),
    path("laboratories/<int:laboratory>/change", laboratory_views.change, name="laboratory-change"),
    path("laboratories/<int:laboratory>/end", laboratory_views.end, name="laboratory-end"),
    path("laboratories/<int:laboratory>/contract", laboratory_views.add_contract, name="contract-add"),
    path("laboratories/<int:laboratory>/tie", laboratory_views.tie, name="laboratory-tie"),
    path("laboratories/<int:laboratory>/accounts/<int:account>/untie", laboratory_views.untie, name="laboratory-untie"),
    path("contracts/<int:contract>/end", laboratory_views.contract_end, name="contract-end"),
    path("boxes", box_views.boxes, name="boxes"),
    path("boxes/find", box_views.find, name="box-find"),
    path("boxes/<int:box>", box_views.box, name="box"),
    path("boxes/<int:box>/put", box_views.put, name="box-put"),
    path("boxes/<int:box>/take-out", box_views.take, name="box-take-out"),
    path("boxes/<int:box>/seal", box_views.seal, name="box-seal"),
    path("boxes/<int:box>/drop", box_views.drop, name="box-drop"),
    path("boxes/<int:box>/hand-over", box_views.give, name="box-give"),
    path("boxes/<int:box>/take-back", box_views.back, name="box-take-back"),
    path("boxes/<int:box>/take-along", box_views.carry, name="box-carry"),
    path("boxes/<int:box>/deliver", box_views.deliver, name="box-deliver"),
    path("boxes/<int:box>/legs/<int:leg>/explain", box_views.explained, name="box-explain"),
    path("boxes/<int:box>/sheet.pdf", box_views.paper, name="box-paper"),
    path("tubes/<path:code>", views.tube, name="tube"),
    path("scan", views.scan, name="scan"),
    path("scans/import", views.import_scan_file, name="scan-import"),
    path("results/import", views.import_result_file, name="result-import"),
]
