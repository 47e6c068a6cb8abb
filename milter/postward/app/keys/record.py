# SPDX-License-Identifier: GPL-3.0-or-later
"""The DNS record that publishes a key (RFC 6376 section 3.6.1, RFC 8463)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.authn.dkim.key_lookup import query_name

if TYPE_CHECKING:
    from postward.signing.loaded_key import LoadedKey

_STRING_OCTETS = 255
"""RFC 1035 section 3.3: the longest string of a TXT record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecordText:
    """One TXT record."""

    name: str
    """Without the closing dot."""
    value: str

    @property
    def strings(self) -> tuple[str, ...]:
        """The value in pieces of at most 255 octets."""
        return tuple(self.value[start : start + _STRING_OCTETS] for start in range(0, len(self.value), _STRING_OCTETS))

    @property
    def zone_line(self) -> str:
        """The record as a zone file has it."""
        quoted = [f'"{text}"' for text in self.strings]
        if len(quoted) == 1:
            return f"{self.name}. IN TXT {quoted[0]}"
        return "\n".join((f"{self.name}. IN TXT (", *(f"    {text}" for text in quoted), ")"))


def key_record(key: LoadedKey) -> KeyRecordText:
    """Give the record for a key."""
    kind = "rsa" if key.private_key.is_rsa else "ed25519"
    public = base64.b64encode(key.private_key.public_octets()).decode("ascii")
    return KeyRecordText(name=query_name(key.selector, key.domain), value=f"v=DKIM1; k={kind}; p={public}")
