# SPDX-License-Identifier: GPL-3.0-or-later
"""Domain names and the authserv-id."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import PlainValidator

from postward.config.schema.section import checked_text, fault

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_MAX_DOMAIN_LENGTH = 253


def parse_domain(value: object) -> str:
    """A domain name in lower case, without a closing dot; an internationalized one as A-labels."""
    text = checked_text(value).lower().removesuffix(".")
    if not text.isascii():
        raise fault("must be ASCII", "write an internationalized domain with its A-labels (xn--...)")
    if len(text) > _MAX_DOMAIN_LENGTH or not _DOMAIN.fullmatch(text):
        raise fault("is no domain name", "letters, digits, hyphens and dots, such as example.com")
    return text


Domain = Annotated[str, PlainValidator(parse_domain)]
OptionalDomain = Annotated[str | None, PlainValidator(lambda value: None if value is None else parse_domain(value))]
