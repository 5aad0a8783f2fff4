"""The registry's pages, below /parks/<park>/."""

from django.urls import path

from jiugong.registry.views import bodies, charges, imports, mappings, people, units

urlpatterns = [
    path("import", imports.imports, name="imports"),
    path("import/mapping", mappings.mapping, name="mapping"),
    path("import/<uuid:upload>", imports.preview, name="import-preview"),
    path("import/<uuid:upload>/report", imports.report, name="import-report"),
    path("roster/export", imports.export, name="roster-export"),
    path("people", people.people, name="people"),
    path("people/show-number", people.show_number, name="show-number"),
    path("enterprises", units.units, name="units"),
    path("groups", bodies.bodies, name="bodies"),
    path("charges", charges.charges, name="charges"),
    path("charges/<int:charge>/end", charges.end, name="charge-end"),
]
