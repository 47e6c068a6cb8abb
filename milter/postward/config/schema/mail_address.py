# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses, local parts and patterns of senders, each in the domain that it is for."""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainValidator

from postward.config.schema.domain import parse_domain
from postward.config.schema.section import checked_text, fault
from postward.model.sender_pattern import PatternKind, parse_mailbox, parse_sender_pattern

_MAX_LENGTH = 600
_PATTERNS = 'write alice, alice@example.com, "@example.com", "*.example.com", "group:support@example.com" or "*"'
_MAILBOXES = "write alice or alice@example.com"


def parse_pattern(value: object) -> str:
    """A pattern of ``model.sender_pattern`` in lower case; its domain may be left out where it has a local part."""
    text = _bounded(value)
    try:
        pattern = parse_sender_pattern(text)
    except ValueError as error:
        raise fault(str(error), _PATTERNS) from None
    if pattern.kind is PatternKind.ANY:
        return "*"
    domain = parse_domain(pattern.domain) if pattern.domain or not pattern.local_part else ""
    match pattern.kind:
        case PatternKind.SUBDOMAINS:
            return f"*.{domain}"
        case PatternKind.DOMAIN:
            return f"@{domain}"
        case PatternKind.GROUP:
            return f"group:{_joined(pattern.local_part, domain)}"
        case _:
            return _joined(pattern.local_part, domain)


def parse_mail_name(value: object) -> str:
    """A local part, or an address, in lower case."""
    try:
        local_part, domain = parse_mailbox(_bounded(value))
    except ValueError as error:
        raise fault(str(error), _MAILBOXES) from None
    return _joined(local_part, parse_domain(domain) if domain else "")


def parse_recipient(value: object) -> str:
    """The same, or ``*`` for all recipients."""
    return "*" if value == "*" else parse_mail_name(value)


def parse_optional_address(value: object) -> str | None:
    """A whole address, or nothing."""
    if value is None:
        return None
    address = parse_mail_name(value)
    if "@" not in address:
        raise fault("is no whole address", "write archive@example.com")
    return address


def _bounded(value: object) -> str:
    text = checked_text(value)
    if len(text) > _MAX_LENGTH:
        raise fault(f"is longer than {_MAX_LENGTH} characters")
    return text


def _joined(local_part: str, domain: str) -> str:
    return f"{local_part}@{domain}" if domain else local_part


Pattern = Annotated[str, PlainValidator(parse_pattern)]
MailName = Annotated[str, PlainValidator(parse_mail_name)]
RecipientName = Annotated[str, PlainValidator(parse_recipient)]
OptionalAddress = Annotated[str | None, PlainValidator(parse_optional_address)]
