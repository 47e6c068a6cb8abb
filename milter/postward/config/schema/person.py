# SPDX-License-Identifier: GPL-3.0-or-later
"""One entry of ``people`` in a file of domains.d."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from postward.config.schema.free_values import FreeValues  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.mail_address import MailName  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.section import Section, checked_text, fault

_MAX_NAME_LENGTH = 256


def _parse_name(value: object) -> str:
    text = checked_text(value).strip()
    if not 0 < len(text) <= _MAX_NAME_LENGTH or not text.isprintable():
        raise fault("must be one line of text", f"at most {_MAX_NAME_LENGTH} characters")
    return text


def _parse_group(value: object) -> str:
    return _parse_name(value).lower()


class PersonSection(Section):
    """What is known of an address of the domain."""

    name: Annotated[str, PlainValidator(_parse_name)] = ""
    kind: Literal["user", "group", "alias", "shared", "room"] | None = None
    groups: tuple[Annotated[str, PlainValidator(_parse_group)], ...] = ()
    attributes: FreeValues = Field(default_factory=lambda: MappingProxyType({}))
    manager: MailName = ""
    other_addresses: tuple[MailName, ...] = ()
