"""Standing's pages below /parks/<park>/; a worker's own page has no park in its address: `worker_urls.py`."""

from django.urls import path

from jiugong.standing.views import person, team_entry

urlpatterns = [
    path("people/<uuid:person>/", person.person, name="person"),
    path("people/<uuid:person>/excuse", person.excuse_person, name="person-excuse"),
    path("excuses/<int:excuse>/withdraw", person.end_excuse, name="excuse-withdraw"),
    path("teams/", team_entry.teams, name="team-entries"),
    path("teams/<uuid:team>/entry", team_entry.entry, name="team-entry"),
]
