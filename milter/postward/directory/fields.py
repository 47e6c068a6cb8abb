# SPDX-License-Identifier: GPL-3.0-or-later
"""A domain from named values, as a row, a hash or an LDAP entry gives them; every value is checked."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.directory.address import mailbox
from postward.directory.entry import DomainEntry, DomainSettings
from postward.directory.source import UnusableAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTING_FIELDS = frozenset({
    "suspect_threshold", "junk_threshold", "reject_threshold", "weights", "on_dmarc_reject", "on_dmarc_quarantine",
    "reject_unknown_recipients", "archive_address",
})  # fmt: skip
MAX_FIELDS = 100
MAX_VALUE_LENGTH = 1_024
_TENANT = "tenant"
_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "t": True, "y": True}
_BOOLEANS |= {"false": False, "no": False, "off": False, "0": False, "f": False, "n": False}
_DMARC = frozenset({"none", "junk", "quarantine", "reject"})
_LEAST_THRESHOLD, _MOST_THRESHOLD = 0.1, 1_000.0


def domain_entry(name: str, fields: Mapping[str, object]) -> DomainEntry:
    """Make the entry of the domain ``name``: ``tenant``, the settings by their names, and others as free values.

    A field that is None or empty counts as absent.  Raises UnusableAnswer.
    """
    if len(fields) > MAX_FIELDS:
        raise UnusableAnswer(f"more than {MAX_FIELDS} fields of a domain")
    given = {key: text for key, value in fields.items() if (text := plain_text(value))}
    return DomainEntry(
        name=name,
        tenant=given.pop(_TENANT, name),
        settings=DomainSettings(
            suspect_threshold=_threshold("suspect_threshold", given),
            junk_threshold=_threshold("junk_threshold", given),
            reject_threshold=_threshold("reject_threshold", given),
            weights=_weights(given.pop("weights", "")),
            on_dmarc_reject=_enforcement(given.pop("on_dmarc_reject", None)),
            on_dmarc_quarantine=_enforcement(given.pop("on_dmarc_quarantine", None)),
            reject_unknown_recipients=_boolean(given.pop("reject_unknown_recipients", "no")),
            archive_address=_address(given.pop("archive_address", None)),
            values=MappingProxyType(given),
        ),
    )


def plain_text(value: object) -> str:
    """The text of a value that a library has made of what it read; "" for None.  Raises UnusableAnswer."""
    if value is None:
        return ""
    if isinstance(value, bytes | bytearray | memoryview):
        value = _decoded(bytes(value[: MAX_VALUE_LENGTH + 1]))
    if isinstance(value, int) and value.bit_length() > MAX_VALUE_LENGTH:
        raise UnusableAnswer("a value is too long")
    text = value if isinstance(value, str) else str(value)
    if len(text) > MAX_VALUE_LENGTH:
        raise UnusableAnswer("a value is too long")
    text = text.strip()
    if text and not text.isprintable():
        # It may come to stand in a header field or a log, where a line break would begin another.
        raise UnusableAnswer("a value holds a character that cannot be printed")
    return text


def _decoded(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise UnusableAnswer("a value is not UTF-8") from None


def _threshold(name: str, given: dict[str, str]) -> float | None:
    text = given.pop(name, None)
    if text is None:
        return None
    try:
        threshold = float(text)
    except ValueError:
        threshold = math.nan
    if not _LEAST_THRESHOLD <= threshold <= _MOST_THRESHOLD:
        raise UnusableAnswer(f"{name} is no number from 0.1 to 1000")
    return threshold


def _weights(text: str) -> Mapping[str, float]:
    """Read ``SPF_FAIL=2.5, DKIM_NONE=0``."""
    weights: dict[str, float] = {}
    for item in text.replace(",", " ").split():
        name, _, number = item.partition("=")
        try:
            weights[name] = float(number)
        except ValueError:
            weights[name] = math.nan
        if not -_MOST_THRESHOLD <= weights[name] <= _MOST_THRESHOLD:
            raise UnusableAnswer("weights are not of the form NAME=NUMBER, NAME=NUMBER")
    return MappingProxyType(weights)


def _enforcement(text: str | None) -> str | None:
    if text is not None and text not in _DMARC:
        raise UnusableAnswer("what is to be done on a DMARC failure is none of none, junk, quarantine, reject")
    return text


def _boolean(text: str) -> bool:
    try:
        return _BOOLEANS[text.lower()]
    except KeyError:
        raise UnusableAnswer("reject_unknown_recipients is neither true nor false") from None


def _address(text: str | None) -> str | None:
    if text is not None and mailbox(text) is None:
        raise UnusableAnswer("archive_address is no address")
    return text
