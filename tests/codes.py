"""What an app for sign-in codes shows: RFC 6238 written down once more, so that no library is tested with itself."""

import base64
import hashlib
import hmac
import struct
import time


def code_now(seed: str, *, later: int = 0) -> str:
    """The six digits of a seed now, or so many half minutes later."""
    digest = hmac.digest(base64.b32decode(seed), struct.pack(">Q", int(time.time()) // 30 + later), hashlib.sha1)
    return f"{(struct.unpack('>I', digest[digest[-1] & 15:][:4])[0] & 0x7FFFFFFF) % 10**6:06}"
