"""What stands in a badge's QR code: a random code with our signature, as `JG.<code>.<signature>` or inside an address.

The signs are those that nobody mistakes for one another (no I, L, O, U). Sixty random bits make the code, sixty bits of
an HMAC under a key of the ring, made for one park, sign it: nobody without the keys can print a badge, and a badge of
another park is nobody's here. The index key stays when keys are turned, so printed badges stay good.
"""

import hmac
import re
import secrets as random
from dataclasses import dataclass

from jiugong.lib.identifiers import folded
from jiugong.lib.secrets import KeyRing

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12                                     # signs of 5 bits each, in the code and in the signature
_READ = re.compile(rf"(?:.*/ME/|JG\.)?([{SIGNS}]{{{LENGTH}}})\.([{SIGNS}]{{{LENGTH}}})/?(?:[?#].*)?")


@dataclass(frozen=True)
class Shown:
    """What somebody shows: a code and the signature that should fit it."""

    code: str
    signature: str


def fresh_code() -> str:
    """A code that nobody can guess."""
    return _written(random.randbits(5 * LENGTH))


def signature_of(code: str, *, park: str, ring: KeyRing) -> str:
    """The signature of a code in one park. `park` is the park's id."""
    return _written(int.from_bytes(ring.index(code, scope=f"{park}.badge")[:8]) >> 4)


def is_signed(shown: Shown, *, park: str, ring: KeyRing) -> bool:
    """Is this code one of ours, in this park?"""
    return hmac.compare_digest(shown.signature, signature_of(shown.code, park=park, ring=ring))


def read(text: str) -> Shown | None:
    """Read what a camera, a keyboard scanner or a finger entered. None where it is no badge at all.

    A keyboard scanner types through a Chinese keyboard now and then: 。 is its full stop.
    """
    found = _READ.fullmatch(folded(text).replace("。", ".").upper())
    return Shown(found[1], found[2]) if found else None


def _written(number: int) -> str:
    return "".join(SIGNS[number >> shift & 31] for shift in range(5 * LENGTH - 5, -1, -5))
