"""A sealed stream opens whole, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiugong.lasting.logic import manifests, sealing
from jiugong.lasting.logic.sealing import PIECE, TAG, Damaged, seal, unseal

pytestmark = pytest.mark.pure
KEY = bytes(range(32))


@given(st.lists(st.binary(max_size=2000), max_size=8), st.integers(0, 40))
def test_what_was_sealed_opens_as_it_was(pieces, more):
    noise = [bytes([at]) * 3 for at in range(more)]

    assert b"".join(unseal(seal([*pieces, *noise], KEY), KEY)) == b"".join([*pieces, *noise])


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_a_stream_of_any_length_opens(size):
    from random import Random

    stream = Random(1).randbytes(size)                                     # noise cannot be pressed: pieces are full

    assert b"".join(unseal(seal([stream], KEY), KEY)) == stream


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_changed_byte_does_not_open(stream, data):
    sealed = bytearray(b"".join(seal([stream], KEY)))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))

    with pytest.raises(Damaged):
        b"".join(unseal([bytes(sealed)], KEY))


def test_a_stream_that_ends_early_is_doubled_or_in_another_order_does_not_open():
    from random import Random

    sealed = b"".join(seal([Random(2).randbytes(3 * PIECE)], KEY))
    one = PIECE + TAG
    first, second, rest = sealed[:one], sealed[one:2 * one], sealed[2 * one:]

    for wrong in (first, first + second, second + first + rest, first + first + second + rest, sealed + first, b""):
        with pytest.raises(Damaged):
            b"".join(unseal([wrong], KEY))
    assert b"".join(unseal([first, second, rest], KEY))


def test_another_key_or_the_name_of_another_member_opens_nothing():
    sealed = list(seal([b"a"], sealing.key_for(KEY, "a")))

    for key in (KEY, sealing.key_for(KEY, "b"), sealing.key_for(bytes(32), "a")):
        with pytest.raises(Damaged):
            b"".join(unseal(sealed, key))


def test_a_manifest_that_was_touched_is_not_the_one_that_was_signed():
    manifest = manifests.signed({"tables": {"a": 1}, "store": "sqlite"}, KEY)

    assert manifests.is_signed(manifest, KEY)
    assert not manifests.is_signed(manifest | {"tables": {"a": 2}}, KEY)
    assert not manifests.is_signed(manifest, bytes(32))
    assert not manifests.is_signed({"tables": {}}, KEY)


def test_a_step_that_only_the_backup_knows_makes_it_newer_and_one_that_only_we_know_older():
    theirs, ours = {"a": ["1", "2"], "b": ["1"]}, {"a": ["1"], "b": ["1", "2"]}

    assert manifests.unknown_steps(theirs, ours) == ["a.2"]
    assert manifests.steps_to_go(theirs, ours) == ["b.2"]
    assert manifests.unknown_steps(ours, ours) == []
