# SPDX-License-Identifier: GPL-3.0-or-later
"""A mark on mail that has been judged, by which it is known when a content filter gives it back.

The field ``X-Postward-Pass: v=1; t=<Unix time>; h=<hex>`` holds a keyed hash over our Authentication-Results,
the Message-ID and the time; a message without any Authentication-Results counts as one with an empty one.  The mark is
honoured only from this very host, and removed from whatever comes from outside; so it needs to withstand a local
content filter's changes, not an attacker on the wire.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from postward.model.action import AddHeader

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.model.header import Headers

FIELD_NAME = "X-Postward-Pass"
_KEY = FIELD_NAME.lower().encode()
_FORM = re.compile(rb"\s*v=1; t=(\d{1,12}); h=([0-9a-f]{64})\s*")
_LIFETIME_S = 5 * 86_400
_CLOCK_SKEW_S = 300
"""By so much the clock may have been set back since."""
_MAX_FIELDS = 8


class PassMark:
    """Issues and recognises the mark; ``secret`` is this host's own."""

    def __init__(self, secret: bytes, *, clock: Callable[[], float]) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, authentication_results: bytes, headers: Headers) -> AddHeader:
        """Give the field for a message that gets this Authentication-Results value."""
        stamp = b"%d" % int(self._clock())
        digest = self._digest(stamp, authentication_results, headers)
        return AddHeader(name=FIELD_NAME, value=b"v=1; t=%s; h=%s" % (stamp, digest))

    def issue_anew(self, headers: Headers) -> AddHeader:
        """Give the field for a message that is what we have made of it: it fits the topmost Authentication-Results."""
        results = headers.first(b"authentication-results")
        return self.issue(b"" if results is None else results.value, headers)

    def vouches_for(self, headers: Headers) -> bool:
        """Whether the message bears a mark of ours that fits one of its Authentication-Results fields."""
        fields = headers.all(b"authentication-results")[:_MAX_FIELDS]
        results = [field.value for field in fields] or [b""]
        for field in headers.all(_KEY)[:_MAX_FIELDS]:
            form = _FORM.fullmatch(field.value)
            if form is None or not -_CLOCK_SKEW_S <= self._clock() - int(form.group(1)) <= _LIFETIME_S:
                continue
            stamp, given = form.groups()
            if any(hmac.compare_digest(given, self._digest(stamp, result, headers)) for result in results):
                return True
        return False

    def _digest(self, stamp: bytes, authentication_results: bytes, headers: Headers) -> bytes:
        message_id = headers.first(b"message-id")
        # White space is left out: a content filter may fold the fields anew.
        parts = (stamp, authentication_results, message_id.value if message_id else b"")
        text = b"\0".join(b"".join(part.split()) for part in parts)
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest().encode()
