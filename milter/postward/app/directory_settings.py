# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory is made of, from the section ``directory`` and domains.d; found good before a fork."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from postward.app.directory_files import read_table
from postward.app.redis_target import redis_target
from postward.app.scoring import scale_of
from postward.directory.ldap.settings import LdapSettings
from postward.directory.settings import LookUpSettings
from postward.directory.sql.settings import SqlSettings
from postward.errors import ConfigError, ConfigErrors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.config import Configuration
    from postward.directory.table import Table
    from postward.model.redis_target import RedisTarget

_LDAP_FILTERS = (
    "domain_filter", "recipient_filter", "sender_filter", "group_filter", "network_filter", "profile_filter",
    "profile_group_filter", "people_filter",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisDirectorySettings:
    """Where in Redis the directory is."""

    target: RedisTarget
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPlan:
    """All that ``app.directory.open_directory`` needs; survives a fork, for nothing of it is open."""

    look_up: LookUpSettings
    order: tuple[str, ...]
    files: Table | None = None
    redis: RedisDirectorySettings | None = None
    sql: SqlSettings | None = None
    ldap: LdapSettings | None = None


def plan_directory(config: Configuration) -> DirectoryPlan:
    """Read domains.d and check all sources without asking any; raises ConfigErrors with everything that is wrong."""
    section = config.directory
    files: Table | None = None
    faults: list[ConfigError] = []
    try:
        files = read_table(section.domains_dir, scale_of(config).definitions) if "files" in section.sources else None
    except ConfigErrors as errors:
        faults += errors.errors
    sql, ldap = _sql_settings(config), _ldap_settings(config)
    faults += _redis_faults(config)
    faults += _sql_faults(config, sql) if sql else ()
    faults += _ldap_faults(config, ldap) if ldap else ()
    if faults:
        raise ConfigErrors(faults)
    return DirectoryPlan(
        look_up=LookUpSettings(
            timeout_s=section.timeout_s,
            pass_over_s=section.pass_over_s,
            positive_ttl_s=section.positive_ttl_s,
            negative_ttl_s=section.negative_ttl_s,
            stale_s=section.stale_s,
            cache_entries=section.cache_entries,
            threads=section.connections,
        ),
        order=section.sources,
        files=files,
        redis=_redis_settings(config),
        sql=sql,
        ldap=ldap,
    )


def _redis_settings(config: Configuration) -> RedisDirectorySettings | None:
    redis = config.directory.redis
    if not redis.enabled or "redis" not in config.directory.sources:
        return None
    target = redis_target(config)
    return RedisDirectorySettings(target=target, prefix=redis.prefix) if target is not None else None


def _redis_faults(config: Configuration) -> Iterator[ConfigError]:
    if not config.directory.redis.enabled:
        return
    try:
        target = redis_target(config)
    except ConfigErrors as errors:
        yield from errors.errors
        return
    if target is None:
        yield config.error_at("directory.redis.enabled", "there is no Redis to ask", "set redis.url")


def _sql_settings(config: Configuration) -> SqlSettings | None:
    section = config.directory
    if section.sql.url is None or "sql" not in section.sources:
        return None
    return SqlSettings(
        url=section.sql.url,
        timeout_s=section.timeout_s,
        connections=section.connections,
        domain=section.sql.domain,
        recipient=section.sql.recipient,
        sender=section.sql.sender,
        group=section.sql.group,
        networks=section.sql.networks,
        profile=section.sql.profile,
        people=section.sql.people,
    )


def _sql_faults(config: Configuration, settings: SqlSettings) -> Iterator[ConfigError]:
    key = "directory.sql.url"
    if find_spec("sqlalchemy") is None:
        hint = "apt install python3-sqlalchemy, or pip install 'postward[sql]'"
        yield config.error_at(key, "needs SQLAlchemy, which is not installed", hint)
        return
    from postward.directory.sql.engine import unusable  # noqa: PLC0415 - the library is optional

    problem = unusable(settings)
    if problem is not None:
        yield config.error_at(key, problem, "for PostgreSQL: apt install python3-psycopg, and postgresql+psycopg://...")


def _ldap_settings(config: Configuration) -> LdapSettings | None:
    section, ldap = config.directory, config.directory.ldap
    if ldap.url is None or ldap.base is None or "ldap" not in section.sources:
        return None
    return LdapSettings(
        url=ldap.url,
        base=ldap.base,
        timeout_s=section.timeout_s,
        start_tls=ldap.start_tls,
        ca_file=ldap.ca_file,
        bind_dn=ldap.bind_dn,
        bind_password=ldap.bind_password,
        domain_filter=ldap.domain_filter,
        domain_attributes=ldap.domain_attributes,
        recipient_filter=ldap.recipient_filter,
        sender_filter=ldap.sender_filter,
        group_filter=ldap.group_filter,
        network_filter=ldap.network_filter,
        pattern_attributes=ldap.pattern_attributes,
        tenant_attribute=ldap.tenant_attribute,
        member_attributes=ldap.member_attributes,
        network_attribute=ldap.network_attribute,
        profile_filter=ldap.profile_filter,
        profile_attributes=ldap.profile_attributes,
        other_address_attributes=ldap.other_address_attributes,
        member_of_attribute=ldap.member_of_attribute,
        profile_group_filter=ldap.profile_group_filter,
        group_name_attributes=ldap.group_name_attributes,
        people_filter=ldap.people_filter,
        address_attributes=ldap.address_attributes,
    )


def _ldap_faults(config: Configuration, settings: LdapSettings) -> Iterator[ConfigError]:
    if find_spec("ldap3") is None:
        hint = "apt install python3-ldap3, or pip install 'postward[ldap]'"
        yield config.error_at("directory.ldap.url", "needs ldap3, which is not installed", hint)
        return
    from postward.directory.ldap.filter import is_filter  # noqa: PLC0415 - the library is optional

    for name in _LDAP_FILTERS:
        template = getattr(settings, name)
        if template is not None and not is_filter(template):
            yield config.error_at(f"directory.ldap.{name}", "is no LDAP filter", "each condition stands in parentheses")
