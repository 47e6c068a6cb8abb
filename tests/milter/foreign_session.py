# SPDX-License-Identifier: GPL-3.0-or-later
"""The MTA's side as miltertest (PyPI) speaks it: a client whose author never saw this project."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Self

import miltertest
from miltertest import codec

from tests.milter.client import TIMEOUT_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mailhost.letters import Letter

# miltertest does not read the macro lists that a milter answers to this offer.
OFFERED_ACTIONS = miltertest.SMFI_V6_ACTS & ~miltertest.SMFIF_SETSYMLIST
WITHOUT_LEADING_SPACE = miltertest.SMFI_V6_PROT & ~miltertest.SMFIP_HDR_LEADSPC
Answer = tuple[str, dict[str, object]]


def _go_on() -> None:
    pass


class ForeignSession:
    """One connection to the milter's Unix socket, with its options negotiated."""

    def __init__(self, address: str, *, actions: int = OFFERED_ACTIONS, steps: int = miltertest.SMFI_V6_PROT) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(TIMEOUT_S)
        self._socket.connect(address.removeprefix("unix:"))
        self._connection = miltertest.MilterConnection(self._socket)
        self.actions, self.steps = self._connection.optneg_mta(actions, steps, strict=True)
        self.answers: list[Answer] = []
        """To the last message."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._socket.close()

    def _tell(self, command: str, **content: object) -> None:
        """Send what has no answer."""
        self._socket.sendall(codec.encode_msg(command, **content))

    def _step(self, command: str, unanswered: int, **content: object) -> None:
        """Send a command, and insist that the milter says "go on" where an answer was not negotiated away."""
        if self.steps & unanswered:
            self._tell(command, **content)
        else:
            self._connection.send(command, **content)

    def macros(self, command: str, **values: str) -> None:
        self._connection.send_macro(command, **values)

    def connect(self, name: str = "mail.example.com", address: str = "192.0.2.1") -> None:
        family = miltertest.SMFIA_INET6 if ":" in address else miltertest.SMFIA_INET
        self._step(
            miltertest.SMFIC_CONNECT,
            miltertest.SMFIP_NR_CONN,
            hostname=name,
            family=family,
            port=1234,
            address=address,
        )

    def helo(self, name: str = "mail.example.com") -> None:
        self._step(miltertest.SMFIC_HELO, miltertest.SMFIP_NR_HELO, helo=name)

    def mail(self, path: str = "<a@example.com>", *arguments: str) -> None:
        self._step(miltertest.SMFIC_MAIL, miltertest.SMFIP_NR_MAIL, args=[path, *arguments])

    def rcpt(self, path: str = "<u@example.net>", *arguments: str) -> None:
        self._step(miltertest.SMFIC_RCPT, miltertest.SMFIP_NR_RCPT, args=[path, *arguments])

    def header(self, name: str, value: str) -> None:
        """Send a field; an MTA that cannot keep the space behind the colon takes one away."""
        if not self.steps & miltertest.SMFIP_HDR_LEADSPC:
            value = value.removeprefix(" ")
        self._step(miltertest.SMFIC_HEADER, miltertest.SMFIP_NR_HDR, name=name, value=value)

    def body(self, chunk: str) -> None:
        self._step(miltertest.SMFIC_BODY, miltertest.SMFIP_NR_BODY, buf=chunk)

    def end(self, queue_id: str) -> list[Answer]:
        """All answers to the end of the message; the last is final."""
        self.macros(miltertest.SMFIC_BODYEOB, i=queue_id)
        self.answers = self._connection.send_eom()
        return self.answers

    def abort(self) -> None:
        self._tell(miltertest.SMFIC_ABORT)

    def quit(self) -> None:
        self._tell(miltertest.SMFIC_QUIT)

    def quit_for_another_client(self) -> None:
        self._tell(miltertest.SMFIC_QUIT_NC)

    def is_closed(self) -> bool:
        """Wait for the milter to hang up; True where it does so without another word."""
        return self._connection.recv(eof_ok=True) is None

    def greet(self, letter: Letter) -> None:
        self.connect(letter.client.name, letter.client.address)
        self.helo(letter.client.helo)

    def deliver(self, letter: Letter, queue_id: str, *, pause: Callable[[], None] = _go_on) -> list[Answer]:
        """Send a whole message in a session that has been greeted; ``pause`` is called between its stages."""
        head, _, body = letter.content.decode().partition("\r\n\r\n")
        self.mail(f"<{letter.mail_from}>")
        pause()
        self.rcpt()
        pause()
        for field in head.replace("\r\n ", "\n ").replace("\r\n\t", "\n\t").split("\r\n"):
            name, _, value = field.partition(":")
            self.header(name, value)
        pause()
        self.body(body)
        pause()
        return self.end(queue_id)


def added(answers: list[Answer], name: str) -> str:
    """The value of the one field of that name that the milter inserts."""
    (value,) = (content["value"] for command, content in answers if command == "i" and content["name"] == name)
    return str(value)
