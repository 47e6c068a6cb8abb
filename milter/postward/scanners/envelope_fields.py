# SPDX-License-Identifier: GPL-3.0-or-later
"""The header fields that show SpamAssassin the client and the envelope, which no message can forge.

A milter sees a message without the Received field of its own MTA, which is what SpamAssassin looks for the client in.
"""

from __future__ import annotations

import re
from email.utils import formatdate
from ipaddress import IPv6Address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postward.model.ip_address import IpAddress
    from postward.scanners.scanned_message import ScannedMessage

FORGEABLE = frozenset({b"return-path", b"x-envelope-from", b"envelope-sender"})
"""Where SpamAssassin looks for the envelope sender; those of the message itself are left out."""
_MAX_LENGTH = 255
_UNFIT_NAME = re.compile(r"[^A-Za-z0-9._:-]", re.ASCII)
"""What would mean something else within the field: spaces, brackets, parentheses."""
_UNFIT_ADDRESS = re.compile(r"[^!-~]", re.ASCII)


def envelope_fields(message: ScannedMessage) -> bytes:
    """Give X-Envelope-From and, where there is a client, a Received field in Postfix's form."""
    sender = _UNFIT_ADDRESS.sub("?", message.sender)[:_MAX_LENGTH].replace("<", "?").replace(">", "?")
    lines = [f"X-Envelope-From: <{sender}>"]
    if message.client is not None:
        lines += _received(message, message.client)
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _received(message: ScannedMessage, client: IpAddress) -> list[str]:
    address = f"IPv6:{client}" if isinstance(client, IPv6Address) else str(client)
    protocol = "ESMTPA" if message.user else "ESMTP"
    return [
        f"Received: from {_name(message.helo)} ({_name(message.client_name)} [{address}])",
        f"\tby {_name(message.mta_name) if message.mta_name else 'localhost'} (Postfix) with {protocol}",
        f"\tid {_name(message.queue_id)}; {formatdate(message.received_s)}",
    ]


def _name(text: str) -> str:
    """A host name, or what is left of one; "unknown" is what MTAs write where there is none."""
    return _UNFIT_NAME.sub("?", text.strip("[]"))[:_MAX_LENGTH] or "unknown"
