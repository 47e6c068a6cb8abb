# SPDX-License-Identifier: GPL-3.0-or-later
"""The SMTP envelope (RFC 5321): who sends, and to whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnvelopeAddress:
    """One path of the envelope, without its angle brackets; empty for the null path ``<>``.

    Bytes that are not UTF-8 stand as lone surrogates (PEP 383), so nothing is lost or mistaken.
    """

    text: str

    @property
    def is_null(self) -> bool:
        """True for ``<>``, the sender of bounces."""
        return not self.text

    @property
    def local_part(self) -> str:
        """All before the last ``@`` (a quoted local part may hold others); empty without one."""
        return self.text.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """All after the last ``@``, as written; empty without one."""
        _, at, tail = self.text.rpartition("@")
        return tail if at else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One accepted or offered RCPT TO."""

    address: EnvelopeAddress
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """MAIL FROM with its ESMTP arguments."""

    address: EnvelopeAddress
    arguments: tuple[str, ...] = ()

    @property
    def smtputf8(self) -> bool:
        """True where the client asked for SMTPUTF8 (RFC 6531)."""
        return any(argument.upper() == "SMTPUTF8" for argument in self.arguments)
