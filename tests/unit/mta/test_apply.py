# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

import milter
from postward.model.action import NOTHING, AddHeader, HeaderChange, Hold, Plan, RemoveHeader, Reply
from postward.model.body import Body
from postward.mta.answer import PlanRefusedError
from postward.mta.apply import apply_plan
from postward.mta.negotiation import NOTHING_AGREED, agree

ALL = agree(0xFFFFFFFF, 0xFFFFFFFF)
EVERYTHING = agree(0xFFFFFFFF, 0xFFFFFFFF, changes_envelope=True, changes_body=True)
FIELD = AddHeader(name="X-A", value=b"a")


class Calls:
    """A context that remembers what it was told."""

    def __init__(self):
        self.told = []

    def __getattr__(self, name):
        return lambda *arguments: self.told.append((name, *arguments))


@pytest.fixture
def ctx():
    return Calls()


def test_nothing(ctx):
    answer = apply_plan(NOTHING, ctx, ALL)
    assert (answer.code, answer.reply, ctx.told) == (milter.CONTINUE, "accept", [])


def test_removals_come_first_and_from_below(ctx):
    removals = (
        RemoveHeader(name=b"X-B ", occurrence=1, position=1),
        RemoveHeader(name=b"x-a", occurrence=2, position=4),
        RemoveHeader(name=b"X-A", occurrence=1, position=0),
    )
    apply_plan(Plan(additions=(FIELD,), removals=removals, hold=Hold(reason="why")), ctx, ALL)
    assert ctx.told == [
        ("chgheader", "x-a", 2, None),
        ("chgheader", "X-B", 1, None),
        ("chgheader", "X-A", 1, None),
        ("addheader", "X-A", " a", 0),
        ("quarantine", "why"),
    ]


def test_fields_of_one_index_end_in_the_order_of_the_plan(ctx):
    header = ["Received"]
    apply_plan(Plan(additions=(FIELD, AddHeader(name="X-B", value=b"b"))), ctx, ALL)
    for _, name, _, index in ctx.told:
        header.insert(index, name)
    assert header == ["X-A", "X-B", "Received"]


def test_an_mta_that_puts_the_space_itself_gets_none(ctx):
    apply_plan(Plan(additions=(FIELD,)), ctx, agree(milter.ADDHDRS, 0))
    assert ctx.told == [("addheader", "X-A", "a", 0)]


def test_what_was_not_agreed_is_not_done(ctx):
    removal = RemoveHeader(name=b"X", occurrence=1, position=0)
    apply_plan(Plan(removals=(removal,), additions=(FIELD,)), ctx, NOTHING_AGREED)
    assert ctx.told == []


def test_what_the_mta_cannot_hold_does_not_pass(ctx):
    with pytest.raises(PlanRefusedError):
        apply_plan(Plan(additions=(FIELD,), hold=Hold(reason="x")), ctx, agree(milter.ADDHDRS, 0))
    assert ctx.told == []


@pytest.mark.parametrize("value", [b"a\r\nX-Evil: 1", b"a\nX-Evil: 1", b"a\r\n", b"a\rb", b"a\0b", b"a\r\n\r\n b"])
def test_a_value_that_ends_its_field_is_refused_before_anything_is_done(ctx, value):
    plan = Plan(additions=(FIELD, AddHeader(name="X-B", value=value)))
    with pytest.raises(PlanRefusedError):
        apply_plan(plan, ctx, ALL)
    assert ctx.told == []


@pytest.mark.parametrize("name", ["", "X A", "X:A", "X\r\n", "Ä"])
def test_what_is_no_field_name_is_refused(ctx, name):
    with pytest.raises(PlanRefusedError):
        apply_plan(Plan(additions=(AddHeader(name=name, value=b""),)), ctx, ALL)


def test_a_plan_that_replies_or_discards_does_nothing_else(ctx):
    reply = Reply(code=451, enhanced="4.7.1", text="later")
    assert apply_plan(Plan(reply=reply, additions=(FIELD,), discards=True), ctx, ALL).code == milter.TEMPFAIL
    assert ctx.told == [("setreply", "451", "4.7.1", "later")]
    answer = apply_plan(Plan(discards=True, additions=(FIELD,), hold=Hold(reason="x")), ctx, ALL)
    assert (answer.code, answer.reply) == (milter.DISCARD, "accept")
    assert len(ctx.told) == 1


def test_fields_at_the_bottom_follow_in_the_order_of_the_plan(ctx):
    bottom = tuple(AddHeader(name=name, value=b"x", at_bottom=True) for name in ("Date", "Message-ID"))
    apply_plan(Plan(additions=(*bottom[:1], FIELD, *bottom[1:])), ctx, ALL)
    assert ctx.told == [
        ("addheader", "X-A", " a", 0),
        ("addheader", "Date", " x", -1),
        ("addheader", "Message-ID", " x", -1),
    ]


def test_the_envelope_changes_where_that_was_agreed(ctx):
    plan = Plan(new_sender="", new_recipients=("a@example.com",), dropped_recipients=("b@example.com",))
    apply_plan(Plan(new_sender=""), ctx, ALL)
    assert ctx.told == []
    apply_plan(plan, ctx, EVERYTHING)
    assert ctx.told == [("chgfrom", "<>"), ("delrcpt", "<b@example.com>"), ("addrcpt", "<a@example.com>")]


@pytest.mark.parametrize("kind", ["new_recipients", "silent_recipients", "dropped_recipients"])
@pytest.mark.parametrize("agreed", [ALL, NOTHING_AGREED])
def test_a_message_whose_recipients_we_may_not_change_does_not_pass_as_it_is(ctx, kind, agreed):
    with pytest.raises(PlanRefusedError):
        apply_plan(Plan(additions=(FIELD,), **{kind: ("a@example.com",)}), ctx, agreed)
    assert ctx.told == []


def test_a_recipient_that_is_taken_off_and_added_is_there_in_the_end(ctx):
    both = ("a@example.com", "b@example.com")
    apply_plan(Plan(new_recipients=both[:1], silent_recipients=both[1:], dropped_recipients=both), ctx, EVERYTHING)
    assert [call[:2] for call in ctx.told] == [
        ("delrcpt", "<a@example.com>"),
        ("delrcpt", "<b@example.com>"),
        ("addrcpt", "<a@example.com>"),
        ("addrcpt", "<b@example.com>"),
    ]


@pytest.mark.parametrize("address", ['"a b"@example.com', r'"a\" <b>"@example.com', '"a@b"@example.com', '"a b"'])
def test_a_quoted_recipient_is_taken_off_as_it_came(ctx, address):
    apply_plan(Plan(dropped_recipients=(address,)), ctx, EVERYTHING)
    assert ctx.told == [("delrcpt", f"<{address}>")]


@pytest.mark.parametrize(
    "address", ['"a b@example.com', '"a"b c@example.com', '"a\nb"@example.com', '"a b"@x y.example', '"a\0"@b.example']
)
def test_what_is_quoted_badly_is_refused(ctx, address):
    with pytest.raises(PlanRefusedError):
        apply_plan(Plan(dropped_recipients=(address,)), ctx, EVERYTHING)


@pytest.mark.parametrize(
    "address", ["a b@example.com", "a@example.com>", "a\n@example.com", "\udcff@example.com", "a" * 1001]
)
def test_what_is_no_address_is_refused_before_anything_is_done(ctx, address):
    for change in (
        {"new_sender": address},
        {"new_recipients": (address,)},
        {"silent_recipients": (address,)},
        {"dropped_recipients": (address,)},
    ):
        with pytest.raises(PlanRefusedError):
            apply_plan(Plan(additions=(FIELD,), **change), ctx, EVERYTHING)
    assert ctx.told == []


def change(name, occurrence, value, position=0):
    return HeaderChange(name=name, occurrence=occurrence, position=position, value=value)


def test_changes_come_before_removals_these_before_insertions_and_the_envelope_last(ctx):
    plan = Plan(
        changes=(change(b"Subject ", 1, b"[EXT]\r\n hello"), change(b"X-A", 2, b"")),
        removals=(RemoveHeader(name=b"X-A", occurrence=1, position=2),),
        additions=(FIELD,),
        new_body=b"new\r\n",
        hold=Hold(reason="why"),
        silent_recipients=("audit@example.com",),
    )
    apply_plan(plan, ctx, EVERYTHING)
    assert ctx.told == [
        ("chgheader", "Subject", 1, " [EXT]\n hello"),
        ("chgheader", "X-A", 2, " "),
        ("chgheader", "X-A", 1, None),
        ("addheader", "X-A", " a", 0),
        ("replacebody", b"new\r\n"),
        ("addrcpt", "<audit@example.com>", "NOTIFY=NEVER"),
        ("quarantine", "why"),
    ]


def test_a_field_that_is_given_no_value_is_not_deleted_where_the_mta_puts_the_space_itself(ctx):
    apply_plan(Plan(changes=(change(b"X-A", 2, b""),)), ctx, agree(milter.CHGHDRS, 0))
    assert ctx.told == [("chgheader", "X-A", 2, " ")]


@pytest.mark.parametrize(("name", "value"), [(b"Subject", b"a\r\nX-Evil: 1"), (b"Sub ject", b"a"), (b" ", b"a")])
def test_a_change_that_would_break_the_header_is_refused_before_anything_is_done(ctx, name, value):
    with pytest.raises(PlanRefusedError):
        apply_plan(Plan(changes=(change(b"X-A", 1, b"fine"), change(name, 1, value))), ctx, EVERYTHING)
    assert ctx.told == []


def test_a_sender_is_never_told_only_where_the_mta_lets_us_say_so(ctx):
    agreed = agree(milter.ADDRCPT, 0, changes_envelope=True)
    apply_plan(Plan(new_recipients=("a@example.com",), silent_recipients=("b@example.com",)), ctx, agreed)
    assert ctx.told == [("addrcpt", "<a@example.com>"), ("addrcpt", "<b@example.com>")]


def test_a_body_goes_in_pieces_that_fit_into_a_packet(ctx):
    body = (b"x" * 98 + b"\r\n") * 2000
    apply_plan(Plan(new_body=body), ctx, EVERYTHING)
    pieces = [piece for _, piece in ctx.told]
    assert [len(piece) for piece in pieces] == [65_535, 65_535, 65_535, 3_395]
    assert b"".join(pieces) == body


def test_nothing_in_place_of_a_body_is_an_empty_line(ctx):
    apply_plan(Plan(new_body=b""), ctx, EVERYTHING)
    assert ctx.told == [("replacebody", b"\r\n")]


def test_a_body_that_we_may_not_replace_does_not_pass_as_it_is(ctx):
    with pytest.raises(PlanRefusedError):
        apply_plan(Plan(additions=(FIELD,), new_body=b"x\r\n"), ctx, ALL)
    assert ctx.told == []


@pytest.mark.parametrize("body", [b"x" * 999 + b"\r\n", b"a\nb\r\n", b"a\rb\r\n"])
def test_a_body_whose_lines_an_mta_would_change_is_refused_unless_it_came_so(ctx, body):
    for came in (None, Body(b"fine\r\n")):
        with pytest.raises(PlanRefusedError):
            apply_plan(Plan(additions=(FIELD,), new_body=body), ctx, EVERYTHING, came)
    assert ctx.told == []
    apply_plan(Plan(new_body=body), ctx, EVERYTHING, Body(b"part\r\n" + body))
    assert ctx.told == [("replacebody", body)]
