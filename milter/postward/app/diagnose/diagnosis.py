# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the checks, in the order in which an operator would look."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.app.configuration_file import configuration_in_force
from postward.app.diagnose.directory_sources import check_directory
from postward.app.diagnose.dns_lists import check_dns_lists
from postward.app.diagnose.finding import Level, error, ok
from postward.app.diagnose.kept_messages import check_kept_messages
from postward.app.diagnose.milter_socket import check_socket
from postward.app.diagnose.name_service import check_authserv_id, check_dns
from postward.app.diagnose.permissions import check_file_permissions, check_spool_dir, check_state_dir
from postward.app.diagnose.postfix import check_postfix
from postward.app.diagnose.published_keys import check_published_keys
from postward.app.diagnose.reputation_store import check_redis
from postward.app.diagnose.return_path import check_return_path
from postward.app.diagnose.scanners import check_scanners
from postward.app.diagnose.signing_keys import check_signing_keys, load_keys_as
from postward.app.diagnose.transport_rules import check_rules
from postward.app.directory_settings import plan_directory
from postward.app.mta_lines.postconf import PostconfFailure, find_postconf
from postward.app.mta_lines.postfix_host import read_postfix_host
from postward.app.settings import authserv_id, dns_settings
from postward.dns.cares import CaresResolver
from postward.dns_lists.asking import ResolverAsking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postward.app.diagnose.finding import Finding
    from postward.app.directory_settings import DirectoryPlan
    from postward.app.mta_lines.postfix_host import PostfixHost
    from postward.app.signing_keys import SigningKeys
    from postward.config import Configuration
    from postward.dns.answer import Answer, RecordType


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What to check, and as whom."""

    config: Path | None
    config_only: bool = False
    mta_user: str = ""
    """The user that the MTA connects as; "" takes Postfix's mail_owner."""
    service_user: str = "postward"
    postconf_dir: Path | None = None


def diagnose(request: CheckRequest) -> tuple[Finding, ...]:
    """Everything found; raises ConfigErrors where the configuration is wrong, for nothing else can be tried then."""
    config = configuration_in_force(request.config)
    directory = plan_directory(config)
    read = ok("config", f"{config.path} is right" if config.path else "no file; the defaults are in force")
    rules = tuple(check_rules(config))
    return (read, *rules) if request.config_only else (read, *rules, *_try_all(config, directory, request))


def is_passed(findings: tuple[Finding, ...], *, strict: bool) -> bool:
    """True without an error; with ``strict`` also without a warning."""
    worst = {Level.ERROR, Level.WARNING} if strict else {Level.ERROR}
    return not any(finding.level in worst for finding in findings)


def _try_all(config: Configuration, directory: DirectoryPlan, request: CheckRequest) -> Iterator[Finding]:
    """The socket is tried before DNS, for that check forks, and the resolver starts a thread."""
    if config.path:
        yield check_file_permissions(config, request.service_user)
    yield check_state_dir(config, request.service_user)
    yield check_spool_dir(config, request.service_user)
    yield from check_kept_messages(config, request.service_user)
    keys = load_keys_as(config, request.service_user)
    yield from check_signing_keys(config, keys, request.service_user)
    yield check_return_path(config, request.service_user)
    host, postfix = _postfix(config, request)
    mta_user = request.mta_user or (host.mail_owner if host else "postfix")
    yield check_socket(config, host, mta_user)
    yield from postfix
    yield from check_scanners(config, service_user=request.service_user)
    yield check_authserv_id(authserv_id(config))
    yield from _dns(config, keys)
    yield check_redis(config, request.service_user)
    yield from check_directory(directory)


def _postfix(config: Configuration, request: CheckRequest) -> tuple[PostfixHost | None, list[Finding]]:
    postconf = find_postconf()
    if postconf is None:
        return None, [ok("postfix", "there is none on this host")]
    try:
        host = read_postfix_host(postconf, request.postconf_dir)
    except PostconfFailure as failure:
        return None, [error("postfix", f"its configuration cannot be read: {failure}")]
    return host, check_postfix(host, config)


def _dns(config: Configuration, keys: SigningKeys) -> Iterator[Finding]:
    settings = dns_settings(config)
    resolver = CaresResolver(settings)

    def lookup(name: str, record_type: RecordType) -> Answer:
        return resolver.resolve(name, record_type, settings.timeout_s + 1)

    try:
        yield check_dns(lookup, settings.servers)
        yield from check_dns_lists(config, ResolverAsking(resolver))
        yield from check_published_keys(keys.listed, lookup, time.time())
    finally:
        resolver.close()
