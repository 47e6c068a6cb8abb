# SPDX-License-Identifier: GPL-3.0-or-later
"""What is probably not meant: rules that are never reached, and what is done where nobody may have thought of it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from postward.errors import ConfigError
from postward.model.rule_outcome import RuleMode
from postward.rules.conditions.tree import ALWAYS
from postward.rules.needs import Need
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from postward.rules.rule import Rule

MAX_WARNINGS = 1_000
_CONTENT = frozenset({Need.BODY, Need.ATTACHMENTS})
_GUARDS = frozenset({"reject", "defer", "quarantine", "discard", "moderate"})
_EDITS = ("prefix_subject", "strip_attachment")


def lint(rules: Iterable[Rule], *, answered: frozenset[str], seals: bool) -> list[ConfigError]:
    """Give the warnings.

    ``answered`` are ids of rules that say themselves whether they look at bounces; ``seals``: what comes in and is
    changed gets an ARC seal.
    """
    ordered = sorted(rules, key=lambda rule: rule.priority)
    return list(islice(_warnings(ordered, answered, seals=seals), MAX_WARNINGS))


def _warnings(rules: Sequence[Rule], answered: frozenset[str], *, seals: bool) -> Iterator[ConfigError]:
    yield from _unreachable(rules)
    for rule in rules:
        yield from _for_everybody(rule)
        if rule.id not in answered:
            yield from _bounces_pass(rule)
        if not seals:
            yield from _broken_signatures(rule)


def _unreachable(rules: Sequence[Rule]) -> Iterator[ConfigError]:
    ends: list[Rule] = []
    for rule in rules:
        end = next((end for end in ends if _is_covered(rule, end)), None)
        if end is not None:
            yield _warning(rule, f"is never reached: {end.id} always ends before it", f"see {end.where}")
        if _always_ends(rule):
            ends.append(rule)


def _always_ends(rule: Rule) -> bool:
    """Whether no rule behind it is asked, for mail that goes its way."""
    is_unconditional = rule.condition is ALWAYS and rule.unless is None and rule.active is None
    return is_unconditional and rule.mode is RuleMode.ENFORCE and (rule.stop or "reject" in rule.kinds)


def _is_covered(rule: Rule, end: Rule) -> bool:
    # A stop at RCPT ends the answering of the recipient; only a refusal keeps the message away too.
    is_before = end.stage == rule.stage or (end.stage < Stage.END and "reject" in end.kinds)
    return is_before and rule.directions <= end.directions and (end.include_bounces or not rule.include_bounces)


def _for_everybody(rule: Rule) -> Iterator[ConfigError]:
    """Actions on the whole message by a rule that looks at single recipients."""
    whole = next((action.kind for action in rule.actions if action.is_whole_message), None)
    if whole is None or rule.stage < Stage.END or not rule.is_per_recipient or rule.whole_message is not None:
        return
    if rule.quantifier == "all":
        return
    yield _warning(
        rule,
        f"{whole} concerns all recipients, and the rule looks at each of them",
        "write whole_message: any, all, or split to have the others sent apart",
    )


def _bounces_pass(rule: Rule) -> Iterator[ConfigError]:
    guards = sorted(rule.kinds & _GUARDS)
    if rule.include_bounces or not guards or "inbound" not in rule.directions or not rule.needs & _CONTENT:
        return
    yield _warning(
        rule,
        f"mail with the null sender passes without {guards[0]}",
        "write include_bounces: true to look at it too, or false where that is meant",
    )


def _broken_signatures(rule: Rule) -> Iterator[ConfigError]:
    edit = next((kind for kind in _EDITS if kind in rule.kinds), None)
    if edit is None or "inbound" not in rule.directions or rule.plugin:
        return
    yield _warning(
        rule,
        f"{edit} breaks the DKIM signatures of those who have sent the message",
        "seal it with ARC for whoever it is passed on to: see sealing in postward.yaml",
    )


def _warning(rule: Rule, message: str, hint: str) -> ConfigError:
    path, _, line = rule.where.rpartition(":")
    return ConfigError(path, int(line) if line.isdigit() else 0, rule.id, message, hint)
