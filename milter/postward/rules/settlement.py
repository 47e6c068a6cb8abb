# SPDX-License-Identifier: GPL-3.0-or-later
"""What has become of the working copy, as the smallest difference from what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.action import AddHeader, HeaderChange
from postward.model.rule_outcome import DepositKind, RuleResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.rules.working_copy import WorkingCopy


def settle(copy: WorkingCopy) -> RuleResult:
    """Give the result; conflicts go by one order: reject, defer, discard, hold, and the rest after them.

    Of a message that is refused nothing is kept, and only notices are sent.  One that is left without any recipient is
    discarded: whoever takes the last recipient away has to answer for it in the audit line.
    """
    if copy.reply is not None:
        notices = tuple(deposit for deposit in copy.deposits if deposit.kind is DepositKind.NOTIFY)
        return RuleResult(reply=copy.reply, deposits=notices, decided_by=copy.decided_by)
    loud, silent = _new_recipients(copy)
    is_for_nobody = bool(copy.came.recipients) and not copy.remaining and not loud and not silent
    return RuleResult(
        discards=is_for_nobody,
        hold_reason=copy.hold_reason,
        junk=copy.junk,
        bypasses_spam=copy.bypasses_spam,
        removed_positions=_removed(copy),
        changed=tuple(_changed(copy)),
        added=tuple(_added(copy)),
        new_sender=None if copy.new_sender is None else copy.new_sender.text,
        new_recipients=loud,
        silent_recipients=silent,
        dropped_recipients=tuple(copy.dropped),
        new_body=copy.new_body,
        route=copy.route,
        deposits=tuple(copy.deposits),
        decided_by=copy.decided_by,
    )


def _new_recipients(copy: WorkingCopy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    loud = tuple(address for address, is_silent in copy.added.items() if not is_silent)
    return loud, tuple(address for address, is_silent in copy.added.items() if is_silent)


def _removed(copy: WorkingCopy) -> tuple[int, ...]:
    if not copy.is_header_touched:
        return ()
    kept = {slot.position for slot in copy.slots}
    return tuple(position for position in copy.came.positions if position not in kept)


def _changed(copy: WorkingCopy) -> Iterator[HeaderChange]:
    came = copy.came.content.headers
    for slot in copy.slots if copy.is_header_touched else ():
        if slot.position is None or not slot.is_changed:
            continue
        original = came[slot.position]
        if original.value == slot.field.value:
            continue
        occurrence = came.indexes(original.key).index(slot.position) + 1
        yield HeaderChange(
            name=original.name,
            occurrence=occurrence,
            position=slot.position,
            value=slot.field.value.removeprefix(b" "),
        )


def _added(copy: WorkingCopy) -> Iterator[AddHeader]:
    for slot in copy.slots if copy.is_header_touched else ():
        if slot.position is None:
            name = slot.field.name.decode("ascii")
            yield AddHeader(name=name, value=slot.field.value.removeprefix(b" "), at_bottom=True)
