# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.app.replay.replaying import Change, Replay
from postward.app.replay.stored_mail import StoredMail
from tests.unit.app.rule_set_of import judge_of, messages

OLD = """\
rules:
  - {id: prizes, direction: inbound, when: {subject: {contains: win}}, do: [{tag: prize}]}
"""
NEW = """\
rules:
  - {id: no-prizes, direction: inbound, when: {subject: {contains: [win, prize]}}, do: [{reject: {text: "No prizes"}}]}
  - {id: renamed, direction: inbound, when: {subject: {contains: hello}}, do: [{tag: greeting}]}
"""
SAME = OLD.replace("id: prizes", "id: other-name")


def mail(*subjects: str) -> list[StoredMail]:
    head = "Delivered-To: a@example.com\nReceived: from x (x [192.0.2.1])\nMessage-ID: <{0}@x>\nFrom: joe@example.org\n"
    return [
        StoredMail(name=f"cur/{number}", content=f"{head.format(number)}Subject: {subject}\n\nbody\n".encode())
        for number, subject in enumerate(subjects)
    ]


def replayed(tmp_path, new, old, stored):
    replay = Replay(
        messages(),
        judge_of(tmp_path, new, "new.yaml"),
        judge_of(tmp_path, old, "old.yaml") if old is not None else None,
        now_s=1.0,
    )
    return list(replay.changes(stored)), replay.tally


def test_a_message_that_would_fare_otherwise_is_told_with_both_fates(tmp_path):
    found, tally = replayed(tmp_path, NEW, OLD, mail("you win", "a prize", "nothing", "hello"))
    assert found[0] == Change(
        name="cur/0",
        message_id="<0@x>",
        before=("tag name=prize",),
        after=("refuse the message: 550 5.7.1 No prizes",),
        rules_before=("prizes",),
        rules_after=("no-prizes",),
    )
    assert (found[1].before, found[1].after) == ((), ("refuse the message: 550 5.7.1 No prizes",))
    assert (found[2], found[3].after) == (None, ("tag name=greeting",))
    assert tally.report() == {
        "messages": 4, "unreadable": 0, "changed": 3, "matches": {"no-prizes": 2, "renamed": 1},
        "matches_before": {"prizes": 1}, "failures": {}, "failures_before": {},
    }  # fmt: skip


def test_the_same_fate_by_a_rule_of_another_name_is_no_change(tmp_path):
    found, tally = replayed(tmp_path, SAME, OLD, mail("you win"))
    assert (found, tally.changed) == ([None], 0)


def test_without_other_rules_what_matches_is_counted(tmp_path):
    found, tally = replayed(tmp_path, NEW, None, mail("you win", "you win again"))
    assert (found, tally.matches["no-prizes"], tally.changed) == ([None, None], 2, 0)


def test_a_message_that_cannot_be_read_is_counted_and_the_rest_goes_on(tmp_path):
    broken = StoredMail(name="cur/9", problem="Permission denied")
    found, tally = replayed(tmp_path, NEW, OLD, [broken, *mail("you win")])
    assert found[0] is broken
    assert (tally.unreadable, tally.messages, tally.changed) == (1, 1, 1)
