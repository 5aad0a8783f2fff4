"""What we keep, why, how long, and on which day it happened: one declaration for each table, plain data.

Each room declares its tables in its `keeping.py`; `jiugong/sources.py` brings them together here. The closed day seals by
it, retention and erasure read it, and a worker is told by it what is kept about him. A test walks every table of the
database and fails where somebody added one, or a column of text or bytes, without deciding.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Personal(StrEnum):
    """What a column tells of a person."""

    NAME = "name"
    NUMBER = "number"              # an ID number, sealed
    PHONE = "phone"                # a telephone, sealed
    INDEX = "index"                # a blind index of one of the two: the same for the same number
    ACCOUNT = "account"            # who did it: a user's key or name
    HEALTH = "health"              # a temperature, a result, a reason of illness
    WORDS = "words"                # free text in which somebody may be named
    SEALED = "sealed"              # a whole file or page that holds people's data, sealed
    KEY = "key"                    # what opens a door: a password, a session, a token, a badge's code


@dataclass(frozen=True)
class Said:
    """A sentence for people, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """Why data is kept, and on what ground (个人信息保护法 art. 13, 17, 28). `assumption`: the ground is not sourced."""

    key: str
    zh: str
    en: str
    ground: Said
    assumption: Said | None = None


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long: a class whose days come from the pack; `days` is what holds without one. None: until the emergency ends."""

    key: str
    zh: str
    en: str
    days: int | None
    ground: str = ""
    assumption: str = ""


EMERGENCY = Said(
    "个人信息保护法第十三条第一款第四项（应对突发公共卫生事件）、第二十八条；传染病防治法（2025年修订）",
    "Personal Information Protection Law, art. 13(4) (response to a public-health emergency) and art. 28; "
    "Law on the Prevention and Control of Infectious Diseases (2025 revision)")
PURPOSES = {purpose.key: purpose for purpose in (
    Purpose(key="roster", zh="掌握园区人员与责任", en="Know who works where and who answers", ground=EMERGENCY),
    Purpose(key="sampling", zh="组织采样、检测与处置", en="Sample, test and follow up", ground=EMERGENCY),
    Purpose(key="tracing", zh="流调溯源与管控", en="Trace contacts and bring them under control", ground=EMERGENCY),
    Purpose(key="duties", zh="落实每日防控任务", en="See that each day's duties are done", ground=EMERGENCY),
    Purpose(key="rules", zh="执行有据可查的规定", en="Apply rules that can be cited", ground=Said(
        "传染病防治法（2025年修订）；不含个人信息",
        "Law on the Prevention and Control of Infectious Diseases (2025 revision); no person's data")),
    Purpose(key="reporting", zh="汇总与报送", en="Report figures", ground=Said(
        "传染病防治法（2025年修订）；仅汇总数字",
        "Law on the Prevention and Control of Infectious Diseases (2025 revision); aggregates")),
    Purpose(key="telling", zh="通知与提醒", en="Tell and remind people", ground=EMERGENCY),
    Purpose(key="audit", zh="留痕与审计", en="Keep a trail for auditors", ground=Said(
        "网络安全法第二十一条：日志留存不少于六个月", "Cybersecurity Law, art. 21: logs of six months and more"),
            assumption=Said("条文凭记忆引用", "article quoted from memory")),
    Purpose(key="access", zh="登录与授权", en="Let people in, and no further", ground=Said(
        "网络安全等级保护基本要求 GB/T 22239-2019", "Baseline for classified protection of cybersecurity, GB/T 22239-2019"),
            assumption=Said("标题凭记忆引用", "headline quoted from memory")),
    Purpose(key="machinery", zh="系统运行", en="Let the house run", ground=Said(
        "个人信息保护法第十九条：保存期限为所必要的最短时间",
        "Personal Information Protection Law, art. 19: the shortest time needed")),
)}
RETENTIONS = {kept.key: kept for kept in (
    Retention(key="emergency", zh="至应急结束", en="until the emergency ends", days=None,
              ground="个人信息保护法 art. 47: erased when the purpose is reached"),
    Retention(key="log", zh="日志", en="log", days=180, ground="网络安全法 art. 21: at least six months",
              assumption="six months are kept as 180 days"),
    Retention(key="working", zh="临时", en="in hand", days=1, assumption="what waits for a yes or a fetch is gone after a day"),
    Retention(key="account", zh="账号存续期", en="while the account lasts", days=None, ground="个人信息保护法 art. 47"),
    Retention(key="record", zh="长期（不含个人信息）", en="stays: figures, rules and places, nobody's data", days=None,
              assumption="aggregates and rules outlast the emergency"),
)}


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: whose its rows are, when they happened, what of them may change, what of them is personal.

    Paths (`park`, `happened`, `person`) are lookups from a row, as in `evidence__park`; columns are as in the database.
    A column that is not under `changes` is never changed after it was written.
    """

    name: str
    purpose: str
    keep: str
    park: str = ""                                  # to the park; empty: the installation's
    happened: str = ""                              # the moment or park day on which it happened; empty: it is no event
    holds: bool = False                             # a dated row: it holds on the days from `since` to before `until`
    stands: bool = False                            # a state: a day seals it as it stood when the day was closed
    person: str = ""                                # to the person whom the row is about
    sealed: bool = True                             # part of its day's seal, where it has a day
    sealed_with: Mapping[str, str] = field(default_factory=dict)      # an encrypted column and its blind index
    changes: Mapping[str, str] = field(default_factory=dict)          # column -> what changes it
    personal: Mapping[str, Personal] = field(default_factory=dict)    # column -> what it tells of somebody
    plain: tuple[str, ...] = ()                     # columns of text or bytes that tell of nobody
    why_unsealed: str = ""
    touches_are_told: bool = False                  # the house is told when a row of a closed day is written (`ClosedDayTouched`)

    @property
    def is_sealed_by_day(self) -> bool:
        return bool(self.sealed and self.park and (self.happened or self.holds or self.stands))


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """What stands beside the database, in JIUGONG_HOME: by a pattern of paths. `{park}` is a park's uid: it ends with the park."""

    path: str
    purpose: str
    keep: str
    holds: str


FILES = (
    KeptFile(path="keys/key-ring.json", purpose="machinery", keep="emergency", holds="what opens all that is sealed"),
    KeptFile(path="keys/seals-*.jsonl", purpose="audit", keep="record", holds="which seals were made; nobody's data"),
    KeptFile(path="keys/tls/*", purpose="machinery", keep="record", holds="certificates; nobody's data"),
    KeptFile(path="worker/queue.sqlite3", purpose="machinery", keep="working", holds="ids and progress of jobs; nobody's data"),
    KeptFile(path="keys/session-key", purpose="access", keep="emergency", holds="what signs sessions"),
    KeptFile(path="keys/report-key", purpose="audit", keep="record", holds="what signs the report of an erasure; opens nothing"),
    KeptFile(path="history/{park}/**", purpose="tracing", keep="emergency",
             holds="who was where on closed days, under random numbers; made again from the rows"),
    KeptFile(path="backups/*", purpose="machinery", keep="emergency", holds="everything that is kept, sealed"),
    KeptFile(path="drafts/*", purpose="machinery", keep="working", holds="a backup while it is made; wiped at once"),
    KeptFile(path="metrics/*", purpose="machinery", keep="working", holds="counters; nobody's data"),
    KeptFile(path="static/**", purpose="machinery", keep="record", holds="files of the pages; nobody's data"),
)


class DeclaredTwice(ValueError):
    """Two rooms, or one room twice, declare the same table differently."""


_tables: dict[str, Table] = {}


def add_tables(*tables: Table) -> None:
    """Let the house know of a room's tables. Raises DeclaredTwice."""
    for table in tables:
        if _tables.setdefault(table.name, table) != table:
            raise DeclaredTwice(table.name)


def tables() -> Mapping[str, Table]:
    """Every declared table, by its name in the database."""
    return _tables


Appended = Callable[[str, int, ZoneInfo, str, Mapping[str, datetime]], None]
_hears: Appended | None = None
_hears_from: Callable[[str, int], None] | None = None
_hears_of_ends: Callable[[str, Collection[int]], None] | None = None


def hear_of_raw_rows_with(listener: Appended, from_a_number: Callable[[str, int], None],
                          of_ends: Callable[[str, Collection[int]], None]) -> None:
    """Say who wants to know of rows that are written or removed past the house's own ways of writing."""
    global _hears, _hears_from, _hears_of_ends
    _hears, _hears_from, _hears_of_ends = listener, from_a_number, of_ends


def rows_end(table: str, numbers: Collection[int]) -> None:
    """Rows are about to be removed in this transaction by SQL of our own, at the end of their purpose."""
    if _hears_of_ends and numbers:
        _hears_of_ends(table, numbers)


def rows_were_appended_after(table: str, last: int) -> None:
    """Rows were written in this transaction by SQL of our own: all whose number is above the last one before."""
    if _hears_from:
        _hears_from(table, last)


def rows_were_appended(table: str, park_id: int, zone: ZoneInfo, key: str, moments: Mapping[str, datetime]) -> None:
    """Rows were written in this transaction by SQL of our own: under which keys, and when each happened."""
    if _hears:
        _hears(table, park_id, zone, key, moments)


def columns(words: str, kind: Personal) -> dict[str, Personal]:
    """The same word for several columns, as in `columns("id_index phone_index", Personal.INDEX)`."""
    return dict.fromkeys(words.split(), kind)


def by(action: str, words: str) -> dict[str, str]:
    """Columns that one action changes, as in `by("boxes.seal", "sealed_at sealed_by")`."""
    return dict.fromkeys(words.split(), action)
