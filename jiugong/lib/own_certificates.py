"""A certificate that the park brings: is it readable, does its key fit, does it hold now, and for which names?"""

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from jiugong.lib.certificates import Pair, covers, hosts_of
from jiugong.lib.refusal import Refusal


class CertificateHalf(Refusal):
    code = "tls.certificate_half"
    message = "A certificate needs its private key. Give both: --certificate FILE --key FILE."


class CertificateUnreadable(Refusal):
    code = "tls.certificate_unreadable"
    message = "%(file)s holds no certificate in PEM. Give the file that begins with BEGIN CERTIFICATE, the chain below it."


class KeyUnreadable(Refusal):
    code = "tls.key_unreadable"
    message = "%(file)s holds no private key in PEM without a password. Give the file that begins with BEGIN PRIVATE KEY."


class KeyDiffers(Refusal):
    code = "tls.key_differs"
    message = "The key in %(key)s is not the key of the certificate in %(file)s. Give the two that were made together."


class CertificateOver(Refusal):
    code = "tls.certificate_over"
    message = "The certificate in %(file)s ended on %(day)s. Have it renewed, then start again."


class CertificateNotYet(Refusal):
    code = "tls.certificate_not_yet"
    message = "The certificate in %(file)s holds only from %(day)s on. Look at this machine's clock, or wait until then."


class CertificateNameless(Refusal):
    code = "tls.certificate_nameless"
    message = "The certificate in %(file)s names no host, so that no browser takes it. Ask for one with alternative names."


class NameNotCovered(Refusal):
    code = "tls.name_not_covered"
    message = "The certificate holds for %(names)s, not for %(name)s. Use one of those names, or a certificate for this one."


def read_own(certificate: bytes, key: bytes, *, file: str, key_file: str, at: datetime, names: Iterable[str] = ()) -> Pair:
    """The park's certificate and its key as PKCS#8, which the server takes. Raises one of the above.

    The moment of its end is no longer inside: a certificate that ends at 10:00:00 is over then.
    """
    try:
        leaf, *_chain = x509.load_pem_x509_certificates(certificate)
    except ValueError as reason:
        raise CertificateUnreadable(file=file) from reason
    try:
        private = serialization.load_pem_private_key(key, None)
    except (ValueError, TypeError) as reason:                    # TypeError: it wants a password
        raise KeyUnreadable(file=key_file) from reason
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    if private.public_key().public_bytes(serialization.Encoding.DER, form) != leaf.public_key().public_bytes(
            serialization.Encoding.DER, form):
        raise KeyDiffers(file=file, key=key_file)
    if at >= leaf.not_valid_after_utc:
        raise CertificateOver(file=file, day=f"{leaf.not_valid_after_utc:%Y-%m-%d}")
    if at < leaf.not_valid_before_utc:
        raise CertificateNotYet(file=file, day=f"{leaf.not_valid_before_utc:%Y-%m-%d}")
    hosts = hosts_of(leaf.public_bytes(serialization.Encoding.PEM))
    if not hosts:
        raise CertificateNameless(file=file)
    for name in names:
        if not covers(hosts, name):
            raise NameNotCovered(names=", ".join(hosts), name=name)
    return Pair(certificate, private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
