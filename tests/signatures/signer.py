# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs messages tag by tag, so that a test can get any of them wrong.

Every tag may be replaced, left out (None) or added; ``b`` is made over what results.  The canonicalisation is the one
of ``reference``.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from tests.signatures import keys, reference
from tests.signatures.message import read_message

Tags = dict[str, str | None]

DOMAIN = "example.org"
SELECTOR = "sel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a signature is made, as opposed to what it says."""

    key: str = "rsa2048"
    header: str = "relaxed"
    body: str = "relaxed"
    names: tuple[str, ...] = ("from", "to", "subject", "date")
    layout: str = " {name}={value};"
    """How a tag is written."""
    field: str = "DKIM-Signature"
    sha1: bool = False
    body_length: int | None = None


def base64(octets: bytes) -> str:
    return b64encode(octets).decode("ascii")


def body_hash(raw: bytes, canonicalization: str, length: int | None = None) -> str:
    """Value of bh= for a message."""
    _, body = read_message(raw)
    return base64(sha256(reference.BODIES[canonicalization](bytes(body))[:length]).digest())


def sign_dkim(raw: bytes, tags: Tags | None = None, recipe: Recipe | None = None) -> bytes:
    """The message with a signature on top."""
    recipe = recipe or Recipe()
    algorithm = "ed25519-sha256" if recipe.key == "ed25519" else "rsa-sha256"
    all_tags: Tags = {
        "v": "1",
        "a": "rsa-sha1" if recipe.sha1 else algorithm,
        "c": f"{recipe.header}/{recipe.body}",
        "d": DOMAIN,
        "s": SELECTOR,
        "h": ":".join(recipe.names),
        "l": None if recipe.body_length is None else str(recipe.body_length),
        "bh": body_hash(raw, recipe.body, recipe.body_length),
        "b": "",
    } | (tags or {})
    return signed_field(raw, all_tags, recipe) + raw


def signed_field(raw: bytes, tags: Tags, recipe: Recipe) -> bytes:
    """One signature field over ``raw``, with its CRLF."""
    value = write_tags(tags, recipe.layout)
    canonical = reference.FIELDS[recipe.header]
    data = b"".join(canonical(name, text) for name, text in selected(raw, recipe.names))
    data += canonical(recipe.field.encode(), value.encode()).removesuffix(b"\r\n")
    if tags.get("b") == "":
        tags = tags | {"b": base64(keys.sign(recipe.key, data, sha1=recipe.sha1))}
    return f"{recipe.field}:{write_tags(tags, recipe.layout)}\r\n".encode()


def write_tags(tags: Tags, layout: str) -> str:
    """An empty b= is written as it is hashed: without the white space around its value (RFC 6376 section 3.7)."""
    text = "".join(layout.format(name=name, value=value) for name, value in tags.items() if value is not None)
    if tags.get("b") == "":
        text = re.sub(r"(\bb\s*=)\s*(?=;)", r"\1", text)
    return text


def selected(raw: bytes, names: tuple[str, ...]) -> list[tuple[bytes, bytes]]:
    """Fields from the bottom up, as RFC 6376 section 5.4.2 says."""
    headers, _ = read_message(raw)
    left = [(field.name, field.value) for field in headers]
    chosen = []
    for name in names:
        for index in reversed(range(len(left))):
            if left[index][0].strip().lower() == name.strip().lower().encode():
                chosen.append(left.pop(index))
                break
    return chosen
