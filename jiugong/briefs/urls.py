from django.urls import path

from jiugong.briefs import brief_views, figure_views, filing_views, name_views, score_views, views

urlpatterns = [
    path("", views.today, name="today"),
    path("wall/", views.wall, name="wall"),
    path("grids/<int:grid>/", views.grid, name="grid"),
    path("grids/none/", views.no_grid, name="no-grid"),
    path("units/<uuid:unit>/", views.unit, name="unit"),
    path("names/", name_views.names, name="names"),
    path("names/excuse/", name_views.excuse_names, name="names-excuse"),
    path("names/remind/", name_views.remind_names, name="names-remind"),
    path("things/", name_views.list_things, name="things"),
    path("figures/<str:key>/", figure_views.figure, name="figure"),
    path("figures/<str:key>/paper/", figure_views.figure_paper, name="figure-paper"),
    path("brief/", brief_views.brief, name="brief"),
    path("brief/publish/", brief_views.brief_publish, name="brief-publish"),
    path("brief/paper/<str:kind>/", brief_views.brief_paper, name="brief-paper"),
    path("briefs/", brief_views.published_briefs, name="published-briefs"),
    path("briefs/<uuid:brief>/", brief_views.published_brief, name="published-brief"),
    path("briefs/<uuid:brief>/paper/<str:kind>/", brief_views.published_paper, name="published-paper"),
    path("filings/", filing_views.filings, name="filings"),
    path("filings/<int:body>/", filing_views.filing, name="filing"),
    path("filings/<int:body>/figures/", filing_views.remit, name="remit"),
    path("filings/meeting/", filing_views.meeting, name="meeting"),
    path("filings/meeting/paper/<str:kind>/", filing_views.meeting_paper, name="meeting-paper"),
    path("score/", score_views.score, name="score"),
    path("score/paper/", score_views.score_paper, name="score-paper"),
    path("score/<uuid:unit>/", score_views.score_of, name="score-of"),
]
