# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``directory.sql``: queries that the operator writes."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import PlainValidator

from postward.config.schema.query import query
from postward.config.schema.section import Section, checked_text, fault, key

_MAX_URL_LENGTH = 2_048
_SCHEME = re.compile(r"[a-z0-9_]+(\+[a-z0-9_]+)?")


def _parse_sql_url(value: object) -> str | None:
    """The URL unchanged; a fault never quotes it, for it may hold a password."""
    if value is None:
        return None
    text = checked_text(value)
    scheme, separator, _ = text.partition("://")
    if not separator or not _SCHEME.fullmatch(scheme) or len(text) > _MAX_URL_LENGTH:
        raise fault("is no URL of a data base", "write postgresql+psycopg://user@/mail or sqlite:////path/of.db")
    return text


_DomainQuery = Annotated[str | None, query("domain")]
_RecipientQuery = Annotated[str | None, query("address", "local_part", "domain")]
_SenderQuery = Annotated[str | None, query("login")]
_GroupQuery = Annotated[str | None, query("group")]
_PlainQuery = Annotated[str | None, query()]


class DirectorySqlSection(Section):
    """The directory in an SQL data base; needs SQLAlchemy and a driver."""

    url: Annotated[str | None, PlainValidator(_parse_sql_url)] = key(
        "postgresql+psycopg://USER:PASSWORD@HOST/NAME or another URL that SQLAlchemy knows; null asks none.",
        default=None,
    )
    domain: _DomainQuery = key(
        "SELECT of the row of :domain; its columns tenant, suspect_threshold, junk_threshold, reject_threshold, weights"
        " (SPF_FAIL=2.5, DKIM_NONE=0), on_dmarc_reject, on_dmarc_quarantine, reject_unknown_recipients and"
        " archive_address are read where it has them, others are values for rules.",
        default=None,
    )
    recipient: _RecipientQuery = key(
        "SELECT that gives a row where the recipient exists: :address, or :local_part and :domain.", default=None
    )
    sender: _SenderQuery = key(
        "SELECT of may_use, and tenant where there is one, for :login; each row, or each word in it, is what the login"
        " may use.",
        default=None,
    )
    group: _GroupQuery = key("SELECT of the members of :group, an address; one a row.", default=None)
    networks: _PlainQuery = key("SELECT of network, may_use and tenant, for clients that do not log in.", default=None)
    profile: _RecipientQuery = key(
        "SELECT of what is known of :address, or :local_part and :domain: name, kind (user, group, alias, shared,"
        " room), groups, manager and other_addresses are read where it has them, others are attributes for rules.",
        default=None,
    )
    people: _PlainQuery = key("SELECT of name and address of all people, for rules on display names.", default=None)
