"""Identifiers against an independent oracle: no wrong digit gets past us."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from jiugong.lib.identifiers import (
    CREDIT_ALPHABET,
    CREDIT_WEIGHTS,
    Fault,
    IdKind,
    IdNumber,
    credit_check_digit,
    id_check_digit,
    read_credit_code,
    read_id_number,
)

pytestmark = pytest.mark.pure
TODAY = date(2022, 8, 1)

births = st.dates(date(1900, 1, 1), TODAY)


regions = st.sampled_from(["110105", "340100", "440300", "513401", "650102"])


@st.composite
def numbers(draw: st.DrawFn) -> str:
    first: str = draw(regions) + draw(births).strftime("%Y%m%d") + f"{draw(st.integers(0, 999)):03}"
    return first + id_check_digit(first)


@given(numbers())
def test_a_right_number_is_read_and_the_oracle_agrees(number: str) -> None:
    assert read_id_number(number, today=TODAY) == IdNumber(number)
    assert ric.calc_check_digit(number) == number[-1]


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_one_wrong_digit_is_caught(number: str, at: int, sign: str) -> None:
    assume(number[at] != sign)

    assert isinstance(read_id_number(number[:at] + sign + number[at + 1:], today=TODAY), Fault)


@given(numbers(), st.integers(0, 16))
def test_two_neighbours_exchanged_are_caught(number: str, at: int) -> None:
    assume(number[at] != number[at + 1])

    turned = number[:at] + number[at + 1] + number[at] + number[at + 2:]
    assert isinstance(read_id_number(turned, today=TODAY), Fault)


@pytest.mark.parametrize(("region", "kind"), [("810000", IdKind.PERMIT), ("820000", IdKind.PERMIT),
                                              ("830000", IdKind.PERMIT), ("911234", IdKind.FOREIGNER)])
def test_permits_and_nine_cards_are_read_and_have_no_region(region: str, kind: IdKind) -> None:
    first = region + "19850312" + "001"

    read = read_id_number(first + id_check_digit(first), today=TODAY)

    assert isinstance(read, IdNumber)
    assert (read.kind, read.region) == (kind, None)
    assert isinstance(read_id_number(first + ("1" if id_check_digit(first) != "1" else "2"), today=TODAY), Fault)


@pytest.mark.parametrize(("born", "known"), [("20220801", True), ("20220802", False), ("19000101", True),
                                             ("18991231", False), ("20000229", True), ("19000229", False)])
def test_a_birth_date_lies_between_1900_and_today(born: str, known: bool) -> None:
    first = "110105" + born + "001"

    assert isinstance(read_id_number(first + id_check_digit(first), today=TODAY), IdNumber) is known


@given(st.text(CREDIT_ALPHABET, min_size=17, max_size=17))
def test_a_credit_code_agrees_with_the_oracle(first: str) -> None:
    code = first + credit_check_digit(first)

    assert uscc.calc_check_digit(code) == code[-1]
    assert read_credit_code(code) == code


@given(st.text(CREDIT_ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(CREDIT_ALPHABET))
def test_any_one_wrong_sign_of_a_credit_code_is_caught(first: str, at: int, sign: str) -> None:
    code = first + credit_check_digit(first)
    assume(code[at] != sign)

    assert isinstance(read_credit_code(code[:at] + sign + code[at + 1:]), Fault)


def test_the_weights_of_a_credit_code_are_powers_of_three() -> None:
    assert CREDIT_WEIGHTS[:4] == (1, 3, 9, 27)
