"""Where somebody is reached: said by himself, entered for him by an officer, shown to be his; and links to sign in, sent there.

What an officer enters brings messages and no links: else whoever enters an address could sign in as its owner. A mail address
that an officer entered waits for the yes of whoever reads there, for a mistyped one is a stranger's. Links to sign in go only
where the owner of an account, signed in and asked for a fresh proof, has shown that they reach him.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings as installation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from jiugong.accounts.actions import refuse_beyond
from jiugong.accounts.actions.links import make_asked_link, take_wish, text_of
from jiugong.accounts.errors import LinkGone
from jiugong.accounts.logic import token_hash
from jiugong.accounts.models import User
from jiugong.accounts.queries import parks_of
from jiugong.journal.actions.messages import Draft, write_messages
from jiugong.journal.actions.outbox import lay_out_key
from jiugong.journal.errors import AddressMisshapen, AddressNotThere, AskedTooOften, NoWayThere, SaidByHimself
from jiugong.journal.models import ContactWays, MessageKind, PersonWays, WayProof
from jiugong.journal.queries.ways import address_index, channel_to, users_meant, ways_of
from jiugong.journal.way_models import KINDS
from jiugong.lib import clock, identifiers
from jiugong.lib.acting import Actor, keeper, looked, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park, Person
from jiugong.registry.queries.people import whereabouts

PROOF_LASTS = timedelta(hours=24)            # assumption: as long as a link that signs in
MOST_PROOFS_AN_HOUR = 3                      # assumption: nobody sends a stranger more mail than that
AT_ONCE = 20

ASKED_LINK = {
    "title": {"zh-hans": "登录链接", "en": "Link to sign in"},
    "text": {"zh-hans": "有人请求用链接登录您的账号，链接已发往您确认过的地址。若不是您本人，请忽略它。",
             "en": "Somebody asked to sign in to your account with a link. It was sent to an address that you showed to be yours. "
                   "If it was not you, do nothing."}}
ASKED_PROOF = {
    "title": {"zh-hans": "确认联系方式", "en": "Does this reach you?"},
    "text": {"zh-hans": "已向登记的联系方式发送确认链接，打开即可确认。",
             "en": "A link was sent to the address that is kept for you: open it and say whether it reaches you."}}


# kept -----------------------------------------------------------------------------------------------------------------

@transaction.atomic
def keep_ways(user: User, *, mail: str, phone: str, language: str) -> ContactWays:
    """Keep where a user is reached and in which language, by himself. Raises AddressMisshapen."""
    ways = ContactWays.objects.filter(user=user).first() or ContactWays(user=user)
    _keep(ways, _read(mail, phone), language, by="")
    return ways


@transaction.atomic
def set_ways(reader: Person | User, *, mail: str | None, phone: str | None, language: str | None, park: Park,
             actor: Actor) -> ContactWays | PersonWays:
    """Enter where somebody within reach is reached; None stays as it is. He is asked whether the mail address is his.

    Raises NotAllowed, UserBeyondYours, SaidByHimself, AddressMisshapen.
    """
    _must(reader, park, actor)
    ways = ways_of(reader) or (ContactWays(user=reader) if isinstance(reader, User) else PersonWays(person=reader))
    before = {kind: ways.value(kind) for kind in KINDS}
    read = _read(before["mail"] if mail is None else mail, before["phone"] if phone is None else phone)
    changed = [kind for kind in KINDS if read[kind] != before[kind]]
    if any(before[kind] and not getattr(ways, f"{kind}_by") for kind in changed):
        raise SaidByHimself()
    _keep(ways, read, ways.language if language is None else language, by=actor.key, only=changed)

    if changed:
        note("ways.set", actor=actor, at=clock.now(), park_id=park.pk, subject=_subject(reader), fields=", ".join(changed))
    if "mail" in changed and read["mail"] and channel_to(park, "mail") and installation.ADDRESS:
        _ask(ways, "mail", park=park, for_links=False, actor=actor)
    return ways


def _must(reader: Person | User, park: Park, actor: Actor) -> None:
    if isinstance(reader, User):
        actor.must(Can.GRANT_ROLES, over=park)
        refuse_beyond(reader, actor)
    else:
        actor.must(Can.KEEP_ROSTER, over=whereabouts(reader))


def _subject(reader: Person | User) -> str:
    return f"user:{reader.pk}" if isinstance(reader, User) else f"person:{reader.uid}"


def _read(mail: str, phone: str) -> dict[str, str]:
    mail, phone = mail.strip(), phone.strip()
    if mail:
        try:
            validate_email(mail)
        except ValidationError as reason:
            raise AddressMisshapen(address=mail) from reason
    number = identifiers.read_phone(identifiers.folded(phone)) if phone else ""
    if isinstance(number, identifiers.Fault):
        raise AddressMisshapen(address=phone)
    return {"mail": mail, "phone": number}


def _keep(ways: ContactWays | PersonWays, read: Mapping[str, str], language: str, *, by: str,
          only: list[str] | None = None) -> None:
    """Keep addresses; what was shown of one that changes is forgotten, and open proofs of it end."""
    for kind in KINDS if only is None else only:
        setattr(ways, f"{kind}_by", by if read[kind] else "")
        if read[kind] != ways.value(kind):
            _forget_shown(ways, kind)
    ways.language = language if language in dict(installation.LANGUAGES) else ""
    ways.keep(mail=read["mail"], phone=read["phone"])
    ways.save()


def _forget_shown(ways: ContactWays | PersonWays, kind: str) -> None:
    if isinstance(ways, ContactWays):
        setattr(ways, f"{kind}_shown_at", None)
        setattr(ways, f"{kind}_index", None)
    if kind == "mail":
        ways.mail_yes_at = None
    if ways.pk:
        ways.proofs.filter(kind=kind, used_at=None).update(expires_at=clock.now())         # they go on to count as asked


@transaction.atomic
def look_in_full(reader: Person | User, *, park: Park, reason: str, actor: Actor) -> dict[str, str]:
    """Both addresses in full, for a reason; the look is kept, and shown to the person whom it concerns. Raises NotAllowed."""
    _must(reader, park, actor)
    person = reader if isinstance(reader, Person) else reader.person
    actor.must(Can.SHOW_IDENTITY, over=whereabouts(person) if person else park)
    ways, now = ways_of(reader), clock.now()
    if person:
        looked(actor=actor, park_id=park.pk, person_ids=[person.pk], fields=("mail", "phone"), reason=reason, at=now)
    else:
        note("ways.looked", actor=actor, at=now, park_id=park.pk, subject=_subject(reader), reason=reason[:300])
    return {kind: ways.value(kind) if ways else "" for kind in KINDS}


# shown to be his ------------------------------------------------------------------------------------------------------

@transaction.atomic
def ask_own_proof(user: User, kind: str, *, park: Park, actor: Actor) -> WayProof:
    """Send a link to an address of one's own: opened, it shows that links to sign in may go there.

    The caller has asked for a fresh proof that it is he. Raises AddressNotThere, NoWayThere, AskedTooOften.
    """
    ways = ContactWays.objects.filter(user=user).first()
    if ways is None or not ways.value(kind):
        raise AddressNotThere()
    return _ask(ways, kind, park=park, for_links=True, actor=actor)


@transaction.atomic
def ask_again(reader: Person | User, *, park: Park, actor: Actor) -> WayProof:
    """Ask once more whether a mail address that an officer entered is right. Raises what `set_ways` and `ask_own_proof` raise."""
    _must(reader, park, actor)
    ways = ways_of(reader)
    if ways is None or not ways.mail or ways.takes_mail:
        raise AddressNotThere()
    return _ask(ways, "mail", park=park, for_links=False, actor=actor)


def _ask(ways: ContactWays | PersonWays, kind: str, *, park: Park, for_links: bool, actor: Actor) -> WayProof:
    now, channel = clock.now(), channel_to(park, kind)
    if channel is None or not installation.ADDRESS:
        raise NoWayThere()
    if ways.proofs.filter(made_at__gt=now - timedelta(hours=1)).count() >= MOST_PROOFS_AN_HOUR:
        raise AskedTooOften()
    proof = WayProof(park=park, kind=kind, for_links=for_links, made_at=now, made_by=actor.key, expires_at=now + PROOF_LASTS,
                     account=ways if isinstance(ways, ContactWays) else None, person=ways if isinstance(ways, PersonWays) else None)
    proof.hash = token_hash(text_of(proof.nonce))
    proof.save()
    about = f"way:{proof.nonce}"
    write_messages(park, [Draft(once=about, kind=MessageKind.TASK, about=about, facts=ASKED_PROOF,
                                to_user=ways.user if isinstance(ways, ContactWays) else None,
                                to_person=ways.person if isinstance(ways, PersonWays) else None)], actor=actor)
    lay_out_key(park, about, channel)
    return proof


def proof_for(text: str) -> WayProof:
    """The door for whoever opens such a link. Raises LinkGone."""
    found = (WayProof.objects.filter(hash=token_hash(text), used_at=None, expires_at__gt=clock.now())
             .select_related("park", "account__user", "person__person").first())
    if found is None:
        raise LinkGone()
    return found


@transaction.atomic
def say_yes(text: str) -> WayProof:
    """It reaches him. Raises LinkGone."""
    proof, now = _taken(text), clock.now()
    ways = proof.ways
    if proof.for_links and isinstance(ways, ContactWays):
        setattr(ways, f"{proof.kind}_shown_at", now)
        setattr(ways, f"{proof.kind}_index", address_index(proof.kind, ways.value(proof.kind)))
    if proof.kind == "mail":
        ways.mail_yes_at = now
    ways.save()
    note("ways.shown" if proof.for_links else "ways.agreed", actor=_reader(proof), at=now, park_id=proof.park_id,
         subject=_subject_of(proof), fields=proof.kind)
    return proof


@transaction.atomic
def say_no(text: str) -> WayProof:
    """It is not his: what an officer entered is forgotten; what its owner entered stays, and no links go there. Raises LinkGone."""
    proof, now = _taken(text), clock.now()
    ways = proof.ways
    if getattr(ways, f"{proof.kind}_by"):
        rest = {kind: "" if kind == proof.kind else ways.value(kind) for kind in KINDS}
        _keep(ways, rest, ways.language, by="", only=[proof.kind])
    note("ways.refused", actor=_reader(proof), at=now, park_id=proof.park_id, subject=_subject_of(proof), fields=proof.kind)
    return proof


def _taken(text: str) -> WayProof:
    """The proof of a link, used up: of two at one moment one is late."""
    proof = proof_for(text)
    if not WayProof.objects.filter(pk=proof.pk, used_at=None).update(used_at=clock.now()):
        raise LinkGone()
    return proof


def _reader(proof: WayProof) -> Actor:
    """Whoever reads what goes there: whose address it is, by what only he can have been sent."""
    ways = proof.ways
    if isinstance(ways, ContactWays):
        return Actor(key=f"user:{ways.user_id}", name=ways.user.name)
    return Actor(key=f"person:{ways.person_id}", name=ways.person.name)


def _subject_of(proof: WayProof) -> str:
    ways = proof.ways
    return _subject(ways.user if isinstance(ways, ContactWays) else ways.person)


# links to sign in -----------------------------------------------------------------------------------------------------

def send_wished_links(*, most: int = AT_ONCE) -> int:
    """Look whom each wish at the door means, and send him a link; say how many wishes were dealt with."""
    for done in range(most):
        typed = take_wish()
        if typed is None:
            return done
        for user in users_meant(typed):
            _send_link(user)
    return most


@transaction.atomic
def _send_link(user: User) -> None:
    """Through the first way that its owner has shown to be his and that one of his parks has."""
    ways = ContactWays.objects.filter(user=user).first()
    if ways is None or not installation.ADDRESS:
        return
    for park in parks_of(user):
        for kind in KINDS:
            channel = channel_to(park, kind) if getattr(ways, f"{kind}_shown_at") else None
            link = make_asked_link(user, park=park) if channel else None
            if channel and link:
                about = f"sign-in:{link.nonce}"
                write_messages(park, [Draft(once=about, kind=MessageKind.TASK, about=about, to_user=user, facts=ASKED_LINK)],
                               actor=keeper())
                lay_out_key(park, about, channel)
                return


# what is sent ---------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message that carries a key: where it goes, and the text of its link. Empty where it is to go nowhere any more."""

    address: str
    text: str
    signs_in: bool


def letter_of(about: str, user: User | None, kind: str) -> Letter:
    """Look where a message with a key goes at the moment at which it is sent. Raises what opening a seal raises."""
    what, _colon, name = about.partition(":")
    nonce = UUID(name)
    if what == "sign-in":
        ways = ContactWays.objects.filter(user=user).first()
        is_shown = bool(ways and getattr(ways, f"{kind}_shown_at"))
        return Letter(address=ways.value(kind) if ways and is_shown else "", text=text_of(nonce), signs_in=True)
    proof = (WayProof.objects.filter(nonce=nonce, used_at=None, expires_at__gt=clock.now())
             .select_related("account", "person").first())
    return Letter(address=proof.ways.value(kind) if proof and proof.kind == kind else "", text=text_of(nonce), signs_in=False)
