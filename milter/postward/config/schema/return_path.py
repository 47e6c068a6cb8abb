# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``return_path``: where bounces and complaints about our own users' mail go, and how they prove to be that."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import PlainValidator, model_validator

from postward.config.schema.domain import Domain, OptionalDomain  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.mail_address import parse_optional_address
from postward.config.schema.path import FilePath, parse_directory
from postward.config.schema.section import Section, checked_text, fault, key

_NEEDED = {"none": (), "batv": ("domains",), "verp": ("domains", "bounce_domain", "deliver_to")}
_POOL = re.compile(r"[a-z]")
_SENDER_ID = re.compile(r"[A-Za-z0-9_.-]{5,15}")


def _parse_pool(value: object) -> str:
    text = checked_text(value).lower()
    if not _POOL.fullmatch(text):
        raise fault("must be one letter", "write a")
    return text


def _parse_ascii_address(value: object) -> str | None:
    address = parse_optional_address(value)
    if address is not None and not address.isascii():
        raise fault("must be ASCII", "it goes to hosts that may know no other")
    return address


def _parse_sender_id(value: object) -> str | None:
    if value is None:
        return None
    text = checked_text(value)
    if not _SENDER_ID.fullmatch(text):
        raise fault("is no sender's name", "5 to 15 letters, digits, dots, hyphens and underscores")
    return text


_Pool = Annotated[str, PlainValidator(_parse_pool)]
_OptionalAddress = Annotated[str | None, PlainValidator(_parse_ascii_address)]
_SenderId = Annotated[str | None, PlainValidator(_parse_sender_id)]
_OptionalFile = Annotated[
    FilePath | None, PlainValidator(lambda value: None if value is None else parse_directory(value))
]


class ReturnPathSection(Section):
    """Return paths and feedback fields of our own users' mail (docs/return-path.md)."""

    style: Literal["none", "verp", "batv"] = key(
        "What becomes of the envelope sender of outgoing mail: none leaves it; batv makes it"
        " prvs=TAG=alice@example.com, and bounces to it go to alice; verp makes it b+POOL.TOKEN@bounce_domain.",
        default="none",
    )
    domains: tuple[Domain, ...] = key(
        "Domains whose envelope senders are replaced and whose mail gets the fields below; with style none and an empty"
        " list all mail of our own users gets the fields.",
        default=(),
    )
    bounce_domain: OptionalDomain = key(
        "verp: the domain of the return paths, whose mail comes to this host.", default=None
    )
    pool: _Pool = key(
        "One letter for the group of hosts or addresses that mail leaves from; stands in return paths and tokens.",
        default="a",
    )
    deliver_to: _OptionalAddress = key("verp: address that gets the bounces that are genuine.", default=None)
    refuse_forged: bool = key(
        "Answer 550 5.1.1 to recipients that have the form of our return paths, and that we did not make or that have"
        " expired.",
        default=True,
    )
    max_age_days: int = key("Days for which a return path is good.", default=10, least=1, most=365)
    cfbl_address: _OptionalAddress = key(
        "Address for complaints, put into CFBL-Address with a token in CFBL-Feedback-ID (RFC 9477); in the domain of"
        " the From field or one below it.  null adds neither.",
        default=None,
    )
    feedback_id: _SenderId = key(
        "Name of this sender in Feedback-ID, by which large receivers add complaints up for you; null adds none.",
        default=None,
    )
    secret_file: _OptionalFile = key(
        "File of the secret behind the tokens, one a line: the first makes them, a second one is still accepted.  Hosts"
        " of a fleet share it; null keeps one in state_dir, made at the first start.",
        default=None,
    )

    @model_validator(mode="after")
    def _has_what_its_style_needs(self) -> Self:
        missing = [name for name in _NEEDED[self.style] if not getattr(self, name)]
        if missing:
            raise fault(f"needs {' and '.join(missing)} for the style {self.style}")
        return self
