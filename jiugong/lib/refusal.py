"""A refusal is a code, facts and a sentence. It never carries an HTTP status or an exit status."""

from typing import Any


class Refusal(Exception):
    """Something that was asked for and is not done, with the reason and what to do next.

    `message` holds `%(named)s` places that `facts` fill in; it may be a lazily translated string.
    """

    code = "refused"
    message: Any = "Refused."

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message) % self.facts

    def as_data(self) -> dict[str, Any]:
        """The refusal as a client reads it: its code, its sentence and its facts."""
        return {"refused": self.code, "message": str(self), **self.facts}
