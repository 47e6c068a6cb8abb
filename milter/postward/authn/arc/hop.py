# SPDX-License-Identifier: GPL-3.0-or-later
"""The ARC Sets of a message: three fields a hop, collected and checked for completeness (RFC 8617 section 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.authn.arc.errors import ChainError
from postward.authn.arc.instance import read_instance, split_results
from postward.authn.arc.settings import MAX_SETS
from postward.authn.dkim.tag_list import TagListError, parse_tag_list

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from postward.authn.dkim.signature_fields import Tags
    from postward.model.header import Headers

SEAL = b"arc-seal"
MESSAGE_SIGNATURE = b"arc-message-signature"
RESULTS = b"arc-authentication-results"

_NAMES = {SEAL: "ARC-Seal", MESSAGE_SIGNATURE: "ARC-Message-Signature", RESULTS: "ARC-Authentication-Results"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One ARC Set; an index is the position of the field in the header."""

    instance: int
    seal_index: int
    seal: Tags
    message_signature_index: int
    message_signature: Tags
    results_index: int
    results: bytes
    """ARC-Authentication-Results after its ``i=N;``."""

    @property
    def chain_status(self) -> bytes:
        """cv= of the seal."""
        return self.seal.get(b"cv", b"").lower()


def collect_hops(headers: Headers, max_field_bytes: int) -> tuple[Hop, ...]:
    """All ARC Sets from instance 1 on; empty without any.  Raises ``ChainError`` where they are not whole."""
    for key, name in _NAMES.items():
        if len(headers.indexes(key)) > MAX_SETS:
            raise ChainError(f"more than {MAX_SETS} {name} fields")
    seals = _signed_fields(headers, SEAL, max_field_bytes)
    signatures = _signed_fields(headers, MESSAGE_SIGNATURE, max_field_bytes)
    results = _results_fields(headers)
    instances = range(1, max((*seals, *signatures, *results), default=0) + 1)
    _check_complete(instances, {SEAL: seals.keys(), MESSAGE_SIGNATURE: signatures.keys(), RESULTS: results.keys()})
    return tuple(
        Hop(
            instance=instance,
            seal_index=seals[instance][0],
            seal=seals[instance][1],
            message_signature_index=signatures[instance][0],
            message_signature=signatures[instance][1],
            results_index=results[instance][0],
            results=results[instance][1],
        )
        for instance in instances
    )


def _check_complete(instances: range, found: Mapping[bytes, AbstractSet[int]]) -> None:
    # RFC 8617 section 5.2 step 3 A and B: each set is complete, and they are numbered from 1 without gaps.
    for instance in instances:
        for key, present in found.items():
            if instance not in present:
                raise ChainError(f"no {_NAMES[key]} with i={instance}")


def _signed_fields(headers: Headers, name: bytes, max_field_bytes: int) -> dict[int, tuple[int, Tags]]:
    fields: dict[int, tuple[int, Tags]] = {}
    for index in headers.indexes(name):
        value = headers[index].value
        if len(value) > max_field_bytes:
            raise ChainError(f"{_NAMES[name]} is too long")
        try:
            tags = parse_tag_list(value)
        except TagListError as error:
            raise ChainError(f"{_NAMES[name]}: {error}") from error
        instance = read_instance(tags.get(b"i"), _NAMES[name])
        if instance in fields:
            raise ChainError(f"two {_NAMES[name]} fields with i={instance}")
        fields[instance] = (index, tags)
    return fields


def _results_fields(headers: Headers) -> dict[int, tuple[int, bytes]]:
    fields: dict[int, tuple[int, bytes]] = {}
    for index in headers.indexes(RESULTS):
        instance, results = split_results(headers[index].value)
        if instance in fields:
            raise ChainError(f"two {_NAMES[RESULTS]} fields with i={instance}")
        fields[instance] = (index, results)
    return fields
