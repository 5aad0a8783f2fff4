"""Codes of tubes that a park prints itself: a running number and a digit that betrays a slip of the finger."""

import re

PREFIX, DIGITS = "S", 7
LAST_NUMBER = 10 ** DIGITS - 1
_SHAPE = re.compile(rf"{PREFIX}(\d{{{DIGITS}}})(\d)")


def code_of(number: int) -> str:
    """The code of the tube with this number in the park's series."""
    digits = f"{number:0{DIGITS}}"
    return f"{PREFIX}{digits}{_check_digit(digits)}"


def is_mistyped(code: str) -> bool:
    """Does a code look like one of ours, and cannot be one? A single wrong digit shows."""
    found = _SHAPE.fullmatch(code.upper())
    return bool(found and found[2] != _check_digit(found[1]))


def _check_digit(digits: str) -> str:
    """Luhn's digit, as on bank cards: it catches every single wrong digit."""
    doubled = (int(digit) * (2 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)
