# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a plan changes what the signatures of a message cover."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from postward.authn.arc.hop import MESSAGE_SIGNATURE
from postward.authn.dkim.errors import SignatureError
from postward.authn.dkim.settings import SignatureLimits
from postward.authn.dkim.signature_fields import read_header_names
from postward.authn.dkim.tag_list import TagListError, parse_tag_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.model.action import Plan
    from postward.model.header import Headers

_MAX_SIGNATURES = 100
"""Looked at in one message, from the top."""
_DEFAULT_LIMITS = SignatureLimits()


def changes_signed_content(headers: Headers, plan: Plan, limits: SignatureLimits = _DEFAULT_LIMITS) -> bool:
    """Whether ``plan`` replaces a signed body, or changes a field that a signature names in its h=.

    ``headers`` are the fields as they came.

    Whether such a signature is valid does not matter; without any, nothing is signed and a change breaks nothing.
    """
    signatures = list(islice(_signatures(headers), _MAX_SIGNATURES))
    if signatures and plan.new_body is not None:
        return True
    changed = {addition.name.encode("ascii").lower() for addition in plan.additions}
    changed.update(removal.name.rstrip(b" \t").lower() for removal in plan.removals)
    changed.update(change.name.rstrip(b" \t").lower() for change in plan.changes)
    return any(not changed.isdisjoint(_names(value, limits)) for value in signatures)


def _signatures(headers: Headers) -> Iterator[bytes]:
    for name in (b"dkim-signature", MESSAGE_SIGNATURE):
        yield from (field.value for field in headers.all(name))


def _names(value: bytes, limits: SignatureLimits) -> tuple[bytes, ...]:
    """h= of a signature; nothing where it cannot be read, for then it is not valid either."""
    if len(value) > limits.max_signature_bytes:
        return ()
    try:
        return read_header_names(parse_tag_list(value), limits.max_header_names)
    except (TagListError, SignatureError):
        return ()
