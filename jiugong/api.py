"""The JSON API of the house: each room brings its router. Sign in with a session, or with `Authorization: Bearer …`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.security import SessionAuth

from jiugong.accounts.models import User
from jiugong.briefs.api import router as briefs
from jiugong.duties.api import router as duties
from jiugong.http import refused
from jiugong.lib.refusal import Refusal
from jiugong.registry.api import router as registry
from jiugong.screening.api import router as screening
from jiugong.standing.api import router as standing


class MalformedRequest(Refusal):
    code = "api.malformed"
    message = "The request does not have the shape that this operation takes; see `details`."


class SignedIn(SessionAuth):
    """A session with its CSRF token, or a token that the middleware knew."""

    def __call__(self, request: HttpRequest) -> Any:
        if getattr(request, "by_token", False):
            return request.user
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user if isinstance(request.user, User) else None


api = NinjaAPI(title="Jiugong", version="1", docs_url=None, urls_namespace="api", auth=SignedIn())
api.add_router("/registry", registry)
api.add_router("/screening", screening)
api.add_router("/duties", duties)
api.add_router("/standing", standing)
api.add_router("/briefs", briefs)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, reason: ValidationError) -> HttpResponse:
    """Say which field is wrong and how."""
    details = [{"where": ".".join(str(part) for part in each["loc"]), "wrong": each["msg"]} for each in reason.errors]
    return refused(request, MalformedRequest(details=details))


@api.exception_handler(Refusal)
def refusal(request: HttpRequest, reason: Refusal) -> HttpResponse:
    return refused(request, reason)
