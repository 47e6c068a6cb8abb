# SPDX-License-Identifier: GPL-3.0-or-later
"""Make what asks suspects to come again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.actions.greylist_decision import GreylistExemptions
from postward.app.redis_target import redis_target
from postward.errors import ConfigErrors
from postward.pipeline.greylist_identity import NetworkWidth
from postward.pipeline.greylist_stage import GreylistSettings, GreylistStage, GreylistTrial

if TYPE_CHECKING:
    from postward.config import Configuration
    from postward.config.schema.greylisting import GreylistingSection
    from postward.store.timed_calls import TimedCalls

_DAY_S = 86_400.0


def check_greylisting(config: Configuration) -> None:
    """Raise ConfigErrors where it is switched on and has no memory."""
    if config.greylisting.enabled and redis_target(config) is None:
        raise ConfigErrors(
            [config.error_at("greylisting.enabled", "there is no Redis to remember in", "set redis.url")]
        )


def open_greylisting(config: Configuration, calls: TimedCalls | None) -> GreylistStage | None:
    """Give the stage of this process, whose way to Redis ``calls`` is; None where it is switched off.

    Call ``check_greylisting`` before.
    """
    if not config.greylisting.enabled or calls is None:
        return None
    from postward.store.greylist import GreylistTimes, RedisGreylist  # noqa: PLC0415 - as in app.rates

    section = config.greylisting
    times = GreylistTimes(delay_s=section.delay_s, window_s=section.window_s, known_s=section.known_days * _DAY_S)
    return GreylistStage(RedisGreylist(calls, times), greylist_settings(section))


def greylisting_trial(config: Configuration) -> GreylistTrial | None:
    """Give what tells of a stored message that it would have to come again; None where that is switched off."""
    return GreylistTrial(greylist_settings(config.greylisting)) if config.greylisting.enabled else None


def greylist_settings(section: GreylistingSection) -> GreylistSettings:
    """Who has to wait, and for how long."""
    return GreylistSettings(
        delay_s=section.delay_s,
        width=NetworkWidth(ipv4_bits=section.ipv4_prefix, ipv6_bits=section.ipv6_prefix),
        exemptions=GreylistExemptions(networks=section.exempt.networks, domains=frozenset(section.exempt.domains)),
    )
