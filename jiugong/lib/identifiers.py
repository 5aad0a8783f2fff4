"""What an identifier is: resident IDs, enterprise credit codes, telephone numbers. A wrong check digit is an error.

Sources: GB 11643-1999 (resident ID), GB 32100-2015 (unified social credit code). Region codes change by year, so a
region that we do not know is worth a warning and never an error. What is wrong is said as a `Fault`: a code and a
sentence's key; the sentence itself is the caller's, in the reader's language.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))

_ID = re.compile(r"[0-9]{17}[0-9X]")
_CREDIT = re.compile(f"[{CREDIT_ALPHABET}]{{18}}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?[1-9]\d{6,7}(-\d{1,6})?")
_ABROAD = re.compile(r"\+\d{7,15}")


class Fault(StrEnum):
    """What is wrong with an identifier."""

    LENGTH = "length"
    CHECKSUM = "checksum"
    BIRTH_DATE = "birth_date"
    SHAPE = "shape"


class IdKind(StrEnum):
    """Which document a number belongs to. All three have 18 characters and the same check digit."""

    RESIDENT = "resident"                # 居民身份证
    PERMIT = "permit"                    # 港澳台居民居住证, 81 / 82 / 83
    FOREIGNER = "foreigner"              # 外国人永久居留身份证, begins with 9


@dataclass(frozen=True)
class IdNumber:
    """A resident ID, residence permit or permanent residence card whose check digit and birth date are right."""

    text: str

    @property
    def kind(self) -> IdKind:
        if self.text[:2] in ("81", "82", "83"):
            return IdKind.PERMIT
        return IdKind.FOREIGNER if self.text[0] == "9" else IdKind.RESIDENT

    @property
    def born_on(self) -> date:
        return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def region(self) -> str | None:
        """The six digits of the county that issued it; None where the number has none."""
        return self.text[:6] if self.kind is IdKind.RESIDENT else None


def folded(text: str) -> str:
    """Full-width letters, digits and signs made half-width, and every kind of space taken away."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def id_check_digit(first17: str) -> str:
    """The eighteenth character that belongs to seventeen digits."""
    return ID_CHECKS[sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, first17, strict=True)) % 11]


def read_id_number(text: str, *, today: date) -> IdNumber | Fault:
    """Read an ID number that has been `folded` and put into upper case, or say what is wrong with it."""
    if len(text) != 18:
        return Fault.LENGTH
    if not _ID.fullmatch(text):
        return Fault.SHAPE
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return Fault.BIRTH_DATE
    if not date(1900, 1, 1) <= born <= today:
        return Fault.BIRTH_DATE
    return IdNumber(text) if id_check_digit(text[:17]) == text[17] else Fault.CHECKSUM


def credit_check_digit(first17: str) -> str:
    """The eighteenth character of a unified social credit code."""
    total = sum(weight * CREDIT_ALPHABET.index(sign) for weight, sign in zip(CREDIT_WEIGHTS, first17, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def read_credit_code(text: str) -> str | Fault:
    """Read a unified social credit code that has been `folded` and put into upper case, or say what is wrong."""
    if len(text) != 18:
        return Fault.LENGTH
    if not _CREDIT.fullmatch(text):
        return Fault.SHAPE
    return text if credit_check_digit(text[:17]) == text[17] else Fault.CHECKSUM


def read_phone(text: str) -> str | Fault:
    """Read a telephone number that has been `folded`: a mobile, a landline with its area code, or +country number."""
    bare = text
    if not text.startswith("+") or text.startswith("+86"):
        bare = re.sub(r"^(\+86|0086|86(?=1[3-9]\d{9}$))", "", text)
        if re.fullmatch(r"1[\d-]+", bare):
            bare = bare.replace("-", "")
    known = _MOBILE.fullmatch(bare) or _LANDLINE.fullmatch(bare) or _ABROAD.fullmatch(bare)
    return bare if known else Fault.SHAPE


def masked_id(text: str) -> str:
    """An ID number as it stands on a page: the region and the last four characters."""
    return text[:6] + "*" * max(len(text) - 10, 0) + text[-4:] if len(text) > 10 else "*" * len(text)


def masked_phone(text: str) -> str:
    """A telephone number as it stands on a page: the first three digits and the last four."""
    return text[:3] + "*" * max(len(text) - 7, 0) + text[-4:] if len(text) > 7 else "*" * len(text)
