# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out what the rules want kept, before the MTA is answered: what is not safe on disk is not accepted.

If the MTA goes away before it has the answer, what was kept stays, and the message comes again: then there are two of
it.  Where the evaluation was given up at its deadline, the message has been let through before the rules were done, or
is put off and comes again: then it is not kept back, and a copy for an archive is made of one that may have passed.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.actions.delivery import delivered_message
from postward.model.action import Plan, Reply
from postward.model.rule_action import Archive, Moderate, Notify, Quarantine, kind_of
from postward.model.rule_outcome import Deposit, DepositKind
from postward.observability.privacy import AddressPrivacy, show_address
from postward.pipeline.deposited_message import deposited_message, notice_of
from postward.spool.errors import SpoolError
from postward.spool.kept_message import Decision, Moderation
from postward.spool.notice import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from postward.model.rule_outcome import RuleOutcome
    from postward.model.transaction import Transaction
    from postward.observability.logger import EventLog
    from postward.pipeline.notice_addressees import NoticeAddressees
    from postward.spool.archive import Archive as ArchiveStore
    from postward.spool.kept_message import KeptMessage
    from postward.spool.message_store import MessageStore
    from postward.spool.notice import Notice
    from postward.spool.outbox import Outbox

NOT_KEPT = Reply(code=451, enhanced="4.3.0", text="Message could not be stored, please try again later")

_KEEPING_BACK = frozenset({DepositKind.QUARANTINE, DepositKind.MODERATE})
_LONGEST_S = 3_660 * 86_400.0
_ON_EXPIRE = {"bounce": Decision.BOUNCE, "deliver": Decision.DELIVER, "discard": Decision.DISCARD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Depots:
    """Where things are kept."""

    quarantine: MessageStore
    moderation: MessageStore
    archives: Mapping[str, ArchiveStore]
    outbox: Outbox
    longest_hold_s: float = 14 * 86_400.0
    """A message is held no longer, whatever its rule says."""


class Depositing:
    """Carries out the deposits of one message after the other; called on a thread that Python made."""

    def __init__(
        self,
        depots: Depots,
        addressees: NoticeAddressees,
        log: EventLog,
        *,
        privacy: AddressPrivacy = AddressPrivacy.FULL,
    ) -> None:
        self._depots = depots
        self._addressees = addressees
        self._log = log
        self._privacy = privacy

    def carry_out(self, plan: Plan, transaction: Transaction, outcome: RuleOutcome) -> Plan:
        """Keep what ``outcome`` wants kept of the message as ``plan`` delivers it.

        Returns ``plan``, or where something could not be kept a plan that has the client try again; what had been
        kept by then is taken back.  Of a message that is refused nothing is kept, and notices are sent all the same.
        """
        deposits = [
            deposit for deposit in outcome.result.deposits if plan.reply is None or deposit.kind is DepositKind.NOTIFY
        ]
        is_late = transaction.is_given_up
        if is_late:
            deposits = self._still_useful(deposits, transaction)
        if not deposits:
            return plan
        work = _Work(
            self._depots,
            self._addressees,
            self._log,
            privacy=self._privacy,
            plan=plan,
            transaction=transaction,
            digest=outcome.digest,
        )
        try:
            for deposit in deposits:
                work.keep(deposit)
        except (SpoolError, OSError) as error:
            self._log.error(
                "deposit.failed", id=transaction.id, qid=transaction.queue_id, rule=deposit.rule,
                kind=deposit.kind, text=str(error),
            )  # fmt: skip
            work.take_back()
            return Plan(reply=NOT_KEPT)
        is_put_off = any(deposit.kind is not DepositKind.NOTIFY for deposit in deposits)
        if is_put_off and transaction.is_given_up and not is_late:
            # The rules were done before: whoever gave it up has seen that, and the message comes again.
            work.take_back()
        return plan

    def _still_useful(self, deposits: Sequence[Deposit], transaction: Transaction) -> list[Deposit]:
        """Leave out what would keep a message back that is under way."""
        for deposit in deposits:
            if deposit.kind in _KEEPING_BACK:
                self._log.warning(
                    "deposit.too_late", id=transaction.id, qid=transaction.queue_id, rule=deposit.rule,
                    kind=deposit.kind,
                )  # fmt: skip
        return [deposit for deposit in deposits if deposit.kind not in _KEEPING_BACK]


class _Work:
    """The deposits of one message."""

    def __init__(
        self,
        depots: Depots,
        addressees: NoticeAddressees,
        log: EventLog,
        *,
        privacy: AddressPrivacy,
        plan: Plan,
        transaction: Transaction,
        digest: str,
    ) -> None:
        self._depots = depots
        self._addressees = addressees
        self._log = log
        self._privacy = privacy
        self._plan = plan
        self._transaction = transaction
        self._digest = digest
        self._content: bytes | None = None
        self._undo: list[Callable[[], object]] = []

    def keep(self, deposit: Deposit) -> None:
        match deposit.action:
            case Quarantine() as action:
                self._quarantine(deposit, action)
            case Moderate() as action:
                self._moderate(deposit, action)
            case Archive() as action:
                self._archive(deposit, action)
            case Notify() as action:
                self._notify(deposit, action)
            case _:
                raise SpoolError(f"{kind_of(deposit.action)} is nothing that is kept")

    def take_back(self) -> None:
        for undo in reversed(self._undo):
            # What cannot be taken back is a second copy at worst.
            with suppress(SpoolError, OSError):
                undo()

    @property
    def content(self) -> bytes:
        """The message as it is delivered."""
        if self._content is None:
            self._content = delivered_message(self._transaction, self._plan)
        return self._content

    def _quarantine(self, deposit: Deposit, action: Quarantine) -> None:
        kept = self._put(self._depots.quarantine, self._described(deposit, action.reason))
        self._tell(NoticeKind.QUARANTINE, deposit, action.notify, kept)

    def _moderate(self, deposit: Deposit, action: Moderate) -> None:
        on_expire = _ON_EXPIRE.get(action.on_expire)
        if on_expire is None or not 0 <= action.expire_s <= _LONGEST_S:
            # Only a plugin can write this.
            raise SpoolError(f"a message cannot be held for {action.expire_s} s and then {action.on_expire!r}")
        hold_s = min(action.expire_s, self._depots.longest_hold_s)
        moderation = Moderation(
            moderators=action.by, expires_s=self._transaction.started_s + hold_s, on_expire=on_expire
        )
        kept = self._put(self._depots.moderation, self._described(deposit, "", moderation))
        self._tell(NoticeKind.MODERATION, deposit, action.by, kept)

    def _archive(self, deposit: Deposit, action: Archive) -> None:
        archive = self._depots.archives.get(action.name)
        if archive is None:
            raise SpoolError(f"there is no archive {action.name}")
        self._undo.append(archive.add(self._described(deposit, ""), self.content))
        self._log.info(
            "deposit.kept", id=self._transaction.id, qid=self._transaction.queue_id, rule=deposit.rule,
            kind=deposit.kind, archive=action.name,
        )  # fmt: skip

    def _notify(self, deposit: Deposit, action: Notify) -> None:
        self._tell(NoticeKind.MATCH, deposit, action.to, self._described(deposit, ""), template=action.template)

    def _put(self, store: MessageStore, message: KeptMessage) -> KeptMessage:
        kept = store.put(message, self.content)
        self._undo.append(lambda: store.delete(kept))
        self._log.info(
            "deposit.kept", id=self._transaction.id, qid=self._transaction.queue_id, rule=kept.rule,
            kind=kept.kind, kept_id=kept.id,
        )  # fmt: skip
        return kept

    def _described(self, deposit: Deposit, reason: str, moderation: Moderation | None = None) -> KeptMessage:
        return deposited_message(self._transaction, self._plan, deposit, self._digest, reason, moderation)

    def _tell(
        self, kind: NoticeKind, deposit: Deposit, to: Iterable[str], kept: KeptMessage, *, template: str = ""
    ) -> None:
        found = self._addressees.resolve(to, deposit.recipients, self._transaction)
        for address, reason in found.refused:
            self._log.warning(
                "notice.refused", id=self._transaction.id, qid=self._transaction.queue_id, rule=deposit.rule,
                to=show_address(address, self._privacy), reason=reason,
            )  # fmt: skip
        for address in found.addresses:
            self._put_notice(notice_of(kept, kind, address, template))

    def _put_notice(self, notice: Notice) -> None:
        outbox = self._depots.outbox
        waiting = outbox.put(notice)
        self._undo.append(lambda: outbox.remove((waiting,)))
