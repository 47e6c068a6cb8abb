# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``directory``: whose mail this host handles, and who may send as whom."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, PlainValidator

from postward.config.schema.directory_ldap import DirectoryLdapSection
from postward.config.schema.directory_sql import DirectorySqlSection
from postward.config.schema.path import Directory, parse_directory
from postward.config.schema.section import Section, checked_text, fault, key, section

_SourceName = Literal["files", "redis", "sql", "ldap"]
_MAX_PREFIX_LENGTH = 256


def _parse_prefix(value: object) -> str:
    text = checked_text(value)
    if len(text) > _MAX_PREFIX_LENGTH or not text.isprintable() or set("{}") & set(text):
        raise fault("is no prefix of keys", "printable characters but { and }")
    return text


def _different(sources: tuple[_SourceName, ...]) -> tuple[_SourceName, ...]:
    if len(set(sources)) < len(sources):
        raise fault("names a source twice")
    return sources


class DirectoryRedisSection(Section):
    """The directory in Redis (redis.url), where your own programs keep it up to date."""

    enabled: bool = key("Ask Redis.", default=False)
    prefix: Annotated[str, PlainValidator(_parse_prefix)] = key(
        "What all the keys begin with.", default="postward:directory:"
    )


class DirectorySection(Section):
    """Hosted domains, their recipients, and who may send as whom (docs/directory.md)."""

    domains_dir: Directory = key(
        "Directory of one file for every domain; it need not exist.", default=parse_directory("/etc/postward/domains.d")
    )
    sources: Annotated[tuple[_SourceName, ...], AfterValidator(_different)] = key(
        "The order in which sources are asked; those that are not configured are left out.",
        default=("files", "redis", "sql", "ldap"),
    )
    timeout_s: float = key("After so long a question has failed.", default=2.0, least=0.1, most=60)
    pass_over_s: float = key(
        "A source that did not answer in time is not asked again for so long.", default=10.0, least=1, most=3_600
    )
    positive_ttl_s: float = key("How long an answer is remembered.", default=300.0, least=1, most=86_400)
    negative_ttl_s: float = key(
        "How long it is remembered that something is not there.", default=60.0, least=1, most=86_400
    )
    stale_s: float = key(
        "For so much longer a remembered answer serves while the source is silent; never to refuse mail.",
        default=86_400.0,
        least=0,
        most=2_592_000,
    )
    cache_entries: int = key(
        "Answers remembered of each kind, in each worker.", default=20_000, least=100, most=10_000_000
    )
    connections: int = key("Connections to each source, in each worker.", default=4, least=1, most=64)
    redis: DirectoryRedisSection = section(DirectoryRedisSection)
    sql: DirectorySqlSection = section(DirectorySqlSection)
    ldap: DirectoryLdapSection = section(DirectoryLdapSection)
