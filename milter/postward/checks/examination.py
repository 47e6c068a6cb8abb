# SPDX-License-Identifier: GPL-3.0-or-later
"""One message under examination: the transaction with what checks may use to look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.dkim.body_digests import BodyDigests
from postward.mime.message import MimeMessage

if TYPE_CHECKING:
    from postward.checks.content.letter import Letter
    from postward.dns.resolver import Lookup
    from postward.model.transaction import Transaction


class Examination:
    """Handed to each check; keeps what several of them share, such as the digests of the body."""

    __slots__ = ("_digests", "_max_inspected_bytes", "_mime", "letter", "lookup", "now_s", "transaction")

    def __init__(
        self, transaction: Transaction, lookup: Lookup, now_s: float, *, max_inspected_bytes: int = 50_000_000
    ) -> None:
        """``max_inspected_bytes``: of a larger body no part is looked into."""
        self.transaction = transaction
        self.lookup = lookup
        self.now_s = now_s
        """Unix time by which signatures are judged."""
        self.letter: Letter | None = None
        """The message as checks of header and content see it: see ``letter_of``.  It leads back here: ``forget`` it."""
        self._digests: BodyDigests | None = None
        self._max_inspected_bytes = max_inspected_bytes
        self._mime: MimeMessage | None = None

    def forget(self) -> None:
        """Let go of what has been read, when all is done.

        It holds the whole body in a circle of references, and a worker looks for such circles only now and then.
        """
        self.letter = None
        self._mime = None

    @property
    def mime(self) -> MimeMessage:
        """The parts, read once for checks and rules; of a body that is too large there is one empty part."""
        if self._mime is None:
            body = self.transaction.body
            content = bytes(body) if body.size_bytes <= self._max_inspected_bytes else b""
            self._mime = MimeMessage(self.transaction.headers, content)
        return self._mime

    @property
    def digests(self) -> BodyDigests:
        """Digests of the body, each computed once for all signatures and seals."""
        if self._digests is None:
            self._digests = BodyDigests(self.transaction.body)
        return self._digests
