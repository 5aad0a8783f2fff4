"""Every address of the house. Each room brings its own; what stands here is the door and the API."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from jiugong import demo, field, health, pages, phones
from jiugong.accounts.views import SignOut
from jiugong.api import api
from jiugong.journal.views.deliveries import receipt
from jiugong.journal.views.ways import way_yes
from jiugong.standing.views.checking_in import venue

handler500 = "jiugong.http.broken"

urlpatterns = [
    path("", pages.home, name="home"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("sw.js", field.service_worker, name="service-worker"),
    path("manifest.webmanifest", field.manifest, name="manifest"),
    path("offline", field.offline, name="offline"),
    path("install", phones.install, name="install"),
    path("install/authority.crt", phones.authority, name="install-authority"),
    path("install/authority.mobileconfig", phones.profile, name="install-profile"),
    path("install/trusted", phones.trusted, name="install-trusted"),
    path("", include("jiugong.accounts.sign_in_urls")),
    path("sign-out", SignOut.as_view(), name="sign-out"),
    path("language", login_not_required(set_language), name="set_language"),
    path("api/v1/", api.urls),
    path("jobs/", include("jiugong.work.urls")),
    path("me/", include("jiugong.standing.worker_urls")),
    path("v/", include("jiugong.tracing.venue_urls")),
    path("v/<str:text>", venue, name="venue"),
    path("receipts/<uuid:uid>/<str:secret>", receipt, name="receipt"),
    path("reached/<str:text>", way_yes, name="way-yes"),
    path("parks/<uuid:park>/phones", phones.phones, name="phones"),
    path("parks/<uuid:park>/", include("jiugong.briefs.urls")),
    path("parks/<uuid:park>/", include("jiugong.registry.urls")),
    path("parks/<uuid:park>/", include("jiugong.screening.urls")),
    path("parks/<uuid:park>/", include("jiugong.tracing.urls")),
    path("parks/<uuid:park>/", include("jiugong.duties.urls")),
    path("parks/<uuid:park>/", include("jiugong.lasting.urls")),
    path("parks/<uuid:park>/", include("jiugong.standing.urls")),
    path("parks/<uuid:park>/", include("jiugong.rulebook.urls")),
    path("parks/<uuid:park>/", include("jiugong.closing.urls")),
    path("parks/<uuid:park>/", include("jiugong.journal.urls")),
    path("parks/<uuid:park>/", include("jiugong.accounts.urls")),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/sign-in", demo.sign_in, name="demo-sign-in"),
        path("demo/next", demo.move_on, name="demo-next"),
    ]
