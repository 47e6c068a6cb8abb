# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest

from postward.mime.words import decode_words
from postward.model.header import HeaderField
from postward.model.rule_action import AddHeader, PrefixSubject, RemoveHeader, SetHeader
from postward.rules.header_editing import add_header, prefix_subject, remove_header, set_header
from postward.rules.message.stored import message_from
from postward.rules.settlement import settle
from postward.rules.working_copy import WorkingCopy


def copy_of(header: bytes) -> WorkingCopy:
    return WorkingCopy(message_from(header + b"\r\n\r\nbody\r\n", recipients=["ann@corp.example"]))


def fields(copy: WorkingCopy) -> list[bytes]:
    return [slot.field.raw for slot in copy.slots]


def contains(pattern: str, text: str) -> bool:
    return pattern in text


def test_a_new_field_stands_below_the_others():
    copy = copy_of(b"From: a@b.example\r\nSubject: x")
    assert not add_header(copy, AddHeader(name="X-New", value="yes"))
    assert fields(copy) == [b"From: a@b.example\r\n", b"Subject: x\r\n", b"X-New: yes\r\n"]
    result = settle(copy)
    assert [(field.name, field.value, field.at_bottom) for field in result.added] == [("X-New", b"yes", True)]
    assert (result.removed_positions, result.changed) == ((), ())


def test_later_rules_see_it():
    copy = copy_of(b"From: a@b.example")
    add_header(copy, AddHeader(name="X-New", value="Gr\u00fc\u00dfe"))
    assert copy.message.headers.get("x-new") == "Gr\u00fc\u00dfe"


def test_what_is_not_ascii_becomes_encoded_words():
    copy = copy_of(b"From: a@b.example")
    add_header(copy, AddHeader(name="X-New", value="Gr\u00fc\u00dfe"))
    assert copy.slots[-1].field.value.isascii()


@pytest.mark.parametrize("value", ["a\r\nBcc: b@c.example", "a\nb", "a\rb", "a\x00b", "a\ud800"])
def test_no_value_ends_its_field(value):
    copy = copy_of(b"From: a@b.example")
    assert add_header(copy, AddHeader(name="X-New", value=value))
    assert set_header(copy, SetHeader(name="X-New", value=value))
    assert len(copy.slots) == 1


@pytest.mark.parametrize(
    "name",
    ["", "X New", "X:New", "X-N\u00e9w", "Authentication-Results", "X-Postward-Pass", "x-spam-flag", "ARC-Seal",
     "DKIM-Signature", "Received", "Content-Type", "From"],
)  # fmt: skip
def test_nobody_writes_what_is_not_for_rules(name):
    copy = copy_of(b"From: a@b.example")
    assert add_header(copy, AddHeader(name=name, value="x"))
    assert set_header(copy, SetHeader(name=name, value="x"))
    assert fields(copy) == [b"From: a@b.example\r\n"]


def test_a_value_replaces_the_first_and_the_others_go():
    copy = copy_of(b"X-Mark: one\r\nFrom: a@b.example\r\nx-mark: two\r\nX-Mark: three")
    assert not set_header(copy, SetHeader(name="X-Mark", value="four"))
    result = settle(copy)
    assert [(each.position, each.occurrence, each.value) for each in result.changed] == [(0, 1, b"four")]
    assert result.removed_positions == (2, 3)
    assert not result.added


def test_the_same_value_is_no_change():
    copy = copy_of(b"X-Mark: one\r\nFrom: a@b.example")
    set_header(copy, SetHeader(name="X-Mark", value="one"))
    assert settle(copy).changed == ()


def test_a_field_that_is_not_there_is_added():
    copy = copy_of(b"From: a@b.example")
    set_header(copy, SetHeader(name="X-Mark", value="one"))
    assert [field.name for field in settle(copy).added] == ["X-Mark"]


def test_a_beginning_of_names_spares_what_is_not_for_rules():
    copy = copy_of(b"X-Internal-A: 1\r\nX-Spam-Flag: YES\r\nx-internal-b: 2\r\nX-Int: 3")
    assert not remove_header(copy, RemoveHeader(name="X-*"), contains)
    # X-Spam-Flag came with the message and is hidden from rules in the pipeline; here it is one of ours.
    assert fields(copy) == [b"X-Spam-Flag: YES\r\n"]


def test_only_fields_whose_value_matches_go():
    copy = copy_of(b"Received: from 10.0.0.1\r\nReceived: from 192.0.2.1")
    remove_header(copy, RemoveHeader(name="Received", when_matches="10.0."), contains)
    assert settle(copy).removed_positions == (0,)


@pytest.mark.parametrize("name", ["From", "Date", "MIME-Version", "Content-Type", "Authentication-Results", "X Y", "*"])
def test_nobody_removes_what_a_message_needs(name):
    copy = copy_of(b"From: a@b.example\r\nDate: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain")
    remove_header(copy, RemoveHeader(name=name), contains)
    assert len(copy.slots) == 4


def test_a_prefix_comes_once():
    copy = copy_of(b"Subject: Hello")
    prefix_subject(copy, PrefixSubject(text="[EXT] "))
    prefix_subject(copy, PrefixSubject(text="[EXT] "))
    assert fields(copy) == [b"Subject: [EXT] Hello\r\n"]
    assert [change.value for change in settle(copy).changed] == [b"[EXT] Hello"]


def test_a_message_without_a_subject_gets_the_prefix():
    copy = copy_of(b"From: a@b.example")
    prefix_subject(copy, PrefixSubject(text="[EXT] "))
    assert [(field.name, field.value) for field in settle(copy).added] == [("Subject", b"[EXT]")]


def test_fields_that_rules_add_are_bounded():
    copy = copy_of(b"From: a@b.example")
    objections = [add_header(copy, AddHeader(name=f"X-{number}", value="x")) for number in range(150)]
    assert len(copy.slots) == 101
    assert sum(bool(objection) for objection in objections) == 50


@pytest.mark.parametrize("subject", [b"a\rb", b"a\r\r\n b", b"a\nb", b"a\0b", b"a\r", b"a\r\n\r\n b", b"a\n b", b"\r"])
def test_a_subject_that_no_mta_takes_gets_its_prefix_and_breaks_nothing(subject):
    copy = copy_of(b"From: a@b.example\r\nX-Place: x")
    copy.slots[1].field = HeaderField(b"Subject", b" " + subject)
    assert not prefix_subject(copy, PrefixSubject(text="[EXT] "))
    value = copy.slots[1].field.value
    assert value.startswith(b" [EXT]")
    assert not re.search(rb"\0|\r(?!\n)|\n(?![ \t])", value)


def test_a_subject_in_no_charset_at_all_can_be_read_behind_its_prefix():
    copy = copy_of(b"From: a@b.example\r\nSubject: Gr\xfc\xdfe")
    prefix_subject(copy, PrefixSubject(text="[EXT] "))
    (change,) = settle(copy).changed
    assert change.value.isascii()
    assert decode_words(change.value) == "[EXT] Gr\u00fc\u00dfe"


def test_no_prefix_makes_no_subject():
    copy = copy_of(b"From: a@b.example")
    prefix_subject(copy, PrefixSubject(text="  "))
    assert len(copy.slots) == 1


@pytest.mark.parametrize("name", [b"X-Internal-\xff", b"X-Internal-a b"])
def test_what_no_mta_removes_is_left(name):
    copy = copy_of(b"From: a@b.example\r\nX-Place: x\r\nX-Internal-Host: x")
    copy.slots[1].field = HeaderField(name, b" x")
    assert not remove_header(copy, RemoveHeader(name="X-Internal-*"), contains)
    assert [slot.field.name for slot in copy.slots] == [b"From", name]
