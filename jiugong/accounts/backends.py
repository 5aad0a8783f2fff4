"""How a session was begun. Sessions of this backend are judged for their second factor; there are no others on a real server.

Django's own backend stands beside it in a demonstration (one click) and in tests (`force_login`), and nowhere else.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model

HERE = "jiugong.accounts.backends.SignedInHere"
IN_A_DEMONSTRATION = "django.contrib.auth.backends.ModelBackend"


class SignedInHere(AuthenticationBackend):                             # type: ignore[misc]
    """Name and password, or another way through our own door."""

    def _authenticate_by_username(self, username: str, password: str) -> Any:
        """Capitals are not told apart, but of two accounts that differ in them alone each opens to its own name."""
        exact = get_user_model().objects.filter(username=username).first()
        return self._check_password(exact, password) if exact else super()._authenticate_by_username(username, password)
