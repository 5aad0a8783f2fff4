"""Certificates: what our authority vouches for and what it cannot, when a certificate is made anew, and the park's own."""

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from jiugong.lib import addresses, certificates, clock, tls_files
from jiugong.lib.certificates import Pair
from jiugong.lib.commanding import FileMissing
from jiugong.lib.own_certificates import (
    CertificateHalf,
    CertificateNameless,
    CertificateNotYet,
    CertificateOver,
    CertificateUnreadable,
    KeyDiffers,
    KeyUnreadable,
    NameNotCovered,
    read_own,
)
from jiugong.lib.refusal import Refusal
from jiugong.lib.tls_files import LOCAL, OWN, Files, NameImpossible, NameNotPermitted, keep_local, keep_own, why_anew

pytestmark = pytest.mark.pure
NOW = clock.machine_time().replace(microsecond=0)
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)
AUTHORITY = certificates.make_authority("九宫", ["park.example", "11.22.33.44"], at=NOW)
PEM = serialization.Encoding.PEM


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """A home on a machine of one address and one name."""
    monkeypatch.setattr(addresses, "addresses", lambda: ["192.168.1.5"])
    monkeypatch.setattr(addresses, "names", lambda: ["pc-3", "pc-3.local"])
    yield Files(tmp_path / "tls")


def shakes_hands(trusted: bytes, served: Pair, host: str, folder: Path) -> bool:
    """Does somebody who trusts this authority accept this certificate under this name? A real handshake, without a network."""
    (folder / "c").write_bytes(served.certificate)
    (folder / "k").write_bytes(served.key)
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cadata=trusted.decode())
    server.load_cert_chain(folder / "c", folder / "k")
    pipes = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(pipes[0], pipes[1], server_hostname=host)
    theirs = server.wrap_bio(pipes[1], pipes[0], server_side=True)
    for _turn in range(4):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
    return True


def a_certificate(*names: str, since: datetime = NOW - A_DAY,
                  until: datetime = NOW + 90 * A_DAY) -> tuple[bytes, rsa.RSAPrivateKey]:
    """A certificate as another authority would send it, with an RSA key."""
    key = rsa.generate_private_key(65_537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
            .not_valid_before(since).not_valid_after(until))
    if names:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
    return made.sign(key, hashes.SHA256()).public_bytes(PEM), key


def as_pem(key: rsa.RSAPrivateKey, password: bytes = b"") -> bytes:
    """A key as OpenSSL wrote them for decades, which is not PKCS#8."""
    how = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(PEM, serialization.PrivateFormat.TraditionalOpenSSL, how)


@pytest.mark.parametrize("host", ["192.168.1.5", "127.0.0.1", "localhost", "pc.local", "park.example", "9.park.example"])
def test_whoever_trusts_the_authority_trusts_what_it_signed(host: str, tmp_path: Path) -> None:
    served = certificates.sign(AUTHORITY, [host], at=NOW)

    assert certificates.may_vouch(AUTHORITY.certificate, host)
    assert shakes_hands(AUTHORITY.certificate, served, host, tmp_path)
    assert not shakes_hands(AUTHORITY.certificate, served, "other.local", tmp_path)
    other = certificates.make_authority("x", [], at=NOW)
    assert not shakes_hands(other.certificate, served, host, tmp_path)


@pytest.mark.parametrize("host", ["bank.example", "notpark.example", "8.8.8.8", "11.22.34.1", "example", "2606:4700::1"])
def test_a_stolen_authority_cannot_pretend_to_be_others(host: str, tmp_path: Path) -> None:
    forged = certificates.sign(AUTHORITY, [host], at=NOW)

    assert not certificates.may_vouch(AUTHORITY.certificate, host)
    assert not shakes_hands(AUTHORITY.certificate, forged, host, tmp_path)


def test_a_network_that_uses_addresses_of_others_is_vouched_for_with_its_neighbours() -> None:
    assert certificates.may_vouch(AUTHORITY.certificate, "11.22.33.99")


def test_the_authority_signs_no_other_and_nothing_lasts_too_long() -> None:
    held = x509.load_pem_x509_certificate(AUTHORITY.certificate)
    served = x509.load_pem_x509_certificate(certificates.sign(AUTHORITY, ["localhost"], at=NOW).certificate)
    late = certificates.sign(AUTHORITY, ["localhost"], at=held.not_valid_after_utc - 10 * A_DAY).certificate

    assert held.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(True, 0)
    assert held.extensions.get_extension_for_class(x509.NameConstraints).critical
    assert held.not_valid_after_utc - held.not_valid_before_utc <= timedelta(days=3650)
    assert served.not_valid_after_utc - served.not_valid_before_utc <= timedelta(days=397)
    assert served.not_valid_before_utc < NOW - A_DAY                     # a phone whose clock is a day late
    assert certificates.ends_at(late) == held.not_valid_after_utc


def test_what_is_read_aloud_is_six_groups_of_four_digits_and_differs() -> None:
    another = certificates.make_authority("x", [], at=NOW)
    said, other = (certificates.spoken(each.certificate) for each in (AUTHORITY, another))

    assert said != other
    assert [len(group) for group in said.split(" ")] == [4] * 6 and said.replace(" ", "").isdecimal()


def test_the_authority_is_made_once_and_nobody_else_reads_its_key(files: Files) -> None:
    assert keep_local(files, [], at=NOW)
    before = files.authority.read_bytes(), files.served(LOCAL).read_bytes()

    assert not keep_local(files, [], at=NOW + 100 * A_DAY)
    assert (files.authority.read_bytes(), files.served(LOCAL).read_bytes()) == before
    private = (files.folder, files.authority_key, files.served_key(LOCAL))
    assert [path.stat().st_mode & 0o777 for path in private] == [0o700, 0o600, 0o600]
    assert certificates.hosts_of(before[1]) == ["192.168.1.5", "127.0.0.1", "pc-3", "pc-3.local", "localhost"]


def test_another_address_another_name_another_authority_and_a_lost_key_each_have_it_signed_anew(
        files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_local(files, [], at=NOW)
    authority = files.authority.read_bytes()
    monkeypatch.setattr(addresses, "addresses", lambda: ["192.168.1.5", "10.0.0.9"])

    assert keep_local(files, [], at=NOW) and "10.0.0.9" in certificates.hosts_of(files.served(LOCAL).read_bytes())
    assert keep_local(files, ["九宫.local"], at=NOW) and not keep_local(files, ["九宫.local"], at=NOW)
    assert "九宫.local".encode("idna").decode() in certificates.hosts_of(files.served(LOCAL).read_bytes())
    files.served_key(LOCAL).unlink()
    assert keep_local(files, [], at=NOW)
    assert files.authority.read_bytes() == authority                     # phones need not install again
    files.authority.write_bytes(AUTHORITY.certificate)
    files.authority_key.write_bytes(AUTHORITY.key)
    assert keep_local(files, [], at=NOW)
    assert certificates.signed_by(files.served(LOCAL).read_bytes(), AUTHORITY.certificate)


@pytest.mark.parametrize(("before_end", "anew"), [(timedelta(days=31), ""), (timedelta(days=30, seconds=1), ""),
                                                  (timedelta(days=30), "end"), (timedelta(days=29), "end"), (-A_DAY, "end")])
def test_thirty_days_before_its_end_it_is_signed_anew(files: Files, before_end: timedelta, anew: str) -> None:
    keep_local(files, [], at=NOW)
    served = files.served(LOCAL).read_bytes()

    assert why_anew(files, certificates.hosts_of(served), at=certificates.ends_at(served) - before_end) == anew


def test_an_authority_whose_days_are_over_is_replaced(files: Files) -> None:
    keep_local(files, [], at=NOW)
    first = files.authority.read_bytes()
    late = certificates.ends_at(first) - timedelta(days=30)

    keep_local(files, [], at=late - A_DAY)
    assert files.authority.read_bytes() == first
    keep_local(files, [], at=late)
    assert files.authority.read_bytes() != first


def test_a_name_for_which_the_authority_was_not_made_is_refused_and_nothing_changes(files: Files) -> None:
    keep_local(files, [], at=NOW)
    before = files.served(LOCAL).read_bytes()

    with pytest.raises(NameNotPermitted):
        keep_local(files, ["park.example"], at=NOW)
    for wrong in ("https://park.example", "a b", "-x.local", "", "x..y", "pc:8443"):
        with pytest.raises(NameImpossible):
            keep_local(files, [wrong], at=NOW)

    assert files.served(LOCAL).read_bytes() == before
    assert not list(files.folder.glob("*.new"))


def test_a_key_that_is_not_pkcs8_is_converted() -> None:
    certificate, key = a_certificate("park.example", "*.park.example")

    read = read_own(certificate, as_pem(key), file="c", key_file="k", at=NOW, names=["park.example", "scan.park.example"])

    assert read.certificate == certificate and read.key.startswith(b"-----BEGIN PRIVATE KEY-----")


@pytest.mark.parametrize(("given", "refusal"), [
    ({"certificate": b"nothing"}, CertificateUnreadable), ({"key": b"nothing"}, KeyUnreadable), ({"key": "locked"}, KeyUnreadable),
    ({"key": "another"}, KeyDiffers), ({"until": NOW}, CertificateOver), ({"since": NOW + A_SECOND}, CertificateNotYet),
    ({"names": ()}, CertificateNameless), ({"asked": ["a.b.park.example"]}, NameNotCovered),
    ({"asked": ["else.example"]}, NameNotCovered)])
def test_an_own_certificate_that_is_not_good_is_refused_in_words(given: dict[str, Any], refusal: type[Refusal]) -> None:
    certificate, key = a_certificate(*given.get("names", ("park.example", "*.park.example")), **{
        name: moment for name, moment in given.items() if name in ("since", "until")})
    keys = {"locked": as_pem(key, b"word"), "another": as_pem(a_certificate("x")[1])}
    said = given.get("key", as_pem(key))

    with pytest.raises(refusal) as told:
        read_own(given.get("certificate", certificate), keys.get(said, said), file="park.crt", key_file="park.key", at=NOW,
                 names=given.get("asked", ()))

    assert str(told.value)


@pytest.mark.parametrize(("since", "until"), [(NOW, NOW + A_DAY), (NOW - A_DAY, NOW + A_SECOND)])
def test_its_first_and_its_last_second_hold(since: datetime, until: datetime) -> None:
    certificate, key = a_certificate("park.example", since=since, until=until)

    assert read_own(certificate, as_pem(key), file="c", key_file="k", at=NOW)


def test_an_own_certificate_takes_the_place_of_ours_and_is_taken_again_when_it_was_renewed(files: Files, tmp_path: Path) -> None:
    keep_local(files, [], at=NOW)
    authority = files.authority.read_bytes()
    certificate, key = a_certificate("park.example")
    (tmp_path / "c").write_bytes(certificate)
    (tmp_path / "k").write_bytes(as_pem(key))
    paths = str(tmp_path / "c"), str(tmp_path / "k")

    assert keep_own(files, *paths, [], at=NOW) and not keep_own(files, *paths, [], at=NOW)
    assert files.kind() == OWN and not files.served(LOCAL).exists() and files.authority.read_bytes() == authority
    (tmp_path / "c").write_bytes(a_certificate("park.example")[0])
    with pytest.raises(KeyDiffers):
        keep_own(files, *paths, [], at=NOW)
    assert files.served(OWN).read_bytes() == certificate                # what was served goes on being served
    with pytest.raises(CertificateHalf):
        keep_own(files, paths[0], "", [], at=NOW)
    with pytest.raises(FileMissing):
        keep_own(files, str(tmp_path / "absent"), paths[1], [], at=NOW)


FIB = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 10.1.2.3
        /32 host LOCAL
     |-- 10.1.2.255
        /32 link BROADCAST
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 169.254.7.7
        /32 host LOCAL
     |-- 172.17.0.1
        /32 host LOCAL
"""
SIX = """fd000000000000000000000000000002 02 40 00 80 eth0
fe800000000000000000000000000001 02 40 20 80 eth0
26064700000000000000000000000001 02 40 00 80 eth0
00000000000000000000000000000001 01 80 10 80 lo
"""


def test_the_addresses_of_every_interface_are_found_without_a_packet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fib_trie").write_text(FIB)
    (tmp_path / "if_inet6").write_text(SIX)
    sent: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked: sent.append(asked))

    found = addresses.addresses(tmp_path)

    assert [each for each in found if each in ("10.1.2.3", "172.17.0.1", "fd00::2")] == ["10.1.2.3", "172.17.0.1", "fd00::2"]
    assert not {"127.0.0.1", "169.254.7.7", "10.1.2.255", "fe80::1", "2606:4700::1", "::1"} & set(found)
    assert sent == []
    assert set(addresses.addresses(tmp_path / "absent")) <= set(found)           # elsewhere the routes must do


@pytest.mark.parametrize(("host", "alone"), [("127.0.0.1", True), ("localhost", True), ("[::1]", True), ("", True),
                                             ("127.8.8.8", True), ("0.0.0.0", False), ("192.168.1.5", False),
                                             ("[::]", False), ("pc-3", False)])
def test_who_listens_for_this_machine_alone_is_told_from_who_listens_to_others(host: str, alone: bool) -> None:
    assert addresses.is_this_machine_alone(host) is alone


@given(st.ip_addresses(v=4))
def test_the_authority_vouches_for_an_address_just_where_it_is_private_or_a_neighbour(address: ipaddress.IPv4Address) -> None:
    ranges = [ipaddress.ip_network(each) for each in (*certificates.PRIVATE, "11.22.33.0/24")]

    assert certificates.may_vouch(AUTHORITY.certificate, str(address)) is any(address in each for each in ranges)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(tls_files.FolderNotWritten):
        keep_local(Files(tmp_path / "file" / "tls"), [], at=NOW)
