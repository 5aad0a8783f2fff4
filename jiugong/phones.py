"""How phones join: the page on which they install our authority, and the duty officer's page with its codes.

The first is open to all, also on the plain port (`plain_port.py`): whoever stands before it has nothing yet. It says no
name and no address of anybody, only how this server is trusted.
"""

import plistlib
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from jiugong.http import POLICY, actor_of
from jiugong.lib import certificates, clock
from jiugong.lib.addresses import is_this_machine_alone
from jiugong.lib.can import Can
from jiugong.lib.tls_files import LOCAL, OWN, Files
from jiugong.registry.logic.badge_sheets import qr_picture
from jiugong.registry.queries.doors import park_for
from jiugong.settings import setting
from jiugong.tls import addresses_of, in_url

OURS = UUID("6f0c3a52-3d1b-4b0e-9d0a-0c6b1e5b9a10")        # under which the profile's own ids are made, always the same
SOON = certificates.RENEW_BEFORE.days


@login_not_required
@require_safe
def install(request: HttpRequest) -> HttpResponse:
    """Install our authority, step by step, and look whether this phone trusts us now."""
    language = request.GET.get("language", "")
    with translation.override(language if language in dict(settings.LANGUAGES) else translation.get_language()):
        secure = _secure_origin(request)
        shown: dict[str, Any] = {"kind": settings.TLS, "secure_url": secure, "trusted_url": f"{secure}{reverse('install-trusted')}"}
        if settings.TLS == LOCAL:
            shown |= _authority_facts()
        answer = render(request, "install.html", shown)
    if secure:
        answer.headers["Content-Security-Policy"] = POLICY.replace("connect-src 'self'", f"connect-src 'self' {secure}")
    return answer


@login_not_required
@require_safe
def authority(_request: HttpRequest) -> HttpResponse:
    """Our authority as Android, HarmonyOS and Windows take it."""
    return _file(certificates.binary(_authority()), "application/x-x509-ca-cert", "jiugong.crt")


@login_not_required
@require_safe
def profile(_request: HttpRequest) -> HttpResponse:
    """Our authority as iPhones and iPads take it: a configuration profile that holds nothing else."""
    held = _authority()
    mark = certificates.fingerprint(held)
    common = {"PayloadVersion": 1, "PayloadOrganization": "Jiugong"}
    inner = common | {
        "PayloadType": "com.apple.security.root", "PayloadIdentifier": f"jiugong.authority.{mark[:11].replace(':', '').lower()}",
        "PayloadUUID": str(uuid5(OURS, mark)).upper(), "PayloadDisplayName": _("Certificate of this park's Jiugong"),
        "PayloadCertificateFileName": "jiugong.crt", "PayloadContent": certificates.binary(held)}
    outer = common | {
        "PayloadType": "Configuration", "PayloadIdentifier": "jiugong.profile",
        "PayloadUUID": str(uuid5(OURS, f"{mark} profile")).upper(), "PayloadRemovalDisallowed": False,
        "PayloadDisplayName": _("Jiugong on this park's network"), "PayloadContent": [inner],
        "PayloadDescription": _("Trusts the Jiugong of this park, for private addresses and its own names alone.")}
    return _file(plistlib.dumps(outer), "application/x-apple-aspen-config", "jiugong.mobileconfig")


@login_not_required
@require_safe
def trusted(request: HttpRequest) -> HttpResponse:
    """Whoever reads this over TLS trusts us. Over the plain port it is the way there."""
    if settings.TLS and not request.is_secure():
        return redirect(f"{_secure_origin(request)}{request.path}")
    answer = render(request, "install_trusted.html", {"is_secure": request.is_secure()})
    answer.headers["Access-Control-Allow-Origin"] = "*"        # the plain port's page asks, and there is nothing to hide
    return answer


@require_GET
def phones(request: HttpRequest, park: UUID) -> HttpResponse:
    """For the duty officer: codes for phones, what to compare, and how long the certificate lasts."""
    actor = actor_of(request)
    here = park_for(actor, park)
    actor.must(Can.GRANT_ROLES, over=here)
    shown: dict[str, Any] = {"kind": settings.TLS, "soon": SOON, "is_alone": bool(settings.TLS) and is_this_machine_alone(
        setting("JIUGONG_BIND").rpartition(":")[0].strip("[]"))}
    files = Files(settings.KEYS / "tls")
    if settings.TLS in (LOCAL, OWN) and not shown["is_alone"] and files.served(settings.TLS).exists():
        served = files.served(settings.TLS).read_bytes()
        hosts = certificates.hosts_of(served)
        origins = addresses_of(hosts, settings.TLS_PORT)
        scan = f"{origins[0]}{reverse('scan', args=[here.uid])}"
        shown |= {"hosts": hosts, "ends": certificates.ends_at(served), "days": _days_until(served), "origins": origins[1:],
                  "scan_url": scan, "scan_picture": _drawn(scan)}
        if settings.TLS == LOCAL:
            shown |= _authority_facts()
            if settings.PLAIN_PORT != "0":
                url = f"http://{in_url(str(urlsplit(origins[0]).hostname))}:{settings.PLAIN_PORT}{reverse('install')}"
                shown |= {"install_url": url, "install_picture": _drawn(url)}
    return render(request, "phones.html", shown)


def _authority() -> bytes:
    """The authority that phones install. There is none where the park has its own certificate, or no TLS."""
    file = Files(settings.KEYS / "tls").authority
    if settings.TLS != LOCAL or not file.exists():
        raise Http404
    return file.read_bytes()


def _authority_facts() -> dict[str, Any]:
    held = _authority()
    mark = certificates.fingerprint(held).split(":")
    return {"spoken": certificates.spoken(held), "fingerprint": [":".join(mark[at:at + 8]) for at in range(0, len(mark), 8)],
            "authority_ends": certificates.ends_at(held)}


def _drawn(text: str) -> SafeString:
    return mark_safe(qr_picture(text, border=2))               # noqa: S308  our own drawing


def _days_until(certificate: bytes) -> int:
    return (certificates.ends_at(certificate) - clock.machine_time()).days


def _secure_origin(request: HttpRequest) -> str:
    """Where this server is over TLS, under the name by which it was asked; empty without TLS."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return addresses_of([host], settings.TLS_PORT)[0] if settings.TLS else ""


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
