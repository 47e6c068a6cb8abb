# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import datetime as dt

from postward.app.reputation_desk import Explained
from postward.app.reputation_ranking import Ranked
from postward.cli.reputation_text import explained_lines, history_table, top_table
from postward.model.estimate import Estimate, Level
from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.reputation import Record
from postward.model.reputation_day import ReputationDay

HOSTILE = "\x1b[2J\u202egpj.exe"
SEEN = (
    "  4,210 messages seen since 2026-11-06 21:20 UTC, the last at 2026-11-18 11:06 UTC; confidence 0.90"
    " (0: nothing is known, 1: all)"
)
FIRST_S, LAST_S = 1_794_000_000, 1_795_000_000


def record(good, bad, hard=0.0, seen=4_210.0):
    return Record(good=good, bad=bad, hard=hard, seen=seen, first_s=FIRST_S, last_s=LAST_S)


def explained(identity, own, *, fast=None):
    levels = (
        Level(identity=EVERYBODY, record=record(9_000.0, 1_000.0), prior=0.2, strength=2.0, mean=0.1),
        Level(identity=identity, record=own, prior=0.1, strength=8.0, mean=0.345),
    )
    estimate = Estimate(identity=identity, mean=0.345, lower=0.2, confidence=0.9, levels=levels)
    return Explained(estimate=estimate, fast=fast)


def test_an_estimate_is_told_level_by_level():
    told = explained(Identity(IdentityKind.IP, "192.0.2.1"), record(40.0, 22.5, 1.5))
    assert list(explained_lines(told)) == [
        "ip:192.0.2.1",
        "  34.5 % of its mail is expected to be bad; with 95 % certainty not less than 20.0 %",
        SEEN,
        "",
        "How that comes about, from the widest to the narrowest",
        "  everybody: 10.0 %",
        "    its own, as far as it still counts: 9,000.0 good, 1,000.0 bad",
        "  address 192.0.2.1: 34.5 %",
        "    starts from 10.0 %, which weighs as much as 8 messages of its own",
        "    its own, as far as it still counts: 40.0 good, 22.5 bad, 1.5 grave (malware)",
    ]


def test_of_a_stranger_it_is_said_that_nothing_is_known():
    lines = list(explained_lines(explained(Identity(IdentityKind.NETWORK, "192.0.2.0/24"), None)))
    assert lines[2].startswith("  no message of its own was seen; confidence")
    assert lines[-1] == "    nothing of its own is known"


def test_of_our_own_senders_the_fast_window_is_told():
    lines = list(explained_lines(explained(Identity(IdentityKind.LOGIN, "ann"), record(10, 0), fast=record(1, 40))))
    assert lines[-2:] == [
        "  what came lately, of which half is forgotten in 30 minutes:",
        "    its own, as far as it still counts: 1.0 good, 40.0 bad",
    ]


def test_that_it_outweighs_the_rest_is_told():
    told = explained(Identity(IdentityKind.LOGIN, "ann"), record(10, 0), fast=record(1, 40))
    taken_over = Explained(estimate=told.estimate._replace(mean=0.9), fast=told.fast)
    assert list(explained_lines(taken_over))[-1] == "    that outweighs all the rest: 90.0 %"


def test_a_single_message_is_one():
    lines = list(explained_lines(explained(Identity(IdentityKind.HELO, "mx.example"), record(1, 0, seen=1.0))))
    assert lines[2].startswith("  1 message seen since")


def test_nothing_from_outside_moves_the_cursor():
    hostile = Identity(IdentityKind.HELO, HOSTILE)
    row = Ranked(identity=hostile, mean=0.5, lower=0.1, confidence=0.5, record=record(1, 1))
    lines = [*explained_lines(explained(hostile, record(1, 1))), *top_table([row]).splitlines()]
    assert sum("\\x1b[2J" in line for line in lines) == 3
    assert all(line.isprintable() for line in lines)


def test_those_who_stand_out_have_a_line_each():
    row = Ranked(
        identity=Identity(IdentityKind.ASN, "64500"), mean=0.5, lower=0.125, confidence=0.5, record=record(1, 3, 2)
    )
    head, line = top_table([row]).splitlines()
    assert head.split() == ["IDENTITY", "BAD", "SURELY", "CONFIDENCE", "MESSAGES", "GRAVE", "LAST"]
    assert line.split() == ["asn:64500", "50.0", "%", "12.5", "%", "0.50", "4,210", "2.0", "2026-11-18", "11:06", "UTC"]


def test_days_are_told_with_what_was_bad_in_them():
    days = [
        ReputationDay(day=dt.date(2026, 11, 23), good=30.0, bad=0.0, hard=0.0, seen=31.0),
        ReputationDay(day=dt.date(2026, 11, 24), good=0.0, bad=14.0, hard=1.0, seen=1_400.0),
    ]
    assert [line.split() for line in history_table(days).splitlines()[1:]] == [
        ["2026-11-23", "31", "30.0", "0.0", "0.0", "-" * 30],
        ["2026-11-24", "1,400", "0.0", "14.0", "1.0", "#" * 15],
    ]
    nothing = ReputationDay(day=dt.date(2026, 11, 23), good=0.0, bad=0.0, hard=0.0, seen=3.0)
    assert "#" not in history_table([nothing]).splitlines()[1]
