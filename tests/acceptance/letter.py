# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of the acceptance cases, from a few words in YAML to octets."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

_BOUNDARY = "=_part"
_CONTENT = {
    "exe": b"MZ\x90\x00" + b"\x00" * 56 + (0x80).to_bytes(4, "little") + b"\x00" * 64 + b"PE\x00\x00" + b"\x00" * 200,
    "elf": b"\x7fELF\x02\x01\x01" + b"\x00" * 100,
    "png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
    "text": b"some text\r\n",
}


def letter(case: dict[str, Any]) -> bytes:
    """Give the message of a case: ``headers``, ``text``, ``html`` and ``attachments``, or ``raw`` as it stands."""
    if "raw" in case:
        return str(case["raw"]).replace("\n", "\r\n").encode()
    given = {str(name): value for name, value in (case.get("headers") or {}).items()}
    headers = {"From": "Stranger <stranger@foreign.example>", "To": "ann@corp.example", "Subject": "Hello",
               "Date": "Tue, 24 Nov 2026 12:00:00 +0000", "Message-ID": "<case@foreign.example>", **given}  # fmt: skip
    lines = [f"{name}: {value}" for name, values in headers.items() for value in _all(values)]
    return "\r\n".join(lines).encode() + b"\r\n" + _body(case)


def _all(values: object) -> list[str]:
    if values is None:
        return []
    return [str(value) for value in values] if isinstance(values, list) else [str(values)]


def _body(case: dict[str, Any]) -> bytes:
    text = str(case.get("text", "Hello.\n")).replace("\n", "\r\n").encode()
    parts = [b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text]
    if "html" in case:
        parts.append(b"Content-Type: text/html; charset=utf-8\r\n\r\n" + str(case["html"]).encode())
    parts += [_attachment(each) for each in case.get("attachments") or ()]
    if len(parts) == 1:
        return b"MIME-Version: 1.0\r\n" + parts[0]
    kind = str(case.get("multipart", "mixed"))
    head = f'MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="{_BOUNDARY}"\r\n\r\n'.encode()
    separator = f"--{_BOUNDARY}\r\n".encode()
    return head + b"".join(separator + part + b"\r\n" for part in parts) + f"--{_BOUNDARY}--\r\n".encode()


def _attachment(given: dict[str, Any]) -> bytes:
    content = _content(given)
    kind = given.get("type", "application/octet-stream")
    disposition = given.get("disposition") or f'attachment; filename="{given["name"]}"'
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: {disposition}\r\n\r\n"
    return head.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n")


def _content(given: dict[str, Any]) -> bytes:
    if "zip" in given:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for member in given["zip"]:
                archive.writestr(member["name"], _content(member))
        octets = packed.getvalue()
        return _as_encrypted(octets) if given.get("encrypted") else octets
    if "bomb_mb" in given:
        return b"\x00" * int(given["bomb_mb"]) * 1_000_000
    if "size" in given:
        return b"x" * int(given["size"])
    return _CONTENT[given.get("content", "text")]


def _as_encrypted(octets: bytes) -> bytes:
    """Set the bit that says that a password is needed, in the local headers and in the directory."""
    changed = bytearray(octets)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = changed.find(mark)
        while position >= 0:
            changed[position + flags] |= 1
            position = changed.find(mark, position + 4)
    return bytes(changed)
