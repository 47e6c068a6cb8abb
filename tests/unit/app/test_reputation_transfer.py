# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import datetime as dt
import io
import json

import pytest

from postward.app.reputation_transfer import HEAD, MAX_LINE_BYTES, import_lines, written_lines
from postward.errors import UsageError
from postward.model.reputation import Record
from postward.model.reputation_day import ReputationDay
from postward.reputation.identity_text import parse_identity
from postward.store.reputation.keys import correspondence_key, key_of, tag_of
from postward.store.reputation.saved import Saved, SavedCorrespondence

RECORD = Record(good=1.5, bad=2.25, hard=0.125, seen=9.0, first_s=1_790_000_000, last_s=1_795_000_000)
HEAD_LINE = json.dumps(HEAD).encode() + b"\n"


def saved(text, **values):
    return Saved(tag=tag_of(key_of(parse_identity(text))), **values)


ENTRIES = [
    saved("ip:192.0.2.1", slow=RECORD),
    saved("login:ann", slow=RECORD, fast=RECORD),
    saved(
        "from:" + "long." * 30 + "example",
        slow=RECORD,
        days=(ReputationDay(day=dt.date(2026, 11, 24), good=1.0, bad=2.0, hard=0.0, seen=3.0),),
    ),
    SavedCorrespondence(key=correspondence_key("ann@corp.example", "joe@example.com"), until_s=1_799_000_000),
]


class Store:
    """Keeps what it is given; of it ``lost`` are forgotten by now."""

    def __init__(self, lost=0):
        self.entries = []
        self.lost = lost

    def restore(self, some):
        self.entries += some
        return len(some) - self.lost


def imported(octets, store=None, **given):
    store = store or Store()
    return import_lines(io.BytesIO(octets), store.restore, **given), store


def test_what_was_written_is_read_again():
    octets = b"".join(written_lines(ENTRIES))
    outcome, store = imported(octets)
    assert store.entries == ENTRIES
    assert (outcome.read, outcome.kept, outcome.faulty, outcome.faults) == (4, 4, 0, [])


def test_each_line_is_one_object_and_names_people_only_where_they_can_be_told():
    head, first, *_, correspondence = [json.loads(line) for line in written_lines(ENTRIES)]
    assert head == {"format": "postward-reputation", "version": 1}
    assert first["identity"] == "ip:192.0.2.1"
    assert set(correspondence) == {"correspondence", "until"}
    assert "joe" not in correspondence["correspondence"]


def test_an_empty_store_gives_a_file_too():
    outcome, store = imported(b"".join(written_lines([])))
    assert (outcome.read, store.entries) == (0, [])


def test_what_is_too_old_is_told():
    outcome, _ = imported(b"".join(written_lines(ENTRIES)), Store(lost=1))
    assert (outcome.read, outcome.kept) == (4, 3)


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"", "no file that"),
        (b"\x00\xff", "no file that"),
        (b"[]\n", "no file that"),
        (b'{"tag": "i"}\n', "no file that"),
        (b"[" * 60_000, "no file that"),
        (b'{"format": "postward-reputation", "version": 2}\n', "a version that is not known"),
        (b'{"format": "postward-reputation"}\n', "a version that is not known"),
    ],
)
def test_what_is_no_such_file_is_not_read(octets, words):
    with pytest.raises(UsageError, match=words):
        imported(octets)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"nonsense", "is no JSON"),
        (b"\xff", "is no JSON"),
        (b"[]", "a line is no mapping"),
        (b'{"tag": "nothing}}"}', "the tag is none of an identity"),
        (b'{"correspondence": "pw:q{x}", "until": 1}', "the key is none of a correspondence"),
        (b'{"tag": "l:ann", "slow": {"good": -1}}', "good is no amount"),
        (b'{"tag": "l:ann", "slow": {"good": NaN}}', "good is no amount"),
        (b'{"tag": "l:ann", "slow": {"good": 1e999}}', "good is no amount"),
        (b'{"tag": "l:ann", "slow": {"good": 1' + b"0" * 400 + b"}}", "good is no amount"),
        (b'{"tag": "l:ann", "slow": {"good": 1' + b"0" * 5000 + b"}}", "is no JSON"),
        (b"[" * 60_000, "nested too deep"),
        (b'{"tag": "' + b"x" * MAX_LINE_BYTES + b'"}', "longer than 65536 octets"),
    ],
)
def test_a_line_that_makes_no_sense_is_told_and_the_others_are_put_back(line, words):
    good = list(written_lines(ENTRIES))
    outcome, store = imported(b"".join((good[0], good[1], line, b"\n\n", *good[2:])))
    assert store.entries == ENTRIES
    assert outcome.faulty == 1
    (fault,) = outcome.faults
    assert fault.startswith("line 3: ")
    assert words in fault


def test_of_many_faults_the_first_are_told_and_all_are_counted():
    outcome, _ = imported(HEAD_LINE + b"x\n" * 500)
    assert (outcome.faulty, len(outcome.faults), outcome.faults[0]) == (500, 20, "line 2: is no JSON")


def test_many_entries_come_in_bounded_batches_and_every_octet_is_told():
    sizes, octets = [], []

    def restore(some):
        sizes.append(len(some))
        return len(some)

    text = b"".join(written_lines(ENTRIES[:1] * 1_200))
    import_lines(io.BytesIO(text), restore, octets.append)
    assert sizes == [500, 500, 200]
    assert sum(octets) == len(text) - len(next(written_lines([])))
