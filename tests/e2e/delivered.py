# SPDX-License-Identifier: GPL-3.0-or-later
"""A delivered message file: what was put on top, and what came from the sender."""

from __future__ import annotations

from dataclasses import dataclass

import authres

from tests.mailhost.host import AUTHSERV_ID


@dataclass(frozen=True, slots=True)
class Delivered:
    """One file of the Maildir, lines ended by LF."""

    content: bytes

    def fields(self, name: str) -> list[str]:
        """Values of all fields of that name, unfolded, from the top."""
        header = self.content.split(b"\n\n", 1)[0].decode("utf-8", "surrogateescape")
        unfolded = header.replace("\n\t", " ").replace("\n ", " ").split("\n")
        pairs = (line.partition(":") for line in unfolded)
        return [value.strip() for key, _, value in pairs if key.lower() == name.lower()]

    def field(self, name: str) -> str:
        """The value of the only field of that name."""
        (value,) = self.fields(name)
        return value

    @property
    def own_results(self) -> str:
        """Value of the only Authentication-Results field under the host's own name."""
        (value,) = (value for value in self.fields("Authentication-Results") if value.startswith(AUTHSERV_ID))
        return value

    def results(self, method: str) -> list[str]:
        """Results of one method, read by a parser that is not ours; of SPF those of the HELO name are left out."""
        # The other parser knows nothing of RFC 6532.
        value = self.own_results.encode("ascii", "replace").decode()
        header = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
        return [each.result for each in header.results if each.method == method and not _is_helo(method, each)]

    @property
    def is_junk(self) -> bool:
        """Whether the message is marked as junk."""
        return self.field("X-Spam-Flag") == "YES"

    def ends_with(self, sent: bytes) -> bool:
        """Whether all that was sent is there, octet for octet, with everything new above it."""
        return self.content.endswith(b"\n" + sent.replace(b"\r\n", b"\n"))

    @property
    def as_sent(self) -> bytes:
        """The file with the line ends of SMTP, for verifying signatures."""
        return self.content.replace(b"\n", b"\r\n")


def _is_helo(method: str, result: authres.AuthenticationResult) -> bool:
    return method == "spf" and {each.name for each in result.properties} == {"helo"}
