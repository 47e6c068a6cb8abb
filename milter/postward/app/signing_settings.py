# SPDX-License-Identifier: GPL-3.0-or-later
"""How mail is signed, from the section ``signing``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.signing.dkim_sign import DkimSigningSettings
from postward.signing.signed_fields import SignedFieldSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.config import Configuration

_DAY_S = 86_400


def dkim_signing_settings(config: Configuration) -> DkimSigningSettings:
    """What our signatures say and cover."""
    signing = config.signing
    header, _, body = signing.canonicalization.partition("/")
    return DkimSigningSettings(
        header_canonicalization=header,
        body_canonicalization=body,
        fields=SignedFieldSettings(
            oversigned=_octets(signing.oversign),
            oversigned_where_present=_octets(signing.oversign_where_present),
            extra=_octets(signing.extra_fields),
        ),
        expires_after_s=None if signing.expire_after_days is None else signing.expire_after_days * _DAY_S,
        author_identity=signing.author_identity,
    )


def defers_on_unusable_key(config: Configuration) -> bool:
    """Mail of a domain whose keys cannot be used waits; otherwise it goes unsigned."""
    return config.signing.on_unusable_key == "defer"


def _octets(names: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(name.encode("ascii") for name in names)
