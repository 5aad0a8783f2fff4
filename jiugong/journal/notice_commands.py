"""Notices on the command line: send one, see who has read it, remind the rest."""

import argparse
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from jiugong.accounts.errors import UserUnknown
from jiugong.accounts.models import User
from jiugong.accounts.roles import AccountRole
from jiugong.journal.actions.notices import Words, remind_rest, send_notice
from jiugong.journal.errors import NoticeMisshapen
from jiugong.journal.faces import notice_rows, recipient_rows
from jiugong.journal.logic.reach import Reach
from jiugong.journal.models import NoticeKind
from jiugong.journal.queries.notices import notice_for, notices_of, pending
from jiugong.lib import clock
from jiugong.lib.acting import operator
from jiugong.lib.commanding import DONE, REFUSED, answer, moment_of, read_file
from jiugong.registry.commands import park_named
from jiugong.registry.models import Place, Unit
from jiugong.registry.queries.things import thing_named


def add_parser(commands: Any) -> None:
    """`jiugong notice send|list|show|remind`."""
    verbs = commands.add_parser("notice", help="tell many, and see who has read it").add_subparsers(required=True, metavar="VERB")
    send = verbs.add_parser("send", help="write a notice to everybody, or to some")
    send.add_argument("--kind", choices=NoticeKind.values, required=True)
    send.add_argument("--title", required=True)
    send.add_argument("--text", required=True, metavar="FILE", help="a file with the text")
    send.add_argument("--title-en", default="")
    send.add_argument("--text-en", metavar="FILE")
    send.add_argument("--attach", metavar="FILE", help="a PDF, a Word document or a picture")
    send.add_argument("--keeper", required=True, metavar="USERNAME", help="who makes sure that it arrives")
    send.add_argument("--to", action="append", default=[], metavar="NAME", help="only a grid or an enterprise; may be repeated")
    send.add_argument("--post", action="append", default=[], help="only workers of this post; may be repeated")
    send.add_argument("--role", action="append", default=[], choices=AccountRole.values, help="also accounts with this role")
    send.add_argument("--no-workers", action="store_true", help="accounts alone")
    send.add_argument("--must-acknowledge", action="store_true")
    send.add_argument("--until", metavar="MOMENT")
    send.add_argument("--id", metavar="ID", help="makes it one notice, however often it is sent")
    send.set_defaults(run=send_one)
    listed = verbs.add_parser("list", help="notices with their figures")
    listed.set_defaults(run=list_notices)
    show = verbs.add_parser("show", help="who has not read it, or not confirmed it; exit status 1 while somebody has not")
    remind = verbs.add_parser("remind", help="remind the rest")
    remind.add_argument("--id", metavar="ID", help="makes it one reminder, however often it is asked for")
    for command, run in ((show, show_notice), (remind, remind_of)):
        command.add_argument("notice", metavar="ID")
        command.set_defaults(run=run)
    for command in (send, listed, show, remind):
        command.add_argument("--park", required=True, metavar="NAME")
        command.add_argument("--json", action="store_true")


def send_one(given: argparse.Namespace) -> int:
    """Write a notice to many."""
    park = park_named(given.park)
    things = [thing for name in given.to for thing in thing_named(park, name)]
    keeper = User.objects.filter(username=given.keeper).first()
    if keeper is None:
        raise UserUnknown(username=given.keeper)
    words = Words(kind=given.kind, title_zh=given.title, text_zh=read_file(given.text).decode(), title_en=given.title_en,
                  text_en=read_file(given.text_en).decode() if given.text_en else "", must_acknowledge=given.must_acknowledge,
                  deadline_at=moment_of(given.until, park.zone) if given.until else None,
                  attachment_name=given.attach or "", attachment=read_file(given.attach) if given.attach else b"")
    reach = Reach(units=tuple(str(each.uid) for each in things if isinstance(each, Unit)),
                  grids=tuple(each.pk for each in things if isinstance(each, Place)), workers=not given.no_workers,
                  posts=tuple(given.post), roles=tuple(given.role))
    notice = send_notice(park, words, reach, client_id=given.id or uuid4().hex, keeper=keeper, actor=operator())
    told = notice_rows([notice], park, clock.now())[0]
    answer(told, as_json=given.json, text=_("%(count)s people get it; %(keeper)s makes sure of it. %(uid)s") % {
        "count": told["written"], "keeper": told["keeper"], "uid": told["uid"]})
    return DONE


def list_notices(given: argparse.Namespace) -> int:
    """Notices with their figures."""
    park = park_named(given.park)
    rows = notice_rows(list(notices_of(operator(), park)), park, clock.now())
    answer({"notices": rows}, as_json=given.json, text="\n".join(
        "  ".join((str(each["uid"]), each["at"], each["title"], f"{each['read']}/{each['written']}")) for each in rows))
    return DONE


def show_notice(given: argparse.Namespace) -> int:
    """Who is still to read it."""
    park = park_named(given.park)
    notice = notice_for(operator(), park, _uid(given.notice))
    rows = recipient_rows(list(pending(notice)), park)
    answer(notice_rows([notice], park, clock.now())[0] | {"people": rows}, as_json=given.json,
           text="\n".join(f"{each['name']}  {each['where']}" for each in rows) or _("Everybody has read it"))
    return REFUSED if rows else DONE


def remind_of(given: argparse.Namespace) -> int:
    """Remind the rest."""
    park = park_named(given.park)
    count = remind_rest(notice_for(operator(), park, _uid(given.notice)), remind_id=given.id or uuid4().hex, actor=operator())
    answer({"reminded": count}, as_json=given.json, text=_("%(count)s reminded.") % {"count": count})
    return DONE


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as reason:
        raise NoticeMisshapen(field="id") from reason
