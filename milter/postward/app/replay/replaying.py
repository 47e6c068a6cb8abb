# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask two sets of rules about one stored message after the other, and tell where they differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from postward.app.rule_judging import effects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from postward.app.replay.stored_mail import StoredMail
    from postward.app.rule_judging import Judgement, RuleJudge
    from postward.app.rule_message import RuleMessages


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A message of which the rules would make something else."""

    name: str
    """As in ``StoredMail``."""
    message_id: str
    before: tuple[str, ...]
    """What the old rules do, in words."""
    after: tuple[str, ...]
    rules_before: tuple[str, ...]
    """Ids of the old rules that matched."""
    rules_after: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was counted; grows with the rules, never with the messages."""

    messages: int = 0
    unreadable: int = 0
    changed: int = 0
    matches: Counter[str] = field(default_factory=Counter)
    """By rule, of the new set; those in audit mode too."""
    matches_before: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    failures_before: Counter[str] = field(default_factory=Counter)

    def report(self) -> dict[str, Any]:
        """For a program."""
        names = ("matches", "matches_before", "failures", "failures_before")
        counts = {name: dict(sorted(getattr(self, name).items())) for name in names}
        return {"messages": self.messages, "unreadable": self.unreadable, "changed": self.changed, **counts}


class Replay:
    """``old`` None asks the new rules alone; then nothing changes, and what they match is counted."""

    def __init__(self, messages: RuleMessages, new: RuleJudge, old: RuleJudge | None, *, now_s: float) -> None:
        self.tally = Tally()
        self._messages = messages
        self._new = new
        self._old = old
        self._now_s = now_s

    def changes(self, mail: Iterable[StoredMail]) -> Iterator[Change | StoredMail | None]:
        """Give for each message the change, the message itself where it could not be read, or None."""
        for stored in mail:
            if stored.problem:
                self.tally.unreadable += 1
                yield stored
                continue
            self.tally.messages += 1
            yield self._compare(stored)

    def _compare(self, stored: StoredMail) -> Change | None:
        tally = self.tally
        message = self._messages.from_delivered(stored.content, now_s=self._now_s)
        after = self._new.judge(message)
        _count(after, tally.matches, tally.failures)
        if self._old is None:
            return None
        # Parts that were read for one set are there for the other.
        before = self._old.judge(message)
        _count(before, tally.matches_before, tally.failures_before)
        done_before, done_after = effects(before, message), effects(after, message)
        if done_before == done_after:
            return None
        tally.changed += 1
        return Change(
            name=stored.name,
            message_id=message.headers.get("message-id") or "",
            before=done_before,
            after=done_after,
            rules_before=_rules(before),
            rules_after=_rules(after),
        )


def _rules(judgement: Judgement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.rule for match in judgement.matches))


def _count(judgement: Judgement, matches: Counter[str], failures: Counter[str]) -> None:
    """Each rule counts once a message, however many recipients it matches for."""
    matches.update({match.rule for match in judgement.matches if not match.error})
    failures.update({match.rule for match in judgement.matches if match.error})
