"""Messages: to whom they were written, and which of them nobody has read."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from jiugong.accounts.models import User
from jiugong.journal.models import Message
from jiugong.registry.models import Park, Person


def messages_to(person: Person) -> QuerySet[Message]:
    """What was written to a person, newest first."""
    return Message.objects.filter(to_person=person).order_by("-written_at", "-pk")


def messages_for(user: User, park: Park) -> QuerySet[Message]:
    """What was written in a park to a user, or to the person that he is, newest first."""
    to_him = Q(to_user=user)
    if user.person_id:
        to_him |= Q(to_person=user.person_id)
    return (Message.objects.filter(to_him, park=park).select_related("notice").defer("notice__attachment_sealed")
            .order_by("-written_at", "-pk"))


def unread_for(user: User, park: Park) -> int:
    """How many of them he has not read yet."""
    return messages_for(user, park).filter(read_at=None).order_by().count()


def reminders_about(park: Park, about: str, once: str, people: Iterable[int] | None = None) -> QuerySet[Message]:
    """The reminders of one matter in one window: those to the missing themselves, or to some of them, and all above them."""
    found = Message.objects.filter(park=park, about=about, client_id__startswith=once).order_by("step", "written_at", "pk")
    if people is not None:
        found = found.filter(Q(step__gt=0) | Q(concerns__in=list(people)))
    return found
