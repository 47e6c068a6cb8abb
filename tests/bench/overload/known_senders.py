# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reputation store knows before the crowd comes: good clients, bad ones, and one correspondence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.identity import EVERYBODY, Identity, IdentityKind
from postward.model.redis_url import parse_redis_url
from postward.model.reputation import Correspondence, Evidence
from postward.pipeline.client_trust import network_of
from postward.store.reputation.records import RedisReputation
from postward.store.timed_calls import TimedCalls

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Address

_MESSAGES = 200.0


def teach(url: str, *, good: Sequence[IPv4Address], bad: Sequence[IPv4Address], written_to: Correspondence) -> None:
    """Put it into the Redis at ``url``: of each client what some hundred messages have shown."""
    calls = TimedCalls(parse_redis_url(url))
    records = RedisReputation(calls)
    liked, disliked = Evidence(good=_MESSAGES, seen=_MESSAGES), Evidence(bad=_MESSAGES, seen=_MESSAGES)
    records.add({EVERYBODY: Evidence(good=6_000.0, bad=4_000.0, seen=10_000.0)})
    for client, evidence in [*((one, liked) for one in good), *((one, disliked) for one in bad)]:
        records.add(
            {
                Identity(IdentityKind.IP, str(client)): evidence,
                Identity(IdentityKind.NETWORK, network_of(client)): evidence,
            }
        )
    records.note([written_to])
    records.flush()
    records.close()
    calls.close()
