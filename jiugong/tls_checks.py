"""What `jiugong doctor` says about TLS: a certificate near its end, names that do not fit, listening to others without any."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import gettext as _

from jiugong import settings as ours
from jiugong.lib import addresses, certificates, clock
from jiugong.lib.tls_files import LOCAL, OWN, Files

RENEWED_BY_THEN = 7                                  # days; a certificate of ours that is still there then was not renewed


@register()
def others_are_served_over_tls(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Whoever listens to others without TLS is told what their phones cannot do."""
    host = ours.setting("JIUGONG_BIND").rpartition(":")[0]
    if addresses.is_this_machine_alone(host) or ours.flag("JIUGONG_HTTPS") or Files(settings.KEYS / "tls").kind():
        return []
    return [Warning(
        _("The server listens to others without https: their phones have no camera, install nothing, do not start without the "
          "network once the page was closed, and keep what waits unsealed."),
        hint=_("Start it with `jiugong serve --tls`, or put a proxy with TLS before it and set JIUGONG_HTTPS=true."),
        id="jiugong.W010")]


@register()
def certificates_hold(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """The certificate that stands in the home: does it hold, for how long, and for the addresses of this machine?"""
    files = Files(settings.KEYS / "tls")
    kind = files.kind()
    if settings.TLS not in ("", LOCAL, OWN):
        return [Error(f"JIUGONG_TLS is {settings.TLS!r}.", hint="Unset it: `jiugong serve --tls` sets it.", id="jiugong.E010")]
    if not kind:
        return []
    found: list[CheckMessage] = []
    try:
        served = files.served(kind).read_bytes()
        found += _about_its_end(kind, certificates.ends_at(served))
        found += _about_its_names(kind, certificates.hosts_of(served))
    except (OSError, ValueError):
        return [Error(_("The certificate in %(folder)s cannot be read.") % {"folder": files.folder},
                      hint=_("Move it away and start again with `jiugong serve --tls`: it is made anew."), id="jiugong.E011")]
    loose = [path for path in (files.authority_key, files.served_key(kind)) if path.exists() and path.stat().st_mode & 0o077]
    return found + [Warning(f"Others on this machine may read {path}.", hint=f"Run `chmod 600 {path}`.", id="jiugong.W002")
                    for path in loose]


def _about_its_end(kind: str, ends: datetime) -> list[CheckMessage]:
    days = (ends - clock.machine_time()).days
    hint = (_("Start the server anew: it is renewed by itself.") if kind == LOCAL else
            _("Have it renewed; the server takes the new files by itself."))
    if days < 0:
        return [Warning(_("The certificate ended on %(day)s: phones refuse this server.") % {"day": f"{ends:%Y-%m-%d}"}, hint=hint,
                        id="jiugong.W011")]
    if days < (RENEWED_BY_THEN if kind == LOCAL else certificates.RENEW_BEFORE.days):
        return [Warning(_("The certificate ends on %(day)s.") % {"day": f"{ends:%Y-%m-%d}"}, hint=hint, id="jiugong.W012")]
    return []


def _about_its_names(kind: str, hosts: list[str]) -> list[CheckMessage]:
    if kind == OWN:
        asked = [name for name in ours.listed("JIUGONG_ALLOWED_HOSTS") if not addresses.is_this_machine_alone(name)]
        missing = [name for name in asked if not certificates.covers(hosts, name.strip("[]")) and not name.startswith((".", "*"))]
    else:
        missing = [address for address in addresses.addresses() if address not in hosts]
    if not missing:
        return []
    return [Warning(_("The certificate does not hold for %(names)s, under which this machine is reached.") % {
        "names": ", ".join(missing)}, hint=_("Start the server anew with `jiugong serve --tls`, or use a certificate for these."),
        id="jiugong.W013")]
