# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``quotas``: how much senders may send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, PlainValidator, model_validator

from postward.config.schema.domain import Domain
from postward.config.schema.network import Network
from postward.config.schema.section import Section, checked_text, fault, key, section

_MOST = 1_000_000_000
_MAX_OVERRIDES = 10_000
_MAX_NAME = 320
_Value = TypeVar("_Value")
_Name = TypeVar("_Name")


def _parse_login(value: object) -> str:
    text = checked_text(value).lower()
    if not 0 < len(text) <= _MAX_NAME or not text.isprintable():
        raise fault("is no login", f"up to {_MAX_NAME} characters, as the MTA has them")
    return text


def _parse_date(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(checked_text(value))
    except ValueError:
        raise fault("is no day", "write 2026-03-01") from None


def _frozen(values: Mapping[_Name, _Value]) -> Mapping[_Name, _Value]:
    if len(values) > _MAX_OVERRIDES:
        raise fault(f"has more than {_MAX_OVERRIDES} entries")
    return MappingProxyType(dict(values))


class LimitsSection(Section):
    """Limits of one kind of sender or recipient."""

    messages_per_hour: int | None = key("Messages within any hour; null limits nothing.", default=None, least=1)
    messages_per_day: int | None = key("Messages within any 24 hours.", default=None, least=1)
    recipients_per_hour: int | None = key(
        "Recipients within any hour.  A message that has more by itself is refused for good.", default=None, least=1
    )
    recipients_per_day: int | None = key("Recipients within any 24 hours.", default=None, least=1)
    concurrent: int | None = key("Messages that are being judged at the same time.", default=None, least=1)
    burst: int = key(
        "So many messages, and so many recipients, may go beyond the limits of an hour; they come back within a day.",
        default=0,
        least=0,
    )

    @model_validator(mode="after")
    def _are_of_use(self) -> Self:
        for hour, day in (
            (self.messages_per_hour, self.messages_per_day),
            (self.recipients_per_hour, self.recipients_per_day),
        ):
            if hour is not None and day is not None and day < hour:
                raise fault("the limit of a day is lower than that of an hour", "then it holds for the hour as well")
        if self.burst and self.messages_per_hour is None and self.recipients_per_hour is None and not self._is_partial:
            raise fault("burst has no limit of an hour to go beyond", "set messages_per_hour or recipients_per_hour")
        return self

    @property
    def _is_partial(self) -> bool:
        """The limits may stand elsewhere."""
        return False


class LoginLimitsSection(LimitsSection):
    """Of each user, as the MTA authenticated it."""


class TenantLimitsSection(LimitsSection):
    """Of each of our own domains, for all its users together."""


class ClientLimitsSection(LimitsSection):
    """Of each address that mail comes from outside by."""


class NetworkLimitsSection(LimitsSection):
    """Of each /24 of IPv4 and /64 of IPv6 that mail comes from outside by."""


class RecipientDomainLimitsSection(LimitsSection):
    """Of mail to each domain, from outside and from our own users together."""


class WarmUpSection(Section):
    """Messages a day that grow from day to day, for an address or a domain that nobody knows yet."""

    since: Annotated[date, PlainValidator(_parse_date)]
    start_per_day: Annotated[int, Field(ge=1, le=_MOST)]
    growth: Annotated[float, Field(gt=1, le=10)] = 1.5


class OverrideSection(LimitsSection):
    """Other limits for one; those that are not written stay as they are for all, null lifts them."""

    warm_up: WarmUpSection | None = None

    @property
    def _is_partial(self) -> bool:
        return True


_ByLogin = Annotated[Mapping[Annotated[str, PlainValidator(_parse_login)], OverrideSection], AfterValidator(_frozen)]
_ByDomain = Annotated[Mapping[Domain, OverrideSection], AfterValidator(_frozen)]
_ByNetwork = Annotated[Mapping[Network, OverrideSection], AfterValidator(_frozen)]


def _none(meaning: str) -> Any:
    return Field(default_factory=lambda: MappingProxyType({}), description=meaning)


class OverridesSection(Section):
    """Other limits by name, such as {tenant: {example.com: {messages_per_hour: 5000}}}; null lifts a limit.

    Who is new may begin with a few messages a day, and each day growth times as many: {tenant: {new.example: {warm_up:
    {since: 2026-03-01, start_per_day: 50, growth: 1.5}}}}.
    """

    login: _ByLogin = _none("By login, or '@example.com' for each login of a domain or tenant.")
    tenant: _ByDomain = _none("By domain of ours.")
    client: _ByNetwork = _none("By address, or for each address of a network; the narrowest counts.")
    network: _ByNetwork = _none("By /24 or /64, or for each of those within a wider network; the narrowest counts.")
    recipient_domain: _ByDomain = _none("By domain of recipients.")


class DynamicSection(Section):
    """Scale the limits of clients and networks by what is known of them; needs reputation."""

    enabled: bool = key("Scale them.", default=False)
    least: float = key("Factor for those whose mail is all bad.", default=0.2, least=0.01, most=1)
    most: float = key("Factor for those whose mail is known to be good.", default=3.0, least=1, most=100)


class QuotasSection(Section):
    """Limit how much is sent (docs/quotas.md).  Nothing is limited unless a limit is set."""

    over: Literal["defer", "reject"] = key(
        "What a message gets that would pass a limit: defer answers 451, reject answers 554.", default="defer"
    )
    login: LoginLimitsSection = section(LoginLimitsSection)
    tenant: TenantLimitsSection = section(TenantLimitsSection)
    client: ClientLimitsSection = section(ClientLimitsSection)
    network: NetworkLimitsSection = section(NetworkLimitsSection)
    recipient_domain: RecipientDomainLimitsSection = section(RecipientDomainLimitsSection)
    overrides: OverridesSection = section(OverridesSection)
    dynamic: DynamicSection = section(DynamicSection)
