# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scanner is shown: the message as it came, and its envelope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.body import Body
    from postward.model.header import Headers
    from postward.model.ip_address import IpAddress
    from postward.model.transaction import Transaction

_PIECE_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedMessage:
    """Does not change, whatever becomes of the transaction; for any thread."""

    headers: Headers
    body: Body
    client: IpAddress | None
    """The client that the message is judged by, with its name and HELO."""
    client_name: str
    helo: str
    sender: str
    """Envelope sender; empty for the null path."""
    recipients: tuple[str, ...]
    user: str
    """As whom the client has authenticated itself; empty where it has not."""
    queue_id: str
    mta_name: str
    received_s: float
    """Unix time."""

    @property
    def size_bytes(self) -> int:
        """Octets of header and body, with the empty line between them."""
        return sum(len(field.name) + len(field.value) + 3 for field in self.headers) + 2 + self.body.size_bytes

    def chunks(self, *, above: bytes = b"", without: frozenset[bytes] = frozenset()) -> Iterator[bytes]:
        """Give the octets in pieces of 64 KiB at most, never the whole message at once.

        ``above``: more header fields, put on top; ``without``: names, in lower case, of fields that are left out.
        """
        fields = b"".join(field.raw for field in self.headers if field.key not in without)
        yield from _cut(above + fields + b"\r\n")
        for piece in self.body.chunks():
            yield from _cut(piece)


def scanned_message(transaction: Transaction) -> ScannedMessage:
    """Take what is shown from a message whose origin is known."""
    origin, sender = transaction.origin, transaction.known_sender
    connection = transaction.known_connection
    return ScannedMessage(
        headers=transaction.headers,
        body=transaction.body,
        client=origin.client,
        client_name=origin.client_name,
        helo=origin.helo,
        sender=sender.address.text if sender else "",
        recipients=tuple(recipient.address.text for recipient in transaction.recipients),
        user=transaction.authentication.user,
        queue_id=transaction.queue_id,
        mta_name=connection.mta_name if connection else "",
        received_s=transaction.started_s,
    )


def _cut(data: bytes) -> Iterator[bytes]:
    view = memoryview(data)
    for start in range(0, len(data), _PIECE_BYTES):
        yield bytes(view[start : start + _PIECE_BYTES])
