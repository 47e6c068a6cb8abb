# SPDX-License-Identifier: GPL-3.0-or-later
"""Back from the mailbox to the border, on headers as the corpus has them."""

from __future__ import annotations

import textwrap

from tests.bench.quality.arrival import Standing, read_arrival

FETCHED = """
    From fort@bluemail.example  Thu Aug 22 18:28:10 2002
    Return-Path: <fort@bluemail.example>
    Delivered-To: zzzz@localhost.spamassassin.taint.org
    Received: from localhost (localhost [127.0.0.1])
    \tby phobos.labs.spamassassin.taint.org (Postfix) with ESMTP id 9367F43F99
    \tfor <zzzz@localhost>; Thu, 22 Aug 2002 13:28:09 -0400 (EDT)
    Received: from mail.webnote.net [193.120.211.219]
    \tby localhost with POP3 (fetchmail-5.9.0)
    \tfor zzzz@localhost (single-drop); Thu, 22 Aug 2002 18:28:09 +0100 (IST)
    Received: from bluemail.example (dial.isp.example [217.127.249.196])
    \tby webnote.net (8.9.3/8.9.3) with ESMTP id SAA05963
    \tfor <zzzz@spamassassin.taint.org>; Thu, 22 Aug 2002 18:25:09 +0100
    Message-Id: {message_id}
    Received: from 10.0.0.1 (HELO x) by bluemail.example; Thu, 22 Aug 2002 17:00:00 +0000
    From: fort@bluemail.example
    X-Status:
    Subject: Your membership

    Hello
    From the start
    """


def fetched(message_id: str) -> bytes:
    return textwrap.dedent(FETCHED).lstrip("\n").replace("{message_id}", message_id).encode()


def test_the_way_is_followed_to_the_first_client_that_is_nobody_of_ours() -> None:
    arrival = read_arrival(fetched("<1@bluemail.example>"))
    assert arrival.standing is Standing.OUTSIDE
    assert (arrival.client, arrival.client_name, arrival.helo) == (
        "217.127.249.196",
        "dial.isp.example",
        "bluemail.example",
    )
    assert (arrival.sender, arrival.recipient) == ("fort@bluemail.example", "zzzz@spamassassin.taint.org")
    assert arrival.time_s == 1030037109.0


def test_what_was_added_on_the_way_in_is_taken_off_and_nothing_else() -> None:
    content = read_arrival(fetched("<1@bluemail.example>")).content
    assert content.startswith(b"Message-Id: <1@bluemail.example>\nReceived: from 10.0.0.1 (HELO x)")
    assert content.endswith(b"From: fort@bluemail.example\nSubject: Your membership\n\nHello\nFrom the start\n")


def test_a_message_id_that_the_receiver_has_made_was_not_there() -> None:
    assert b"Message-Id" not in read_arrival(fetched("<200208221725.SAA05963@webnote.net>")).content
    assert b"Message-Id" in read_arrival(fetched("<200208221725.SAA05963@elsewhere.example>")).content


def test_mail_that_the_receiving_host_has_made_is_not_from_outside() -> None:
    arrival = read_arrival(
        b"Return-Path: <rssfeeds@example.com>\n"
        b"Received: from dogma.slashnull.org (localhost [127.0.0.1]) by\n"
        b"    dogma.slashnull.org (8.11.6/8.11.6) with ESMTP id g98804K06008 for\n"
        b"    <zzzz@example.com>; Tue, 8 Oct 2002 09:00:04 +0100\n"
        b"From: rssfeeds@example.com\n\nHello\n"
    )
    assert (arrival.standing, arrival.client) == (Standing.LOCAL, "")


def test_a_header_without_its_trace_says_when_by_other_fields() -> None:
    arrival = read_arrival(b"Delivery-Date: Thu Sep  5 23:42:38 2002\nFrom: A <a@example.com>\n\nHello\n")
    assert (arrival.standing, arrival.sender, arrival.time_s) == (Standing.STRIPPED, "a@example.com", 1031269358.0)
