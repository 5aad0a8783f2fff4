"""A park's ways out of the house: opened, changed, closed, tried; by which rules it sends."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings as installation
from django.db import IntegrityError, transaction

from jiugong.accounts.models import User
from jiugong.journal.actions.messages import Draft, write_messages
from jiugong.journal.actions.outbox import lay_out_test
from jiugong.journal.actions.sending import is_listed
from jiugong.journal.errors import (
    ChannelExists,
    ChannelMisshapen,
    GatewayNotListed,
    MailNotSetUp,
    WordsMisshapen,
)
from jiugong.journal.logic.outside import faults_of
from jiugong.journal.logic.requests import read_headers
from jiugong.journal.models import Channel, ChannelKind, Delivery, Message, MessageKind, MessageRules
from jiugong.journal.sending_words import SORTS
from jiugong.lib import calling, clock
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.registry.models import Park

OF_ROBOTS = ("url", "secret")
OF_SMS = ("method", "url", "headers", "body", "success_path", "success_value", "id_path", "receipt_key_path",
          "receipt_status_path", "receipt_status_ok")
LONGEST = 4000


@transaction.atomic
def open_channel(park: Park, kind: str, *, name: str, settings: Mapping[str, str], kinds: Iterable[str], knows_keys: bool = False,
                 actor: Actor) -> Channel:
    """Open a way out. Raises ChannelMisshapen, ChannelExists, GatewayNotListed, MailNotSetUp."""
    actor.must(Can.KEEP_CHANNELS, over=park)
    if kind not in ChannelKind.values:
        raise ChannelMisshapen(field="kind")
    channel = Channel(park=park, kind=kind, opened_at=clock.now(), opened_by=actor.key)
    _write(channel, name=name, settings=settings, kinds=kinds, knows_keys=knows_keys)
    note("channel.opened", actor=actor, at=channel.opened_at, park_id=park.pk, subject=f"channel:{channel.name}", kind=kind)
    return channel


@transaction.atomic
def change_channel(channel: Channel, *, name: str, settings: Mapping[str, str], kinds: Iterable[str], knows_keys: bool = False,
                   actor: Actor) -> Channel:
    """Change a way out. A secret that is left empty stays as it was. Raises what `open_channel` raises."""
    actor.must(Can.KEEP_CHANNELS, over=channel.park)
    before = channel.settings()
    kept = {**settings, "url": settings.get("url") or before.get("url", "")}
    if calling.origin_of(str(kept["url"])) == calling.origin_of(str(before.get("url", ""))):      # else it would go elsewhere
        kept |= {key: before.get(key, "") for key in ("secret", "headers") if not settings.get(key)}
    channel.paused_until, channel.failures = None, 0
    _write(channel, name=name, settings=kept, kinds=kinds, knows_keys=knows_keys)
    note("channel.changed", actor=actor, at=clock.now(), park_id=channel.park_id, subject=f"channel:{channel.name}")
    return channel


@transaction.atomic
def close_channel(channel: Channel, *, actor: Actor) -> None:
    """Close a way out: nothing goes there any more; what waits, waits. Its address and secret are forgotten."""
    actor.must(Can.KEEP_CHANNELS, over=channel.park)
    channel.closed_at = clock.now()
    channel.keep_settings({})
    channel.save()
    note("channel.closed", actor=actor, at=channel.closed_at, park_id=channel.park_id, subject=f"channel:{channel.name}")


def _write(channel: Channel, *, name: str, settings: Mapping[str, str], kinds: Iterable[str], knows_keys: bool) -> None:
    channel.name, channel.kinds = " ".join(name.split())[:60], sorted({kind for kind in kinds if kind in SORTS})
    if not channel.name:
        raise ChannelMisshapen(field="name")
    if Channel.objects.filter(park=channel.park, name=channel.name, closed_at=None).exclude(pk=channel.pk).exists():
        raise ChannelExists(name=channel.name)
    channel.knows_keys = knows_keys and channel.kind == ChannelKind.SMS           # mail and robots know no keys
    channel.keep_settings(_settings_of(channel.kind, settings, before=channel.settings() if channel.pk else {}))
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError as reason:
        raise ChannelExists(name=channel.name) from reason


def _settings_of(kind: str, given: Mapping[str, str], *, before: Mapping[str, Any]) -> dict[str, str]:
    """The settings of a kind, read: nothing that cannot be sent is kept."""
    if kind == ChannelKind.MAIL:
        if not installation.SMTP_URL or not installation.MAIL_FROM:
            raise MailNotSetUp()
        return {}
    names = OF_SMS if kind == ChannelKind.SMS else OF_ROBOTS
    kept = {name: str(given.get(name, "")).strip()[:LONGEST] for name in names}
    if not calling.origin_of(kept["url"]):
        raise ChannelMisshapen(field="url")
    if not is_listed(kept["url"]):
        raise GatewayNotListed(origin=calling.origin_of(kept["url"]))
    if kind == ChannelKind.SMS:
        kept["method"] = kept["method"].upper() or "POST"
        kept["receipt_secret"] = str(before.get("receipt_secret") or uuid4().hex)
        if kept["method"] not in ("GET", "POST", "PUT"):
            raise ChannelMisshapen(field="method")
        if "{phone}" not in kept["url"] + kept["body"]:
            raise ChannelMisshapen(field="body")
        if not kept["success_value"]:
            raise ChannelMisshapen(field="success_value")
        try:
            read_headers(kept["headers"])
        except ValueError as reason:
            raise ChannelMisshapen(field="headers") from reason
    return kept


@transaction.atomic
def set_rules(park: Park, *, quiet_from: time, quiet_until: time, urgent: Iterable[str], words_zh: str, words_en: str,
              actor: Actor) -> MessageRules:
    """Say when it is quiet in a park, what may go all the same, and in which words it writes. Raises WordsMisshapen."""
    actor.must(Can.KEEP_CHANNELS, over=park)
    for words in filter(None, (words_zh, words_en)):
        if faults := faults_of(words):
            raise WordsMisshapen(places=", ".join(f"{{{place}}}" for place in faults))
    rules, _made = MessageRules.objects.update_or_create(park=park, defaults={
        "quiet_from": quiet_from, "quiet_until": quiet_until, "urgent": sorted({kind for kind in urgent if kind in SORTS}),
        "words_zh": words_zh.strip(), "words_en": words_en.strip()})
    note("message_rules.set", actor=actor, at=clock.now(), park_id=park.pk, quiet=f"{quiet_from:%H:%M}–{quiet_until:%H:%M}",
         urgent=", ".join(rules.urgent))
    return rules


@transaction.atomic
def send_test(channel: Channel, *, test_id: UUID, user: User, actor: Actor) -> Delivery:
    """Send whoever asks a message of his own through a channel, in quiet hours too. The same id is one message."""
    actor.must(Can.KEEP_CHANNELS, over=channel.park)
    once = f"test:{test_id}"
    write_messages(channel.park, [Draft(
        once=once, kind=MessageKind.NOTICE, about=f"test:{channel.name}", to_user=user,
        facts={"title": {"zh-hans": f"渠道测试（{channel.name}）", "en": f"Test of the channel {channel.name}"}})], actor=actor)
    message = Message.objects.get(park=channel.park, client_id=once)
    return Delivery.objects.filter(message=message, channel=channel).first() or lay_out_test(message, channel)
