"""Signing what must still be believed when nobody is left to ask: Ed25519 over the report as one line of JSON.

Whoever has the report checks it with any Ed25519 library: take `signature` and `public_key` out, write the rest as JSON with
sorted keys, no spaces and no escapes, in UTF-8.
"""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def signed(report: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """The report with its signature and the key that checks it."""
    private = Ed25519PrivateKey.from_private_bytes(key)
    return {**report, "public_key": private.public_key().public_bytes_raw().hex(), "signature": private.sign(line(report)).hex()}


def is_signed(report: Mapping[str, Any]) -> bool:
    """Is the report as it was signed by the key that it names?"""
    bare = {name: value for name, value in report.items() if name not in ("public_key", "signature")}
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(report["public_key"]))
        public.verify(bytes.fromhex(report["signature"]), line(bare))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return True


def line(report: Mapping[str, Any]) -> bytes:
    return json.dumps(report, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
