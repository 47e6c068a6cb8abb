# SPDX-License-Identifier: GPL-3.0-or-later
"""What not every configuration needs is imported late, but before workers are forked: they share its memory then.

And they are of one version, also those that take the place of others while a package is being upgraded.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from postward.app.redis_target import redis_target
from postward.model.redis_target import RedisKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.app.directory_settings import DirectoryPlan
    from postward.config import Configuration

_OF_REDIS = (
    "postward.store.greylist",
    "postward.store.quotas.redis_quotas",
    "postward.store.rate_counter",
    "postward.store.reputation.records",
    "postward.store.timed_calls",
)


def import_for_workers(config: Configuration, directory: DirectoryPlan) -> None:
    """Import what a worker of this configuration imports when it first needs it."""
    for name in _needed(config, directory):
        import_module(name)


def _needed(config: Configuration, directory: DirectoryPlan) -> Iterator[str]:
    targets = [target for target in (redis_target(config), directory.redis and directory.redis.target) if target]
    if redis_target(config) is not None:
        yield from _OF_REDIS
    if directory.redis is not None:
        yield "postward.directory.redis"
        yield "postward.store.directory_reader"
    if any(target.kind is RedisKind.CLUSTER for target in targets):
        yield "postward.store.cluster_client"
    if directory.sql is not None:
        yield "postward.directory.sql.source"
    if directory.ldap is not None:
        yield "postward.directory.ldap.source"
    if config.content.enabled:
        yield "postward.mime.html.lxml_reader"
