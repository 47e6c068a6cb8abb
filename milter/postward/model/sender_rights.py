# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether those who sent a message may use the addresses it bears."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """The answer for one address."""

    ALLOWED = "allowed"
    DENIED = "denied"
    NOT_JUDGED = "not judged"
    """Nothing is said of this sender: there is no directory, or it knows nothing of the client's network."""
    UNAVAILABLE = "unavailable"
    """The directory did not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderRights:
    """What the directory says of one message of our own users."""

    envelope: Permission
    header_from: Permission
    """For all authors together: DENIED also where From cannot be read, NOT_JUDGED also where there is none."""
    identity: str = ""
    """The login, or the network, in words; may hold text from outside."""
    tenant: str = ""
    """Whose mail this is; "" where nobody says."""
    own_address: str = ""
    """What may stand in place of an address that is not allowed; "" where the sender has none that fits the message."""
    from_addresses: tuple[str, ...] = ()
    """The distinct addresses of all From fields, their domains as A-labels; may hold text from outside."""
    from_fields: int = 0
    """How many From fields there are."""
    from_is_readable: bool = True
    """False where From may name others besides ``from_addresses``."""
    replaced_from: str = ""
    """The sender's own address, where it has been put into From in place of what came."""

    @property
    def is_judged(self) -> bool:
        """True where the directory has said what this sender may use."""
        permissions = {self.envelope, self.header_from}
        return Permission.UNAVAILABLE not in permissions and permissions != {Permission.NOT_JUDGED}

    @property
    def author(self) -> str:
        """The one address in From as it is delivered; "" where there is not exactly one for certain."""
        if self.replaced_from:
            return self.replaced_from
        is_one = self.from_fields == len(self.from_addresses) == 1
        return self.from_addresses[0] if is_one and self.from_is_readable else ""

    @property
    def has_several_authors(self) -> bool:
        """More than one From field, or several addresses in it."""
        return self.from_fields > 1 or len(self.from_addresses) > 1
