"""Plain arithmetic of accounts."""

import hashlib


def token_hash(text: str) -> str:
    """What is kept of a token. It has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(text.encode()).hexdigest()
