"""Verifying a park's closed days: is every row as it was sealed, and every seal there?

Long because one question is answered in one place: seals, their chain, their tables, the rows of each.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date
from functools import cached_property
from typing import Any

from django.db import OperationalError, transaction

from jiugong.closing import heads
from jiugong.closing.actions import sealing
from jiugong.closing.actions.waiting import one_moment
from jiugong.closing.late import ONCE
from jiugong.closing.late import mac_of as mac_of_afterword
from jiugong.closing.logic.comparing import Difference, Rows, What, differences
from jiugong.closing.logic.sealing import unpacked
from jiugong.closing.models import Afterword, AfterwordKind, Check, Closing, Seal, SealedTable
from jiugong.closing.rows import digests, digests_by_number, model_of, rows_of_day, sealed_tables
from jiugong.lasting.actions.endings import is_by_our_word
from jiugong.lasting.models import Erasure, ErasureStage
from jiugong.lib import clock, days, keeping, progress, secrets
from jiugong.lib.acting import Actor, note
from jiugong.lib.can import Can
from jiugong.lib.pausing import collector_paused
from jiugong.registry.models import Park, id_index, phone_index
from jiugong.registry.sealed import SEALED, SealedColumn
from jiugong.tracing.queries.history_files import files_that_differ

UNREADABLE = (ValueError, TypeError, OperationalError)          # the last of bytes that are no text, on SQLite
MOST_KEPT = 1000                             # differences that are kept of one verification; its answer has them all


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What verifying found."""

    days: int
    differs: list[Difference]

    @property
    def ok(self) -> bool:
        return not self.differs

    def as_data(self) -> dict[str, Any]:
        """What the command and the API say."""
        told: dict[str, Any] = {"ok": self.ok, "days": self.days}
        return told if self.ok else {"ok": False, "differs": [each.as_data() for each in self.differs]}


def verify(park: Park, *, actor: Actor) -> Verified:
    """Compare every closed day of a park with its seal, and keep that somebody looked and what he found."""
    actor.must(Can.VERIFY_DAYS, over=park)
    with collector_paused(), one_moment():
        look = _Look(park)
        found = Verified(days=len(look.seals), differs=look.differs())
    found = Verified(days=found.days, differs=sorted({*found.differs, *_files_that_differ(park)}))
    _keep(park, found, actor)
    return found


def _files_that_differ(park: Park) -> list[Difference]:
    """The history's files of closed days. Where one was written anew while we looked, its row is asked again."""
    return [Difference(day=each.day, table=each.file, row=each.row, what=What(each.what)) for each in files_that_differ(park)]


@transaction.atomic
def _keep(park: Park, found: Verified, actor: Actor) -> None:
    at = clock.now()
    Check.objects.create(park=park, at=at, checked_by=actor.key, checked_by_name=actor.name, days=found.days,
                         differs=[each.as_data() for each in found.differs[:MOST_KEPT]])
    note("days.verified", actor=actor, at=at, park_id=park.pk, days=found.days, differs=len(found.differs))


class _Look:
    """One look at everything: what was read once is read once."""

    def __init__(self, park: Park) -> None:
        self.park = park
        self.seals, self.broken = _readable(Seal.objects.filter(park=park).select_related("park").order_by("number", "pk"))
        self.contents = {seal.pk: content for seal in self.seals if (content := _content(seal))}
        self.tables: dict[int, list[SealedTable]] = defaultdict(list)
        for each in _readable(SealedTable.objects.filter(seal__park=park).order_by("pk"))[0]:
            self.tables[each.seal_id].append(each)
        self.words: dict[str, dict[int, Afterword]] = defaultdict(dict)              # table -> row -> the last one
        self.late: dict[tuple[str, date], set[int]] = defaultdict(set)
        self.erased: set[tuple[str, date]] = set()
        self.found: set[Difference] = set()

    def differs(self) -> list[Difference]:
        self._read_afterwords()
        self._seals_that_are_gone()
        for at, seal in enumerate(self.seals, start=1):
            self._seal(seal)
            self._rows(seal)
            progress.step(at, len(self.seals))
        return sorted(self.found)

    def _differs(self, day: date | str, table: str, row: int, what: What) -> None:
        self.found.add(Difference(day=str(day), table=table, row=row, what=what))

    # --- what the house wrote afterwards -----------------------------------------------------------------------------

    def _read_afterwords(self) -> None:
        words, broken = _readable(Afterword.objects.filter(park=self.park).select_related("park").order_by("pk"))
        for pk in broken:
            self._differs("", "closing_afterword", pk, What.EDITED)
        known: set[str] = set()
        for word in words:
            if not _is_ours(word):
                day = days.day_of(word.at, self.park.zone) if word.at else ""
                self._differs(day, "closing_afterword", word.pk, What.EDITED)
            elif _hex(word.mac) in known:                      # an older one that was copied, so that it is the last word
                self._differs(days.day_of(word.at, self.park.zone), "closing_afterword", word.pk, What.INSERTED)
            elif word.what == AfterwordKind.ERASED and word.day:
                self.erased.add((word.table, word.day))
            else:
                self.words[word.table][word.row] = word
                if word.what == AfterwordKind.LATE and word.day:
                    self.late[word.table, word.day].add(word.row)
            known.add(_hex(word.mac))

    # --- seals and their chain ---------------------------------------------------------------------------------------

    def _seals_that_are_gone(self) -> None:
        """Seals of which the next one, their closing or the file beside the keys still tells."""
        there = {seal.pk for seal in self.seals}
        for row, day in self._told.items():
            if row in self.broken or (row not in there and Seal.objects.filter(pk=row).exists()):
                self._differs(day, "closing_seal", row, What.EDITED)
            elif row not in there:
                self._differs(day, "closing_seal", row, What.DELETED)
        for closing in _readable(Closing.objects.filter(park=self.park, seal_row__isnull=True))[0]:
            if _hex(closing.mac) != sealing.mac_of_closing(self.park, closing.day).hex():
                self._differs(closing.day, "closing_closing", closing.pk, What.INSERTED)
        macs = {seal.pk: _hex(seal.mac) for seal in self.seals}
        for head in self._heads_that_count:                     # put in its place, as after sealing changed rows again
            if macs.get(head.row, head.mac) != head.mac:
                self._differs(head.day, "closing_seal", head.row, What.EDITED)
        for row in self.broken - self._told.keys():
            self._differs("", "closing_seal", row, What.INSERTED)

    @cached_property
    def _told(self) -> dict[int, str]:
        """The rows of seals of which something else tells, and their days."""
        closings, _broken = _readable(Closing.objects.filter(park=self.park, seal_row__isnull=False))
        return {each.seal_row: str(each.day) for each in closings if isinstance(each.seal_row, int)} | {
            content["previous"][0]: content["previous"][1] for content in self.contents.values() if content["previous"]} | {
            head.row: head.day for head in self._heads_that_count}

    @cached_property
    def _heads_that_count(self) -> list[heads.Head]:
        """A day that was sealed again with the very same rows, as after an older copy was put back, is no loss."""
        every = heads.remembered(self.park)
        last = {head.day: head.likeness for head in every}
        return [head for at, head in enumerate(every)
                if not any(other.day == head.day for other in every[at + 1:]) or last[head.day] != head.likeness]

    def _seal(self, seal: Seal) -> None:
        content = self.contents.get(seal.pk)
        if content is None:
            day = self._told.get(seal.pk)
            self._differs(day or seal.day, "closing_seal", seal.pk, What.EDITED if day else What.INSERTED)
            return
        earlier = [each for each in self.contents.values() if each["number"] < content["number"]]
        before = max(earlier, key=lambda each: each["number"], default=None)
        chained = content["previous"]
        linked = seal.previous_id == (chained[0] if chained else None)
        if not linked or (before and not chained) or (before and before["row"] == chained[0] and before["mac"] != chained[2]):
            self._differs(seal.day, "closing_seal", seal.pk, What.EDITED)
        self._tables(seal, content["tables"])

    def _tables(self, seal: Seal, listed: list[list[Any]]) -> None:
        there = {each.pk: each for each in self.tables[seal.pk]}
        for pk, table, rows, digest in listed:
            kept = there.pop(pk, None)
            if kept is None:
                self._differs(seal.day, "closing_sealedtable", pk,
                              What.EDITED if SealedTable.objects.filter(pk=pk).exists() else What.DELETED)
            elif (kept.table, kept.rows, _hex(kept.digest)) != (table, rows, digest) or not _is_whole(seal, kept):
                self._differs(seal.day, "closing_sealedtable", pk, What.EDITED)
        for pk in there:
            self._differs(seal.day, "closing_sealedtable", pk, What.INSERTED)

    # --- the rows of a day -------------------------------------------------------------------------------------------

    def _rows(self, seal: Seal) -> None:
        kept = {each.table: each for each in self.tables[seal.pk]}
        for table in sealed_tables():
            if (sealed := self._sealed_rows(seal, table.name, kept)) is not None:
                self._compare(seal, table, sealed)
        for name in sealing.OWN:
            if name == "closing_closing" and self.names_are_gone and Closing.objects.filter(
                    pk=seal.closing_id, begun_by_name="").exists():
                continue                                        # who began it is blank; that the house began it is signed
            if (sealed := self._sealed_rows(seal, name, kept)) is not None:
                now = digests(name, sealing.rows_of_seal(name, seal))
                gone = {row: None for row, word in self.words.get(name, {}).items() if word.what == AfterwordKind.REMOVED}
                for row, what in differences(Rows(sealed=sealed, now=now, later=gone, elsewhere=_by_number(name))).items():
                    self._differs(seal.day, name, row, what)

    @cached_property
    def names_are_gone(self) -> bool:
        return _names_are_gone(self.park.pk)

    def _sealed_rows(self, seal: Seal, table: str, kept: dict[str, SealedTable]) -> dict[int, bytes] | None:
        """The rows of a table as they were sealed; nothing to compare with where the seal itself is what differs."""
        if table in kept:
            return unpacked(bytes(kept[table].blob)) if _is_whole(seal, kept[table]) else None
        content = self.contents.get(seal.pk)
        return None if content is None or any(table == each[1] for each in content["tables"]) else {}

    def _compare(self, seal: Seal, table: keeping.Table, sealed: dict[int, bytes]) -> None:
        words, now = self.words.get(table.name, {}), digests(table.name, rows_of_day(table, self.park, seal.day))
        rows = Rows(
            sealed=sealed, now=now, late=self.late.get((table.name, seal.day), ()), removed=(table.name, seal.day) in self.erased,
            later={row: None if word.what == AfterwordKind.REMOVED else bytes(word.digest) for row, word in words.items()},
            elsewhere=_by_number(table.name), sealed_elsewhere=self._sealed_elsewhere(table.name),
            may_leave="__" in table.happened or "__" in table.park)
        if table.name == "closing_afterword":                   # each speaks for itself
            words_now, _broken = _readable(Afterword.objects.filter(pk__in=now.keys() - sealed.keys()).select_related("park"))
            signed = {word.pk for word in words_now if _is_ours(word)}
            rows = Rows(sealed=sealed, now={row: digest for row, digest in now.items() if row not in signed},
                        elsewhere=rows.elsewhere, may_leave=False)
        for row, what in differences(rows).items():
            self._differs(seal.day, table.name, row, what)
        last = seal is self.seals[-1]                           # a state is opened once, not for each day
        for number in self._ciphertexts_that_differ(table, seal.day) if last or not table.stands else ():
            self._differs(seal.day, table.name, number, What.EDITED)

    def _sealed_elsewhere(self, table: str) -> Any:
        """Was a row that is new on a day sealed on another? There it is missed, and named once. States grow by themselves."""
        if keeping.tables()[table].stands:
            return lambda _row: True
        every: set[int] = set()

        def asked(row: int) -> bool:
            if not every:
                for kept in (each for listed in self.tables.values() for each in listed if each.table == table):
                    every.update(_numbers(kept))
                every.add(-1)
            return row in every
        return asked if not keeping.tables()[table].holds else lambda _row: False

    def _ciphertexts_that_differ(self, table: keeping.Table, day: date) -> list[int]:
        """An encrypted column is right where it opens to what its blind index says."""
        if not table.sealed_with:
            return []
        ring, found, model = secrets.ring(), [], model_of(table.name)
        columns = {column.column: column for column in SEALED if column.model is model}
        for cipher, index in table.sealed_with.items():
            rows = rows_of_day(table, self.park, day).filter(**{f"{cipher}__isnull": False})
            for row in rows.only("pk", cipher, index, columns[cipher].key):
                if not _opens(row, columns[cipher], index, table.personal[cipher], self.park, ring):
                    found.append(row.pk)
        return found


def _opens(row: Any, column: SealedColumn, index: str, kind: keeping.Personal, park: Park, ring: secrets.KeyRing) -> bool:
    try:
        text = ring.open(bytes(getattr(row, column.column)), where=column.where_of(row))
        made = id_index(park, text, ring) if kind is keeping.Personal.NUMBER else phone_index(park, text, ring)
        return bytes(getattr(row, index) or b"") == made
    except (secrets.CannotOpen, ValueError, TypeError):
        return False


def _readable(rows: Any) -> tuple[list[Any], set[int]]:
    """Some rows, and the numbers of those into which somebody wrote what none of our fields can hold."""
    try:
        return list(rows), set()
    except UNREADABLE:
        found, broken = [], set()
        for pk in rows.order_by().values_list("pk", flat=True):
            try:
                found.append(rows.get(pk=pk))
            except UNREADABLE:
                broken.add(pk)
        return found, broken


def _is_ours(word: Afterword) -> bool:
    try:
        return mac_of_afterword(word, bytes(word.mac)[:ONCE]) == bytes(word.mac)
    except (TypeError, ValueError, AttributeError):
        return False


def _by_number(table: str) -> Any:
    return lambda rows: digests_by_number(table, rows)


def _hex(value: Any) -> str:
    """Bytes as text; whatever else somebody put there as no such text."""
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else ""


def _numbers(kept: SealedTable) -> Iterable[int]:
    try:
        return unpacked(bytes(kept.blob)).keys()
    except (ValueError, TypeError):
        return ()


def _content(seal: Seal) -> dict[str, Any] | None:
    """What a seal says, and its own mac; nothing where it is not the seal that was made, or its row says something else."""
    try:
        if sealing.mac_of(seal) != bytes(seal.mac):
            return None
        content: dict[str, Any] = json.loads(seal.content)
        same = (content["park"], content["row"], content["closing"], content["day"], content["number"], content["release"],
                content["sealed_at"], content["sealed_by"]) == (
            str(seal.park.uid), seal.pk, seal.closing_id, str(seal.day), seal.number, seal.release,
            seal.sealed_at.astimezone(UTC).isoformat(), seal.sealed_by) and _is_signed_by(seal, content["sealed_by_name"])
    except (TypeError, ValueError, AttributeError):
        return None
    return content | {"mac": bytes(seal.mac).hex()} if same else None


def _is_signed_by(seal: Seal, mark: str) -> bool:
    """Is it the name that was sealed? Once what was kept of people is erased by the word of two, none stands there any more."""
    if seal.sealed_by_name:
        return bool(mark == sealing.mark_of_name(seal))
    return _names_are_gone(seal.park_id)


def _names_are_gone(park_id: int) -> bool:
    """Did two people here have it erased? A row of an erasure anybody could write."""
    rows = Erasure.objects.filter(park=park_id, stage__in=[ErasureStage.RELEASED, ErasureStage.DONE]).select_related("park")
    return any(is_by_our_word(each) for each in _readable(rows)[0])


def _is_whole(seal: Seal, kept: SealedTable) -> bool:
    try:
        return sealing.digest_of(seal, kept.table, bytes(kept.blob)).hex() == _hex(kept.digest)
    except TypeError:
        return False
