"""Sending: from a row of the outbox to a gateway and back. Outside of any transaction: gateways are slow."""

import smtplib
from collections import Counter
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from jiugong.journal.actions.outbox import take_one, take_up_again, write_down
from jiugong.journal.actions.ways import Letter, letter_of, send_wished_links
from jiugong.journal.logic.answers import Outcome, of_robot, of_template
from jiugong.journal.logic.outside import carries_key, written
from jiugong.journal.logic.requests import Request, to_gateway, to_robot
from jiugong.journal.models import ChannelKind, Delivery, Message
from jiugong.journal.queries.sending import Rules, reached, rules_of
from jiugong.journal.queries.ways import KIND_OF
from jiugong.journal.sending_words import sort_in_words
from jiugong.journal.stages import Stage
from jiugong.journal.tidings import title_of
from jiugong.lib import calling, clock, secrets
from jiugong.registry.models import Park

MOST_AT_ONCE = 500


def send_due(*, most: int = MOST_AT_ONCE) -> dict[str, int]:
    """Send everything that is due, one after the other, and say what came of it; first, who at the door wants a link."""
    send_wished_links()
    done: Counter[str] = Counter(taken_up=take_up_again())
    for _number in range(most):
        taken = take_one()
        if taken is None:
            break
        done[write_down(taken, send(taken)).value] += 1
    return dict(done)


def send(delivery: Delivery) -> Outcome:
    """Send one, and say what came of it. Never raises for what a gateway or a network does."""
    channel, message = delivery.channel, delivery.message
    try:
        ways = reached([message])[message.pk]
        letter = letter_of(message.about, message.to_user, KIND_OF.get(channel.kind, "")) if carries_key(message.about) else None
        address = letter.address if letter else "" if channel.is_robot else ways.address(channel.kind)
        if not channel.is_robot and not address:
            return Outcome(stage=Stage.NO_ADDRESS, reason="no_address")
        facts = (words_of_letter(letter, message, delivery.park, ways.language) if letter else
                 words_outside(message, delivery.park, rules_of(delivery.park), ways.language, to_group=channel.is_robot))
        if channel.kind == ChannelKind.MAIL:
            return by_mail(address, facts, key=str(delivery.key))
        kept = channel.settings()
    except (secrets.CannotOpen, secrets.NoKeys):
        return Outcome(stage=Stage.DEAD, reason="keys_lost")
    now = clock.now()
    if channel.is_robot:
        asked = to_robot(channel.kind, kept, facts["text"], key=str(delivery.key), seconds=clock.machine_time().timestamp())
        return _called(asked, lambda answer: of_robot(channel.kind, answer, now))
    asked = to_gateway(kept, {**facts, "phone": address, "key": str(delivery.key)})
    return _called(asked, lambda answer: of_template(kept, answer, now, address=address))


def words_outside(message: Message, park: Park, rules: Rules, language: str, *, to_group: bool = False) -> dict[str, str]:
    """What leaves the house of a message, in the language of whoever it is for: `text`, its `title` and its `link`."""
    with translation.override(language):
        known = "zh-hans" if language.startswith("zh") else "en"
        facts = {"park": park.name, "kind": sort_in_words(message.sort), "title": title_of(message),
                 "link": _link(message, park, to_group)}
        return {"text": written(rules.words[known], facts), "title": written("{kind}：{title}" if known == "zh-hans" else
                                                                             "{kind}: {title}", facts), "link": facts["link"]}


def words_of_letter(letter: Letter, message: Message, park: Park, language: str) -> dict[str, str]:
    """What a message that carries a key says, in the house's own words: the link stands in it and nowhere else."""
    with translation.override(language):
        page = reverse("sign-in-link" if letter.signs_in else "way-yes", args=[letter.text])
        facts = {"park": park.name, "link": f"{settings.ADDRESS}{page}"}
        said = (_("[%(park)s] Sign in with this link, once, within 24 hours: %(link)s  If you did not ask for it, do nothing.")
                if letter.signs_in else
                _("[%(park)s] Does this address reach you? Open this link and say so: %(link)s  "
                  "If you know nothing of it, say no there."))
        return {"text": said % facts, "title": f"{park.name} · {title_of(message)}", "link": facts["link"]}


def _link(message: Message, park: Park, to_group: bool) -> str:
    if not settings.ADDRESS:
        return _("your page in Jiugong")
    page = reverse("messages", args=[park.uid]) if to_group or message.to_user_id else reverse("me-start")
    return f"{settings.ADDRESS}{page}"


def is_listed(url: str) -> bool:
    """Has whoever runs this server allowed to send there?"""
    origin = calling.origin_of(url)
    return bool(origin) and origin in {calling.origin_of(each) for each in settings.GATEWAYS}


def _called(asked: Request, judge: Any) -> Outcome:
    if not is_listed(asked.url):
        return Outcome(stage=Stage.WAITING, reason="not_listed", holds_all=True)
    try:
        answer = calling.call(asked.method, asked.url, headers=asked.headers, body=asked.body, seconds=settings.GATEWAY_SECONDS)
    except (calling.NotReached, ValueError):
        return Outcome(stage=Stage.WAITING, reason="not_reached", holds_all=True)
    except calling.NoAnswer:
        return Outcome(stage=Stage.UNCERTAIN, reason="no_answer", holds_all=True)
    outcome: Outcome = judge(answer)
    return outcome


# mail ---------------------------------------------------------------------------------------------------------------

def by_mail(address: str, facts: Mapping[str, str], *, key: str) -> Outcome:
    """Give one mail to the server. Until its text is given nothing has happened; after that nobody knows without an answer."""
    if not settings.SMTP_URL or not settings.MAIL_FROM:
        return Outcome(stage=Stage.WAITING, reason="not_listed", holds_all=True)
    try:
        server = _mail_server()
    except (OSError, smtplib.SMTPException, ValueError):
        return Outcome(stage=Stage.WAITING, reason="not_reached", holds_all=True)
    try:
        server.ehlo_or_helo_if_needed()
        sender = parseaddr(settings.MAIL_FROM)[1]
        code = max(server.mail(sender)[0], server.rcpt(address)[0])
    except (OSError, smtplib.SMTPException):
        server.close()
        return Outcome(stage=Stage.WAITING, reason="not_reached", holds_all=True)
    try:
        if code >= 400:
            return _mail_refused(code)
        code, _words = server.data(_mail(address, facts, key).as_bytes())
        return Outcome(stage=Stage.SENT, status=code, provider_id=f"<{key}>") if code < 400 else _mail_refused(code)
    except smtplib.SMTPDataError as reason:
        return _mail_refused(reason.smtp_code)
    except (OSError, smtplib.SMTPException):
        return Outcome(stage=Stage.UNCERTAIN, reason="no_answer", holds_all=True)
    finally:
        server.close()


def _mail_refused(code: int) -> Outcome:
    """4xx: later; 5xx: never."""
    return Outcome(stage=Stage.WAITING if code < 500 else Stage.DEAD, reason="busy" if code < 500 else "refused", status=code)


def _mail_server() -> smtplib.SMTP:
    at = urlsplit(settings.SMTP_URL)
    safe = at.scheme == "smtps"
    secure, seconds = calling.trusting(), settings.GATEWAY_SECONDS
    server: smtplib.SMTP = (smtplib.SMTP_SSL(at.hostname or "", at.port or 465, timeout=seconds, context=secure) if safe
                            else smtplib.SMTP(at.hostname or "", at.port or 587, timeout=seconds))
    if not safe and parse_qs(at.query).get("tls") != ["none"]:
        server.starttls(context=secure)
    if at.username:
        server.login(unquote(at.username), unquote(at.password or ""))
    return server


def _mail(address: str, facts: Mapping[str, str], key: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings.MAIL_FROM, address, facts["title"]
    mail["Message-ID"] = f"<{key}@{parseaddr(settings.MAIL_FROM)[1].rpartition('@')[2] or 'jiugong'}>"
    mail["Date"], mail["Auto-Submitted"] = format_datetime(clock.machine_time()), "auto-generated"
    mail.set_content(facts["text"])
    return mail
