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
    """NOT_JUDGED also where From cannot be read or is not one address; ``from_count`` tells."""
    identity: str = ""
    """The login, or the network, in words; may hold text from outside."""
    tenant: str = ""
    """Whose mail this is; "" where nobody says."""
    from_addresses: tuple[str, ...] = ()
    """The addresses of all From fields, as written, at most a few."""
    from_fields: int = 0
    """How many From fields there are."""
