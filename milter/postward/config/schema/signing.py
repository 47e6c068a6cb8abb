# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``signing``: the DKIM signatures of our own mail."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, PlainValidator

from postward.config.schema.domain import Domain, OptionalDomain, parse_domain
from postward.config.schema.header_name import SignedName  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.path import Directory, FilePath, parse_directory
from postward.config.schema.section import Section, checked_text, fault, key

DEFAULT_OVERSIGNED = (
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "reply-to",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
)
# A mailing list that changes nothing else may add a Sender and a List-Unsubscribe where there were none.
DEFAULT_OVERSIGNED_WHERE_PRESENT = (
    "sender",
    "content-disposition",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "cfbl-address",
    "cfbl-feedback-id",
    "feedback-id",
    "autocrypt",
)
_MAX_TENANT_LENGTH = 128


def _parse_pattern(value: object) -> str:
    """A domain, ``*.`` and a domain for all below it, or ``*`` for all."""
    text = checked_text(value)
    if text == "*":
        return text
    prefix = "*." if text.startswith("*.") else ""
    return prefix + parse_domain(text.removeprefix(prefix))


def _parse_tenant(value: object) -> str | None:
    if value is None:
        return None
    text = checked_text(value)
    if not 0 < len(text) <= _MAX_TENANT_LENGTH or not text.isprintable():
        raise fault("is no name of a tenant")
    return text


def _some_algorithm(algorithms: tuple[str, ...]) -> tuple[str, ...]:
    if not algorithms:
        raise fault("must name an algorithm", "set signing.enabled to false to sign nothing")
    return algorithms


_Pattern = Annotated[str, PlainValidator(_parse_pattern)]
_Tenant = Annotated[str | None, PlainValidator(_parse_tenant)]


class SigningKeySection(Section):
    """One key listed by hand."""

    domain: _Pattern
    selector: Domain
    file: FilePath
    tenant: _Tenant = None
    signing_domain: OptionalDomain = None


class SigningSection(Section):
    """DKIM signatures of our own users' mail (RFC 6376, RFC 8463)."""

    enabled: bool = key("Sign what our own users send, for the domains that have keys.", default=True)
    keys_dir: Directory = key(
        "Directory in which `postward keys` keeps the keys: a folder for every domain; it need not exist.",
        default=parse_directory("/etc/postward/keys"),
    )
    keys: tuple[SigningKeySection, ...] = key(
        "Keys listed by hand, besides those of keys_dir: {domain: example.com, selector: s1, file: /path/of.pem}."
        '  domain is that of the From field; "*.example.com" stands for all below it, "*" for all; the exact one comes'
        " first, then the longest.  tenant: NAME limits a key to the mail of one tenant.  signing_domain is what signs"
        " (d=) where that is not the domain of the From field itself.",
        default=(),
    )
    subdomains: bool = key(
        "Keys of a domain also sign for the domains below it that have none of their own.", default=False
    )
    algorithms: Annotated[tuple[Literal["rsa", "ed25519"], ...], AfterValidator(_some_algorithm)] = key(
        "Algorithms that sign, each in a signature of its own where the domain has such a key; some receivers refuse"
        " ed25519, which does not harm the other signature.",
        default=("rsa", "ed25519"),
    )
    canonicalization: Literal["relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple"] = key(
        "What may happen to header and body on the way without breaking the signature (RFC 6376 section 3.4).",
        default="relaxed/relaxed",
    )
    oversign: tuple[SignedName, ...] = key(
        "Fields of which none may be added on the way: signed as often as they are there, and once more.",
        default=DEFAULT_OVERSIGNED,
    )
    oversign_where_present: tuple[SignedName, ...] = key(
        "The same, but only where the message has such a field at all.", default=DEFAULT_OVERSIGNED_WHERE_PRESENT
    )
    extra_fields: tuple[SignedName, ...] = key(
        "Fields to sign as often as they are there, besides those of RFC 6376 section 5.4.1.", default=()
    )
    expire_after_days: int | None = key(
        "Days after which a signature is no longer valid (x=); null for never.", default=None, least=1, most=3_650
    )
    author_identity: bool = key(
        "Name the domain of the From field in i= where a domain above it signs; keys published with t=s forbid it.",
        default=False,
    )
    on_unusable_key: Literal["defer", "unsigned"] = key(
        "What happens to mail of a domain that has keys of which none can be used: defer answers 451, unsigned lets it"
        " go without a signature.",
        default="defer",
    )
