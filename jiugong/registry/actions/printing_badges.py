"""Badge sheets: whoever has no badge yet gets one, and all of them come as one PDF."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.registry.actions.badges import issue_badges
from jiugong.registry.errors import NobodyForBadges
from jiugong.registry.logic.badge_sheets import Printed, sheets
from jiugong.registry.models import Badge, Park, Person, Posting
from jiugong.registry.queries.badges import address_of, text_of
from jiugong.registry.queries.listed import postings_on
from jiugong.registry.queries.people import today_in
from jiugong.registry.words import UnitKind


def print_badges(park: Park, people: Sequence[Person], *, actor: Actor, base: str = "") -> bytes:
    """The badges of these people as a PDF, eight on a page, in the order asked. Each of them is journalled as looked at.

    `base` is the address below which people find their own pages, as in `https://park.example/me/`; with it a badge
    opens its holder's page too, without it the code says who he is and nothing more.
    Raises NobodyForBadges, TooManyBadges, NotAllowed.
    """
    if not people:
        raise NobodyForBadges()
    badges = issue_badges(park, people, actor=actor)
    looked(actor=actor, park_id=park.pk, person_ids=[person.pk for person in people], fields=("badge",),
           reason="printed badges", at=clock.now())
    posted = postings_on(park, people, today_in(park))
    return sheets([_printed(badge, posted.get(badge.person_id), base) for badge in badges], park=park.name, words={
        "show": _("Show this code when you are sampled. Scanned with your own phone it opens your own page."),
        "lost": _("Lost? Tell your team leader.")})


def _printed(badge: Badge, posting: Posting | None, base: str) -> Printed:
    team = posting.unit.name if posting and posting.unit.kind != UnitKind.ENTERPRISE else ""
    text = text_of(badge)
    return Printed(name=badge.person.name, enterprise=posting.enterprise.name if posting else "", team=team, text=text,
                   code=f"{base}{address_of(badge)}" if base else text)
