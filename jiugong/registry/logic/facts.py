"""What a roster workbook says, once it is understood: rows with meaning, and the problems that were found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jiugong.lib.sheets import Heading, Problem, Sheet

ENTERPRISES, PEOPLE, CHARGES = "企业信息", "人员台账", "责任人"


@dataclass(frozen=True)
class Repair:
    """Harmless mess that was put right without a question."""

    sheet: str
    row: int
    column: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class EnterpriseRow:
    row: int
    name: str
    key: str
    credit_code: str
    grid: str
    address: str
    kind: str
    chief: str
    chief_phone: str
    remark: str
    given: frozenset[str]          # the columns that the file has: what it does not ask stays as it is


@dataclass(frozen=True, kw_only=True)
class WorkerRow:
    row: int
    sheet: str
    name: str
    id_number: str
    phone: str
    enterprise: str                # sheets.name_key
    enterprise_name: str
    workshop: str
    team: str
    shift: str
    post: str
    key_post: bool
    dorm_room: str
    bed: str
    canteen_table: str
    bus: str
    status: str
    arrived_on: date | None
    remark: str
    given: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class ChargeRow:
    row: int
    sheet: str
    name: str
    phone: str
    role: str
    over: tuple[str, ...]          # ("park",), ("grid", key) or ("unit", enterprise key[, workshop key[, team key]])
    body: str


@dataclass(frozen=True)
class Absence:
    """Somebody on a bad row: enough to know that he is not absent from the file."""

    enterprise: str
    name: str
    id_number: str
    phone: str


@dataclass
class RosterFile:
    """A workbook that was read: good rows, bad cells, repairs. Nothing of it is in the database yet."""

    sheets: Sequence[Sheet] = ()
    headings: dict[str, Heading] = field(default_factory=dict)           # sheet name -> where its heading stands
    enterprises: list[EnterpriseRow] = field(default_factory=list)
    workers: list[WorkerRow] = field(default_factory=list)
    charges: list[ChargeRow] = field(default_factory=list)
    spoken_for: set[str] = field(default_factory=set)                    # enterprises with rows among the people
    not_absent: list[Absence] = field(default_factory=list)
    named_only: dict[str, str] = field(default_factory=dict)             # key -> name: enterprise on a bad row
    same: dict[str, str] = field(default_factory=dict)                   # key in the file -> key it has in the park
    grids: dict[str, str] = field(default_factory=dict)                  # key -> name, of bad rows too
    units: set[tuple[str, ...]] = field(default_factory=set)             # keys from the enterprise down, of good rows
    numbers: dict[str, tuple[str, int]] = field(default_factory=dict)    # ID number -> sheet and row of its first row
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        return len({(problem.sheet, problem.row) for problem in self.errors})

    @property
    def repaired_rows(self) -> int:
        return len({(repair.sheet, repair.row) for repair in self.repairs})


@dataclass(frozen=True)
class Known:
    """What the park already has, so that a file may speak of it without listing it again."""

    park_name: str
    enterprises: frozenset[str] = frozenset()
    grids: frozenset[str] = frozenset()
    units: frozenset[tuple[str, ...]] = frozenset()       # (enterprise, workshop), (enterprise, workshop, team)
    codes: Mapping[str, str] = field(default_factory=dict)                # credit code -> enterprise
    names: Mapping[str, str] = field(default_factory=dict)                # enterprise -> its name as it is printed
