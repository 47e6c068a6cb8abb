# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of the kinds that people write, of which most do not match the standard mix."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_WORDS = ("invoice", "prize", "lottery", "wire transfer", "password expires", "crypto", "inheritance", "parcel")


def _sender_domain(number: int) -> dict[str, Any]:
    return {"mail_from.domain": {"in": [f"partner-{number}.example", f"*.supplier-{number}.example"]}}


def _sender_address(number: int) -> dict[str, Any]:
    return {"mail_from": f"robot-{number}@machines.example"}


def _author(number: int) -> dict[str, Any]:
    return {"from.address": {"in": [f"director-{number}@corp.example", f"head-{number}@corp.example"]}}


def _recipient(number: int) -> dict[str, Any]:
    return {"recipient.address": {"in": [f"team-{number}@corp.example", f"desk-{number}@corp.example"]}}


def _subject_words(number: int) -> dict[str, Any]:
    return {"subject": {"words": [f"{_WORDS[number % len(_WORDS)]} no {number}"]}}


def _subject_pattern(number: int) -> dict[str, Any]:
    return {"subject": {"regex": rf"(?i)ticket-{number}-[0-9]{{4,8}}\b"}}


def _header_value(number: int) -> dict[str, Any]:
    return {"header": {"name": "X-Mailer", "contains": f"Mass Mailer {number}"}}


def _header_exists(number: int) -> dict[str, Any]:
    return {"header": {"name": f"X-Campaign-{number}", "exists": True}}


def _client(number: int) -> dict[str, Any]:
    return {"client.ip": {"cidr": [f"10.{number // 250}.{number % 250}.0/24", f"2001:db8:{number:x}::/48"]}}


_KINDS: tuple[Callable[[int], dict[str, Any]], ...] = (
    _sender_domain, _sender_domain, _sender_address, _author, _recipient, _recipient, _subject_words, _subject_words,
    _subject_pattern, _header_value, _header_exists, _client,
)  # fmt: skip
_EXTENSIONS = ("js", "vbs", "hta", "iso", "lnk", "scr")


def _extension(number: int) -> dict[str, Any]:
    return {"attachment": {"extension": {"in": [_EXTENSIONS[number % len(_EXTENSIONS)], f"x{number}"]}, "archives": 2}}


def _body_words(number: int) -> dict[str, Any]:
    return {"subject_or_body": {"words": [f"{_WORDS[number % len(_WORDS)]} offer {number}"]}}


_INSIDE: tuple[Callable[[int], dict[str, Any]], ...] = (*_KINDS, _extension, _body_words)


def rules(count: int, *, look_inside: bool = False) -> Iterator[dict[str, Any]]:
    """Give so many rules; ``look_inside`` has every seventh look at the text of the body or at attachments."""
    kinds = cycle(_INSIDE if look_inside else _KINDS)
    for number, kind in enumerate(islice(kinds, count)):
        yield {
            "id": f"rule-{number}",
            "direction": "inbound",
            "when": {"all": [kind(number)]},
            "do": [{"tag": f"seen-{number}"}, {"add_header": {"name": "X-Rule", "value": str(number)}}],
        }


def write_rules(folder: Path, count: int, *, look_inside: bool = False) -> Path:
    """Write a folder like rules.d."""
    folder.mkdir()
    folder.chmod(0o755)
    if count:
        path = folder / "mix.yaml"
        path.write_text(yaml.safe_dump({"rules": list(rules(count, look_inside=look_inside))}))
        path.chmod(0o644)
    return folder
