"""Where certificates stand: `JIUGONG_HOME/keys/tls`. The authority is made once; what it signs is made anew when it must be.

Nothing here knows Django, so that the process beside the server (`tls_keeper.py`) starts fast and stays small.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jiugong.lib import addresses, certificates
from jiugong.lib.certificates import Pair
from jiugong.lib.commanding import read_file
from jiugong.lib.own_certificates import CertificateHalf, read_own
from jiugong.lib.refusal import Refusal

LOCAL, OWN = "local", "own"
ALWAYS = ("localhost", "127.0.0.1")
SERVER_LOG = str(Path(__file__).parent.parent / "server_log.json")       # how the server's own lines are written


class NameNotPermitted(Refusal):
    code = "tls.name_not_permitted"
    message = ("The authority in %(folder)s was not made for %(name)s. Move that folder away and start again with --name: a new "
               "authority is made, and every phone installs it again.")


class NameImpossible(Refusal):
    code = "tls.name_impossible"
    message = "%(name)s is no host name. Write it as in park.example or pc-3.local, without https:// and without a port."


class FolderNotWritten(Refusal):
    code = "tls.folder_not_written"
    message = "%(folder)s cannot be written. Look at who owns it, and whether the disk is full."


@dataclass(frozen=True)
class Files:
    """The certificates of one home."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "authority.crt"

    @property
    def authority_key(self) -> Path:
        return self.folder / "authority.key"

    def served(self, kind: str) -> Path:
        """The certificate that is served: signed by our authority, or the park's own."""
        return self.folder / ("own.crt" if kind == OWN else "server.crt")

    def served_key(self, kind: str) -> Path:
        return self.served(kind).with_suffix(".key")

    def kind(self) -> str:
        """Which certificate stands here; empty where none does."""
        return next((kind for kind in (OWN, LOCAL) if self.served(kind).exists()), "")


def local_hosts(names: Sequence[str]) -> list[str]:
    """Every name and address of this machine, the addresses of its network first, then what was asked for."""
    return list(dict.fromkeys([*addresses.addresses(), *names, *addresses.names(), *ALWAYS]))


def keep_local(files: Files, names: Sequence[str], *, at: datetime) -> bool:
    """See that the authority is there and that its certificate fits this machine. True if one was signed anew.

    It is signed anew when a name or an address is missing or has gone, thirty days before its end, or when the authority is
    another. Raises NameNotPermitted for a name that was asked for, NameImpossible, FolderNotWritten.
    """
    asked = [_as_host(name) for name in names]
    hosts = local_hosts(asked)
    authority = _authority(files, hosts, at)
    for name in asked:
        if not certificates.may_vouch(authority.certificate, name):
            raise NameNotPermitted(folder=str(files.folder), name=name)
    hosts = [host for host in hosts if certificates.may_vouch(authority.certificate, host)]
    if not why_anew(files, hosts, at=at):
        return False
    _write(files, LOCAL, certificates.sign(authority, hosts, at=at))
    return True


def why_anew(files: Files, hosts: Sequence[str], *, at: datetime) -> str:
    """Why the server's certificate must be signed anew: absent, authority, hosts or end; empty where it need not."""
    try:
        served, authority = files.served(LOCAL).read_bytes(), files.authority.read_bytes()
        held, ends, is_ours = certificates.hosts_of(served), certificates.ends_at(served), certificates.signed_by(served, authority)
    except (OSError, ValueError):
        return "absent"
    if not is_ours or not files.served_key(LOCAL).exists():
        return "authority"
    if set(held) != set(hosts):
        return "hosts"
    is_last = ends >= certificates.ends_at(authority)                     # it cannot be made to last any longer
    return "end" if at >= ends - certificates.RENEW_BEFORE and not is_last else ""


def keep_own(files: Files, certificate: str, key: str, names: Sequence[str], *, at: datetime) -> bool:
    """Take the park's own certificate, judged and with its key as the server reads it. True if it is another than before.

    Raises FileMissing and what `read_own` raises.
    """
    if not (certificate and key):
        raise CertificateHalf()
    pair = read_own(read_file(certificate), read_file(key), file=certificate, key_file=key, at=at, names=names)
    with suppress(OSError):
        if (files.served(OWN).read_bytes(), files.served_key(OWN).read_bytes()) == (pair.certificate, pair.key):
            return False
    _write(files, OWN, pair)
    return True


def _authority(files: Files, hosts: Sequence[str], at: datetime) -> Pair:
    """The authority of this home. Made where there is none, or where its days are over."""
    with suppress(OSError, ValueError):
        pair = Pair(files.authority.read_bytes(), files.authority_key.read_bytes())
        if at < certificates.ends_at(pair.certificate) - certificates.RENEW_BEFORE:
            return pair
    names = addresses.names()
    pair = certificates.make_authority(f"九宫 Jiugong {names[0] if names else ''}".strip(), hosts, at=at)
    _put(files.authority_key, pair.key)
    _put(files.authority, pair.certificate, mode=0o644)
    return pair


def _write(files: Files, kind: str, pair: Pair) -> None:
    _put(files.served_key(kind), pair.key)
    _put(files.served(kind), pair.certificate, mode=0o644)
    for other in {LOCAL, OWN} - {kind}:
        files.served(other).unlink(missing_ok=True)
        files.served_key(other).unlink(missing_ok=True)


def _put(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file that nobody else reads, whole or not at all."""
    beside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as reason:
        raise FolderNotWritten(folder=str(path.parent)) from reason


def _as_host(name: str) -> str:
    """A host as certificates have it: lower case, and a Chinese name in the form that is sent. Raises NameImpossible."""
    text = name.strip().strip("[]").lower().rstrip(".")
    if addresses.is_address(text):
        return text
    try:
        written = text.encode("idna").decode("ascii")
    except UnicodeError as reason:
        raise NameImpossible(name=name) from reason
    if not written or not all(part and part.replace("-", "").isalnum() and part[0] != "-" != part[-1]
                              for part in written.split(".")):
        raise NameImpossible(name=name)
    return written
