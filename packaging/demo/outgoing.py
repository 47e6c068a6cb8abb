# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that users of the demo's own domain send: one message signed, one refused."""

from __future__ import annotations

import json
import smtplib
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import dkim

from tests.mailhost.letters import Letter, compose
from tests.mailhost.own_domain import DOMAIN, LOGIN

if TYPE_CHECKING:
    from tests.mailhost.host import MailHost

_ALICE = f"Alice <{LOGIN}@{DOMAIN}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of one message."""

    title: str
    answer: str
    """signed, or refused."""
    is_good: bool
    why: tuple[str, ...]
    """In plain words, a line each."""


def send_own(host: MailHost) -> Sent:
    """Send as oneself, and have the signature verified by dkimpy, which Postward does not use."""
    letter = _letter(host, mail_from=f"{LOGIN}@{DOMAIN}")
    recipient = host.new_recipient()
    queue_id = host.send(letter, recipient).rpartition(" ")[2]
    (delivered,) = host.postfix.mailbox.wait_for(recipient)
    event = json.loads(host.postward.log_line(f'"{queue_id}"'))
    verified = dkim.verify(delivered.replace(b"\n", b"\r\n"), dnsfunc=partial(_key, host))
    return Sent(
        title=f"{LOGIN} writes as {LOGIN}@{DOMAIN}",
        answer="signed" if verified else "NOT SIGNED",
        is_good=bool(verified),
        why=(
            f"{LOGIN} has logged in, and the directory says that she may use the address",
            f"DKIM: signed by {', '.join(event.get('signed', ['nobody']))}",
            f"dkimpy, another verifier: {'the signature is valid' if verified else 'no valid signature'}",
        ),
    )


def send_as_another(host: MailHost) -> Sent:
    """Try to send as somebody else of the same domain."""
    title = f"{LOGIN} writes as ceo@{DOMAIN}"
    try:
        answer = host.send(_letter(host, mail_from=f"ceo@{DOMAIN}"), host.new_recipient())
    except smtplib.SMTPResponseException as refusal:
        return Sent(
            title=title,
            answer="refused",
            is_good=True,
            why=(f"the directory does not let {LOGIN} use it", f"{refusal.smtp_code} {refusal.smtp_error!s}"),
        )
    return Sent(title=title, answer="ACCEPTED", is_good=False, why=(answer,))


def _letter(host: MailHost, *, mail_from: str) -> Letter:
    content = compose(subject="Our offer", author=_ALICE, recipient="customer@example.org")
    return Letter(content=content, mail_from=mail_from, client=replace(host.world.stranger, login=LOGIN))


def _key(host: MailHost, name: bytes, **_options: object) -> bytes | None:
    """Answer dkimpy's look-up of the key from the records that the demo's name server has."""
    records = host.own_domain.zone() if host.own_domain else {}
    for record in records.get(name.decode().rstrip("."), []):
        if "TXT" in record:
            return "".join(record["TXT"]).encode()
    return None
