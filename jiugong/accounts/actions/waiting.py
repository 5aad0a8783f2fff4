"""Answers at the door, each judged after those before it: guessing takes longer and longer, and hurts whoever guesses.

A device on which somebody has signed in before is counted apart from strangers: whoever guesses at his name elsewhere does not
keep him waiting there. Names that nobody has are counted like those that somebody has.
"""

from dataclasses import dataclass
from datetime import timedelta

from jiugong.accounts.came import Came, index_of
from jiugong.accounts.errors import WaitFirst
from jiugong.accounts.logic import KNOWN_DEVICE, ONE_ADDRESS, STRANGER, STRANGERS
from jiugong.accounts.models import SignIn, SignInTry
from jiugong.lib import clock
from jiugong.registry.logic.waiting import Patience, wait_until

REMEMBERED = timedelta(days=1)


@dataclass(frozen=True)
class Attempt:
    """One answer, counted as wrong until it turns out to be right."""

    row: SignInTry

    def was_right(self) -> None:
        """Forget this one and what was wrong before from the same place. Strangers elsewhere stay counted."""
        mine = SignInTry.objects.filter(name=self.row.name, device=self.row.device)
        (mine if self.row.device else mine.filter(address=self.row.address)).delete()


def attempt(name: str, come: Came, *, what: str = "name") -> Attempt:
    """Begin an answer under the name of somebody: his password, or his code.

    It is written down before it is judged, so that many at once do not pass unseen.

    Raises WaitFirst, and then nothing is counted: waiting never becomes longer by being asked whether it is over.
    """
    now, name = clock.now(), name.lower()    # however it is written, it opens the same account
    known = bool(come.device) and SignIn.objects.filter(user__username__iexact=name, device=come.device).exists()
    SignInTry.objects.filter(at__lt=now - REMEMBERED).delete()
    row = SignInTry.objects.create(name=index_of(name, what), address=come.address, device=come.device if known else b"", at=now)
    seconds = _wait(row)
    if seconds:
        row.delete()
        raise WaitFirst(seconds=seconds)
    return Attempt(row)


def _wait(row: SignInTry) -> int:
    """How many seconds are to be waited: the longest of the waits that apply."""
    before = SignInTry.objects.filter(pk__lt=row.pk)
    mine = before.filter(name=row.name, device=row.device)
    rules: list[tuple[Patience, object]] = []
    if row.device:
        rules = [(KNOWN_DEVICE, mine)]
    else:
        strangers = before.filter(device=b"")
        rules = [(STRANGER, mine.filter(address=row.address)), (STRANGERS, mine),
                 (ONE_ADDRESS, strangers.filter(address=row.address))]
    ends = [wait_until(rule, list(rows.filter(at__gt=row.at - rule.within).order_by("at")        # type: ignore[attr-defined]
                                  .values_list("at", flat=True)), row.at) for rule, rows in rules]
    last = max((end for end in ends if end), default=None)
    return max(1, round((last - row.at).total_seconds())) if last else 0
