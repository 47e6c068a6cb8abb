# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward run`` with every check on, spoken to by miltertest: a client that shares no code with this project."""

from __future__ import annotations

import miltertest
import pytest

from tests.mailhost.letters import compose, forged_from, forged_results, genuine
from tests.milter.foreign_session import OFFERED_ACTIONS, WITHOUT_LEADING_SPACE, ForeignSession, added

SENDMAIL_8_13 = miltertest.SMFI_V2_PROT
"""What an MTA offers that knows protocol 2 alone: it gets an answer to every command."""


def test_options_are_a_part_of_what_is_offered(session):
    assert session.actions & miltertest.SMFIF_ADDHDRS
    assert session.actions & miltertest.SMFIF_CHGHDRS
    assert not session.actions & (miltertest.SMFIF_CHGBODY | miltertest.SMFIF_DELRCPT | miltertest.SMFIF_CHGFROM)
    assert session.steps & miltertest.SMFIP_HDR_LEADSPC
    assert session.steps & miltertest.SMFIP_NOUNKNOWN
    needed = miltertest.SMFIP_NOCONNECT | miltertest.SMFIP_NOHELO | miltertest.SMFIP_NOMAIL
    needed |= miltertest.SMFIP_NORCPT | miltertest.SMFIP_NOHDRS | miltertest.SMFIP_NOBODY
    assert not session.steps & needed


def test_recipients_that_the_mta_refuses_are_not_asked_for(session):
    assert not session.steps & miltertest.SMFIP_RCPT_REJ


@pytest.mark.parametrize("steps", [miltertest.SMFI_V6_PROT, WITHOUT_LEADING_SPACE, SENDMAIL_8_13])
def test_a_genuine_message(milter, world, steps):
    letter = genuine(world)
    with ForeignSession(milter.address, steps=steps) as session:
        session.greet(letter)
        answers = session.deliver(letter, f"F1{steps:x}")
    space = " " if steps & miltertest.SMFIP_HDR_LEADSPC else ""
    results = added(answers, "Authentication-Results")
    assert results.startswith(f"{space}mx.example.net;\n\t")
    assert "\tspf=pass smtp.mailfrom=service@bank.example;\n" in results
    assert "\tdkim=pass " in results
    assert "\tdmarc=pass " in results
    assert added(answers, "X-Spam-Flag") == f"{space}NO"
    assert {content["index"] for command, content in answers if command == "i"} == {0}
    # The last that is inserted at the top is what stands there.
    assert answers[-2][1]["name"] == "Authentication-Results"
    assert answers[-1] == (miltertest.SMFIR_CONTINUE, {})
    assert "action=accept" in milter.verdict(f"F1{steps:x}")


def test_a_forged_message(milter, world, session):
    letter = forged_from(world)
    session.greet(letter)
    answers = session.deliver(letter, "F2")
    assert "\tdmarc=fail " in added(answers, "Authentication-Results")
    assert added(answers, "X-Spam-Flag") == " YES"
    assert "action=junk" in milter.verdict("F2")


def test_a_forged_results_field_is_deleted_before_ours_is_added(world, session):
    letter = forged_results(world)
    session.greet(letter)
    answers = session.deliver(letter, "F3")
    assert answers[0] == (
        miltertest.SMFIR_CHGHEADER,
        {"index": 1, "name": "Authentication-Results", "value": ""},
    )
    assert "\tdmarc=fail " in added(answers, "Authentication-Results")


@pytest.mark.parametrize(
    ("subject", "steps", "result"),
    [
        (b"Subject:  two spaces and a tab\t", miltertest.SMFI_V6_PROT, "pass"),
        (b"Subject:no space", miltertest.SMFI_V6_PROT, "pass"),
        (b"Subject:\tfolded\r\n\tby a tab", miltertest.SMFI_V6_PROT, "pass"),
        (b"Subject: one space", WITHOUT_LEADING_SPACE, "pass"),
        # What such an MTA has taken away nobody can put back.
        (b"Subject:no space", WITHOUT_LEADING_SPACE, "fail"),
    ],
)
def test_every_octet_of_a_header_counts(milter, world, subject, steps, result):
    letter = genuine(world)
    plain = compose(subject="placeholder", author="Example Bank <service@bank.example>")
    written = plain.replace(b"Subject: placeholder", subject)
    signed = world.bank.sign(written, canonicalization=(b"simple", b"simple"))
    with ForeignSession(milter.address, steps=steps) as session:
        session.greet(letter)
        answers = session.deliver(letter.with_content(signed), "F4")
    assert f"\tdkim={result} " in added(answers, "Authentication-Results")


def test_an_mta_that_lets_nothing_be_changed(milter, world):
    letter = forged_results(world)
    with ForeignSession(milter.address, actions=OFFERED_ACTIONS & miltertest.SMFIF_CHGBODY) as session:
        session.greet(letter)
        assert session.deliver(letter, "F5") == [(miltertest.SMFIR_CONTINUE, {})]


def test_several_messages_of_one_connection(milter, world, session):
    good, bad = genuine(world), forged_from(world)
    session.greet(good)
    first = session.deliver(good, "F6")
    second = session.deliver(bad, "F7")
    third = session.deliver(good, "F8")
    assert ["\tdmarc=pass " in added(answers, "Authentication-Results") for answers in (first, second, third)] == [
        True,
        False,
        True,
    ]
    # The client is the bank's host in all of them.
    assert "\tspf=fail smtp.mailfrom=info@bulk.example" in added(second, "Authentication-Results")
    assert " rcpts=1 " in milter.verdict("F8")


@pytest.mark.parametrize("steps", [miltertest.SMFI_V6_PROT, SENDMAIL_8_13])
def test_a_message_given_up_leaves_nothing_behind(milter, world, steps):
    letter = genuine(world)
    with ForeignSession(milter.address, steps=steps) as session:
        session.greet(letter)
        session.macros(miltertest.SMFIC_MAIL, **{"{auth_authen}": "somebody", "{auth_type}": "PLAIN"})
        session.mail("<gone@bulk.example>")
        session.rcpt("<one@example.net>")
        session.rcpt("<two@example.net>")
        session.header("Authentication-Results", " mx.example.net; dmarc=pass header.from=bank.example")
        session.body("gone\r\n")
        session.abort()
        session.macros(miltertest.SMFIC_MAIL, i=f"F9{steps:x}")
        answers = session.deliver(letter, f"F9{steps:x}")
    assert answers[0][0] == miltertest.SMFIR_INSHEADER
    assert "\tdmarc=pass " in added(answers, "Authentication-Results")
    line = milter.verdict(f"F9{steps:x}")
    assert " rcpts=1 " in line
    assert " user=" not in line
    assert "direction=inbound" in line


def test_a_sender_whose_recipients_were_all_refused_by_the_mta(milter, world, session):
    """The milter hears of none of them: MAIL, and then RSET or the next MAIL."""
    letter = genuine(world)
    session.greet(letter)
    session.mail("<first@bulk.example>")
    session.abort()
    session.mail("<second@bulk.example>")
    answers = session.deliver(letter, "F10")
    assert "\tspf=pass smtp.mailfrom=service@bank.example;" in added(answers, "Authentication-Results")
    assert not any("bulk.example" in line for line in milter.lines if "qid=F10" in line)


def test_a_new_sender_without_a_reset_in_between(milter, world, session):
    letter = genuine(world)
    session.greet(letter)
    session.mail("<given-up@bulk.example>")
    session.rcpt("<one@example.net>")
    session.deliver(letter, "F11")
    assert " rcpts=1 " in milter.verdict("F11")
    assert "action=aborted" in milter.wait_for("from=given-up@bulk.example")[0]


def test_greeting_again_gives_the_message_up(milter, world, session):
    """EHLO stands for RSET too (RFC 5321 section 4.1.4), and comes again after STARTTLS."""
    letter = genuine(world)
    session.greet(letter)
    session.mail("<before-starttls@bulk.example>")
    session.rcpt("<one@example.net>")
    session.helo("other.bank.example")
    answers = session.deliver(letter, "F12")
    assert "smtp.helo=other.bank.example" in added(answers, "Authentication-Results")
    assert " rcpts=1 " in milter.verdict("F12")


def test_the_connection_ends_when_the_mta_says_so(world, session):
    session.greet(genuine(world))
    session.quit()
    assert session.is_closed()


def test_the_connection_ends_in_the_middle_of_a_message(milter, world):
    # Each command is answered, so none is still under way when the connection ends.
    with ForeignSession(milter.address, steps=SENDMAIL_8_13) as session:
        session.greet(genuine(world))
        session.mail("<cut-off@bank.example>")
        session.rcpt()
        session.header("From", " service@bank.example")
    assert "outcome=aborted" in milter.wait_for("from=cut-off@bank.example")[0]
