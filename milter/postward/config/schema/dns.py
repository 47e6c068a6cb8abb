# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``dns``: the resolver of a worker, its cache, and what a message may ask for."""

from __future__ import annotations

from postward.config.schema.endpoint import DnsServer  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.section import Section, key


class DnsSection(Section):
    """The resolver, its cache, and what one message may ask for."""

    servers: tuple[DnsServer, ...] = key(
        "Addresses of name servers, with :PORT if it is not 53; those of /etc/resolv.conf where none is given.",
        default=(),
    )
    timeout_s: float = key(
        "Seconds after which a query has failed, whatever tries are left.", default=5.0, least=0.1, most=30
    )
    tries: int = key(
        "How often each server is asked; a later try is given twice the time of the one before.",
        default=3,
        least=1,
        most=10,
    )
    cache_entries: int = key("Answers kept by a worker.", default=20_000, least=0, most=10_000_000)
    cache_max_bytes: int = key(
        "Bytes of memory for the answers kept by a worker.", default=33_554_432, least=0, most=1_073_741_824
    )
    max_ttl_s: float = key("Seconds that an answer is kept at most.", default=3_600.0, least=0, most=604_800)
    negative_ttl_s: float = key(
        "Seconds for which it is remembered that a name or a record does not exist.", default=30.0, least=0, most=3_600
    )
    failure_ttl_s: float = key(
        "Seconds for which it is remembered that a name gave no answer.", default=2.0, least=0, most=300
    )
    queries_per_message: int = key("Queries that one message may cause.", default=200, least=10, most=10_000)
    time_per_message_s: float = key(
        "Seconds that one message may wait for DNS in all; what is not known by then is a temperror.  Where this is"
        " not less than message.deadline_s, the deadline comes first, with message.failure_action.",
        default=20.0,
        least=0.5,
        most=600,
    )
