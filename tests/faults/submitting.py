# SPDX-License-Identifier: GPL-3.0-or-later
"""Hand a message to the milter as one of our own users does, and note what the MTA would tell the user."""

from __future__ import annotations

from tests.milter.client import NR_RCPT, Client, final, greet


def open_session(address: str, login: str) -> Client:
    """A session of a client that has logged in; "" has not."""
    client = greet(address)
    if login:
        client.macros(b"M", (b"{auth_authen}", login.encode()), (b"{auth_type}", b"PLAIN"))
    return client


def offer(client: Client, recipient: str) -> str:
    """What is answered to a recipient: "" takes it, otherwise the reply."""
    client.send(b"R", f"<{recipient}>".encode() + b"\0")
    # Where nobody is ever refused, the answer was negotiated away.
    return "" if client.steps & NR_RCPT else refusal([client.receive()])


def submit(address: str, *, author: str, login: str, recipient: str = "bob@elsewhere.example") -> Client:
    """One session with a whole message, which ends with its recipient where that is refused; see ``answer_to``."""
    client = open_session(address, login)
    client.mail(f"<{author}>".encode())
    answer = offer(client, recipient)
    if answer:
        client.received = [(b"y", answer.encode())]
    else:
        client.header(b"From", f" {author}".encode())
        client.header(b"Subject", b" hello")
        client.end_of_header()
        client.body(b"Hello\r\n")
        client.end()
    client.quit()
    return client


def answer_to(client: Client) -> str:
    """What the sender is told of its last message: "" where it was taken."""
    return refusal(client.received)


def fields_of(client: Client) -> dict[str, str]:
    """The fields that were added to it."""
    added = (payload[4:].split(b"\0") for letter, payload in client.received if letter == b"i")
    return {name.decode(): value.decode() for name, value, *_ in added}


def refusal(answers: list[tuple[bytes, bytes]]) -> str:
    """The reply among the answers, without its end; "" where there is none."""
    assert final(answers) in b"ycax-"
    return answers[-1][1].rstrip(b"\0").decode() if final(answers) == b"y" else ""
