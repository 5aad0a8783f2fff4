from django.urls import path

from jiugong.briefs import brief_views, views

urlpatterns = [
    path("", views.today, name="today"),
    path("wall/", views.wall, name="wall"),
    path("grids/<int:grid>/", views.grid, name="grid"),
    path("grids/none/", views.no_grid, name="no-grid"),
    path("units/<uuid:unit>/", views.unit, name="unit"),
    path("names/", views.names, name="names"),
    path("names/excuse/", views.excuse_names, name="names-excuse"),
    path("figures/<str:key>/", brief_views.figure, name="figure"),
    path("brief/", brief_views.brief, name="brief"),
]
