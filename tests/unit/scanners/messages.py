# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that scanners are shown."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from postward.model.body import Body
from postward.model.header import HeaderField, Headers
from postward.model.milter_socket import parse_milter_socket
from postward.scanners.scanned_message import ScannedMessage
from postward.scanners.settings import ScannerSettings

GUARD_S = 20.0
"""Longer than anything here takes, on however busy a machine."""


def header(*fields: str) -> Headers:
    """A header of those fields, each as ``Name: value``."""
    return Headers([HeaderField(*(part.encode() for part in field.split(":", 1))) for field in fields])


def message(body: bytes = b"Hello\r\n", *fields: str, **known: Any) -> ScannedMessage:
    """Alice of the bank writes from the bank's host to two of ours."""
    shown: dict[str, Any] = {
        "headers": header("From: Alice <alice@bank.example>", "Subject: hello", *fields),
        "body": Body(body),
        "client": ip_address("192.0.2.10"),
        "client_name": "mail.bank.example",
        "helo": "mail.bank.example",
        "sender": "alice@bank.example",
        "recipients": ("a@example.net", "b@example.net"),
        "user": "",
        "queue_id": "4ABCDE",
        "mta_name": "mx.example.net",
        "received_s": 1_800_000_000.0,
    }
    return ScannedMessage(**{**shown, **known})


def settings(name: str, socket: str, **known: Any) -> ScannerSettings:
    """How a scanner of the tests is asked."""
    bounds: dict[str, Any] = {"timeout_s": GUARD_S, "max_bytes": 10_000_000, "concurrency": 4}
    return ScannerSettings(name=name, socket=parse_milter_socket(socket), **{**bounds, **known})
