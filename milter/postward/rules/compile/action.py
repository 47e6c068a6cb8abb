# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule does: a list of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.compile.actions import addresses, header_fields, others, refusals, stripping
from postward.rules.compile.actions.template import Action, Reading
from postward.rules.compile.place import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place

MAX_ACTIONS = 50
ACTIONS: dict[str, Callable[[Reading], Action]] = {
    "reject": refusals.reject,
    "defer": refusals.defer,
    "discard": others.discard,
    "quarantine": others.quarantine,
    "junk": others.junk,
    "add_header": header_fields.add_header,
    "set_header": header_fields.set_header,
    "remove_header": header_fields.remove_header,
    "prefix_subject": header_fields.prefix_subject,
    "add_recipient": addresses.add_recipient,
    "redirect": addresses.redirect,
    "change_sender": addresses.change_sender,
    "route": others.route,
    "score": others.score,
    "set_score": others.set_score,
    "bypass_spam": others.bypass_spam,
    "tag": others.tag,
    "archive": others.archive,
    "notify": addresses.notify,
    "moderate": addresses.moderate,
    "strip_attachment": stripping.strip_attachment,
    "audit": others.audit,
}


def actions(place: Place, context: Context, captures: frozenset[str]) -> tuple[Action, ...]:
    """Read the list; ``captures`` are the groups that the rule's patterns have."""
    found: list[Action] = []
    items = place.item_or_items()
    if not items:
        raise place.fault("does nothing")
    if len(items) > MAX_ACTIONS:
        raise place.fault(f"has more than {MAX_ACTIONS} actions")
    for item in items:
        with place.faults.collected():
            if item.is_mapping:
                for name, at in item.mapping().items():
                    with place.faults.collected():
                        found.append(_one(name, at, at, context, captures))
            else:
                found.append(_one(item.text(), None, item, context, captures))
    return tuple(found)


def _one(name: str, operand: Place | None, at: Place, context: Context, captures: frozenset[str]) -> Action:
    read = ACTIONS.get(name)
    if read is None:
        raise at.key_fault("there is no such action", did_you_mean(name, tuple(ACTIONS)))
    return read(Reading(name, operand, at, context, captures))
