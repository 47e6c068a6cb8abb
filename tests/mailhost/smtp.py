# SPDX-License-Identifier: GPL-3.0-or-later
"""Deliver over SMTP as a client with any address, by Postfix's XCLIENT extension."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tests.mailhost.loopback import HOST

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIMEOUT_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who the SMTP client is to be taken for."""

    address: str
    name: str = "[UNAVAILABLE]"
    helo: str = "client.example"
    login: str = ""

    def xclient(self) -> str:
        """The arguments of XCLIENT."""
        address = f"IPV6:{self.address}" if ":" in self.address else self.address
        login = f" LOGIN={self.login}" if self.login else ""
        return f"ADDR={address} NAME={self.name}{login}"


class SmtpSession:
    """One SMTP session; any number of messages."""

    def __init__(self, port: int, client: Client | None = None) -> None:
        self.smtp = smtplib.SMTP(HOST, port, local_hostname="relay.invalid", timeout=_TIMEOUT_S)
        self.smtp.command_encoding = "utf-8"
        if client is None:
            return
        try:
            self.pretend(client)
        except BaseException:
            self.smtp.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.smtp.close()

    def send(self, message: bytes, *, mail_from: str, rcpt_to: Sequence[str], smtputf8: bool = False) -> str:
        """Send one message, CRLF lines, and return the answer to its end; raises smtplib.SMTPException."""
        options = ("SMTPUTF8", "BODY=8BITMIME") if smtputf8 else ("BODY=8BITMIME",)
        _accept(*self.smtp.mail(mail_from, options))
        for recipient in rcpt_to:
            _accept(*self.smtp.rcpt(recipient))
        return _accept(*self.smtp.data(message))

    def pretend(self, client: Client) -> None:
        """Be taken for ``client`` from now on."""
        self.smtp.ehlo()
        _accept(*self.smtp.docmd("XCLIENT", client.xclient()))
        self.smtp.local_hostname = client.helo
        # Postfix has forgotten the greeting: the client greets anew, by its own name.
        _accept(*self.smtp.ehlo(client.helo))


def _accept(code: int, answer: bytes) -> str:
    text = answer.decode("utf-8", "replace")
    if code >= 400:
        raise smtplib.SMTPResponseException(code, text)
    return f"{code} {text}"
