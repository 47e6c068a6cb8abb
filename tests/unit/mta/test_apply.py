from __future__ import annotations

import pytest

import milter
from postward.model.action import NOTHING, AddHeader, Hold, Plan, RemoveHeader, Reply
from postward.mta.apply import PlanRefusedError, apply_plan, printable
from postward.mta.negotiation import NOTHING_AGREED, agree

ALL = agree(0xFFFFFFFF, 0xFFFFFFFF)
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
    apply_plan(Plan(removals=(removal,), additions=(FIELD,), hold=Hold(reason="x")), ctx, NOTHING_AGREED)
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


@pytest.mark.parametrize(("code", "result"), [(450, milter.TEMPFAIL), (451, milter.TEMPFAIL), (550, milter.REJECT)])
def test_the_class_of_a_reply_is_that_of_its_code(ctx, code, result):
    reply = Reply(code=code, enhanced=f"{code // 100}.7.1", text="No 100% sure\r\n thing")
    answer = apply_plan(Plan(reply=reply, additions=(FIELD,)), ctx, ALL)
    assert answer.code == result
    assert answer.reply == f"{code} {code // 100}.7.1 No 100% sure?? thing"
    assert ctx.told == [("setreply", str(code), f"{code // 100}.7.1", "No 100%% sure?? thing")]


@pytest.mark.parametrize(
    ("code", "enhanced"), [(250, "2.0.0"), (399, "4.0.0"), (600, "5.0.0"), (550, "4.7.1"), (550, "5.7"), (550, "")]
)
def test_impossible_replies_are_refused(ctx, code, enhanced):
    with pytest.raises(PlanRefusedError):
        apply_plan(Plan(reply=Reply(code=code, enhanced=enhanced, text="x")), ctx, ALL)
    assert ctx.told == []


def test_a_reply_fits_on_a_line(ctx):
    apply_plan(Plan(reply=Reply(code=550, enhanced="5.7.1", text="x" * 2000)), ctx, ALL)
    assert len(ctx.told[0][3]) <= 500


def test_printable():
    assert printable("a\x00b\u00e9\udcff") == "a?b??"


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
    apply_plan(plan, ctx, ALL)
    assert ctx.told == []
    apply_plan(plan, ctx, agree(0xFFFFFFFF, 0xFFFFFFFF, changes_envelope=True))
    assert ctx.told == [("chgfrom", "<>"), ("addrcpt", "<a@example.com>"), ("delrcpt", "<b@example.com>")]


@pytest.mark.parametrize(
    "address", ["a b@example.com", "a@example.com>", "a\n@example.com", "\udcff@example.com", "a" * 1001]
)
def test_what_is_no_address_is_refused_before_anything_is_done(ctx, address):
    allowed = agree(0xFFFFFFFF, 0xFFFFFFFF, changes_envelope=True)
    for plan in (Plan(new_sender=address), Plan(new_recipients=(address,)), Plan(dropped_recipients=(address,))):
        with pytest.raises(PlanRefusedError):
            apply_plan(plan, ctx, allowed)
    assert ctx.told == []
