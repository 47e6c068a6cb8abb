# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said to the MTA and understood from it, byte for byte."""

from __future__ import annotations

import pytest

from tests.milter.client import (
    LEADING_SPACE,
    NO_DATA,
    NO_EOH,
    NO_UNKNOWN,
    NR_BODY,
    NR_CONN,
    NR_HDR,
    NR_MAIL,
    NR_RCPT,
    Client,
    final,
    greet,
)

SILENT_STEPS = NR_CONN | NR_MAIL | NR_RCPT | NR_HDR | NR_BODY
JUDGED = (b"i", b"\0\0\0\0X-Judged\0 yes\0")
POSTFIX_2_3_STEPS = 0x7F
CHANGE_BODY = 0x02
MAX_PACKET_BYTES = 65_535


def hexed(*pairs):
    return [[name.hex(), value.hex()] for name, value in pairs]


@pytest.fixture
def session(server):
    return greet(server.address)


@pytest.fixture
def stranger(server):
    """A session in which nothing was said yet."""
    return Client(server.address)


def test_only_what_is_needed_is_negotiated(session):
    assert session.steps == SILENT_STEPS | NO_DATA | NO_UNKNOWN | NO_EOH | LEADING_SPACE
    assert session.actions == 0x01 | 0x10 | 0x20 | 0x100


def test_macros_are_asked_for_stage_by_stage(session):
    assert session.macro_lists[0].split() == ["j", "v", "{daemon_name}", "{daemon_addr}", "{client_addr}"]
    assert set(session.macro_lists[2].split()) == {"{auth_authen}", "{auth_type}", "{tls_version}"}
    assert session.macro_lists[5] == "i"


def test_an_old_mta_gets_an_answer_to_every_command(server):
    client = Client(server.address, steps=POSTFIX_2_3_STEPS, actions=0x3F)
    assert client.steps & SILENT_STEPS == 0
    assert client.connect() == client.helo() == client.mail() == client.rcpt() == b"c"
    assert client.header(b"Subject", b"plain") == b"c"
    assert client.body(b"x") == b"c"
    # Such an MTA puts the space after the colon itself.
    assert client.end() == [(b"i", b"\0\0\0\0X-Judged\0yes\0"), (b"c", b"")]


def test_the_space_that_an_old_mta_takes_away_is_put_back(server):
    client = greet(server.address, steps=POSTFIX_2_3_STEPS, actions=0x3F)
    client.message((b"From", b"a@example.com"), (b"X-Empty", b""), (b"X-Tab", b"\tb"))
    told = server.told_of(client)
    assert told["fields"] == hexed((b"From", b" a@example.com"), (b"X-Empty", b""), (b"X-Tab", b"\tb"))


def test_an_mta_that_lets_nothing_be_changed_gets_no_changes(server):
    client = greet(server.address, actions=CHANGE_BODY)
    assert client.message() == [(b"c", b"")]


def test_what_the_client_and_the_mta_say_is_recorded(server, stranger):
    stranger.macros(b"C", (b"j", b"mx.example.net"), (b"{daemon_name}", b"ORIGINATING"))
    stranger.connect(b"mail.example.com", b"198.51.100.7")
    stranger.helo(b"greeter.example.com")
    stranger.macros(b"M", (b"{auth_authen}", b"u"), (b"{auth_type}", b"PLAIN"))
    stranger.mail(b"<a@example.com>", b"SIZE=7", b"SMTPUTF8")
    stranger.rcpt(b"<u@example.net>")
    stranger.rcpt(b"<v@example.net>", b"NOTIFY=NEVER")
    stranger.header(b"From", b" a@example.com")
    stranger.body(b"Hello\r\n")
    stranger.body(b"\r\nWorld\xff")
    stranger.queue_id = b"4ABC"
    assert stranger.end() == [JUDGED, (b"c", b"")]
    told = server.told_of(stranger)
    assert (told["client"], told["client_name"], told["port"]) == ("198.51.100.7", "mail.example.com", 1234)
    assert (told["mta_name"], told["daemon_name"]) == ("mx.example.net", "ORIGINATING")
    assert bytes.fromhex(told["helo"]) == b"greeter.example.com"
    assert bytes.fromhex(told["user"]) == b"u"
    assert bytes.fromhex(told["sender"]) == b"a@example.com"
    assert told["arguments"] == ["SIZE=7", "SMTPUTF8"]
    assert told["recipients"] == ["u@example.net", "v@example.net"]
    assert bytes.fromhex(told["body"]) == b"Hello\r\n\r\nWorld\xff"
    assert bytes.fromhex(told["queue_id"]) == b"4ABC"
    assert (told["outcome"], told["reply"]) == ("evaluated", "accept")
    assert told["thread"] == "afterwards"


@pytest.mark.parametrize(
    ("family", "sent", "address"),
    [
        (b"6", b"IPv6:2001:db8::1", "2001:db8::1"),
        (b"6", b"2001:db8::2", "2001:db8::2"),
        (b"6", b"::ffff:192.0.2.9", "192.0.2.9"),
        (b"4", b"192.0.2.1", "192.0.2.1"),
    ],
)
def test_client_addresses(server, stranger, family, sent, address):
    stranger.connect(b"h.example", sent, family)
    stranger.message()
    assert server.told_of(stranger)["client"] == address


def test_a_client_without_an_address(server, stranger):
    stranger.send(b"C", b"localhost\0U")
    stranger.message()
    assert server.told_of(stranger)["client"] == "None"


def test_header_bytes_are_exact(server, session):
    fields = [
        (b"Subject", b" plain"),
        (b"subject", b"no space"),
        (b"X-Tab", b"\ttab"),
        (b"X-Empty", b""),
        (b"X-Blank", b" "),
        (b"X-Trailing", b" a  "),
        (b"X-8bit", b" \xff\xfe caf\xe9"),
        (b"X-Utf8", " café".encode()),
        (b"X-Odd ", b" space before the colon"),
    ]
    session.message(*fields)
    assert server.told_of(session)["fields"] == hexed(*fields)


def test_folds_become_crlf(server, session):
    session.message((b"DKIM-Signature", b"\n v=1;\n\ta=x"), (b"X-Crlf", b" a\r\n b"))
    told = server.told_of(session)
    assert told["fields"] == hexed((b"DKIM-Signature", b"\r\n v=1;\r\n\ta=x"), (b"X-Crlf", b" a\r\n b"))


def test_what_is_not_utf8_passes(server, session):
    session.helo(b"caf\xe9.example")
    session.macros(b"M", (b"{auth_authen}", b"us\xe9r"))
    session.mail(b"<caf\xe9@example.com>")
    session.rcpt()
    session.header(b"From", b" a@example.com")
    session.header(b"X-N\xe4me", b" lost")
    session.header(b"To", b" b")
    session.queue_id = b"Q\xe9"
    assert session.end() == [JUDGED, (b"c", b"")]
    told = server.told_of(session)
    assert bytes.fromhex(told["helo"]) == b"caf\xe9.example"
    assert bytes.fromhex(told["user"]) == b"us\xe9r"
    assert bytes.fromhex(told["sender"]) == b"caf\xe9@example.com"
    assert bytes.fromhex(told["queue_id"]) == b"Q\xe9"
    # Only the value of a field whose very name is not UTF-8 is out of reach; its place is kept.
    assert told["fields"] == hexed((b"From", b" a@example.com"), (b"X-N\xe4me", b""), (b"To", b" b"))


def test_the_greeting_of_another_session_is_not_touched(server):
    one, other = greet(server.address), greet(server.address)
    one.helo(b"\xff.example")
    other.message()
    one.message()
    assert bytes.fromhex(server.told_of(one)["helo"]) == b"\xff.example"
    assert bytes.fromhex(server.told_of(other)["helo"]) == b"mail.example.com"


def test_a_header_field_of_a_megabyte_passes(server, session):
    value = b" " + b"x" * (1024 * 1024)
    assert len(value) > MAX_PACKET_BYTES
    assert final(session.message((b"X-Long", value))) == b"c"
    assert server.told_of(session)["fields"] == hexed((b"X-Long", value))


def test_a_session_holds_several_messages(server, session):
    session.message((b"Subject", b" one"))
    session.message((b"Subject", b" two"), body=b"second")
    first, second = (server.wait_for_told(queue_id=queue_id)[0] for queue_id in session.queue_ids)
    assert first["id"] != second["id"]
    assert second["fields"] == hexed((b"Subject", b" two"))
    assert bytes.fromhex(second["body"]) == b"second"
    assert second["recipients"] == ["u@example.net"]
    assert bytes.fromhex(second["helo"]) == b"mail.example.com"
    assert first["hooks"] == second["hooks"] == ["connected", "helo_given", "sender_given", "field_seen subject"]


def test_an_aborted_message_leaves_nothing_behind(server, session):
    session.mail(b"<gone@example.com>")
    session.rcpt()
    session.header(b"X-Gone", b" yes")
    session.body(b"gone")
    session.abort()
    session.message()
    aborted = server.wait_for_told(sender=b"gone@example.com".hex())[0]
    kept = server.told_of(session)
    assert (aborted["outcome"], aborted["reply"]) == ("aborted", "")
    assert kept["fields"] == hexed((b"From", b" a@example.com"))
    assert bytes.fromhex(kept["body"]) == b"Hello\r\n"
    assert kept["recipients"] == ["u@example.net"]


def test_fields_of_one_name_are_removed_from_the_last_to_the_first(session):
    answers = session.message(
        (b"Subject", b" remove x-spam-flag"),
        (b"X-Spam-Flag", b" 1"),
        (b"x-spam-flag", b" 2"),
        (b"Received", b" r"),
        (b"X-Spam-Flag ", b" 3"),
    )
    assert answers == [
        (b"m", b"\0\0\0\3X-Spam-Flag\0\0"),
        (b"m", b"\0\0\0\2x-spam-flag\0\0"),
        (b"m", b"\0\0\0\1X-Spam-Flag\0\0"),
        JUDGED,
        (b"c", b""),
    ]


def test_an_added_field_is_folded_with_lf_and_begins_with_one_space(session):
    answers = session.message((b"Subject", b" fold"))
    assert answers[0] == (b"i", b"\0\0\0\1X-Judged\0 yes;\n\tfolded\0")


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        (b"reply 550 5.7.1 Refused 100%", (b"y", b"550 5.7.1 Refused 100%%\0")),
        (b"reply 451 4.7.1 Later", (b"y", b"451 4.7.1 Later\0")),
        (b"reply 421 4.3.2 Gone\x07\xff", (b"y", b"421 4.3.2 Gone??\0")),
    ],
)
def test_a_reply_keeps_its_code(session, subject, answer):
    assert session.message((b"Subject", b" " + subject)) == [answer]


def test_a_message_is_put_on_hold(session):
    assert session.message((b"Subject", b" quarantine policy")) == [(b"q", b"policy\0"), (b"c", b"")]


@pytest.mark.parametrize(
    "subject", [b"inject", b"reply 250 2.0.0 Fine", b"reply 550 4.7.1 Confused", b"reply 450 4.7.1\r\n Broken"]
)
def test_a_plan_that_would_break_the_message_is_not_carried_out(server, session, subject):
    assert session.message((b"Subject", b" " + subject))[-1][0] in {b"c", b"y"}
    assert not any("X-Injected" in line for line in server.lines)


def test_a_field_cannot_be_ended_by_a_value(session):
    instead = b"\0\0\0\0X-Not-Judged\0 the plan cannot be carried out\0"
    assert session.message((b"Subject", b" inject")) == [(b"i", instead), (b"c", b"")]


def test_an_evaluation_that_raises_gets_the_fallback(server, session):
    answers = session.message((b"Subject", b" raise boom"))
    assert answers == [(b"i", b"\0\0\0\0X-Not-Judged\0 ValueError: boom\0"), (b"c", b"")]
    assert server.told_of(session)["outcome"] == "failed"


def test_an_evaluation_without_a_plan_gets_the_fallback(server, session):
    assert session.message((b"Subject", b" plan-nothing"))[0][1].startswith(b"\0\0\0\0X-Not-Judged\0")


def test_where_the_fallback_fails_too_the_bare_action_is_taken(server, session):
    assert session.message((b"Subject", b" raise no fallback")) == [(b"c", b"")]
    server.wait_for("event=message.no_fallback")


def test_a_hook_that_raises_costs_the_message_its_judgement_only(session):
    session.mail(b"<hook-fails@example.com>")
    session.rcpt()
    session.header(b"From", b" a")
    assert session.end()[0] == (b"i", b"\0\0\0\0X-Not-Judged\0 RuntimeError: this hook fails\0")
    assert session.message() == [JUDGED, (b"c", b"")]


def test_the_null_path_and_a_source_route(server, session):
    session.mail(b"<>")
    session.rcpt(b"<@relay.example:u@example.net>")
    session.end()
    told = server.told_of(session)
    assert told["sender"] == ""
    assert told["recipients"] == ["u@example.net"]
