# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages as other hosts would send them, each with the client that delivers it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mailhost.smtp import Client
    from tests.mailhost.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message on its way: content, envelope sender and client."""

    content: bytes
    """With CRLF."""
    mail_from: str
    client: Client | None
    """Whom Postfix is to take for the client; None leaves it at 127.0.0.1."""

    def with_content(self, content: bytes) -> Letter:
        """The same letter with other content."""
        return replace(self, content=content)


def compose(
    *fields: str, subject: str, author: str, recipient: str = "you@example.net", body: str = "Hello,\n\nall is well.\n"
) -> bytes:
    """Write a plain message; ``fields`` are more header lines, put first."""
    author_domain = author.rpartition("@")[2].strip(">")
    lines = [
        *fields,
        f"From: {author}",
        f"To: {recipient}",
        f"Subject: {subject}",
        f"Date: {formatdate(localtime=False)}",
        f"Message-ID: {make_msgid(domain=author_domain)}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        *body.splitlines(),
        "",
    ]
    return "\r\n".join(lines).encode()


def genuine(world: World) -> Letter:
    """A bank's own message: signed, and from the bank's own host."""
    content = compose(subject="Your statement for May", author="Example Bank <service@bank.example>")
    return Letter(content=world.bank.sign(content), mail_from="service@bank.example", client=world.bank_host)


def forged_from(world: World) -> Letter:
    """A stranger who writes as the bank, whose domain has p=reject."""
    content = compose(subject="Please confirm your password", author="Example Bank <service@bank.example>")
    return Letter(content=content, mail_from="info@bulk.example", client=world.stranger)


def spf_only(world: World) -> Letter:
    """A shop that does not sign, from a host that its SPF record names."""
    content = compose(subject="Your order has been sent", author="Shop <orders@shop.example>")
    return Letter(content=content, mail_from="orders@shop.example", client=world.shop_host)


def through_list(world: World) -> Letter:
    """The bank's message by way of a mailing list that changed it, and sealed with ARC what it had found before."""
    signed = world.bank.sign(compose(subject="Opening hours", author="Example Bank <service@bank.example>"))
    changed = (
        signed.replace(b"Subject: ", b"Subject: [branch] ").rstrip(b"\r\n") + b"\r\n-- \r\nbranch mailing list\r\n"
    )
    found = (
        b"Authentication-Results: lists.example; arc=none;\r\n"
        b" spf=pass smtp.mailfrom=service@bank.example;\r\n"
        b" dkim=pass header.d=bank.example header.s=s1;\r\n"
        b" dmarc=pass header.from=bank.example\r\n"
    )
    sealed = world.lists.seal(found + changed, authserv_id="lists.example")
    return Letter(content=sealed, mail_from="branch-bounces@lists.example", client=world.lists_host)


def forged_results(world: World) -> Letter:
    """A forged From that brings a passing Authentication-Results field along, under our own name."""
    forged = (
        "Authentication-Results: mx.example.net; dkim=pass header.d=bank.example; dmarc=pass header.from=bank.example"
    )
    content = compose(forged, subject="Your account is locked", author="Example Bank <service@bank.example>")
    return Letter(content=content, mail_from="info@bulk.example", client=world.stranger)


def two_authors(world: World) -> Letter:
    """Two From fields: one to be checked, one to be shown."""
    content = compose(
        "From: Example Bank <service@bank.example>", subject="Which one is it?", author="Shop <orders@shop.example>"
    )
    return Letter(content=content, mail_from="orders@shop.example", client=world.shop_host)
