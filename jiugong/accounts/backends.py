"""How a session was begun. Sessions of this backend are judged for their second factor; there are no others on a real server.

Django's own backend stands beside it in a demonstration (one click) and in tests (`force_login`), and nowhere else.
"""

from allauth.account.auth_backends import AuthenticationBackend

HERE = "jiugong.accounts.backends.SignedInHere"
IN_A_DEMONSTRATION = "django.contrib.auth.backends.ModelBackend"


class SignedInHere(AuthenticationBackend):                             # type: ignore[misc]
    """Name and password, or another way through our own door."""
