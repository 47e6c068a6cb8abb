# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from datetime import date

import pytest

from postward.model.identity import Identity, IdentityKind
from postward.model.reputation import Record
from postward.model.reputation_day import ReputationDay
from postward.store.reputation.keys import correspondence_key, key_of, tag_of
from postward.store.reputation.saved import Saved, SavedCorrespondence, fields_of, read_fields

RECORD = Record(good=1.5, bad=0.25, hard=0.0, seen=3.0, first_s=1_780_000_000, last_s=1_790_000_000)
DAY = ReputationDay(day=date(2026, 11, 24), good=1.0, bad=0.5, hard=0.25, seen=2.0)
HOSTILE = ("", "a b", "}{", "\x00", "\udcff", "é", "x" * 65_536, "a\nb", '"', "\u202e")


LOGIN = Identity(IdentityKind.LOGIN, "bob@example.org")


def saved(identity=LOGIN, **others):
    return Saved(tag=tag_of(key_of(identity)), **others)


def there_and_back(one):
    return read_fields(json.loads(json.dumps(fields_of(one), allow_nan=False)))


@pytest.mark.parametrize(
    "one",
    [
        saved(slow=RECORD), saved(slow=RECORD, fast=RECORD, days=(DAY,)), saved(),
        SavedCorrespondence(key=correspondence_key("a", "b"), until_s=1_790_000_000),
    ],
)  # fmt: skip
def test_what_is_written_is_read(one):
    assert there_and_back(one) == one


def test_hostile_names_come_back_and_break_no_line():
    for kind in IdentityKind:
        for name in HOSTILE:
            one = saved(Identity(kind, name), slow=RECORD)
            assert "\n" not in json.dumps(fields_of(one))
            back = there_and_back(one)
            assert back == one
            assert back.kind is kind
            assert back.identity == (None if len(name) > 100 else Identity(kind, name))


GOOD = fields_of(saved(slow=RECORD, fast=RECORD, days=(DAY,)))


@pytest.mark.parametrize(
    "fields",
    [
        None, [], "x", 1, {}, {"tag": 1}, {"tag": "x" * 1_000_000}, {"tag": "d:A"}, {"tag": "d:}"},
        GOOD | {"slow": None},
        GOOD | {"slow": []}, GOOD | {"slow": {}}, GOOD | {"slow": GOOD["slow"] | {"good": -1}},
        GOOD | {"slow": GOOD["slow"] | {"good": float("nan")}}, GOOD | {"slow": GOOD["slow"] | {"good": float("inf")}},
        GOOD | {"slow": GOOD["slow"] | {"good": 10**400}}, GOOD | {"slow": GOOD["slow"] | {"good": True}},
        GOOD | {"slow": GOOD["slow"] | {"good": "1"}}, GOOD | {"slow": GOOD["slow"] | {"first": 2**33}},
        GOOD | {"slow": GOOD["slow"] | {"first": 1.5}}, GOOD | {"slow": GOOD["slow"] | {"first": 4_000_000_000}},
        GOOD | {"days": {}}, GOOD | {"days": [1]}, GOOD | {"days": GOOD["days"] * 2},
        GOOD | {"days": GOOD["days"] * 61},
        GOOD | {"days": [GOOD["days"][0] | {"day": "2026-13-01"}]}, GOOD | {"days": [GOOD["days"][0] | {"day": 1}]},
        GOOD | {"days": [GOOD["days"][0] | {"good": 1e30}]}, {"correspondence": 1, "until": 1},
        {"correspondence": "pw:r{w:}", "until": 1}, {"correspondence": correspondence_key("a", "b")},
        {"correspondence": correspondence_key("a", "b"), "until": -1},
    ],
)  # fmt: skip
def test_what_was_not_written_so_is_refused_in_words(fields):
    with pytest.raises(ValueError, match=r"^[^{}]*$") as raised:
        read_fields(fields)
    assert len(str(raised.value)) < 200
