# SPDX-License-Identifier: GPL-3.0-or-later
"""How the directory is asked, and how much of it is remembered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpSettings:
    """One set for all sources; one memory a worker."""

    timeout_s: float = 2.0
    """After this long a question has failed, whichever sources were asked meanwhile."""
    pass_over_s: float = 10.0
    """A source that did not answer in time is not asked again for so long."""
    positive_ttl_s: float = 300.0
    negative_ttl_s: float = 60.0
    """For what is not there: a domain, recipient or login."""
    stale_s: float = 86_400.0
    """So much longer an answer serves while no source gives another."""
    cache_entries: int = 20_000
    """Of each kind: domains, recipients, logins, profiles."""
    threads: int = 4
    """For each source that has to be waited for; one more asks for all people."""
    people_timeout_s: float = 60.0
    """After this long the question for all people has failed; whoever asks waits for ``timeout_s`` only."""
