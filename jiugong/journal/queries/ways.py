"""Where somebody is reached, whom an address means, and through which channel a kind of address is reached."""

from typing import Any

from jiugong.accounts.models import User
from jiugong.journal.models import Channel, ChannelKind, ContactWays, PersonWays
from jiugong.journal.queries.sending import open_channels
from jiugong.journal.way_models import KINDS
from jiugong.lib import identifiers, secrets
from jiugong.registry.models import Park, Person

CHANNEL_OF = {"mail": ChannelKind.MAIL, "phone": ChannelKind.SMS}
KIND_OF = {str(channel): kind for kind, channel in CHANNEL_OF.items()}
MOST_MEANT = 3                               # accounts that one address may mean


def ways_of(reader: Person | User) -> ContactWays | PersonWays | None:
    """Where a person or a user is reached, if it is kept here."""
    if isinstance(reader, User):
        return ContactWays.objects.filter(user=reader).first()
    return PersonWays.objects.filter(person=reader).first()


def channel_to(park: Park, kind: str) -> Channel | None:
    """The first open channel of a park that reaches a kind of address."""
    return open_channels(park).filter(kind=CHANNEL_OF[kind]).first()


def address_index(kind: str, address: str) -> bytes:
    """The blind index of an address, whichever way it is written."""
    return secrets.ring().index(address.casefold(), scope=f"contact.{kind}")


def users_meant(typed: str) -> list[User]:
    """The accounts that somebody at the door means: one by its name, else those whose owners showed this address to be theirs."""
    if not typed:
        return []
    named = User.objects.filter(username=typed, is_active=True).first()
    if named:
        return [named]
    number = identifiers.read_phone(identifiers.folded(typed))
    read = {"mail": typed, "phone": typed if isinstance(number, identifiers.Fault) else number}
    for kind in KINDS:
        ways = ContactWays.objects.filter(**{f"{kind}_index": address_index(kind, read[kind])})
        found = [each.user for each in ways.exclude(**{f"{kind}_shown_at": None}).filter(user__is_active=True)
                 .select_related("user").order_by("user_id")[:MOST_MEANT]]
        if found:
            return found
    return []


def face_of(ways: ContactWays | PersonWays | None) -> list[dict[str, Any]]:
    """Both addresses as a page shows them: masked, who entered each, and how far it may be used."""
    return [{"kind": kind, "masked": masked(kind, ways.value(kind)) if ways else "",
             "by_officer": bool(ways and getattr(ways, f"{kind}_by")),
             "waits": bool(ways and kind == "mail" and ways.mail_sealed and not ways.takes_mail),
             "shown_at": getattr(ways, f"{kind}_shown_at", None)} for kind in KINDS]


def masked(kind: str, address: str) -> str:
    """An address as it stands on a page: enough to know one's own."""
    if kind == "phone" or not address:
        return identifiers.masked_phone(address)
    name, _at, house = address.rpartition("@")
    return f"{name[:1]}***@{house[:1]}***{house[house.rfind('.'):] if '.' in house else ''}"
