# SPDX-License-Identifier: GPL-3.0-or-later
"""The one thing that changes: a message on its way through Postward.  It only grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.errors import StageError
from postward.model.body import Body
from postward.model.connection import NOT_AUTHENTICATED
from postward.model.header import Headers
from postward.model.time_budget import TimeBudget

if TYPE_CHECKING:
    from postward.model.action import Plan
    from postward.model.arc import ArcResult
    from postward.model.connection import Authentication, Connection
    from postward.model.dkim import DkimResult
    from postward.model.dmarc import DmarcResult
    from postward.model.envelope import Recipient, Sender
    from postward.model.estimate import ReputationResult
    from postward.model.greylisting import GreylistResult
    from postward.model.header import HeaderField
    from postward.model.iprev import IprevResult
    from postward.model.origin import Origin
    from postward.model.override import ArcOverride
    from postward.model.quota import QuotaResult
    from postward.model.rule_outcome import RuleOutcome
    from postward.model.scan_result import ScanResult
    from postward.model.sender_rights import SenderRights
    from postward.model.signing import SigningOutcome
    from postward.model.spf import SpfResult
    from postward.model.symbol import Finding, Symbol
    from postward.model.verdict import Decision

REDIS_BUDGET_S = 0.15


class Facts:
    """What the checks established; a slot stays None until its check has run."""

    __slots__ = (
        "arc", "arc_override", "dkim", "dmarc", "findings", "greylisting", "iprev", "not_checked", "quota",
        "reputation", "scans", "sender_rights", "spf", "spf_helo",
    )  # fmt: skip

    def __init__(self) -> None:
        self.spf: SpfResult | None = None
        self.spf_helo: SpfResult | None = None
        self.dkim: tuple[DkimResult, ...] | None = None
        self.arc: ArcResult | None = None
        self.dmarc: DmarcResult | None = None
        self.arc_override: ArcOverride | None = None
        self.iprev: IprevResult | None = None
        self.sender_rights: SenderRights | None = None
        self.findings: dict[str, tuple[Finding, ...]] = {}
        """What other checks have found, by the check's name; a check that has run is there."""
        self.scans: dict[str, ScanResult] = {}
        """What other programs have said, by the name of their check."""
        self.greylisting: GreylistResult | None = None
        """None where it was not asked."""
        self.reputation: ReputationResult | None = None
        """None where it was not asked, or could not be."""
        self.quota: QuotaResult | None = None
        """None where no limit applies."""
        self.not_checked: dict[str, str] = {}
        """Checks that should have run and could not, each with why, in words."""

    def copy(self) -> Facts:
        """The facts as they are now, apart from those still being established."""
        other = Facts()
        for name in self.__slots__:
            setattr(other, name, getattr(self, name))
        other.findings = dict(self.findings)
        other.scans = dict(self.scans)
        other.not_checked = dict(self.not_checked)
        return other


_RECEIVED = (
    "_connection", "_headers", "_origin", "_sender", "authentication", "body", "fields", "helo", "is_flooded",
    "is_header_cut", "prefetched", "queue_id", "recipients", "unread_fields",
)  # fmt: skip


class Transaction:
    """One message: what came in, what was found, what was decided."""

    __slots__ = (
        "_connection", "_headers", "_origin", "_score", "_sender", "_symbols", "authentication", "body",
        "decision", "facts", "fields", "helo", "id", "is_flooded", "is_given_up", "is_header_cut", "plan",
        "prefetched", "queue_id", "recipients", "redis_budget", "rules", "signing", "stage_ms", "started_s",
        "unread_fields",
    )  # fmt: skip

    def __init__(self, transaction_id: str, *, started_s: float, body: Body | None = None) -> None:
        self.id = transaction_id
        """Our own id: the queue id is known only at the end of the message."""
        self.started_s = started_s
        """Wall clock, Unix time."""
        self._connection: Connection | None = None
        self.helo = ""
        self.authentication: Authentication = NOT_AUTHENTICATED
        self._sender: Sender | None = None
        self.recipients: list[Recipient] = []
        self.fields: list[HeaderField] = []
        self.unread_fields: dict[bytes, int] = {}
        """How many of the fields beyond the bounds, which ``fields`` lacks, have which name that only we may use."""
        self.is_flooded = False
        """True where these are too many to be removed."""
        self.is_header_cut = False
        """True where it came with more of a header than is read of any message; nothing of the body is kept then."""
        self.is_given_up = False
        """True where something else is answered than what this evaluation, which may still go on, will come to."""
        self._headers: Headers | None = None
        self.prefetched = 0
        """Look-ups started ahead, of which there is a bound."""
        self.body = Body() if body is None else body
        self.queue_id = ""
        self._origin: Origin | None = None
        self.facts = Facts()
        self._symbols: tuple[Symbol, ...] = ()
        self._score = 0.0
        self.decision: Decision | None = None
        self.plan: Plan | None = None
        self.rules: RuleOutcome | None = None
        """What the transport rules made of it; None before them, and where there are none."""
        self.signing: SigningOutcome | None = None
        """None before the last stage, and for mail that is neither to be signed nor to be sealed."""
        self.stage_ms: dict[str, float] = {}
        self.redis_budget = TimeBudget(REDIS_BUDGET_S)
        """What all questions to Redis about this message may wait together."""

    @property
    def connection(self) -> Connection:
        """The SMTP connection; raises StageError before CONNECT."""
        if self._connection is None:
            raise StageError("connection")
        return self._connection

    @connection.setter
    def connection(self, value: Connection) -> None:
        self._connection = value

    @property
    def known_connection(self) -> Connection | None:
        """The connection, or None before CONNECT, which an MTA may have left out."""
        return self._connection

    @property
    def sender(self) -> Sender:
        """MAIL FROM; raises StageError before MAIL."""
        if self._sender is None:
            raise StageError("sender")
        return self._sender

    @sender.setter
    def sender(self, value: Sender) -> None:
        self._sender = value

    @property
    def known_sender(self) -> Sender | None:
        """MAIL FROM, or None before it."""
        return self._sender

    @property
    def headers(self) -> Headers:
        """All header fields; reading them ends the header."""
        if self._headers is None:
            self._headers = Headers(self.fields)
        return self._headers

    @property
    def origin(self) -> Origin:
        """Direction and judged client; raises StageError before the end of the header."""
        if self._origin is None:
            raise StageError("origin")
        return self._origin

    @origin.setter
    def origin(self, value: Origin) -> None:
        self._origin = value

    @property
    def known_origin(self) -> Origin | None:
        """The origin, or None before the end of the header."""
        return self._origin

    def detached(self) -> Transaction:
        """The same message with the facts known so far, safe from a thread that still works on this one."""
        other = Transaction(self.id, started_s=self.started_s)
        other.redis_budget = self.redis_budget
        for name in _RECEIVED:
            setattr(other, name, getattr(self, name))
        other.facts = self.facts.copy()
        other.rules = self.rules
        other.stage_ms = dict(self.stage_ms)
        return other

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """What the facts were weighed as; empty before."""
        return self._symbols

    @symbols.setter
    def symbols(self, value: tuple[Symbol, ...]) -> None:
        self._symbols = value
        self._score = round(sum(symbol.score for symbol in value), 3)

    @property
    def score(self) -> float:
        """Sum of the symbols' scores, to three decimals."""
        return self._score
