# SPDX-License-Identifier: GPL-3.0-or-later
"""One file of domains.d: a hosted domain, its recipients, and who may send as whom."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, PlainValidator, model_validator

from postward.config.schema.domain import Domain  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.free_values import FreeValues  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.mail_address import MailName, OptionalAddress, Pattern, RecipientName
from postward.config.schema.network import Network  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.person import PersonSection  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.scoring import Weights  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.section import Section, checked_text, fault, key, section

_MAX_TENANT_LENGTH = 128
_Wish = Literal["none", "junk", "quarantine", "reject"]


def _parse_tenant(value: object) -> str | None:
    if value is None:
        return None
    text = checked_text(value)
    if not 0 < len(text) <= _MAX_TENANT_LENGTH or not text.isprintable():
        raise fault("is no name of a tenant")
    return text


def _frozen_names(names: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType(dict(names))


def _frozen_people(people: Mapping[str, PersonSection]) -> Mapping[str, PersonSection]:
    return MappingProxyType(dict(people))


_Tenant = Annotated[str | None, PlainValidator(_parse_tenant)]
_Gatherings = Annotated[Mapping[MailName, tuple[MailName, ...]], AfterValidator(_frozen_names)]


class DomainSettingsSection(Section):
    """What the domain sets in place of the global settings."""

    suspect_threshold: float | None = key(
        "Score from which on a message is suspect.", default=None, least=0.1, most=1_000
    )
    junk_threshold: float | None = key("Score from which on a message is junk.", default=None, least=0.1, most=1_000)
    reject_threshold: float | None = key("Score from which on it is refused.", default=None, least=0.1, most=1_000)
    weights: Weights = Field(default_factory=lambda: MappingProxyType({}))
    on_dmarc_reject: _Wish | None = None
    on_dmarc_quarantine: _Wish | None = None
    reject_unknown_recipients: bool = False
    archive_address: OptionalAddress = None
    values: FreeValues = Field(default_factory=lambda: MappingProxyType({}))

    @model_validator(mode="after")
    def _rise(self) -> Self:
        """Compare what this file sets; what it leaves out may change with the host's configuration."""
        suspect, junk, reject = self.suspect_threshold, self.junk_threshold, self.reject_threshold
        if suspect is not None and junk is not None and suspect > junk:
            raise fault("suspect_threshold is higher than junk_threshold", "what is junk is suspect too")
        if junk is not None and reject is not None and reject < junk:
            raise fault("reject_threshold is lower than junk_threshold", "what is refused would be junk too")
        return self


class SendersSection(Section):
    """What some logins, or clients of some networks, may use."""

    logins: tuple[MailName, ...] = ()
    networks: tuple[Network, ...] = ()
    may_use: tuple[Pattern, ...]

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.logins and not self.networks:
            raise fault("names nobody", "give it logins: [...] or networks: [...]")
        return self


class DomainFileSection(Section):
    """The whole file."""

    domain: Domain
    tenant: _Tenant = None
    settings: DomainSettingsSection = section(DomainSettingsSection)
    recipients: tuple[RecipientName, ...] | None = None
    aliases: _Gatherings = Field(default_factory=lambda: MappingProxyType({}))
    groups: _Gatherings = Field(default_factory=lambda: MappingProxyType({}))
    senders: tuple[SendersSection, ...] = ()
    people: Annotated[Mapping[MailName, PersonSection], AfterValidator(_frozen_people)] = Field(
        default_factory=lambda: MappingProxyType({})
    )
