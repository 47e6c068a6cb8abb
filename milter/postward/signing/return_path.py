# SPDX-License-Identifier: GPL-3.0-or-later
"""Return paths that only we can make: what is put in place of an envelope sender, and what a bounce to it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from postward.signing.batv import has_tag_form, tag, untag
from postward.signing.feedback_token import verify
from postward.signing.token_fault import TokenFault

if TYPE_CHECKING:
    from postward.signing.feedback_keys import FeedbackKeys
    from postward.signing.feedback_token import FeedbackToken

_VERP_PREFIX = "b+"
_MAX_ADDRESS_OCTETS = 254
"""RFC 5321 section 4.5.3.1.3: a path has 256 octets, angle brackets included."""


class ReturnPathStyle(StrEnum):
    """How a return path is written."""

    VERP = "verp"
    """``b+POOL.TOKEN@bounce-domain``: says which message it was, and takes bounces to one place."""
    BATV = "batv"
    """``prvs=TAG=local@domain``: bounces go back to who sent the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPathSettings:
    """Which senders get a return path, and of what kind; domains are A-labels in lower case."""

    style: ReturnPathStyle
    domains: frozenset[str]
    """Domains of envelope senders that are replaced."""
    bounce_domain: str = ""
    """Where return paths of the style verp lie."""
    deliver_to: str = ""
    """Who gets bounces to return paths of the style verp."""
    pool: str = "a"
    max_age_days: int = 10

    def has_form(self, address: str) -> bool:
        """Whether nobody but us may have made this address."""
        if self.style is ReturnPathStyle.BATV:
            return has_tag_form(address) and _domain(address) in self.domains
        return address[: len(_VERP_PREFIX)].lower() == _VERP_PREFIX and _domain(address) == self.bounce_domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What an address that has the form of our return paths is worth."""

    address: str = ""
    """Where mail to it goes; "" where it is not to be believed."""
    token: FeedbackToken | None = None
    fault: TokenFault | None = None


class ReturnPaths:
    """Makes and reads return paths; keeps nothing."""

    def __init__(self, settings: ReturnPathSettings, keys: FeedbackKeys) -> None:
        self._settings = settings
        self._keys = keys

    @property
    def needs_token(self) -> bool:
        """Whether ``make`` wants the token of the message."""
        return self._settings.style is ReturnPathStyle.VERP

    def make(self, sender: str, token: str, now_s: float) -> str | None:
        """Give the return path in place of ``sender``; None where it stays as it is.

        So do the null path, a sender of another domain, one that is a return path already, ours or a mailing list's
        (``list+bob=example.net@``), and one that would become too long.  ``now_s`` is Unix time.
        """
        settings = self._settings
        # A list manager finds by the part with "=" whose address bounced: it has to get its own path back.
        if _domain(sender) not in settings.domains or self.has_form(sender) or "=" in sender:
            return None
        if settings.style is ReturnPathStyle.BATV:
            path = tag(sender, self._keys, now_s=now_s, max_age_days=settings.max_age_days)
        else:
            path = f"{_VERP_PREFIX}{settings.pool}.{token}@{settings.bounce_domain}"
        return path if path is not None and len(path) <= _MAX_ADDRESS_OCTETS else None

    def has_form(self, address: str) -> bool:
        """Whether nobody but us may have made this address."""
        return self._settings.has_form(address)

    def read(self, address: str, now_s: float) -> Returned | None:
        """Verify a recipient; None for one that has not the form of our return paths.  Never raises."""
        settings = self._settings
        if not self.has_form(address):
            return None
        if settings.style is ReturnPathStyle.BATV:
            reading = untag(address, self._keys, now_s=now_s, max_age_days=settings.max_age_days)
            return Returned(address=reading.address, fault=reading.fault)
        pool, _, text = address.rpartition("@")[0][len(_VERP_PREFIX) :].partition(".")
        found = verify(text, self._keys, now_s=now_s, max_age_days=settings.max_age_days)
        if found.token is not None and found.token.pool != pool.lower():
            return Returned(fault=TokenFault.FORGED)
        return Returned(address=settings.deliver_to if found.token else "", token=found.token, fault=found.fault)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
