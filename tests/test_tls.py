"""`jiugong serve --tls` as its own process: trusted by the authority alone, renewed while it runs, and the plain port beside it."""

import os
import plistlib
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from jiugong.cli import main
from jiugong.lib import certificates
from jiugong.lib.tls_files import LOCAL, Files, keep_local
from tests.installed import SQLITE, installed

JIUGONG = str(Path(sys.executable).with_name("jiugong"))
NAME = "pc-3.local"


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        return None


@dataclass
class Served:
    """A server over TLS: its process, its two ports, its files."""

    process: subprocess.Popen[bytes]
    port: str
    plain: str
    files: Files

    def ask(self, url: str, *, trusting: bytes | None = None, host: str = "") -> tuple[int, Message, bytes]:
        """Ask without following; over TLS whoever asks trusts the given authority, the machine's own without one."""
        context = ssl.create_default_context(cadata=trusting.decode()) if trusting else ssl.create_default_context()
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), NoRedirects, urllib.request.HTTPSHandler(context=context))
        try:
            with opener.open(urllib.request.Request(url, headers={"Host": host} if host else {}), timeout=10) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read()

    def presented(self, name: str, *, least: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
                  most: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> list[str]:
        """The hosts of the certificate that is shown to somebody who trusts our authority and asks for a name."""
        context = ssl.create_default_context(cafile=str(self.files.authority))
        context.minimum_version, context.maximum_version = least, most
        with (socket.create_connection(("127.0.0.1", int(self.port)), 5) as wire,
              context.wrap_socket(wire, server_hostname=name) as shaken):
            found: Any = shaken.getpeercert()
        return [str(host) for _kind, host in found["subjectAltName"]]


def started(environment: dict[str, str], *words: str, plain: str | None = None) -> tuple[subprocess.Popen[bytes], str, str]:
    port, plain = free_port(), plain or free_port()
    log = (Path(environment["JIUGONG_HOME"]).parent / "serve.log").open("wb")
    process = subprocess.Popen([JIUGONG, "serve", "--bind", f"127.0.0.1:{port}", "--http-port", plain, *words],
                               env=environment, stdout=log, stderr=log)
    return process, port, plain


def until_open(process: subprocess.Popen[bytes], *ports: str) -> None:
    deadline = time.monotonic() + 60
    for port in ports:
        while time.monotonic() < deadline:
            assert process.poll() is None, "the server ended"
            with socket.socket() as knocking:
                if knocking.connect_ex(("127.0.0.1", int(port))) == 0:
                    break
            time.sleep(0.1)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """On SQLite: certificates are the same on any database."""
    return installed(tmp_path_factory.mktemp("tls"), on=SQLITE) | {"JIUGONG_LANGUAGE": "en"}


@pytest.fixture(scope="module")
def served(environment: dict[str, str]) -> Iterator[Served]:
    process, port, plain = started(environment, "--tls", "--name", NAME)
    try:
        until_open(process, port, plain)
        yield Served(process, port, plain, Files(Path(environment["JIUGONG_HOME"]) / "keys" / "tls"))
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.pure
def test_whoever_installed_the_authority_is_served_and_nobody_else(served: Served) -> None:
    authority = served.files.authority.read_bytes()
    address = f"https://127.0.0.1:{served.port}/sign-in"

    status, headers, body = served.ask(address, trusting=authority)

    assert status == 200 and b"csrf" in body
    assert "Secure" in headers["Set-Cookie"]
    assert headers["Strict-Transport-Security"] is None                  # who leaves our authority must get out again
    assert served.ask(f"https://localhost:{served.port}/healthz", trusting=authority)[0] == 200
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        served.ask(address)
    assert NAME in served.presented(NAME)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        served.presented("other.local")


@pytest.mark.pure
def test_phones_of_2014_are_served_and_older_tls_is_not(served: Served) -> None:
    assert served.presented("localhost", most=ssl.TLSVersion.TLSv1_2)
    with warnings.catch_warnings(), pytest.raises((ssl.SSLError, OSError)):
        warnings.simplefilter("ignore", DeprecationWarning)
        served.presented("localhost", least=ssl.TLSVersion.TLSv1, most=ssl.TLSVersion.TLSv1_1)


@pytest.mark.pure
def test_the_plain_port_gives_the_authority_and_sends_everything_else_to_tls(served: Served) -> None:
    plain = f"http://127.0.0.1:{served.plain}"
    authority = served.files.authority.read_bytes()

    status, headers, page = served.ask(f"{plain}/install?language=en")
    text = page.decode()

    assert status == 200 and headers["Set-Cookie"] is None and certificates.spoken(authority) in text
    assert f"https://127.0.0.1:{served.port}/install/trusted" in text
    assert f"connect-src 'self' https://127.0.0.1:{served.port}" in headers["Content-Security-Policy"]
    assert "安装证书" in served.ask(f"{plain}/install?language=zh-hans")[2].decode()
    status, headers, content = served.ask(f"{plain}/install/authority.crt")
    assert (status, headers["Content-Type"]) == (200, "application/x-x509-ca-cert")
    assert content == certificates.binary(authority)
    _status, headers, content = served.ask(f"{plain}/install/authority.mobileconfig")
    held = plistlib.loads(content)["PayloadContent"][0]
    assert headers["Content-Type"] == "application/x-apple-aspen-config"
    assert (held["PayloadType"], held["PayloadContent"]) == ("com.apple.security.root", certificates.binary(authority))
    for path in ("/", "/sign-in?next=/x", "/api/v1/openapi.json", "/installed", "/parks/%E5%9B%AD", "//evil.example/"):
        status, headers, _body = served.ask(f"{plain}{path}")
        assert (status, headers["Location"]) == (307, f"https://127.0.0.1:{served.port}{path}")
    for path in ("/", "/install"):
        assert served.ask(f"{plain}{path}", host="evil.example")[0] == 400
    assert served.ask(f"{plain}/install/trusted")[1]["Location"] == f"https://127.0.0.1:{served.port}/install/trusted"


@pytest.mark.pure
def test_a_form_is_taken_over_tls_and_a_second_name_is_an_allowed_host(served: Served) -> None:
    context = ssl.create_default_context(cafile=str(served.files.authority))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(),
                                         urllib.request.HTTPSHandler(context=context))
    origin = f"https://localhost:{served.port}"
    page = opener.open(f"{origin}/sign-in", timeout=10).read().decode()
    token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
    sent = urllib.request.Request(f"{origin}/language", f"csrfmiddlewaretoken={token}&language=en&next=/sign-in".encode(),
                                  headers={"Origin": origin, "Referer": f"{origin}/sign-in"})

    with opener.open(sent, timeout=10) as answer:
        assert answer.status == 200 and b'lang="en"' in answer.read()

    authority = served.files.authority.read_bytes()
    assert served.ask(f"{origin}/sign-in", trusting=authority, host=NAME)[0] == 200
    assert served.ask(f"{origin}/sign-in", trusting=authority, host="evil.example")[0] == 400


@pytest.mark.pure
def test_a_renewed_certificate_is_taken_while_the_server_runs(served: Served) -> None:
    def is_taken() -> bool:
        """Is the certificate the new one, and its name an allowed host? While workers change, either may answer."""
        try:
            return "new.local" in served.presented("localhost") and served.ask(
                f"https://localhost:{served.port}/sign-in", trusting=authority, host="new.local")[0] == 200
        except OSError:                              # a machine with much else to do starts its new worker late
            return False

    authority = served.files.authority.read_bytes()
    assert not is_taken()

    keep_local(served.files, [NAME, "new.local"], at=datetime.now(UTC))
    os.kill(served.process.pid, signal.SIGHUP)

    deadline = time.monotonic() + 60
    while not is_taken():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.pure
def test_the_keeper_renews_by_itself_tells_the_server_and_ends_with_it(tmp_path: Path) -> None:
    files = Files(tmp_path / "tls")
    keep_local(files, [], at=datetime.now(UTC) - timedelta(days=375))         # 22 days are left
    before, told = files.served(LOCAL).read_bytes(), []
    kept = signal.signal(signal.SIGHUP, lambda *_signal: told.append(True))
    keeper = subprocess.Popen([sys.executable, "-m", "jiugong.tls_keeper", "--folder", str(files.folder), "--host", "127.0.0.1",
                               "--plain-port", "0", "--parent", str(os.getpid()), "--every", "0.2"])
    try:
        deadline = time.monotonic() + 30
        while not told:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert certificates.ends_at(files.served(LOCAL).read_bytes()) > certificates.ends_at(before) + timedelta(days=300)
    finally:
        keeper.terminate()
        keeper.wait(20)
        signal.signal(signal.SIGHUP, kept)
    orphan = [sys.executable, "-m", "jiugong.tls_keeper", "--folder", str(files.folder), "--host", "127.0.0.1", "--plain-port", "0",
              "--parent", "1"]
    assert subprocess.run(orphan, timeout=30).returncode == 0                  # its server is gone: so is it


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., str]:
    """The path of a file of the park's own: a certificate for this machine, its key, another's key, one that is over."""
    now = datetime.now(UTC)
    authority = certificates.make_authority("x", [], at=now - timedelta(days=600))
    pairs = {name: certificates.sign(authority, ["localhost", "127.0.0.1"], at=at)
             for name, at in (("good", now), ("other", now), ("old", now - timedelta(days=500)))}
    (tmp_path / "authority").write_bytes(authority.certificate)
    for name, pair in pairs.items():
        (tmp_path / f"{name}.crt").write_bytes(pair.certificate)
        (tmp_path / f"{name}.key").write_bytes(pair.key)
    return lambda name: str(tmp_path / name)


@pytest.mark.pure
@pytest.mark.parametrize(("certificate", "key", "code"), [
    ("good.crt", "other.key", "tls.key_differs"), ("old.crt", "old.key", "tls.certificate_over"),
    ("good.key", "good.key", "tls.certificate_unreadable"), ("good.crt", "good.crt", "tls.key_unreadable"),
    ("absent", "good.key", "command.file_missing")])
def test_a_certificate_that_is_not_good_is_refused_before_anything_is_served(
        certificate: str, key: str, code: str, own: Callable[..., str], settings: Any, tmp_path: Path,
        capsys: pytest.CaptureFixture[str]) -> None:
    settings.KEYS = tmp_path / "keys"

    assert main(["serve", "--tls", "--certificate", own(certificate), "--key", own(key)]) == 1

    assert f"[{code}]" in capsys.readouterr().err
    assert not (tmp_path / "keys").exists()


@pytest.mark.pure
def test_the_parks_own_certificate_is_served(environment: dict[str, str], own: Callable[..., str]) -> None:
    process, port, plain = started(environment, "--certificate", own("good.crt"), "--key", own("good.key"), plain="0")
    served = Served(process, port, plain, Files(Path(environment["JIUGONG_HOME"]) / "keys" / "tls"))
    trusted = Path(own("authority")).read_bytes()
    try:
        until_open(process, port)
        status, headers, page = served.ask(f"https://localhost:{port}/install?language=en", trusting=trusted)
        assert status == 200 and b"Nothing to install" in page
        assert headers["Strict-Transport-Security"] == f"max-age={30 * 24 * 3600}"
        assert served.ask(f"https://localhost:{port}/install/authority.crt", trusting=trusted)[0] == 404
    finally:
        process.terminate()
        process.wait(20)
