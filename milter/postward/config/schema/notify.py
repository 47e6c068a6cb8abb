# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``notify``: mail of our own."""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - pydantic reads it at run time
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator

from postward.config.schema.endpoint import parse_host_port
from postward.config.schema.mail_address import parse_optional_address
from postward.config.schema.section import Section, checked_text, fault, key
from postward.model.ip_endpoint import IpEndpoint

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_PLACES = ("rule", "reason", "sender", "recipients", "subject", "time", "id", "queue_id", "client", "direction")
_PLACE = re.compile(r"\{([^{}]{0,40})\}")
_MAX_SUBJECT = 200
_MAX_TEXT = 10_000


def _parse_address(value: object) -> str:
    address = parse_optional_address(value)
    if address is None:
        raise fault("has no value", "write postmaster@example.com")
    return address


def _parse_own_address(value: object) -> str | None:
    address = parse_optional_address(value)
    if address is not None and not address.isascii():
        raise fault("must be ASCII", "it goes to hosts that may know no other")
    return address


def _template(value: object, longest: int) -> str:
    text = checked_text(value)
    if not text.strip() or len(text) > longest:
        raise fault(f"must be text of at most {longest} characters")
    for place in _PLACE.findall(text):
        if place not in _PLACES:
            raise fault(f"has no {{{place}}} to put in", f"known are {', '.join(_PLACES)}")
    return text


def _parse_subject(value: object) -> str:
    text = _template(value, _MAX_SUBJECT)
    if not text.isprintable():
        raise fault("must be one line of text")
    return text


def _parse_name(value: object) -> str:
    text = checked_text(value)
    if not _NAME.fullmatch(text):
        raise fault("is no name of a template", "up to 64 small letters, digits, hyphens and underscores")
    return text


_Address = Annotated[str, PlainValidator(_parse_address)]
_OwnAddress = Annotated[str | None, PlainValidator(_parse_own_address)]
_HostPort = Annotated[IpEndpoint, PlainValidator(parse_host_port)]
_Name = Annotated[str, PlainValidator(_parse_name)]


class NoticeTemplateSection(Section):
    """The words of a notice."""

    subject: Annotated[str, PlainValidator(_parse_subject)]
    text: Annotated[str, PlainValidator(lambda value: _template(value, _MAX_TEXT))]


def _frozen(templates: Mapping[str, NoticeTemplateSection]) -> Mapping[str, NoticeTemplateSection]:
    return MappingProxyType(dict(templates))


class NotifySection(Section):
    """Notices that rules send, and the way of mail of our own to the MTA."""

    smtp: _HostPort = key(
        "Where notices, and messages that are let go, are handed to this host's MTA; on another host our mark, by which"
        " a message that was judged is left alone, does not count.",
        default=parse_host_port("127.0.0.1:25"),
    )
    mail_from: _OwnAddress = key(
        "Address in the From field of notices; null is postmaster at authserv_id.  Their envelope sender is the null"
        " path.",
        default=None,
    )
    admins: tuple[_Address, ...] = key(
        "Addresses that the word admin stands for in rules; none is postmaster at authserv_id.", default=()
    )
    interval_s: int = key(
        "Seconds between two notices about one rule to one address; what happens meanwhile goes into the next one.",
        default=60,
        least=1,
        most=86_400,
    )
    max_waiting: int = key(
        "Notices that may wait; while there are as many, mail that would cause one is answered 451.",
        default=10_000,
        least=1,
        most=1_000_000,
    )
    max_age_hours: int = key(
        "Hours after which a notice that cannot be sent is given up.", default=48, least=1, most=720
    )
    templates: Annotated[Mapping[_Name, NoticeTemplateSection], AfterValidator(_frozen)] = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Texts by the name that rules know: {dlp: {subject: 'Card numbers in {subject}', text: ...}}.  They"
        f" may have {', '.join('{' + place + '}' for place in _PLACES)}; the text stands once for each message.",
    )
