# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in DNS messages, with their compression (RFC 1035 sections 3.1 and 4.1.4)."""

from __future__ import annotations

Name = tuple[bytes, ...]
"""The labels of a name in lower case, without the root's empty one."""

_MAX_NAME_OCTETS = 255
_POINTER = 0xC0
_OFFSET = 0x3FFF


class WireError(ValueError):
    """The octets are no answer to the question."""


def name_labels(name: str) -> Name:
    """Split a name in the form of ``to_ascii``."""
    return tuple(label.encode("ascii") for label in name.split("."))


def write_name(name: Name) -> bytes:
    """Return the name in wire format, uncompressed."""
    return b"".join(bytes([len(label)]) + label for label in name) + b"\0"


class NameReader:
    """Reads the names of one message, each place that is pointed to only once."""

    def __init__(self, wire: bytes) -> None:
        self._wire = wire
        self._pointed_to: dict[int, Name] = {}

    def read(self, at: int) -> tuple[Name, int]:
        """Return the name at that place, and the place after it.

        Raises ``WireError`` where it is malformed, ``IndexError`` where the message ends in the middle of it.
        """
        labels: list[bytes] = []
        targets: list[tuple[int, int]] = []
        after = 0
        while (length := self._wire[at]) != 0:
            if length < _POINTER:
                at = self._label(at, labels)
                continue
            after = after or at + 2
            target = int.from_bytes(self._wire[at : at + 2], "big") & _OFFSET
            # A pointer leads to a prior place, so that a chain of them ends.
            if target >= (targets[-1][0] if targets else at):
                raise WireError("a name that points ahead")
            known = self._pointed_to.get(target)
            if known is not None:
                labels.extend(known)
                break
            targets.append((target, len(labels)))
            at = target
        for target, start in targets:
            self._pointed_to[target] = tuple(labels[start:])
        if sum(map(len, labels)) + len(labels) >= _MAX_NAME_OCTETS:
            raise WireError("a name that is too long")
        return tuple(labels), after or at + 1

    def _label(self, at: int, labels: list[bytes]) -> int:
        end = at + 1 + self._wire[at]
        if self._wire[at] >= 1 << 6 or end > len(self._wire) or len(labels) > _MAX_NAME_OCTETS // 2:
            raise WireError("a malformed name")
        labels.append(self._wire[at + 1 : end].lower())
        return end
