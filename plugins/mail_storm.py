# SPDX-License-Identifier: GPL-3.0-or-later
"""Put mail to a group off while a storm of it comes in, such as everybody's answer to everybody.

Counts per group in a sliding window: more than ``limit`` messages in each of ``over`` of the last ``windows`` windows
is a storm.  The message is put off (452) as a whole; counters or a directory out of reach put nothing off.
"""

from __future__ import annotations

from dataclasses import dataclass

from postward.rules.api import Action, Context, Defer, Message, TemporaryFailure, rule

_MAX_ADDRESS_CHARS = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class StormSettings:
    """See docs/plugins/mail_storm.md; raises ValueError."""

    limit: int = 20
    window_s: float = 60.0
    over: int = 3
    windows: int = 5
    kinds: tuple[str, ...] = ("group",)
    addresses: tuple[str, ...] = ()
    text: str = "Too many messages to this group, please try again later"

    def __post_init__(self) -> None:
        if not 1 <= self.over <= self.windows <= 60 or self.limit < 1 or self.window_s < 1:  # noqa: PLR2004 - a bound
            raise ValueError("over must be from 1 to windows, windows at most 60, limit and window_s at least 1")


@rule(id="mail_storm", needs={"envelope", "directory", "rate"}, may={"defer"}, on_error="ignore", config=StormSettings)
def mail_storm(message: Message, config: StormSettings, context: Context) -> list[Action]:
    """Put mail to a group off while too much of it comes in."""
    asked = (message.recipient,) if message.recipient is not None else message.recipients
    try:
        groups = {key for view in asked if (key := _group(view.address, config, context))}
        stormy = [_is_storm(key, config, context) for key in sorted(groups)]
    except TemporaryFailure:
        context.log("storms cannot be told while directory or counters are out of reach")
        return []
    return [Defer(code=452, enhanced="4.7.1", text=config.text)] if any(stormy) else []


def _group(address: str, config: StormSettings, context: Context) -> str:
    """Give the name under which a group is counted, the same for all its spellings; "" for what is no group."""
    profile = context.directory.profile(address) if len(address) <= _MAX_ADDRESS_CHARS else None
    name = profile.address if profile is not None else address.lower()
    is_named = name in {listed.lower() for listed in config.addresses}
    return name if is_named or (profile is not None and profile.kind in config.kinds) else ""


def _is_storm(key: str, config: StormSettings, context: Context) -> bool:
    counts = context.rate(key, window_s=config.window_s, windows=config.windows)
    return sum(count > config.limit for count in counts) >= config.over
