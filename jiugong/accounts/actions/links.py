"""Links that sign somebody in once without a password: printed or shown by an officer, or asked for at the door and sent.

Whoever asks at the door hears the same whether there is such an account or not, and after the same while: his wish is kept
sealed, and the worker looks whom it means (`journal/actions/links.py`). The text of a link that is sent stands nowhere: it is
made from its nonce under the key ring, once to keep its hash and once to send it.
"""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from jiugong.accounts.actions import refuse_beyond
from jiugong.accounts.actions.waiting import attempt
from jiugong.accounts.came import Came, index_of
from jiugong.accounts.errors import LinkGone, LinkNotForRole
from jiugong.accounts.logic import token_hash
from jiugong.accounts.models import LinkWish, SignInLink, User
from jiugong.accounts.queries.second_factor import factors_of, must_have_second_factor
from jiugong.lib import clock
from jiugong.lib import secrets as keys
from jiugong.lib.acting import Actor, keeper, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park

LASTS = timedelta(hours=24)                  # assumption: long enough for a printed sheet, too short to be found in a drawer
MOST_AN_HOUR = 5                             # assumption: as many are sent to one account; those before still open
A_WISH_LASTS = timedelta(hours=1)            # what no worker saw for so long is asked for again
WISHED = "accounts_linkwish.typed"


@transaction.atomic
def make_link(user: User, *, park: Park, actor: Actor) -> str:
    """Make a link: returned once, its hash is kept. A new one ends those before it. Raises UserBeyondYours, LinkNotForRole."""
    actor.must(Can.GRANT_ROLES, over=park)
    refuse_beyond(user, actor)
    now = clock.now()
    if must_have_second_factor(user, now):
        raise LinkNotForRole(user=user.name)

    SignInLink.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    text = secrets.token_urlsafe(32)
    SignInLink.objects.create(user=user, park=park, hash=token_hash(text), made_at=now, made_by=actor.key, expires_at=now + LASTS)

    note("link.made", actor=actor, at=now, park_id=park.pk, subject=f"user:{user.pk}")
    return text


# asked for at the door ------------------------------------------------------------------------------------------------

def ask_for_link(typed: str, *, come: Came) -> None:
    """Keep that somebody wants a link to an account, a mail address or a phone. Known and unknown cost and answer the same.

    Raises WaitFirst: asking too often takes longer and longer, apart from wrong passwords.
    """
    typed = " ".join(typed.replace("\0", "").split())
    attempt(typed, replace(come, address=index_of(come.address.hex(), "link")), what="link")
    wish = LinkWish(asked_at=clock.now())
    wish.typed_sealed = keys.ring().seal(typed, where=f"{WISHED}.{wish.uid}")
    wish.save()


def take_wish() -> str | None:
    """What the next one typed, taken off the list; empty when it waited too long, None when nobody wants anything."""
    wish = LinkWish.objects.order_by("pk").first()
    if wish is None:
        return None
    is_mine = bool(LinkWish.objects.filter(pk=wish.pk).delete()[0])
    if not is_mine or wish.asked_at < clock.now() - A_WISH_LASTS:
        return ""
    try:
        return keys.ring().open(bytes(wish.typed_sealed), where=f"{WISHED}.{wish.uid}")
    except keys.CannotOpen:
        return ""


@transaction.atomic
def make_asked_link(user: User, *, park: Park) -> SignInLink | None:
    """Make a link that somebody asked for; none where a link alone must not sign in, or too many were sent.

    It ends no other: else a stranger could end the link that its owner is about to open.
    """
    now = clock.now()
    lately = SignInLink.objects.filter(user=user, made_at__gt=now - timedelta(hours=1)).exclude(nonce=None)
    if not is_enough(user, now) or lately.count() >= MOST_AN_HOUR:
        return None

    nonce = uuid4()
    made = SignInLink.objects.create(user=user, park=park, hash=token_hash(text_of(nonce)), made_at=now, made_by="keeper",
                                     expires_at=now + LASTS, nonce=nonce)
    note("link.asked", actor=keeper(), at=now, park_id=park.pk, subject=f"user:{user.pk}")
    return made


def text_of(nonce: UUID) -> str:
    """The text of a link that is sent: nobody without the key ring makes it from what the database holds."""
    return urlsafe_b64encode(keys.ring().index(nonce.hex, scope="accounts_signinlink.text")).decode().rstrip("=")


def is_enough(user: User, at: datetime) -> bool:
    """May a link open this account's door? Where a second factor is needed, only if there is one to be asked for behind it."""
    return user.is_active and (not must_have_second_factor(user, at) or factors_of(user).exists())


# opened ---------------------------------------------------------------------------------------------------------------

def link_for(text: str) -> SignInLink:
    """A link that still opens. Unknown, used, late and of a closed account are told alike. Raises LinkGone."""
    found = (SignInLink.objects.filter(hash=token_hash(text), used_at=None, expires_at__gt=clock.now(), user__is_active=True)
             .select_related("user", "park").first())
    if found is None or (found.nonce and not is_enough(found.user, clock.now())):
        raise LinkGone()
    return found


@transaction.atomic
def use_link(text: str) -> User:
    """Use a link up, and answer whom it signs in. Of two at one moment one is late. Raises LinkGone."""
    found = link_for(text)
    now = clock.now()
    if not SignInLink.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
        raise LinkGone()
    SignInLink.objects.filter(user=found.user, used_at=None, expires_at__gt=now).exclude(nonce=None).update(expires_at=now)

    note("link.used", actor=Actor(key=f"user:{found.user_id}", name=found.user.name), at=now, park_id=found.park_id,
         subject=f"user:{found.user_id}")
    return found.user
