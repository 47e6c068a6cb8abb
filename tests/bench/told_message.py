# SPDX-License-Identifier: GPL-3.0-or-later
"""A message in the pieces in which pymilter hands it over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.corpus import CorpusMessage

_CHUNK_BYTES = 65535


@dataclass(frozen=True, slots=True)
class ToldMessage:
    """A message with its fields and its body."""

    message: CorpusMessage
    fields: tuple[tuple[str, bytes], ...]
    chunks: tuple[bytes, ...]


def told(message: CorpusMessage) -> ToldMessage:
    """Take a message apart beforehand."""
    head, _, body = message.content.partition(b"\r\n\r\n")
    lines = [line.partition(b":") for line in head.replace(b"\r\n\t", b"\n\t").replace(b"\r\n ", b"\n ").split(b"\r\n")]
    return ToldMessage(
        message,
        tuple((name.decode(), value) for name, _, value in lines),
        tuple(body[start : start + _CHUNK_BYTES] for start in range(0, len(body), _CHUNK_BYTES)),
    )
