"""A long stream sealed piece by piece: AES-256-GCM, each piece numbered and the last one marked.

A piece that is changed, left out, doubled or moved does not open, and neither does a stream that ends too early. Every
member of a backup has a key of its own, made from the backup's key and the member's name.
"""

import hashlib
import hmac
import zlib
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

PIECE, TAG = 1024 * 1024, 16                       # bytes
SCRYPT = {"n": 2 ** 16, "r": 8, "p": 1}


class Damaged(ValueError):
    """A stream does not open: it was changed, cut, or sealed with another key."""


def key_for(key: bytes, name: str) -> bytes:
    """The key of one member."""
    return hmac.digest(key, f"member\0{name}".encode(), hashlib.sha256)


def seal(pieces: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """The stream, pressed and sealed."""
    cipher, number, held = AESGCM(key), 0, None
    for piece in _evenly(_pressed(pieces)):
        if held is not None:
            yield cipher.encrypt(_nonce(number, is_last=False), held, None)
            number += 1
        held = piece
    yield cipher.encrypt(_nonce(number, is_last=True), held or b"", None)


def unseal(pieces: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """The stream as it was. Raises Damaged, at the latest at its end."""
    cipher, number, unpress = AESGCM(key), 0, zlib.decompressobj()
    held: bytes | None = None
    try:
        for piece in _evenly(pieces, PIECE + TAG):
            if held is not None:
                yield unpress.decompress(cipher.decrypt(_nonce(number, is_last=False), held, None))
                number += 1
            held = piece
        yield unpress.decompress(cipher.decrypt(_nonce(number, is_last=True), held or b"", None))
        yield unpress.flush()
    except (InvalidTag, zlib.error) as reason:
        raise Damaged(f"piece {number}") from reason
    if not unpress.eof:
        raise Damaged(f"piece {number}")


def key_of_passphrase(passphrase: str, salt: bytes) -> bytes:
    """The key that a passphrase is; slow on purpose."""
    return Scrypt(salt=salt, length=32, **SCRYPT).derive(passphrase.encode())


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def _pressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    press = zlib.compressobj(1)
    for piece in pieces:
        yield press.compress(piece)
    yield press.flush()


def _evenly(pieces: Iterable[bytes], size: int = PIECE) -> Iterator[bytes]:
    """The same bytes in pieces of one size; the last one may be shorter."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)
