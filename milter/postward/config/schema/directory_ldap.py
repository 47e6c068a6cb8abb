# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``directory.ldap``: filters that the operator writes, and the attributes that are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PlainValidator, model_validator

from postward.config.schema.path import FilePath  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.query import search_filter
from postward.config.schema.section import Section, checked_text, fault, key

_SCHEMES = frozenset({"ldap", "ldaps", "ldapi"})
_MAX_TEXT_LENGTH = 2_048
_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")


def _parse_ldap_url(value: object) -> str | None:
    if value is None:
        return None
    text = checked_text(value)
    hint = "write ldap://127.0.0.1, ldaps://host:636 or ldapi:///run/slapd/ldapi"
    try:
        url = urlsplit(text)
        valid = url.scheme in _SCHEMES and (url.port is None or url.port > 0) and not url.query
        path = url.path.strip("/")
        # The socket of ldapi:// stands in place of the host, with its slashes written as %2F, or behind a third slash.
        valid = valid and bool(url.netloc or path if url.scheme == "ldapi" else url.hostname and not path)
    except ValueError:
        valid = False
    if not valid or len(text) > _MAX_TEXT_LENGTH:
        raise fault("is no URL of an LDAP server", hint)
    return text


def _parse_text(value: object) -> str | None:
    if value is None:
        return None
    text = checked_text(value)
    if not text or len(text) > _MAX_TEXT_LENGTH or not text.isprintable():
        raise fault("must be one line of text")
    return text


def _parse_attribute(value: object) -> str:
    text = checked_text(value)
    if not _ATTRIBUTE.fullmatch(text):
        raise fault("is no name of an LDAP attribute")
    return text


def _parse_field(value: object) -> str:
    text = checked_text(value)
    if not _FIELD.fullmatch(text):
        raise fault("is no name of a setting", "tenant, junk_threshold, archive_address and others in lower case")
    return text


def _frozen(attributes: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(attributes))


_Text = Annotated[str | None, PlainValidator(_parse_text)]
_Attribute = Annotated[str, PlainValidator(_parse_attribute)]
_OptionalAttribute = Annotated[
    str | None, PlainValidator(lambda value: None if value is None else _parse_attribute(value))
]
_Field = Annotated[str, PlainValidator(_parse_field)]
_Attributes = Annotated[Mapping[_Field, _Attribute], AfterValidator(_frozen)]
_DomainFilter = Annotated[str | None, search_filter("domain")]
_RecipientFilter = Annotated[str | None, search_filter("address", "local_part", "domain")]
_SenderFilter = Annotated[str | None, search_filter("login", "local_part", "domain")]
_GroupFilter = Annotated[str | None, search_filter("group")]
_ProfileGroupFilter = Annotated[str | None, search_filter("dn", "address", "local_part", "domain")]
_PlainFilter = Annotated[str | None, search_filter()]


class DirectoryLdapSection(Section):
    """The directory in LDAP; needs ldap3.  Values go into the filters escaped."""

    url: Annotated[str | None, PlainValidator(_parse_ldap_url)] = key(
        "ldap://HOST, ldaps://HOST or ldapi:///path/of.socket; null asks none.", default=None
    )
    start_tls: bool = key("Encrypt after connecting to an ldap:// address.", default=False)
    ca_file: FilePath | None = key("Authorities whose certificates are trusted; null for the system's.", default=None)
    bind_dn: _Text = key("Who logs in; null asks as nobody.", default=None)
    bind_password: _Text = key("The password that goes with it.", default=None)
    base: _Text = key("Below this entry everything is looked for.", default=None)
    domain_filter: _DomainFilter = key(
        'Finds the entry of {domain}, such as "(&(objectClass=domain)(associatedDomain={domain}))".', default=None
    )
    domain_attributes: _Attributes = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Attributes that hold its tenant and settings, such as {tenant: o, archive_address: mail}.",
    )
    recipient_filter: _RecipientFilter = key(
        'Finds an entry where {address} exists, such as "(|(mail={address})(mailAlternateAddress={address}))".',
        default=None,
    )
    sender_filter: _SenderFilter = key(
        "Finds the entries of what {login}, also {local_part} and {domain}, may use: its own, and those of its aliases"
        ' and groups, such as "(|(uid={login})(rfc822MailMember={login}))".',
        default=None,
    )
    pattern_attributes: tuple[_Attribute, ...] = key(
        "Attributes of those entries that hold addresses, @domains, *.domains or group:addresses to use.",
        default=("mail",),
    )
    tenant_attribute: _OptionalAttribute = key("The one that holds the tenant.", default=None)
    group_filter: _GroupFilter = key("Finds the entry of {group}, an address.", default=None)
    member_attributes: tuple[_Attribute, ...] = key(
        "Attributes that hold the addresses of its members.", default=("rfc822MailMember",)
    )
    network_filter: _PlainFilter = key("Finds the entries of clients that do not log in.", default=None)
    network_attribute: _OptionalAttribute = key("The one that holds their network or address.", default=None)
    profile_filter: _RecipientFilter = key("Finds the one entry of {address}, with what rules may ask.", default=None)
    profile_attributes: _Attributes = Field(
        default_factory=lambda: MappingProxyType({"name": "displayName", "manager": "manager"}),
        description="Attributes that hold its name, kind (user, group, alias, shared, room), manager (an address or the"
        " name of an entry) and, by any other name, what rules may ask, such as {name: cn, department: ou}.",
    )
    other_address_attributes: tuple[_Attribute, ...] = key(
        "Attributes that hold addresses elsewhere of the same person.", default=()
    )
    member_of_attribute: _OptionalAttribute = key("The one that holds its groups, such as memberOf.", default=None)
    profile_group_filter: _ProfileGroupFilter = key(
        'Finds its groups by its {dn} or {address}, such as "(&(objectClass=groupOfNames)(member={dn}))".', default=None
    )
    group_name_attributes: tuple[_Attribute, ...] = key(
        "Attributes of those groups by which rules know them.", default=("cn", "mail")
    )
    people_filter: _PlainFilter = key("Finds all people, for rules on display names.", default=None)
    address_attributes: tuple[_Attribute, ...] = key("Attributes that hold the addresses of people.", default=("mail",))

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self.url is not None and self.base is None:
            raise fault("base is missing", "write the suffix of your directory, such as dc=example,dc=com")
        if self.network_filter is not None and self.network_attribute is None:
            raise fault("network_attribute is missing", "name the attribute that holds a network")
        if self.people_filter is not None and "name" not in self.profile_attributes:
            raise fault("profile_attributes has no name", "write the attribute by which people know each other")
        if self.profile_group_filter is not None and self.profile_filter is None:
            raise fault("profile_filter is missing", "the groups are those of the entry that it finds")
        if self.bind_dn is not None and self.bind_password is None:
            raise fault("bind_password is missing", "LDAP takes a name without password for nobody")
        return self
