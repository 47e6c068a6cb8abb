# SPDX-License-Identifier: GPL-3.0-or-later
"""By what greylisting knows a message again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING

from postward.pipeline.lasting_sender import lasting_sender

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.model.ip_address import IpAddress
    from postward.model.transaction import Transaction

_MAX_BODY_BYTES = 1_000_000
"""Of a larger body the beginning and the size say enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkWidth:
    """How many bits of an address name the network: a sender's hosts take turns."""

    ipv4_bits: int = 24
    ipv6_bits: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class GreylistIdentity:
    """Two names, each enough by itself; they hold text from outside."""

    envelope: str
    """The same for all mail from a network by a sender to a recipient."""
    body: str
    """The same for one message to a recipient, wherever it comes from."""


def identity_of(transaction: Transaction, width: NetworkWidth) -> GreylistIdentity:
    """Name a whole message.

    Of several recipients the first by name stands for all: so the message is known again where another is added, or
    one is dropped, before it comes for the second time.
    """
    recipient = min((each.address.text.lower() for each in transaction.recipients), default="")
    sender = lasting_sender(transaction.sender.address.text)
    subject = transaction.headers.first(b"subject")
    content = _digest(subject.value if subject is not None else b"", _bounded(transaction.body.chunks()))
    return GreylistIdentity(
        envelope=_joined(_network(transaction.origin.client, width), sender, recipient),
        body=_joined(content, str(transaction.body.size_bytes), recipient),
    )


def _network(client: IpAddress | None, width: NetworkWidth) -> str:
    if client is None:
        return ""
    bits = width.ipv4_bits if client.version == 4 else width.ipv6_bits  # noqa: PLR2004 - the version of IP
    return str(ip_network((int(client).to_bytes(client.max_prefixlen // 8), bits), strict=False))


def _digest(subject: bytes, body: Iterable[bytes]) -> str:
    # The folds of the subject are those of whoever sent it last.
    digest = hashlib.blake2b(b" ".join(subject.split()) + b"\n", digest_size=16)
    for chunk in body:
        digest.update(chunk)
    return digest.hexdigest()


def _bounded(chunks: Iterable[bytes]) -> Iterable[bytes]:
    left = _MAX_BODY_BYTES
    for chunk in chunks:
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return


def _joined(*parts: str) -> str:
    """No two lists of parts are written alike."""
    return "".join(f"{len(part)}:{part}" for part in parts)
