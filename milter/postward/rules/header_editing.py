# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules add, change and remove header fields: on the working copy, and within what nobody may forge or break."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.mime.subject import with_prefix
from postward.mime.words import decode_words, encode_words
from postward.model.header import HeaderField
from postward.rules.message.header_view import HeaderText
from postward.rules.working_copy import Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.rule_action import AddHeader, PrefixSubject, RemoveHeader, SetHeader
    from postward.rules.working_copy import WorkingCopy

_NAME = re.compile(r"[!-9;-~]{1,200}", re.ASCII)
_ANY_NAME = re.compile(r"[!-9;-~]++", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_BREAK = re.compile(rb"\r?\n(?![ \t])|\r(?!\n)|\x00")
"""What may stand in a field that came, and in none that is written."""
_MAX_VALUE_CHARS = 8_000
_MAX_ADDED = 100
_OWN_PREFIXES = ("x-postward-", "x-spam-", "arc-")
_OURS = frozenset({"authentication-results", "x-virus-status"})
_STRUCTURE = frozenset(
    {"mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id"}
)
_TRACE = frozenset({"received", "return-path", "dkim-signature"})
_REQUIRED = frozenset({"from", "date"})
"""RFC 5322 section 3.6: the fields that every message has."""


def add_header(copy: WorkingCopy, action: AddHeader) -> str:
    """Add a field; returns why not, in words, or ""."""
    objection = _write_objection(action.name, action.value) or _flood(copy)
    if not objection:
        copy.slots.append(Slot(_field(action.name, action.value), None))
        copy.fields_changed()
    return objection


def set_header(copy: WorkingCopy, action: SetHeader) -> str:
    """Give the first field of a name a value, and remove the others of that name."""
    objection = _write_objection(action.name, action.value) or _flood(copy)
    if objection:
        return objection
    key = action.name.lower().encode("ascii")
    found = [slot for slot in copy.slots if slot.field.key == key]
    if not found:
        copy.slots.append(Slot(_field(action.name, action.value), None))
    else:
        _change(found[0], encode_words(action.value))
        others = {id(slot) for slot in found[1:]}
        copy.slots = [slot for slot in copy.slots if id(slot) not in others]
    copy.fields_changed()
    return ""


def remove_header(copy: WorkingCopy, action: RemoveHeader, matches: Callable[[str, str], bool]) -> str:
    """Remove fields; ``matches(pattern, text)`` says whether an RE2 pattern is found in a value."""
    name = action.name.lower()
    objection = _removal_objection(name)
    if objection:
        return objection
    kept = [slot for slot in copy.slots if not _is_meant(slot.field, name, action.when_matches, matches)]
    if len(kept) != len(copy.slots):
        copy.slots = kept
        copy.fields_changed()
    return ""


def prefix_subject(copy: WorkingCopy, action: PrefixSubject) -> str:
    """Put text before the subject, unless it is there already."""
    if _CONTROL.search(action.text) or len(action.text) > _MAX_VALUE_CHARS:
        return "the text cannot stand in a header field"
    slot = next((slot for slot in copy.slots if slot.field.key == b"subject"), None)
    if slot is None and not action.text.strip():
        return ""
    if slot is None:
        copy.slots.append(Slot(HeaderField(b"Subject", b" " + encode_words(action.text.strip())), None))
        copy.fields_changed()
        return ""
    value = with_prefix(slot.field.value, action.text)
    if value is not None:
        _change(slot, _writable(value))
        copy.fields_changed()
    return ""


def _writable(value: bytes) -> bytes:
    """What a mailer wrote behind the prefix as an MTA lets it be written: without line ends, and as UTF-8."""
    value = _BREAK.sub(b" ", value.removeprefix(b" "))
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return encode_words(decode_words(value))
    return value


def _change(slot: Slot, value: bytes) -> None:
    slot.field = HeaderField(slot.field.name, b" " + value)
    slot.is_changed = True


def _field(name: str, value: str) -> HeaderField:
    return HeaderField(name.encode("ascii"), b" " + encode_words(value))


def _write_objection(name: str, value: str) -> str:
    key = name.lower()
    if not _NAME.fullmatch(name):
        return "that is no name of a field"
    if key in _STRUCTURE | _OURS | _TRACE | {"from"} or key.startswith(_OWN_PREFIXES):
        return f"{name} is not for rules to write"
    if len(value) > _MAX_VALUE_CHARS or _CONTROL.search(value):
        return "the value cannot stand in a header field"
    return ""


def _removal_objection(name: str) -> str:
    stem = name.rstrip("*")
    if not _NAME.fullmatch(stem):
        return "that is no name of a field"
    if name.endswith("*"):
        # What is not meant stays: see _is_meant.
        return ""
    if name in _STRUCTURE | _OURS | _REQUIRED or name.startswith(_OWN_PREFIXES):
        return f"{name} is not for rules to remove"
    return ""


def _is_meant(field: HeaderField, name: str, pattern: str, matches: Callable[[str, str], bool]) -> bool:
    key = field.key.decode("latin-1")
    if not _ANY_NAME.fullmatch(key):
        # No MTA can be told to remove it.
        return False
    if name.endswith("*"):
        if not key.startswith(name[:-1]) or _removal_objection(key):
            return False
    elif key != name:
        return False
    return not pattern or matches(pattern, HeaderText(field).value)


def _flood(copy: WorkingCopy) -> str:
    added = sum(1 for slot in copy.slots if slot.position is None)
    return "too many fields were added already" if added >= _MAX_ADDED else ""
