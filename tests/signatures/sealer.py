# SPDX-License-Identifier: GPL-3.0-or-later
"""Seals messages set by set, so that a test can get any part wrong (RFC 8617 section 5.1)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.signatures import keys, reference
from tests.signatures.message import read_message
from tests.signatures.signer import Recipe, Tags, base64, body_hash, signed_field, write_tags

if TYPE_CHECKING:
    from collections.abc import Callable

SEALER = "sealer.example"
SELECTOR = "arc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One set to be; tags replace or add to the usual ones."""

    instance: int
    seal: Tags = field(default_factory=dict)
    message_signature: Tags = field(default_factory=dict)
    results: str | None = None
    """Value of ARC-Authentication-Results; None for an ordinary one."""
    recipe: Recipe = field(default_factory=Recipe)
    edit: Callable[[bytes], bytes] = bytes
    """What becomes of the message signature between its making and the sealing; nothing if it is not said."""
    seal_key: str = "rsa2048"
    seal_sha1: bool = False
    seal_layout: str = " {name}={value};"
    leave_out: tuple[str, ...] = ()
    """Fields to leave out in the end: "seal", "message_signature", "results"."""
    below: tuple[bytes, ...] | None = None
    """What the seal covers of the sets below; None for all that is there."""


def seal(raw: bytes, *hops: Hop) -> bytes:
    """The message with these sets on top, each over what the one before left."""
    for hop in hops:
        raw = _add_set(raw, hop)
    return raw


def algorithm(key: str) -> str:
    return "ed25519-sha256" if key == "ed25519" else "rsa-sha256"


def _add_set(raw: bytes, hop: Hop) -> bytes:
    default = f" i={hop.instance}; {SEALER}; spf=pass smtp.mailfrom=example.org; arc=none"
    results = f"ARC-Authentication-Results:{default if hop.results is None else hop.results}\r\n".encode()
    # The message signature may cover the results of its own set, which are there before it (section 5.1).
    signature = hop.edit(_message_signature(results + raw, hop))
    seal_field = _seal(raw, hop, results, signature)
    parts = {"seal": seal_field, "message_signature": signature, "results": results}
    return b"".join(part for name, part in parts.items() if name not in hop.leave_out) + raw


def _message_signature(raw: bytes, hop: Hop) -> bytes:
    recipe = replace(hop.recipe, field="ARC-Message-Signature")
    tags: Tags = {
        "i": str(hop.instance),
        "a": "rsa-sha1" if recipe.sha1 else algorithm(recipe.key),
        "c": f"{recipe.header}/{recipe.body}",
        "d": SEALER,
        "s": SELECTOR,
        "t": str(12345 + hop.instance),
        "h": ":".join(recipe.names),
        "bh": body_hash(raw, recipe.body, recipe.body_length),
        "b": "",
    }
    return signed_field(raw, tags | hop.message_signature, recipe)


def _seal(raw: bytes, hop: Hop, results: bytes, signature: bytes) -> bytes:
    tags: Tags = {
        "i": str(hop.instance),
        "a": "rsa-sha1" if hop.seal_sha1 else algorithm(hop.seal_key),
        "cv": "none" if hop.instance == 1 else "pass",
        "d": SEALER,
        "s": SELECTOR,
        "t": str(12345 + hop.instance),
        "b": "",
    }
    tags = tags | hop.seal
    below = arc_fields(raw) if hop.below is None else list(hop.below)
    data = b"".join(map(_relaxed, [*below, results, signature]))
    data += _relaxed(b"ARC-Seal:" + write_tags(tags, hop.seal_layout).encode() + b"\r\n").removesuffix(b"\r\n")
    if tags.get("b") == "":
        tags = tags | {"b": base64(keys.sign(hop.seal_key, data, sha1=hop.seal_sha1))}
    return f"ARC-Seal:{write_tags(tags, hop.seal_layout)}\r\n".encode()


def arc_fields(raw: bytes) -> list[bytes]:
    """ARC fields of a message made here, in the order in which a seal covers them: the sets stand newest first."""
    headers, _ = read_message(raw)
    fields = [header.raw for header in headers if header.key.startswith(b"arc-")]
    return fields[::-1]


def _relaxed(field_text: bytes) -> bytes:
    name, _, value = field_text.partition(b":")
    return reference.relaxed_field(name, value.removesuffix(b"\r\n"))
