"""Certificates of our own: an authority that is made once, and what it signs for the names of one machine.

The authority can vouch for private addresses and for the names that it was made with, and for nothing else (name
constraints): whoever steals its key cannot pretend to be a bank. It signs no other authority. Plain Python.
"""

import hashlib
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jiugong.lib.addresses import is_address

AUTHORITY_LASTS, SERVER_LASTS = timedelta(days=3650), timedelta(days=397)    # phones refuse a server's that lasts longer
RENEW_BEFORE = timedelta(days=30)
SLOW_CLOCKS = timedelta(days=2)                  # a phone whose clock is late must not find us in its future
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1/128")
LOCAL_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")
LONGEST_NAME = 64                                # of a certificate's subject
SPOKEN_GROUPS = 6


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key, as they are written into files."""

    certificate: bytes
    key: bytes


def make_authority(name: str, hosts: Sequence[str], *, at: datetime) -> Pair:
    """A new authority for private addresses, local names, and these hosts: names and what lies below them, addresses and
    their neighbours (some networks use addresses that belong to others)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:LONGEST_NAME])])
    named = dict.fromkeys([*LOCAL_NAMES, *(host for host in hosts if not is_address(host))])
    permitted: list[x509.GeneralName] = [x509.DNSName(each) for each in named]
    private = [ipaddress.ip_network(each) for each in PRIVATE]
    permitted += [x509.IPAddress(each) for each in private]
    permitted += [x509.IPAddress(_around(host)) for host in hosts if is_address(host) and not any(
        ipaddress.ip_address(host) in each for each in private)]
    start = at - SLOW_CLOCKS
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(start + AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_may(sign=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256()))
    return Pair(certificate.public_bytes(serialization.Encoding.PEM), _written(key))


def sign(authority: Pair, hosts: Sequence[str], *, at: datetime) -> Pair:
    """A server's certificate for these names and addresses, with a key of its own. It never outlives its authority."""
    signer = serialization.load_pem_private_key(authority.key, None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise ValueError("the authority's key is not one that we made")
    above = x509.load_pem_x509_certificate(authority.certificate)
    key = ec.generate_private_key(ec.SECP256R1())
    start = max(at - SLOW_CLOCKS, above.not_valid_before_utc)
    names = [x509.IPAddress(ipaddress.ip_address(host)) if is_address(host) else x509.DNSName(host) for host in hosts]
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Jiugong")])       # a common name would count as a host
    certificate = (
        x509.CertificateBuilder().subject_name(subject)
        .issuer_name(above.subject).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(start).not_valid_after(min(start + SERVER_LASTS, above.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_may(sign=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256()))
    return Pair(certificate.public_bytes(serialization.Encoding.PEM), _written(key))


def hosts_of(certificate: bytes) -> list[str]:
    """The names and addresses for which a certificate holds."""
    try:
        names = x509.load_pem_x509_certificate(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return [*map(str, names.value.get_values_for_type(x509.IPAddress)), *names.value.get_values_for_type(x509.DNSName)]


def ends_at(certificate: bytes) -> datetime:
    """The moment from which a certificate no longer holds."""
    return x509.load_pem_x509_certificate(certificate).not_valid_after_utc


def signed_by(certificate: bytes, authority: bytes) -> bool:
    """Was a certificate signed by this authority?"""
    try:
        x509.load_pem_x509_certificate(certificate).verify_directly_issued_by(x509.load_pem_x509_certificate(authority))
    except Exception:                            # noqa: BLE001 — whatever is wrong with it, it was not
        return False
    return True


def may_vouch(authority: bytes, host: str) -> bool:
    """Do an authority's constraints permit this name or address?"""
    limits = x509.load_pem_x509_certificate(authority).extensions.get_extension_for_class(x509.NameConstraints).value
    for each in limits.permitted_subtrees or ():
        if isinstance(each, x509.IPAddress) and is_address(host) and ipaddress.ip_address(host) in ipaddress.ip_network(
                str(each.value)):
            return True
        if isinstance(each, x509.DNSName) and not is_address(host) and f".{host}".endswith(f".{each.value}"):
            return True
    return False


def covers(hosts: Iterable[str], host: str) -> bool:
    """Is a name or address among those of a certificate? `*.park.example` covers one step below, as browsers have it."""
    return any(each == host or (each.startswith("*.") and host.partition(".")[2] == each[2:]) for each in hosts)


def certified_hosts(folder: Path, kind: str) -> list[str]:
    """The hosts of the certificate that is served from a folder, as Django writes allowed hosts; none without TLS."""
    try:
        hosts = hosts_of((folder / ("own.crt" if kind == "own" else "server.crt")).read_bytes()) if kind else []
    except (OSError, ValueError):
        return []
    return [f"[{host}]" if ":" in host else host.removeprefix("*") for host in hosts]


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate, as phones show it: `3A:F0:…`."""
    return x509.load_pem_x509_certificate(certificate).fingerprint(hashes.SHA256()).hex(":").upper()


def spoken(certificate: bytes) -> str:
    """The fingerprint shortened to be read aloud: six groups of four digits, the same in every language."""
    first = hashlib.sha256(bytes.fromhex(fingerprint(certificate).replace(":", ""))).digest()
    number = int.from_bytes(first) % 10 ** (4 * SPOKEN_GROUPS)
    digits = f"{number:0{4 * SPOKEN_GROUPS}}"
    return " ".join(digits[at:at + 4] for at in range(0, len(digits), 4))


def binary(certificate: bytes) -> bytes:
    """A certificate as phones and Windows take it: DER."""
    return x509.load_pem_x509_certificate(certificate).public_bytes(serialization.Encoding.DER)


def _around(host: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(f"{host}/{24 if ipaddress.ip_address(host).version == 4 else 64}", strict=False)


def _may(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature=not sign, key_cert_sign=sign, crl_sign=sign, content_commitment=False,
                         key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                         decipher_only=False)


def _written(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
