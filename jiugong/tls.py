"""`jiugong serve --tls`: what serving over TLS adds to serving. The seam is three calls: words, environment, keeper.

TLS 1.2 is the least that is spoken: phones of 2014 to 2018 know no 1.3, and 1.2 with the suites of rustls is not weak.
"""

import argparse
import io
import os
import subprocess
import sys
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from jiugong import settings as ours
from jiugong.lib import addresses, certificates, clock
from jiugong.lib.tls_files import ALWAYS, LOCAL, OWN, Files, keep_local, keep_own

BIND, PLAIN_PORT = "0.0.0.0:8443", "8000"           # noqa: S104 — phones of the network are to reach it
LEAST = "tls1.2"
TAKES_OVER = "8"                                     # seconds that a new worker has to be ready before the old one ends


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `serve` and `demo` take beside their own."""
    parser.add_argument("--tls", action="store_true", help="serve over TLS, with an authority of our own that phones install")
    parser.add_argument("--name", action="append", default=[], metavar="HOST", help="a further name for the certificate")
    parser.add_argument("--certificate", default="", metavar="FILE", help="the park's own certificate, its chain below it")
    parser.add_argument("--key", default="", metavar="FILE", help="the private key of --certificate")
    parser.add_argument("--http-port", default=PLAIN_PORT, metavar="PORT",
                        help="plain port that only shows how to install the authority; 0 is none")


@dataclass(frozen=True, kw_only=True)
class Serving:
    """How the server is reached: plainly, or over TLS by our authority or by the park's own certificate."""

    bind: str
    kind: str = ""
    plain_port: str = "0"
    hosts: list[str] = field(default_factory=list)
    asked: argparse.Namespace | None = None

    @property
    def words(self) -> list[str]:
        """What granian is told."""
        if not self.kind:
            return []
        files = Files(settings.KEYS / "tls")
        return ["--ssl-certificate", str(files.served(self.kind)), "--ssl-keyfile", str(files.served_key(self.kind)),
                "--ssl-protocol-min", LEAST, "--respawn-interval", TAKES_OVER]

    @property
    def environment(self) -> dict[str, str]:
        """What the server's processes know of it, over what was set."""
        port = self.bind.rpartition(":")[2]
        return {"JIUGONG_TLS": self.kind, "JIUGONG_TLS_PORT": port, "JIUGONG_PLAIN_PORT": self.plain_port,
                "JIUGONG_BIND": self.bind} if self.kind else {}

    @property
    def is_alone(self) -> bool:
        """Does it listen to this machine only, so that no phone reaches it?"""
        return addresses.is_this_machine_alone(self.bind.rpartition(":")[0].strip("[]"))

    def keep(self) -> None:
        """Start what runs beside the server for as long as it lives: it renews, and serves the plain port."""
        if not (self.kind and self.asked):
            return
        words = [sys.executable, "-m", "jiugong.tls_keeper", "--folder", str(settings.KEYS / "tls"), "--parent", str(os.getpid()),
                 "--host", self.bind.rpartition(":")[0], "--plain-port", self.plain_port]
        words += [word for name in wanted_names(self.asked) for word in ("--name", name)]
        if self.kind == OWN:
            words += ["--certificate", self.asked.certificate, "--key", self.asked.key]
        subprocess.Popen(words)                                  # noqa: S603 — our own module

    def announce(self) -> str:
        """What is said at the start: where, and how phones join."""
        if not self.kind:
            return _("Serving on http://%(address)s") % {"address": self.bind}
        if self.is_alone:
            return "\n".join((
                _("Serving on %(addresses)s") % {"addresses": f"https://{self.bind}"},
                _("Only this machine reaches it. For phones start it with --bind %(bind)s.") % {"bind": BIND}))
        at = addresses_of(self.hosts, self.bind.rpartition(":")[2])
        lines = [_("Serving on %(addresses)s") % {"addresses": "  ".join(at)}]
        if self.kind == LOCAL and self.plain_port != "0":
            authority = Files(settings.KEYS / "tls").authority.read_bytes()
            install = f"http://{in_url(self.hosts[0])}:{self.plain_port}/install"
            lines += [_("Phones install the certificate once, at %(address)s") % {"address": install}, picture(install),
                      _("Compare on the phone before trusting: %(spoken)s") % {"spoken": certificates.spoken(authority)},
                      f"SHA-256 {certificates.fingerprint(authority)}"]
        else:
            lines.append(picture(at[0]))
        return "\n".join(lines)


def prepared(given: argparse.Namespace) -> Serving:
    """Make ready what was asked for. Raises what `keep_local` and `keep_own` raise."""
    own = bool(getattr(given, "certificate", "") or getattr(given, "key", ""))
    if not (getattr(given, "tls", False) or own):
        return Serving(bind=given.bind or ours.setting("JIUGONG_BIND"))
    files, at, names = Files(settings.KEYS / "tls"), clock.machine_time(), wanted_names(given)
    if own:
        keep_own(files, given.certificate, given.key, given.name, at=at)
    else:
        keep_local(files, names, at=at)
    kind = OWN if own else LOCAL
    bind = given.bind or os.environ.get("JIUGONG_BIND") or BIND
    return Serving(bind=bind, kind=kind, plain_port=given.http_port, asked=given,
                   hosts=certificates.hosts_of(files.served(kind).read_bytes()))


def wanted_names(given: argparse.Namespace) -> list[str]:
    """The names that whoever runs this asked for: `--name`, and the hosts under which browsers may reach us."""
    listed = [host for host in ours.listed("JIUGONG_ALLOWED_HOSTS") if "*" not in host and not host.startswith(".")]
    return [name for name in dict.fromkeys([*given.name, *listed]) if name not in (*ALWAYS, "[::1]")]


def addresses_of(hosts: list[str], port: str) -> list[str]:
    """The addresses under which phones reach the server, the likeliest first."""
    far = [host for host in hosts if not addresses.is_this_machine_alone(host) and not set("*:") & set(host)]
    return [f"https://{in_url(host)}{'' if port == '443' else f':{port}'}" for host in far or hosts[:1]]


def picture(text: str) -> str:
    """A QR code for a terminal."""
    import segno  # only whoever shows a code needs it

    drawn = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
