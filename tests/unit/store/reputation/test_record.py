# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math
import random
import struct

import pytest

from postward.model.reputation import Record
from postward.store.reputation.record import MOST, SIZE, pack, unpack

RECORD = Record(good=3.25, bad=0.5, hard=1.0, seen=7.0, first_s=1_780_000_000, last_s=1_790_000_000)
FORM = "<ddddIII"


def form(*, good=1.0, bad=1.0, hard=1.0, seen=1.0, first_s=10, last_s=10):
    return struct.pack(FORM, good, bad, hard, seen, first_s, last_s, 0)


def test_a_record_comes_back_as_it_was_whoever_touched_it_last():
    for mark in (0, 1, 0xFFFFFFFF):
        packed = pack(RECORD, mark=mark)
        assert len(packed) == SIZE == 44
        assert unpack(packed) == RECORD
    assert unpack(form(good=0, bad=0, hard=0, seen=MOST, first_s=0)) is not None


@pytest.mark.parametrize("length", [0, 1, 40, 43, 45, 48, 88, 65_536])
def test_a_value_of_another_length_is_none(length):
    assert unpack((pack(RECORD) * 2_000)[:length]) is None


@pytest.mark.parametrize("value", [None, 1, "x" * 44, [pack(RECORD)], bytearray(pack(RECORD)), ValueError("WRONGTYPE")])
def test_what_are_no_octets_is_none(value):
    assert unpack(value) is None


@pytest.mark.parametrize("field", ["good", "bad", "hard", "seen"])
@pytest.mark.parametrize("amount", [math.nan, math.inf, -math.inf, -1.0, -5e-324, MOST * 1.01])
def test_what_is_no_amount_makes_no_record(field, amount):
    assert unpack(form(**{field: amount})) is None


def test_the_first_message_is_not_after_the_last():
    assert unpack(form(first_s=11, last_s=10)) is None


def test_random_octets_never_raise_and_make_only_sound_records():
    made = random.Random(3)
    for _ in range(20_000):
        record = unpack(made.randbytes(44))
        if record is not None:
            assert all(0 <= value <= MOST for value in (record.good, record.bad, record.hard, record.seen))
            assert unpack(pack(record)) == record


@pytest.mark.parametrize("amount", [math.nan, math.inf, -1.0])
def test_what_would_not_be_read_is_not_written(amount):
    broken = Record(good=amount, bad=0, hard=0, seen=0, first_s=1, last_s=1)
    with pytest.raises(ValueError, match="no record"):
        pack(broken)
