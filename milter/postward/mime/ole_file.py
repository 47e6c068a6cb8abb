# SPDX-License-Identifier: GPL-3.0-or-later
"""Compound files of Microsoft (MS-CFB): which of them one is, by the names in its directory."""

from __future__ import annotations

_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_ENTRY = 128
_LENGTH_AT = 64
_CLSID_AT = 80
_MAX_HITS = 10_000
_NAMES = {
    "EncryptedPackage": "ole-encrypted", "WordDocument": "doc", "Workbook": "xls", "Book": "xls",
    "PowerPoint Document": "ppt", "VisioDocument": "vsd", "__nameid_version1.0": "msg", "Contents": "ole",
}  # fmt: skip
OLE_TYPES = frozenset({*_NAMES.values(), "msi", "ole"}) - {"ole-encrypted"}
"""What ``type_of_ole`` gives."""
# {000C1084-0000-0000-C000-000000000046}, and the ones of patches and transforms.
_INSTALLER = tuple(bytes.fromhex(f"{code}100c0000000000c000000000000046") for code in ("84", "86", "82"))


def is_ole(head: bytes) -> bool:
    """Tell whether a compound file begins there."""
    return head.startswith(_MAGIC)


def is_encrypted_ole(content: bytes) -> bool:
    """Tell whether it is an Office document under a password (MS-OFFCRYPTO section 2.3.2)."""
    return is_ole(content) and _has_entry(content, "EncryptedPackage")


def type_of_ole(content: bytes) -> str:
    """``msi``, ``doc``, ``xls``, ``ppt``, ``vsd``, ``msg``; ``ole`` of all others, encrypted documents among them."""
    if any(_has_at(content, clsid, _CLSID_AT) for clsid in _INSTALLER):
        return "msi"
    if is_encrypted_ole(content):
        return "ole"
    return next((kind for name, kind in _NAMES.items() if _has_entry(content, name)), "ole")


def _has_entry(content: bytes, name: str) -> bool:
    octets = f"{name}\0".encode("utf-16-le")
    return _has_at(content, octets, 0, len(octets))


def _has_at(content: bytes, octets: bytes, offset: int, length: int = 0) -> bool:
    """Tell whether an entry of the directory has these octets there: entries begin at multiples of their size.

    The chain of sectors is not followed, which may lie.
    """
    at = content.find(octets)
    for _ in range(_MAX_HITS):
        if at < 0:
            break
        entry = at - offset
        if entry % _ENTRY == 0 and (
            not length or content[entry + _LENGTH_AT : entry + _LENGTH_AT + 1] == bytes([length])
        ):
            return True
        at = content.find(octets, at + 1)
    return False
